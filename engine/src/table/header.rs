//! The first rows of a table → where it begins, and whether its first row holds the names of the columns.

use std::collections::{HashMap, HashSet};

use super::HeaderReason;
use crate::column_name;

/// Rows above a table that are looked at.
const MOST_ROWS_ABOVE: usize = 50;

/// Rows that a column needs before what it holds says something about its name.
const LEAST_NUMBERS: usize = 3;
const LEAST_VALUES: usize = 20;

/// What stands where nothing was known. It is no name of a column of numbers.
const MISSING: [&str; 10] = [
    "na", "n/a", "nan", "null", "none", "nil", "missing", "unknown", "-", "?",
];

/// Where a table begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Top {
    /// Rows above it that are not part of it.
    pub(super) n_above: usize,
    /// Whether its first row holds the names of the columns.
    pub(super) has_header: bool,
    pub(super) reason: HeaderReason,
}

/// Finds the row in which a table of `n_cells` columns begins: the first one, unless the rows above the names are titles
/// and notes, which fill at most half of the cells.
pub(super) fn top<R: AsRef<[String]>>(rows: &[R], n_cells: usize) -> Top {
    let (has_header, reason) = judge(rows);
    let whole = Top {
        n_above: 0,
        has_header,
        reason,
    };
    let is_filled = |row: &R| n_filled(row) * 2 > n_cells && fits(row.as_ref(), n_cells);
    let n_above = rows.iter().take(MOST_ROWS_ABOVE).position(is_filled);
    let Some(n_above @ 1..) = n_above else {
        return whole;
    };
    let (above, table) = rows.split_at(n_above);
    let (has_header, reason) = judge(table);
    let is_sure = |reason: &HeaderReason| {
        let are_titles = |row: &R| row.as_ref().len() != n_cells || n_cells > 2;
        *reason != HeaderReason::Names || above.iter().all(are_titles)
    };
    let have_room = above.iter().all(|row| n_filled(row) * 2 <= n_cells);
    let is_named_above = matches!(whole.reason, HeaderReason::UsualName { .. }) && whole.has_header;
    let is_usual = matches!(reason, HeaderReason::UsualName { .. });
    if n_cells > 1 && has_header && have_room && is_sure(&reason) && (is_usual || !is_named_above) {
        return Top {
            n_above,
            has_header,
            reason,
        };
    }
    whole
}

fn n_filled(row: &impl AsRef<[String]>) -> usize {
    let is_filled = |cell: &&String| !cell.trim().is_empty();
    row.as_ref().iter().filter(is_filled).count()
}

/// Tells whether a row has so many cells, and only empty ones beyond.
pub(super) fn fits(cells: &[String], n_cells: usize) -> bool {
    cells.len() >= n_cells && cells[n_cells..].iter().all(|cell| cell.trim().is_empty())
}

/// Tells whether the first row holds the names of the columns.
pub(super) fn is_header(rows: &[Vec<String>]) -> bool {
    judge(rows).0
}

/// Tells whether the first row holds the names of the columns, and why.
pub(super) fn judge<R: AsRef<[String]>>(rows: &[R]) -> (bool, HeaderReason) {
    let Some((names_row, rest)) = rows.split_first() else {
        return (false, HeaderReason::NoNames);
    };
    let names_row = names_row.as_ref();
    let first: Vec<&str> = names_row.iter().map(|cell| cell.trim()).collect();
    let names: Vec<&str> = first
        .iter()
        .copied()
        .filter(|cell| !cell.is_empty())
        .collect();
    if names.is_empty() {
        return (false, HeaderReason::NoNames);
    }
    let is_unique = names.iter().collect::<HashSet<_>>().len() == names.len();
    let rest = without_repeats(names_row, rest);
    let column = |i: usize| {
        rest.iter()
            .filter_map(move |row| row.get(i))
            .map(|cell| cell.trim())
    };
    let occurs_below = |i: usize| {
        let name = first[i];
        !name.is_empty() && column(i).any(|cell| cell == name)
    };
    let is_usual = |i: usize| column_name::is_usual(first[i]);
    let is_text = names.iter().any(|name| name.chars().count() > 60);
    let usual = (0..first.len()).find(|&i| is_usual(i) && !occurs_below(i));
    if let Some(i) = usual.filter(|_| !is_text) {
        let name = first[i].to_owned();
        return (true, HeaderReason::UsualName { name });
    }
    // A value that comes back below is a value, not a name; a usual name may stand between two joined files.
    let comes_back =
        (0..first.len()).find(|&i| occurs_below(i) && (!is_usual(i) || is_repetitive(column(i))));
    if let Some(i) = comes_back {
        let value = first[i].to_owned();
        return (false, HeaderReason::ComesBack { value });
    }
    let could_name = |i: usize| first[i].chars().any(char::is_alphabetic) && !is_missing(first[i]);
    if let Some(i) = (0..first.len()).find(|&i| could_name(i) && are_numbers(column(i))) {
        let name = first[i].to_owned();
        return (true, HeaderReason::NumbersBelow { name });
    }
    let only_on_top =
        (0..first.len()).find(|&i| could_name(i) && could_be_name(first[i]) && are_few(column(i)));
    if let Some(i) = only_on_top.filter(|_| !is_text && is_unique && first.len() > 1) {
        let name = first[i].to_owned();
        return (true, HeaderReason::OnlyOnTop { name });
    }
    if first.len() > 1 && is_unique && names.iter().all(|name| could_be_name(name)) {
        return (true, HeaderReason::Names);
    }
    (false, HeaderReason::NoNames)
}

