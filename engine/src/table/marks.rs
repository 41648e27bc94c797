//! What separates cells and what may stand around them, and how a line is cut at it.

use super::Runs;

/// What separates cells and what may stand around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// Stands between cells; `None` = a line is one cell.
    pub(super) delimiter: Option<char>,
    /// What several delimiters in a row mean.
    pub(super) runs: Runs,
    /// Stands around cells; `None` = marks are letters.
    pub(super) quote: Option<char>,
    /// Makes a letter of the mark behind it; `None` = a quotation mark within a cell is doubled.
    pub(super) escape: Option<char>,
}

impl Marks {
    pub(super) fn new(delimiter: Option<char>, quote: Option<char>) -> Marks {
        Marks {
            delimiter,
            runs: Runs::Each,
            quote,
            escape: None,
        }
    }

    /// Tells whether a line holds a mark that makes it more than cells between delimiters.
    pub(super) fn occur_in(&self, body: &str) -> bool {
        let occurs = |mark: Option<char>| mark.is_some_and(|mark| body.contains(mark));
        occurs(self.quote) || occurs(self.escape)
    }

    /// Tells whether a quotation mark stands twice where that is no empty cell.
    pub(super) fn are_doubled_in(&self, body: &str) -> bool {
        let Some(quote) = self.quote else {
            return false;
        };
        let doubled = String::from_iter([quote, quote]);
        let is_border = |c: Option<char>| c.is_none_or(|c| Some(c) == self.delimiter);
        body.match_indices(&doubled).any(|(at, two)| {
            let (before, behind) = (&body[..at], &body[at + two.len()..]);
            !is_border(before.chars().next_back()) || !is_border(behind.chars().next())
        })
    }

    /// Returns where the next delimiter begins and ends.
    pub(super) fn next_delimiter(&self, text: &str) -> Option<(usize, usize)> {
        let delimiter = self.delimiter?;
        let n_bytes = delimiter.len_utf8();
        let mut searched = 0;
        loop {
            let start = searched + text[searched..].find(delimiter)?;
            let end = match self.runs {
                Runs::Each => start + n_bytes,
                Runs::Any | Runs::TwoOrMore => {
                    text.len() - text[start..].trim_start_matches(delimiter).len()
                }
            };
            if self.runs != Runs::TwoOrMore || end - start > n_bytes {
                return Some((start, end));
            }
            searched = end;
        }
    }

    /// Takes off what only aligns a line: delimiters around it, where runs of them count once.
    pub(super) fn aligned<'a>(&self, body: &'a str) -> &'a str {
        match self.delimiter {
            Some(delimiter) if self.runs != Runs::Each => body.trim_matches(delimiter),
            _ => body,
        }
    }

    /// Cuts a line at every delimiter.
    pub(super) fn split<'a>(&self, body: &'a str, mut add: impl FnMut(&'a str)) {
        let mut rest = self.aligned(body);
        if let (Some(delimiter), Runs::Each) = (self.delimiter, self.runs) {
            rest.split(delimiter).for_each(add);
            return;
        }
        while let Some((start, end)) = self.next_delimiter(rest) {
            add(&rest[..start]);
            rest = &rest[end..];
        }
        add(rest);
    }

    /// Splits a line at every delimiter. Only marks that stand around a whole cell are taken off.
    pub(super) fn split_literally(&self, body: &str) -> Vec<String> {
        let mut cells = Vec::new();
        self.split(body, |part| {
            let inner = self.quote.and_then(|quote| unwrapped(part, quote));
            cells.push(inner.unwrap_or(part).to_owned());
        });
        cells
    }

    /// Splits a line in which a quoted cell ends only at a mark before a delimiter or the end of the line.
    pub(super) fn split_leniently(&self, body: &str) -> Option<Vec<String>> {
        let quote = self.quote?;
        let mut cells = Vec::new();
        let mut rest = self.aligned(body);
        loop {
            let (cell, after) = match rest.strip_prefix(quote) {
                Some(inner) => {
                    let end = self.closing_mark(inner, quote)?;
                    (&inner[..end], &inner[end + quote.len_utf8()..])
                }
                None => rest.split_at(
                    self.next_delimiter(rest)
                        .map_or(rest.len(), |(start, _)| start),
                ),
            };
            cells.push(cell.to_owned());
            match self.next_delimiter(after) {
                Some((0, end)) => rest = &after[end..],
                _ => return Some(cells),
            }
        }
    }

    fn closing_mark(&self, inner: &str, quote: char) -> Option<usize> {
        inner
            .match_indices(quote)
            .map(|(position, mark)| (position, &inner[position + mark.len()..]))
            .find(|(_, after)| {
                after.is_empty()
                    || self
                        .next_delimiter(after)
                        .is_some_and(|(start, _)| start == 0)
            })
            .map(|(position, _)| position)
    }
}

/// Returns what stands within the marks around a cell, unless they belong to two quotations as in `"yes" or "no"`.
fn unwrapped(cell: &str, quote: char) -> Option<&str> {
    let inner = cell.strip_prefix(quote)?.strip_suffix(quote)?;
    match inner.find(quote) {
        None => Some(inner),
        Some(position) => {
            let opens = inner[..position]
                .chars()
                .next_back()
                .is_none_or(|c| !c.is_alphanumeric() && !".!?,".contains(c));
            opens.then_some(inner)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runs: Runs, line: &str, expected: &[&str]) {
        let marks = Marks {
            runs,
            ..Marks::new(Some(' '), Some('"'))
        };
        assert_eq!(marks.split_literally(line), expected, "{runs:?} {line:?}");
    }

    #[test]
    fn runs_of_delimiters_count_as_they_should() {
        check(Runs::Each, "a  b", &["a", "", "b"]);
        check(Runs::Any, "  a  b c ", &["a", "b", "c"]);
        check(Runs::TwoOrMore, "  so good    pos  ", &["so good", "pos"]);
        check(Runs::TwoOrMore, "so good", &["so good"]);
    }
}
