//! Cells that hold several labels: lists in brackets, and labels with a separator between them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::value::RawValue;

/// The separator that stands for lists in brackets, such as `["a", "b"]` or `['a', 'b']`.
pub const BRACKETS: &str = "[]";
/// What can stand between labels, the surest sign first.
const SEPARATORS: [&str; 3] = ["|", ";", ","];
/// Cells with several labels that are needed: fewer can be chance.
const FEWEST_JOINED: usize = 3;
/// Longer parts are no names of labels, in words on average and in letters at most.
const MOST_MEAN_WORDS: f64 = 4.0;
const MOST_LETTERS: usize = 80;

/// What speaks for cells that hold several labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelList {
    /// What stands between the labels, or [`BRACKETS`].
    pub(super) separator: &'static str,
    /// Cells with more than one label.
    pub(super) n_joined: usize,
    /// Different labels.
    pub(super) n_labels: usize,
}

/// Returns the labels in a cell, in the order of the cell and without the spaces around them.
///
/// `separator` is what stands between them; [`BRACKETS`] reads lists as JSON and Python write them. A cell that is no
/// list is one label.
#[must_use]
pub fn labels_in<'a>(cell: &'a str, separator: &str) -> Vec<Cow<'a, str>> {
    if separator == BRACKETS {
        let elements = bracketed(cell).unwrap_or_else(|| vec![cell.trim().to_owned()]);
        let filled = elements.into_iter().filter(|label| !label.is_empty());
        return filled.map(Cow::Owned).collect();
    }
    let parts: Vec<&str> = if separator.is_empty() {
        vec![cell]
    } else {
        cell.split(separator).collect()
    };
    let filled = parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty());
    filled.map(Cow::Borrowed).collect()
}

/// Writes labels as a cell that [`labels_in`] reads with [`BRACKETS`].
#[must_use]
pub fn bracketed_cell<'a>(labels: impl IntoIterator<Item = &'a str>) -> String {
    serde_json::Value::from_iter(labels).to_string()
}

/// Looks for lists in the filled cells of a column.
pub(super) fn guess(cells: &[&str]) -> Option<LabelList> {
    let is_list = |cell: &&str| bracketed(cell).is_some();
    if !cells.is_empty() && cells.iter().all(is_list) {
        let evidence = Evidence::of(cells, BRACKETS);
        return evidence.has_short_parts().then(|| evidence.list(BRACKETS));
    }
    SEPARATORS.into_iter().find_map(|separator| {
        let evidence = Evidence::of(cells, separator);
        evidence
            .speaks_for_lists()
            .then(|| evidence.list(separator))
    })
}

/// The most likely separator in the cells of a column that is said to hold several labels, on any evidence.
pub(super) fn any_separator(cells: &[&str]) -> Option<&'static str> {
    if let Some(list) = guess(cells) {
        return Some(list.separator);
    }
    let is_there = |separator: &&str| {
        cells
            .iter()
            .any(|cell| labels_in(cell, separator).len() > 1)
    };
    SEPARATORS.into_iter().find(is_there)
}

/// What a separator makes of the cells of a column.
struct Evidence {
    n_cells: usize,
    n_distinct_cells: usize,
    n_joined: usize,
    n_parts: usize,
    n_distinct_parts: usize,
    /// Different parts of cells with several, and how many of them also stand in another cell.
    n_joined_parts: usize,
    n_met_again: usize,
    n_words: usize,
    longest: usize,
    /// All cells can be numbers with a decimal comma.
    all_decimals: bool,
}

impl Evidence {
    fn of(cells: &[&str], separator: &str) -> Evidence {
        let distinct: HashSet<&str> = cells.iter().copied().collect();
        // How many different cells a part stands in, and whether one of them has other parts as well.
        let mut parts_of: HashMap<String, (usize, bool)> = HashMap::new();
        let (mut n_words, mut longest) = (0, 0);
        for cell in &distinct {
            let parts: HashSet<_> = labels_in(cell, separator).into_iter().collect();
            let is_joined = parts.len() > 1;
            for part in parts {
                longest = longest.max(part.chars().count());
                let entry = parts_of.entry(part.into_owned()).or_insert((0, false));
                entry.0 += 1;
                entry.1 |= is_joined;
            }
        }
        for part in parts_of.keys() {
            n_words += part.split_whitespace().count();
        }
        let counts: Vec<usize> = cells
            .iter()
            .map(|cell| labels_in(cell, separator).len())
            .collect();
        let joined = parts_of.values().filter(|(_, is_joined)| *is_joined);
        Evidence {
            n_cells: cells.len(),
            n_distinct_cells: distinct.len(),
            n_joined: counts.iter().filter(|n| **n > 1).count(),
            n_parts: counts.iter().sum(),
            n_distinct_parts: parts_of.len(),
            n_joined_parts: joined.clone().count(),
            n_met_again: joined.filter(|(n_cells, _)| *n_cells > 1).count(),
            n_words,
            longest,
            all_decimals: separator == ","
                && distinct
                    .iter()
                    .all(|cell| cell.replacen(',', ".", 1).parse::<f64>().is_ok()),
        }
    }

    fn has_short_parts(&self) -> bool {
        let mean_words = self.n_words as f64 / self.n_distinct_parts.max(1) as f64;
        mean_words <= MOST_MEAN_WORDS && self.longest <= MOST_LETTERS
    }