/// Returns the rows without those that repeat the names, as files do that were joined. What comes back only together
/// with all its neighbours is no value.
fn without_repeats<'a, R: AsRef<[String]>>(names: &[String], rows: &'a [R]) -> Vec<&'a [String]> {
    let is_repeat = |row: &&[String]| *row == names;
    let all = || rows.iter().map(AsRef::as_ref);
    let could_be_names = names.len() > 1 && names.iter().any(|name| column_name::is_usual(name));
    if could_be_names && all().filter(is_repeat).count() * 3 <= rows.len() {
        all().filter(|row| !is_repeat(row)).collect()
    } else {
        all().collect()
    }
}

fn is_repetitive<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let cells: Vec<&str> = cells.collect();
    cells.iter().collect::<HashSet<_>>().len() * 2 <= cells.len()
}

fn is_missing(cell: &str) -> bool {
    MISSING.contains(&cell.to_lowercase().as_str())
}

/// Tells whether all cells are numbers, but for some that are empty or say that they are missing.
fn are_numbers<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut n_numbers = 0;
    for cell in cells.filter(|cell| !cell.is_empty() && !is_missing(cell)) {
        if !is_number(cell) {
            return false;
        }
        n_numbers += 1;
    }
    n_numbers >= LEAST_NUMBERS
}

/// Tells whether a cell is a number, in any way of writing it.
pub(super) fn is_number(cell: &str) -> bool {
    let digits = cell.trim().trim_start_matches(['+', '-', '$', '€', '£']);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().any(|c| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | 'e' | 'E' | '+' | '-'))
}

/// Tells whether the cells have few values, none of them only once.
fn are_few<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut n_cells = 0;
    for cell in cells.filter(|cell| !cell.is_empty()) {
        *counts.entry(cell).or_default() += 1;
        n_cells += 1;
    }
    n_cells >= LEAST_VALUES
        && counts.len() * 5 <= n_cells
        && counts.values().all(|&count| count > 1)
}

/// A name is short, says something, and is neither a number nor a sentence.
fn could_be_name(cell: &str) -> bool {
    cell.chars().count() <= 40
        && cell.split_whitespace().count() <= 4
        && cell.chars().any(char::is_alphabetic)
        && !cell.ends_with(['.', '!', '?', ','])
        && !cell.contains(['\n', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect()
    }

    fn check(text: &str, has_header: bool, code: &str) {
        let (is_header, reason) = judge(&rows(text));
        let json = serde_json::to_value(&reason).unwrap();
        assert_eq!(
            (is_header, json["code"].as_str()),
            (has_header, Some(code)),
            "{text}"
        );
    }

    #[test]
    fn every_decision_has_its_reason() {
        check("text,mark\na,x\n", true, "usualName");
        check("so good,pos\nbad,neg\nfine,pos", false, "comesBack");
        check(
            "How did you like it here?,2019\nwell,1\nfine,2\nno,1",
            false,
            "noNames",
        );
        check(
            "What was it like?,How many stars?\nwell,1\nfine,2\nno,3",
            true,
            "numbersBelow",
        );
        check("well,unknown\nfine,1\nno,2\nyes,3", true, "names");
        let below = "It was well done.,good\nIt was not.,bad\n".repeat(12);
        check(
            &format!("Your opinion?,Verdict\n{below}"),
            true,
            "onlyOnTop",
        );
        check("red,apple\nblue,plum\n", true, "names");
        check(
            "text,label\na,x\nb,y\nc,x\ntext,label\nd,y\n",
            true,
            "usualName",
        );
        check("good,pos\nbad,neg\ngood,pos\nso,pos\n", false, "comesBack");
        check("Is it?,a\nYes,b\n", false, "noNames");
    }

    fn check_top(text: &str, n_cells: usize, n_above: usize) {
        assert_eq!(top(&rows(text), n_cells).n_above, n_above, "{text}");
    }

    #[test]
    fn titles_above_the_names_are_not_part_of_the_table() {
        check_top("Survey 2024\ntext,label\na,x\nb,y", 2, 1);
        check_top("A title,,\nby us,,\nname,size,mark\na,1,x\nb,2,y", 3, 2);
        check_top(
            ",Group A,,Group B,\nname,one,two,three,four\na,1,2,3,4\nb,5,6,7,8",
            5,
            1,
        );
    }

    #[test]
    fn short_rows_on_top_may_be_part_of_the_table() {
        check_top("text\nI like it,a\nfoo,b", 2, 0);
        check_top("Type,Message,,,\nham,a,,,\nham,b,c,,", 5, 0);
        check_top("well\nfine,1\nno,2", 2, 0);
        check_top("foo bar,\nbaz,red\nboo,blue", 2, 0);
    }
}
