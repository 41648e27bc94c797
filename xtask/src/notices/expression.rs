//! What a licence expression asks for: `(MIT OR Apache-2.0) AND Unicode-3.0`.
//!
//! The notation is that of SPDX; old crates write `/` for OR.

use std::iter::Peekable;
use std::str::SplitWhitespace;

/// The licences that an installer may carry: they ask for a notice, and not for the source of what stands beside them.
pub(super) const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A licence expression, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// One licence, with its exception if it has one.
    Licence(String),
    /// Each of these at once.
    All(Vec<Expression>),
    /// One of these, at one's choice.
    Any(Vec<Expression>),
}

impl Expression {
    /// Reads an expression, or returns nothing when it makes no sense.
    pub(super) fn parse(text: &str) -> Option<Expression> {
        let spaced = text
            .replace('(', " ( ")
            .replace(')', " ) ")
            .replace('/', " OR ");
        let mut words = spaced.split_whitespace().peekable();
        let expression = any(&mut words)?;
        words.next().is_none().then_some(expression)
    }

    /// The licences to take so that each of them is one of `allowed`: of every OR the first side that can be taken.
    pub(super) fn choose(&self, allowed: &[&str]) -> Option<Vec<&str>> {
        match self {
            Expression::Licence(name) => allowed
                .contains(&name.as_str())
                .then(|| vec![name.as_str()]),
            Expression::All(parts) => {
                let chosen: Option<Vec<Vec<&str>>> =
                    parts.iter().map(|part| part.choose(allowed)).collect();
                Some(chosen?.concat())
            }
            Expression::Any(sides) => sides.iter().find_map(|side| side.choose(allowed)),
        }
    }
}

type Words<'a> = Peekable<SplitWhitespace<'a>>;

/// Reads sides with OR between them; AND binds more tightly.
fn any(words: &mut Words<'_>) -> Option<Expression> {
    let mut sides = vec![all(words)?];
    while words.next_if_eq(&"OR").is_some() {
        sides.push(all(words)?);
    }
    Some(joined(sides, Expression::Any))
}

fn all(words: &mut Words<'_>) -> Option<Expression> {
    let mut parts = vec![single(words)?];
    while words.next_if_eq(&"AND").is_some() {
        parts.push(single(words)?);
    }
    Some(joined(parts, Expression::All))
}

/// Reads one licence, or an expression in parentheses.
fn single(words: &mut Words<'_>) -> Option<Expression> {
    let word = words.next()?;
    if word == "(" {
        let inner = any(words)?;
        words.next_if_eq(&")")?;
        return Some(inner);
    }
    if !is_name(word) {
        return None;
    }
    if words.next_if_eq(&"WITH").is_none() {
        return Some(Expression::Licence(word.to_owned()));
    }
    let exception = words.next().filter(|word| is_name(word))?;
    Some(Expression::Licence(format!("{word} WITH {exception}")))
}

fn is_name(word: &str) -> bool {
    !["AND", "OR", "WITH", "(", ")"].contains(&word)
}

fn joined(mut parts: Vec<Expression>, kind: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        kind(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks which licences are taken when MIT, ISC and Apache-2.0 with the exception are allowed.
    fn check(expression: &str, expected: Option<&[&str]>) {
        let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
        let parsed = Expression::parse(expression).expect(expression);
        assert_eq!(parsed.choose(&allowed).as_deref(), expected, "{expression}");
    }

    #[test]
    fn or_is_satisfied_by_one_side_and_and_by_both() {
        check("MIT", Some(&["MIT"]));
        check("GPL-3.0", None);
        check("GPL-3.0 OR MIT", Some(&["MIT"]));
        check("ISC OR MIT", Some(&["ISC"]));
        check("GPL-3.0 AND MIT", None);
        check("ISC AND MIT", Some(&["ISC", "MIT"]));
        check("GPL-3.0/MIT", Some(&["MIT"]));
        check("GPL-3.0 / ISC", Some(&["ISC"]));
    }

    #[test]
    fn and_binds_more_tightly_than_or_and_parentheses_more_than_both() {
        check("MIT OR ISC AND GPL-3.0", Some(&["MIT"]));
        check("GPL-3.0 AND ISC OR MIT", Some(&["MIT"]));
        check("(MIT OR ISC) AND GPL-3.0", None);
        check("(GPL-3.0 OR MIT) AND ISC", Some(&["MIT", "ISC"]));
        check("((ISC))", Some(&["ISC"]));
    }

    #[test]
    fn an_exception_makes_another_licence() {
        check("Apache-2.0", None);
        check(
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0",
            Some(&["Apache-2.0 WITH LLVM-exception"]),
        );
        check("MIT WITH LLVM-exception", None);
    }

    #[test]
    fn what_makes_no_sense_is_not_read() {
        for text in [
            "",
            "MIT OR",
            "AND MIT",
            "(MIT",
            "MIT)",
            "MIT ISC",
            "MIT WITH",
            "MIT WITH OR ISC",
            "()",
        ] {
            assert_eq!(Expression::parse(text), None, "{text}");
        }
    }
}