    /// Parts come back in other cells, and far more often than whole cells do: "Health, Beauty" is one label as long as
    /// "Health" stands nowhere else.
    fn speaks_for_lists(&self) -> bool {
        let repeats = |n: usize, n_distinct: usize| n as f64 / n_distinct.max(1) as f64;
        let of_cells = repeats(self.n_cells, self.n_distinct_cells);
        let of_parts = repeats(self.n_parts, self.n_distinct_parts);
        self.n_joined >= FEWEST_JOINED
            && !self.all_decimals
            && self.has_short_parts()
            && of_parts >= 1.5 * of_cells
            && of_parts >= 2.0
            && self.n_met_again * 2 >= self.n_joined_parts
    }

    fn list(&self, separator: &'static str) -> LabelList {
        LabelList {
            separator,
            n_joined: self.n_joined,
            n_labels: self.n_distinct_parts,
        }
    }
}

/// The elements of a list as JSON or Python writes it; `None` when the cell is no list.
fn bracketed(cell: &str) -> Option<Vec<String>> {
    let cell = cell.trim();
    let inner = cell.strip_prefix('[')?.strip_suffix(']')?;
    if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(cell) {
        return elements.into_iter().map(json_label).collect();
    }
    let mut elements = Vec::new();
    let mut rest = inner.trim();
    while !rest.is_empty() {
        let (element, after) = element(rest)?;
        elements.push(element);
        rest = match after.trim_start().strip_prefix(',') {
            Some(more) => more.trim_start(),
            // numpy writes no commas between its elements.
            None => after.trim_start(),
        };
    }
    Some(elements)
}

/// The label that an element of a JSON list is, numbers as they are written; `None` for what can be no label.
fn json_label(element: &RawValue) -> Option<String> {
    match element.get() {
        text if text.starts_with('"') => {
            let text: String = serde_json::from_str(text).ok()?;
            Some(text.trim().to_owned())
        }
        inner if inner.starts_with(['[', '{']) => None,
        other => Some(other.to_owned()),
    }
}

/// The first element of the inside of a list, and what follows it.
fn element(inside: &str) -> Option<(String, &str)> {
    let quote = inside.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let Some(quote) = quote else {
        let end = inside
            .find([',', '[', ']', '\'', '"'])
            .unwrap_or(inside.len());
        let (bare, after) = inside.split_at(end);
        let is_whole = after.is_empty() || after.starts_with(',');
        return (is_whole && !bare.trim().is_empty()).then(|| (bare.trim().to_owned(), after));
    };
    let mut text = String::new();
    let mut letters = inside.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => text.push(letters.next()?.1),
            _ if letter == quote => {
                return Some((
                    text.trim().to_owned(),
                    inside.get(at + letter.len_utf8()..)?,
                ));
            }
            _ => text.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_json_and_python_write_them() {
        let check = |cell: &str, expected: &[&str]| {
            assert_eq!(labels_in(cell, BRACKETS), expected, "{cell}");
        };
        check(r#"["a", "b c"]"#, &["a", "b c"]);
        check("['a', 'b c']", &["a", "b c"]);
        check("['it\\'s', \"b, c\"]", &["it's", "b, c"]);
        check("[a, b]", &["a", "b"]);
        check("['a' 'b']", &["a", "b"]);
        check("[01, 2]", &["01", "2"]);
        check("[1, 2.50]", &["1", "2.50"]);
        check("[]", &[]);
        check("a", &["a"]);
        check("['a", &["['a"]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let labels = ["it's", "a|b", "say \"no\"", "ä, ö"];
        assert_eq!(labels_in(&bracketed_cell(labels), BRACKETS), labels);
        assert_eq!(bracketed_cell([]), "[]");
    }

    #[test]
    fn separators_are_decided_by_evidence() {
        let check = |cells: &[&str], expected: Option<&str>| {
            let cells: Vec<&str> = cells.iter().copied().cycle().take(40).collect();
            let found = guess(&cells).map(|list| list.separator);
            assert_eq!(found, expected, "{cells:?}");
        };
        check(&["a|b", "a", "b|c", "c", "a|c", "b"], Some("|"));
        check(&["a;b", "a", "b;c", "c", "a;c", "b"], Some(";"));
        check(
            &["red, blue", "red", "green, red", "blue", "green, blue"],
            Some(","),
        );
        check(&["['a']", "['a', 'b']", "[]"], Some(BRACKETS));
        // One label with a comma in its name.
        check(&["Health, Beauty", "Sports", "Books"], None);
        // A path: the parts come back no more often than the whole.
        check(
            &["Sport;Golf", "Sport;Tennis", "Music;Rock", "Music;Jazz"],
            None,
        );
        // Decimal commas.
        check(&["1,0", "1,5", "2,0", "2,5", "5,0", "5,5"], None);
        check(&["a", "b"], None);
        let sentence = "well, this is a sentence with many words in it, isn't it";
        check(
            &[sentence, "well, it is not, and it has many words too"],
            None,
        );
    }

    #[test]
    fn on_the_persons_word_less_evidence_is_enough() {
        assert_eq!(any_separator(&["a", "b;c"]), Some(";"));
        assert_eq!(any_separator(&["a", "b"]), None);
    }
}
