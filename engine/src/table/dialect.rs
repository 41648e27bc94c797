//! A sample of text → delimiter, quotation mark, header.
//!
//! `csv-nose` is asked first. It judges by uniformity and by types of cells, which says little about tables of free
//! text: there it takes a space or a slash for a delimiter, or misses the header. So its answer is one candidate among
//! the usual delimiters, and the one under which most rows are as long as the first wins.

use std::collections::{HashMap, HashSet};

use csv_nose::{SampleSize, Sniffer};

use super::DialectRequest;
use super::lines::Lines;
use super::rows::{Marks, Rows};
use crate::column_name;
use crate::wish::Wish;

const NOSE_BYTES: usize = 48 * 1024;
const NOSE_ROWS: usize = 100;
const MOST_ROWS: usize = 1000;
const USUAL_DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// What a sample says about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) marks: Marks,
    pub(super) has_header: bool,
    /// Cells that most rows have.
    pub(super) n_cells: usize,
    /// Lines before the table: 1 where Excel's `sep=;` stands on top.
    pub(super) n_lines_above: usize,
    /// What ends a line: a carriage return only in files of old Macs.
    pub(super) line_break: char,
}

/// Judges a sample. `is_whole` tells whether it is the whole file; what `request` says is not judged.
pub(super) fn sniff(sample: &str, is_whole: bool, request: &DialectRequest) -> Sniffed {
    let line_break = if sample.contains('\r') && !sample.contains('\n') {
        '\r'
    } else {
        '\n'
    };
    let told = delimiter_told_on_top(sample);
    let table = match told {
        Some(_) => sample.split_once(line_break).map_or("", |(_, rest)| rest),
        None => sample,
    };
    let look = Look {
        sample: table,
        line_break,
        is_whole,
    };
    let delimiter = match (request.delimiter, told) {
        (Wish::Guess, Some(told)) => Wish::Named(told),
        (wanted, _) => wanted,
    };
    let best = match (delimiter, request.quote) {
        (Wish::Guess, quote) => look.best_reading(quote),
        (Wish::None, quote) => look.read(None, quote.or_guess(|| Some('"'))),
        (Wish::Named(delimiter), Wish::Guess) if told.is_none() => {
            look.with_best_quote(look.read(Some(delimiter), Some('"')))
        }
        (Wish::Named(delimiter), quote) => look.read(Some(delimiter), quote.or_guess(|| Some('"'))),
    };
    Sniffed {
        marks: best.marks,
        has_header: request.has_header.unwrap_or_else(|| is_header(&best.rows)),
        n_cells: best.usual_length(),
        n_lines_above: usize::from(told.is_some()),
        line_break,
    }
}

/// Excel writes `sep=;` above a table to name the delimiter.
fn delimiter_told_on_top(sample: &str) -> Option<char> {
    let line = sample.lines().next()?;
    let mut rest = line.strip_prefix("sep=")?.chars();
    let delimiter = rest.next()?;
    rest.next().is_none().then_some(delimiter)
}

/// The sample as it looks with certain marks.
struct Reading {
    marks: Marks,
    rows: Vec<Vec<String>>,
}

impl Reading {
    fn of(look: Look<'_>, marks: Marks) -> Reading {
        let lines = Lines::new(look.sample.as_bytes(), encoding_rs::UTF_8, look.line_break);
        let mut reader = Rows::new(lines, marks);
        let mut rows = Vec::new();
        while rows.len() < MOST_ROWS
            && let Ok(Some(row)) = reader.next_row()
        {
            reader.n_columns.get_or_insert(row.cells.len());
            rows.push(row.cells);
        }
        // The last row of a sample is cut off somewhere.
        if !look.is_whole && rows.len() > 1 && rows.len() < MOST_ROWS {
            rows.pop();
        }
        Reading { marks, rows }
    }

    fn n_header(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// Share of the rows that are as long as the first one; 0 when that has a single cell.
    fn uniformity(&self) -> f64 {
        let n = self.n_header();
        if n < 2 {
            return 0.0;
        }
        let fits = |row: &&Vec<String>| {
            row.len() == n || row.len() > n && row[n..].iter().all(String::is_empty)
        };
        self.rows.iter().filter(fits).count() as f64 / self.rows.len() as f64
    }

    fn has_usual_names(&self) -> bool {
        self.n_header() > 1 && self.rows[0].iter().any(|cell| column_name::is_usual(cell))
    }

    fn usual_length(&self) -> usize {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for row in &self.rows {
            *counts.entry(row.len()).or_default() += 1;
        }
        counts
            .into_iter()
            .max_by_key(|&(length, count)| (count, length))
            .map_or(0, |(length, _)| length)
    }
}

/// Two uniformities closer than this are equally good.
const TIE: f64 = 0.02;

/// What is looked at, and all that is known of it.
#[derive(Clone, Copy)]
struct Look<'a> {
    sample: &'a str,
    line_break: char,
    is_whole: bool,
}

