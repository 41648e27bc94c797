//! Labels whose names are nearly the same: groups of spellings of what is probably one label.
//!
//! Two names belong together when they are equal without case, spaces and punctuation, when one is the plural of the
//! other, or when one letter after the first is wrong, missing, too many or swapped. Names with numbers are compared
//! strictly, since -1 is not 1 and room 2 is not room 3, and so are short ones: a cat is not a car.

use std::collections::HashMap;

use crate::same_text::composed;

/// A name of fewer letters is not compared letter by letter.
const FEWEST_LETTERS: usize = 6;
/// A name of fewer letters has no plural.
const FEWEST_FOR_PLURAL: usize = 4;
/// More labels are compared by their plain form alone: with so many, a letter of difference is no sign any more.
const MOST_LABELS: usize = 2000;

/// Returns groups of positions in `names`, each of at least two, in the order of their first.
pub(super) fn groups(names: &[String]) -> Vec<Vec<usize>> {
    let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let compares_letters = names.len() <= MOST_LABELS;
    let mut leaders: Vec<usize> = (0..names.len()).collect();
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, name) in plain.iter().enumerate() {
        if name.is_empty() {
            continue;
        }
        let forms = if compares_letters {
            forms(name)
        } else {
            vec![name.clone()]
        };
        for form in forms {
            let others = seen.entry(form).or_default();
            match others.iter().find(|other| is_same(&plain[**other], name)) {
                Some(&other) => {
                    let (a, b) = (leader(&mut leaders, other), leader(&mut leaders, i));
                    leaders[a.max(b)] = a.min(b);
                }
                None => others.push(i),
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for i in 0..names.len() {
        groups.entry(leader(&mut leaders, i)).or_default().push(i);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|ids| ids.len() > 1).collect();
    groups.sort();
    groups
}

/// The first of the group that `i` is in.
fn leader(leaders: &mut [usize], mut i: usize) -> usize {
    while leaders[i] != i {
        leaders[i] = leaders[leaders[i]];
        i = leaders[i];
    }
    i
}

/// A name in lower case without spaces, and without punctuation unless it holds a number.
fn plain(name: &str) -> String {
    let name = composed(name);
    let keeps_marks = has_number(&name);
    let kept = name
        .chars()
        .filter(|c| c.is_alphanumeric() || keeps_marks && !c.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}

fn has_number(name: &str) -> bool {
    name.chars().any(char::is_numeric)
}

/// The name, and the name without each one of its letters. Names that are one letter apart share a form.
fn forms(name: &str) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    if name.chars().count() > FEWEST_FOR_PLURAL && !has_number(name) {
        for (at, c) in name.char_indices() {
            let mut form = name.to_owned();
            form.replace_range(at..at + c.len_utf8(), "");
            forms.push(form);
        }
    }
    forms
}

/// Tells whether two plain names are spellings of one.
fn is_same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.iter().chain(&long).any(|c| c.is_numeric()) {
        return false;
    }
    let is_plural =
        long.len() == short.len() + 1 && long.starts_with(&short) && long.ends_with(&['s']);
    is_plural && short.len() >= FEWEST_FOR_PLURAL
        || short.len() >= FEWEST_LETTERS && is_one_slip(&short, &long)
}

/// Tells whether a letter after the first was changed, left out, or swapped with its neighbour. The first one often
/// makes another word: sadness and madness, typical and atypical. `short` is no longer than `long`.
fn is_one_slip(short: &[char], long: &[char]) -> bool {
    let n_before = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short_rest, long_rest) = (&short[n_before..], &long[n_before..]);
    let is_slip = match long.len() - short.len() {
        0 => {
            let is_swapped = short_rest.len() >= 2
                && short_rest[0] == long_rest[1]
                && short_rest[1] == long_rest[0]
                && short_rest[2..] == long_rest[2..];
            is_swapped || short_rest[1..] == long_rest[1..]
        }
        1 => *short_rest == long_rest[1..],
        _ => false,
    };
    n_before > 0 && is_slip
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expected: &[&[usize]]) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(groups(&names), expected, "{names:?}");
    }

    #[test]
    fn case_spaces_and_punctuation_do_not_count() {
        check(&["refund", "Refund ", "other", "re-fund"], &[&[0, 1, 3]]);
        check(&["bug_report", "Bug Report", "bugs"], &[&[0, 1]]);
        check(&["room 1", "Room 1"], &[&[0, 1]]);
        check(&["café", "cafe\u{301}"], &[&[0, 1]]);
        check(&["?", "!"], &[]);
    }

    #[test]
    fn a_plural_and_a_slip_of_the_pen_are_the_same_label() {
        check(&["refund", "refunds"], &[&[0, 1]]);
        check(&["book", "books"], &[&[0, 1]]);
        check(&["delivery", "delivrey", "dellivery"], &[&[0, 1, 2]]);
        check(&["acount", "accoumt", "account"], &[&[0, 1, 2]]);
        check(&["Lieferung", "Lieferungg"], &[&[0, 1]]);
    }

    #[test]
    fn different_labels_stay_different() {
        check(&["cat", "car", "cats"], &[]);
        check(&["room 1", "room 2", "level10", "level11"], &[]);
        check(&["sadness", "madness", "typical", "atypical"], &[]);
        check(&["positive", "negative", "neutral"], &[]);
        check(&["01", "1", "1.0", "10", "-1"], &[]);
    }

    #[test]
    fn many_labels_are_compared_quickly() {
        let mut names: Vec<String> = (0..100_000).map(|i| format!("topic number {i}")).collect();
        names.push("Topic Number 7".to_owned());
        assert_eq!(groups(&names), [[7, 100_000]]);
    }
}
