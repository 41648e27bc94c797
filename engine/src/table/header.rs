//! The first rows of a table → whether the very first holds the names of the columns.

use std::collections::{HashMap, HashSet};

use super::HeaderReason;
use crate::column_name;

/// Rows that a column needs before what it holds says something about its name.
const LEAST_NUMBERS: usize = 3;
const LEAST_VALUES: usize = 20;

/// What stands where nothing was known. It is no name of a column of numbers.
const MISSING: [&str; 10] = [
    "na", "n/a", "nan", "null", "none", "nil", "missing", "unknown", "-", "?",
];

/// Tells whether a row has so many cells, and only empty ones beyond.
pub(super) fn fits(cells: &[String], n_cells: usize) -> bool {
    cells.len() >= n_cells && cells[n_cells..].iter().all(|cell| cell.trim().is_empty())
}

/// Tells whether the first row holds the names of the columns.
pub(super) fn is_header(rows: &[Vec<String>]) -> bool {
    judge(rows).0
}

/// What a row below the names says of the columns, where a program wrote it.
const TYPES_OF_NUMBERS: [&str; 14] = [
    "int", "integer", "bigint", "smallint", "tinyint", "long", "float", "double", "real",
    "decimal", "numeric", "number", "int64", "float64",
];
const OTHER_TYPES: [&str; 17] = [
    "string",
    "str",
    "text",
    "char",
    "character",
    "varchar",
    "nvarchar",
    "object",
    "category",
    "factor",
    "bool",
    "boolean",
    "date",
    "datetime",
    "time",
    "timestamp",
    "uuid",
];

/// Tells whether the second row says what the columns hold, as `int,string,string` does: every cell of it is such a word,
/// the columns of numbers hold numbers, and none of the words comes back as a value.
pub(super) fn has_types_below<R: AsRef<[String]>>(rows: &[R]) -> bool {
    let [names, types, rows @ ..] = rows else {
        return false;
    };
    let (names, types) = (names.as_ref(), types.as_ref());
    let column = |i: usize| {
        rows.iter()
            .filter_map(move |row| row.as_ref().get(i))
            .map(|cell| cell.trim())
    };
    let is_type = |(i, cell): (usize, &String)| {
        let word = cell.trim().to_lowercase();
        let word = word.split('(').next().unwrap_or_default();
        TYPES_OF_NUMBERS.contains(&word) && are_numbers(column(i))
            || OTHER_TYPES.contains(&word) && column(i).all(|below| below != cell.trim())
    };
    names.len() > 1
        && names.len() == types.len()
        && rows.len() >= LEAST_NUMBERS
        && names.iter().any(|name| could_be_name(name))
        && !names.iter().any(|name| is_number(name))
        && types.iter().enumerate().all(is_type)
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
    if has_types_below(rows) {
        return (true, HeaderReason::TypesBelow);
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
pub(super) fn could_be_name(cell: &str) -> bool {
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
    fn words_that_are_types_may_be_values_too() {
        let has_types = |text: &str| has_types_below(&rows(text));
        assert!(has_types("id,word\nint,string\n1,a\n2,b\n3,c"));
        assert!(!has_types("word,type\ntext,string\na,string\nb,int\nc,int"));
        assert!(!has_types("word,type\nlong,int\nshort,int\nc,int\nd,int"));
        assert!(!has_types("id,word\nint,string\n1,a"), "too few to say so");
        assert!(!has_types("text\nstring\na\nb\nc"));
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
        let rows = "1,one,a\n2,two,b\n3,three,a\n";
        check(
            &format!("Nr,Wort,Art\nint,VARCHAR(20),string\n{rows}"),
            true,
            "typesBelow",
        );
        check(
            "text,label\na,x\nb,y\nc,x\ntext,label\nd,y\n",
            true,
            "usualName",
        );
        check("good,pos\nbad,neg\ngood,pos\nso,pos\n", false, "comesBack");
        check("Is it?,a\nYes,b\n", false, "noNames");
    }
}