impl Look<'_> {
    fn read(self, delimiter: Option<char>, quote: Option<char>) -> Reading {
        Reading::of(self, Marks { delimiter, quote })
    }

    fn best_reading(self, quote: Wish<char>) -> Reading {
        let first_quote = quote.or_guess(|| Some('"'));
        let asked = ask_nose(self.sample);
        let mut best: Option<Reading> = None;
        for delimiter in USUAL_DELIMITERS {
            let candidate = self.read(Some(delimiter), first_quote);
            let is_better = best.as_ref().is_none_or(|best| {
                let ahead = candidate.uniformity() - best.uniformity();
                let is_asked = |reading: &Reading| reading.marks.delimiter == asked;
                let preference = |reading: &Reading| (reading.has_usual_names(), is_asked(reading));
                ahead > TIE || ahead > -TIE && preference(&candidate) > preference(best)
            });
            if is_better {
                best = Some(candidate);
            }
        }
        let mut best = best.unwrap_or_else(|| self.read(None, first_quote));
        if let Some(unusual) = asked.filter(|asked| !USUAL_DELIMITERS.contains(asked)) {
            let candidate = self.read(Some(unusual), first_quote);
            if best.uniformity() < 0.9
                && candidate.uniformity() > 0.98
                && candidate.rows.len() >= 10
            {
                best = candidate;
            }
        }
        if !is_table(&best) {
            return self.read(None, first_quote);
        }
        if quote.is_guess() {
            self.with_best_quote(best)
        } else {
            best
        }
    }

    /// Takes single quotation marks where they make clearly better rows.
    fn with_best_quote(self, best: Reading) -> Reading {
        let single_quoted = self.read(best.marks.delimiter, Some('\''));
        if single_quoted.uniformity() > best.uniformity() + 2.0 * TIE {
            single_quoted
        } else {
            best
        }
    }
}

fn ask_nose(sample: &str) -> Option<char> {
    let mut end = sample.len().min(NOSE_BYTES);
    while !sample.is_char_boundary(end) {
        end -= 1;
    }
    let end = sample[..end].rfind(['\n', '\r']).map_or(end, |at| at + 1);
    let mut sniffer = Sniffer::new();
    sniffer.sample_size(SampleSize::Records(NOSE_ROWS));
    let told = sniffer.sniff_bytes(&sample.as_bytes()[..end]).ok()?;
    told.dialect
        .delimiter
        .is_ascii()
        .then(|| char::from(told.dialect.delimiter))
}

/// Without names on top, a list of texts with a comma here and there is not a table.
fn is_table(reading: &Reading) -> bool {
    let uniformity = reading.uniformity();
    if uniformity == 0.0 {
        return false;
    }
    reading.has_usual_names() || uniformity >= 0.8 || uniformity >= 0.5 && is_header(&reading.rows)
}

/// Tells whether the first row holds the names of the columns.
pub(super) fn is_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return false;
    };
    let names: Vec<&str> = first
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    let is_unique = names.iter().collect::<HashSet<_>>().len() == names.len();
    if names.is_empty() {
        return false;
    }
    let column = |i: usize| {
        rest.iter()
            .filter_map(move |row| row.get(i))
            .map(|cell| cell.trim())
    };
    let occurs_below = |i: usize| {
        let name = first[i].trim();
        !name.is_empty() && column(i).any(|cell| cell == name)
    };
    let is_usual = |i: usize| column_name::is_usual(&first[i]);
    let is_text = names.iter().any(|name| name.chars().count() > 60);
    if !is_text && (0..first.len()).any(|i| is_usual(i) && !occurs_below(i)) {
        return true;
    }
    // A value that comes back below is a value, not a name; a usual name may stand between two joined files.
    let comes_back =
        (0..first.len()).any(|i| occurs_below(i) && (!is_usual(i) || is_repetitive(column(i))));
    let are_names = first.len() > 1 && is_unique && names.iter().all(|name| could_be_name(name));
    are_names && !comes_back
}

fn is_repetitive<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let cells: Vec<&str> = cells.collect();
    cells.iter().collect::<HashSet<_>>().len() * 2 <= cells.len()
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

    fn check(sample: &str, delimiter: Option<char>, has_header: bool) {
        let sniffed = sniff(sample, true, &DialectRequest::default());
        assert_eq!(
            (sniffed.marks.delimiter, sniffed.has_header),
            (delimiter, has_header),
            "{sample}"
        );
    }

    #[test]
    fn usual_delimiters_are_found() {
        check("text,label\nhello,a\nbye,b\n", Some(','), true);
        check("text;label\nhello, you;a\nbye, bye;b\n", Some(';'), true);
        check(
            "text\tlabel\nhello, you; there\ta\nbye\tb\n",
            Some('\t'),
            true,
        );
        check("label|text\na|hello, you\nb|bye, bye\n", Some('|'), true);
        check("sep=;\nx;y\n1;2\n3;4\n", Some(';'), true);
    }

    #[test]
    fn commas_in_texts_do_not_fool() {
        check(
            "text,label\nhello; you; there,a\nbye; there,b\nwell,a\n",
            Some(','),
            true,
        );
        check("Satz;Klasse\neins, zwei;a\ndrei, vier;b\n", Some(';'), true);
        check(
            "text,label\nhello, you, a\nbye, there, you, b\nwell, b\n",
            Some(','),
            true,
        );
    }

    #[test]
    fn a_list_of_texts_is_one_column() {
        check("text\nhello\nbye\n", None, true);
        check(
            "Hello, how are you?\nWell.\nAnd you?\nBad, very bad, thanks\n",
            None,
            false,
        );
        check(
            "I like it here\nSo do I\nWhat about you there\n",
            None,
            false,
        );
    }

    #[test]
    fn rows_without_names_are_recognised() {
        check(
            "I love this,positive\nso bad,negative\nquite good,positive\n",
            Some(','),
            false,
        );
        check("Is it?,a\nYes,b\n", Some(','), false);
        check("1,2\n3,4\n", Some(','), false);
        check("colour,fruit\nred,apple\nblue,plum\n", Some(','), true);
    }
}
