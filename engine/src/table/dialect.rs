//! A sample of text → delimiter, quotation mark, escape, line break, comments, header.
//!
//! Each usual delimiter is tried, with each usual quotation mark, and the one under which most rows have the same
//! number of cells wins. Types of cells say little about tables of free text, so they are asked only where a rarer
//! character is the delimiter. Whatever is decided comes with its reason.

use std::collections::HashSet;

use super::header;
use super::lines::LineBreak;
use super::marks::Marks;
use super::reading::{Look, Reading, usual_length};
use super::rows::RawRow;
use super::top;
use super::{
    AboveReason, CommentReason, DelimiterReason, DialectEvidence, DialectRequest, EscapeReason,
    HeaderReason, LineEnd, QuoteReason, Runs,
};
use crate::wish::Wish;

/// The rarer a character is in texts, the more it says when it cuts all lines alike.
const USUAL_DELIMITERS: [char; 4] = ['\t', ';', ',', '|'];

/// Characters that stand in texts, and still are delimiters here and there.
const COMMON_DELIMITERS: [char; 7] = [':', '=', '&', '*', '#', '/', ' '];

/// Characters that hardly ever stand in texts.
const RARE_DELIMITERS: [char; 11] = [
    '~', '^', '\u{1}', '\u{1C}', '\u{1D}', '\u{1E}', '\u{1F}', '¦', '§', '¬', 'þ',
];

/// Two uniformities closer than this are equally good.
const TIE: f64 = 0.02;

/// Rows that it takes to doubt the header.
const LEAST_ROWS: usize = 5;

/// Rows with stray marks that say nothing about all the others.
const FEW_MARKS: usize = 3;

/// A uniformity that leaves nothing to wish for.
const GOOD: f64 = 0.95;

/// What a sample says about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) marks: Marks,
    pub(super) line_break: LineBreak,
    pub(super) line_end: LineEnd,
    /// What begins a line that is no row.
    pub(super) comment: Option<String>,
    pub(super) has_header: bool,
    /// Cells that most rows have.
    pub(super) n_cells: usize,
    /// Columns without a name, before those of the header and behind them.
    pub(super) n_unnamed: (usize, usize),
    /// Lines before the table.
    pub(super) n_lines_above: u64,
    /// Lines before the table that the person or a line such as `sep=;` accounts for, so that nobody need be told.
    pub(super) n_known_above: u64,
    pub(super) evidence: DialectEvidence,
}

impl Sniffed {
    /// Tells whether nobody said that there is a header.
    pub(super) fn is_header_detected(&self) -> bool {
        self.has_header && self.evidence.header != Some(HeaderReason::Named)
    }

    /// Tells whether nobody asked for comments to be left out, so that they are listed.
    pub(super) fn lists_comments(&self) -> bool {
        self.evidence.comment != Some(CommentReason::Named)
    }
}

/// Judges a sample. `is_whole` tells whether it is the whole file; what `request` says is not judged.
pub(super) fn sniff(sample: &str, is_whole: bool, request: &DialectRequest) -> Sniffed {
    let (line_end, line_breaks) = line_breaks(sample);
    let mut best: Option<(Sample<'_>, Reading)> = None;
    for &line_break in line_breaks {
        let sample = Sample::new(sample, is_whole, line_break, request);
        let reading = sample.reading(request);
        let is_better = best
            .as_ref()
            .is_none_or(|(_, best)| reading.uniformity() > best.uniformity() + TIE);
        let is_good = reading.uniformity() >= GOOD;
        if is_better {
            best = Some((sample, reading));
        }
        if is_good {
            break;
        }
    }
    let (sample, reading) = best.unwrap_or_else(|| {
        let sample = Sample::new(sample, is_whole, LineBreak::LineFeed, request);
        let reading = sample.reading(request);
        (sample, reading)
    });
    sniffed(&sample, &reading, request, line_end)
}

/// Counts what ends the lines of a sample, and says what is to be tried.
fn line_breaks(sample: &str) -> (LineEnd, &'static [LineBreak]) {
    let (mut n_lf, mut n_cr_lf, mut n_cr) = (0, 0, 0);
    let mut bytes = sample.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\n' => n_lf += 1,
            b'\r' if bytes.peek() == Some(&b'\n') => {
                bytes.next();
                n_cr_lf += 1;
            }
            b'\r' => n_cr += 1,
            _ => {}
        }
    }
    match (n_lf, n_cr_lf, n_cr) {
        (_, 0, 0) => (LineEnd::Lf, &[LineBreak::LineFeed]),
        (0, _, 0) => (LineEnd::CrLf, &[LineBreak::LineFeed]),
        (0, 0, _) => (LineEnd::Cr, &[LineBreak::CarriageReturn]),
        (_, _, 0) => (LineEnd::Mixed, &[LineBreak::LineFeed]),
        (_, 0, _) => (
            LineEnd::Mixed,
            &[
                LineBreak::LineFeed,
                LineBreak::Any,
                LineBreak::CarriageReturn,
            ],
        ),
        (..) => (LineEnd::Mixed, &[LineBreak::LineFeed, LineBreak::Any]),
    }
}

/// The sample without the lines on top that are not part of the table for sure.
struct Sample<'a> {
    look: Look<'a>,
    /// What a line such as `sep=;` on top says.
    told: Option<char>,
    n_lines_above: u64,
}

impl<'a> Sample<'a> {
    fn new(
        text: &'a str,
        is_whole: bool,
        line_break: LineBreak,
        request: &'a DialectRequest,
    ) -> Sample<'a> {
        let wanted = match request.header_row {
            Some(row) => row.saturating_sub(1),
            None => request.skip_lines.unwrap_or(0),
        };
        let told = delimiter_told_on_top(text);
        let n_lines_above = wanted.max(u64::from(told.is_some()));
        let mut rest = text;
        for _ in 0..n_lines_above {
            if rest.is_empty() {
                break;
            }
            let end = line_break.end_in(rest, is_whole).unwrap_or(rest.len());
            rest = &rest[end..];
        }
        Sample {
            look: Look {
                text: rest,
                line_break,
                is_whole,
                comment: &request.comment,
            },
            told,
            n_lines_above,
        }
    }

    fn reading(&self, request: &DialectRequest) -> Reading {
        let reading = match (request.delimiter, self.told) {
            (Wish::Named(delimiter), _) | (Wish::Guess, Some(delimiter)) => {
                self.delimited(delimiter, request)
            }
            (Wish::None, _) => self.of_marks(Marks::new(None, usual_quote(request))),
            (Wish::Guess, None) => self.best_reading(request),
        };
        let reading = self.with_escape(reading, request.escape);
        self.without_wrong_quote(reading, request)
    }

    fn of_marks(&self, marks: Marks) -> Reading {
        Reading::of(self.look, marks)
    }

    fn delimited(&self, delimiter: char, request: &DialectRequest) -> Reading {
        if let Some(runs) = request.runs {
            return self.with_best_quote(Some(delimiter), runs, request.quote);
        }
        let each = self.with_best_quote(Some(delimiter), Runs::Each, request.quote);
        if delimiter != ' ' || each.uniformity() >= GOOD {
            return each;
        }
        let several = self.with_best_quote(Some(delimiter), Runs::TwoOrMore, request.quote);
        let any = self.with_best_quote(Some(delimiter), Runs::Any, request.quote);
        [any, several].into_iter().fold(each, |best, next| {
            let is_better = next.uniformity() > best.uniformity() + TIE;
            if is_better { next } else { best }
        })
    }

    fn best_reading(&self, request: &DialectRequest) -> Reading {
        let runs = request.runs.unwrap_or_default();
        let mut best: Option<Reading> = None;
        let is_there = |delimiter: &char| self.look.text.contains(*delimiter);
        for delimiter in USUAL_DELIMITERS.into_iter().filter(is_there) {
            let candidate = self.with_best_quote(Some(delimiter), runs, request.quote);
            let is_better = best.as_ref().is_none_or(|best| {
                let ahead = candidate.uniformity() - best.uniformity();
                let rank =
                    |reading: &Reading| (reading.has_usual_names(), !reading.is_punctuation());
                ahead > TIE || ahead > -TIE && rank(&candidate) > rank(best)
            });
            if is_better {
                best = Some(candidate);
            }
        }
        let uniformity = best.as_ref().map_or(0.0, Reading::uniformity);
        let is_doubtful = uniformity < 0.9;
        if (is_doubtful || best.as_ref().is_some_and(Reading::is_punctuation))
            && let Some(rare) = self.rare(request, is_doubtful)
        {
            return rare;
        }
        if is_doubtful && let Some(unusual) = self.unusual(request) {
            return unusual;
        }
        best.filter(Reading::is_table)
            .unwrap_or_else(|| self.with_best_quote(None, Runs::Each, request.quote))
    }

    /// Looks for a delimiter that hardly ever stands in texts. It must cut nearly all lines alike, and begin with the
    /// first where lines `may_stand_above` no table.
    fn rare(&self, request: &DialectRequest, may_stand_above: bool) -> Option<Reading> {
        let is_there = |delimiter: &char| self.look.text.contains(*delimiter);
        let runs = request.runs.unwrap_or_default();
        RARE_DELIMITERS
            .into_iter()
            .filter(is_there)
            .map(|delimiter| self.with_best_quote(Some(delimiter), runs, request.quote))
            .find(|reading| is_even(reading) && (may_stand_above || reading.begins_on_top()))
    }

    /// Looks for a delimiter that is none of the usual ones, but stands in texts too.
    fn unusual(&self, request: &DialectRequest) -> Option<Reading> {
        let is_there = |delimiter: &char| self.look.text.contains(*delimiter);
        let read = |delimiter, runs| self.with_best_quote(Some(delimiter), runs, request.quote);
        let wants = |runs| request.runs.is_none_or(|wanted| wanted == runs);
        if wants(Runs::TwoOrMore) && self.look.text.contains("  ") {
            let reading = read(' ', Runs::TwoOrMore);
            if is_even(&reading) && reading.rows.len() > 2 || is_filled_from_the_left(&reading) {
                // Names as wide as their columns have a single space between them.
                let any = (wants(Runs::Any) && !reading.begins_on_top())
                    .then(|| read(' ', Runs::Any))
                    .filter(|any| is_even(any) && any.begins_on_top() && any.has_numbers());
                return any.or(Some(reading));
            }
            let is_aligned = reading.rows.iter().all(|row| row.cells.len() > 1);
            let reading = is_aligned.then(|| read(' ', Runs::Any));
            if let Some(reading) = reading.filter(is_filled_from_the_left) {
                return Some(reading);
            }
        }
        let is_sure = |reading: &Reading| {
            let is_space = reading.marks.delimiter == Some(' ');
            is_even(reading)
                && (reading.has_usual_names()
                    || reading.rows.len() >= 10 && (!is_space || reading.has_numbers()))
        };
        for delimiter in COMMON_DELIMITERS.into_iter().filter(is_there) {
            let reading = read(delimiter, request.runs.unwrap_or_default());
            if is_sure(&reading) && !reading.is_punctuation() {
                return Some(reading);
            }
        }
        for delimiter in [' ', '\t'].into_iter().filter(|_| wants(Runs::Any)) {
            let reading = read(delimiter, Runs::Any);
            let is_numeric = reading.rows.len() > 2 && reading.has_numbers();
            if is_even(&reading) && (is_numeric || reading.has_usual_names()) {
                return Some(reading);
            }
        }
        None
    }

    /// Takes single quotation marks where they make clearly better rows, or stand around nearly every row's cells.
    fn with_best_quote(&self, delimiter: Option<char>, runs: Runs, wanted: Wish<char>) -> Reading {
        let read = |quote| {
            self.of_marks(Marks {
                runs,
                ..Marks::new(delimiter, quote)
            })
        };
        if !wanted.is_guess() {
            return read(wanted.or_guess(|| None));
        }
        let double = read(Some('"'));
        if !self.look.text.contains('\'') {
            return double;
        }
        let single = read(Some('\''));
        let is_around_most = single.rows.len() > 1
            && single.n_quoted() * 10 >= single.rows.len() * 8
            && single.n_unsound() == 0
            && double.n_quoted() == 0;
        if is_around_most || single.uniformity() > double.uniformity() + 2.0 * TIE {
            single
        } else {
            double
        }
    }

    /// Takes marks for letters where they stand around cells more seldom than not.
    fn without_wrong_quote(&self, reading: Reading, request: &DialectRequest) -> Reading {
        let n_unsound = reading.n_unsound();
        let are_few = n_unsound < FEW_MARKS && n_unsound * 2 < reading.rows.len();
        if !request.quote.is_guess()
            || !request.escape.is_guess()
            || n_unsound < 2
            || are_few
            || n_unsound <= 2 * reading.n_quoted()
        {
            return reading;
        }
        let literal = self.of_marks(Marks {
            quote: None,
            ..reading.marks
        });
        if literal.uniformity() + TIE >= reading.uniformity() {
            literal
        } else {
            reading
        }
    }

    /// Takes a backslash for an escape where more rows add up with it.
    fn with_escape(&self, reading: Reading, wanted: Wish<char>) -> Reading {
        let read = |escape| {
            self.of_marks(Marks {
                escape: Some(escape),
                ..reading.marks
            })
        };
        match wanted {
            Wish::None => reading,
            Wish::Named(escape) if Some(escape) == reading.marks.quote => reading,
            Wish::Named(escape) => read(escape),
            Wish::Guess => {
                let marks = [reading.marks.quote, reading.marks.delimiter, Some('\n')];
                let is_escaped = marks
                    .into_iter()
                    .flatten()
                    .any(|mark| self.look.text.contains(&format!("\\{mark}")));
                if !is_escaped {
                    return reading;
                }
                let escaped = read('\\');
                if escaped.n_faulty() < reading.n_faulty() {
                    escaped
                } else {
                    reading
                }
            }
        }
    }
}

fn usual_quote(request: &DialectRequest) -> Option<char> {
    request.quote.or_guess(|| Some('"'))
}

/// Tells whether nearly all lines are cut alike.
fn is_even(reading: &Reading) -> bool {
    reading.uniformity() > 0.98 && reading.rows.len() > 1
}

/// Rows may end early, but no line of text is longer than the names above and cut by runs of spaces everywhere.
fn is_filled_from_the_left(reading: &Reading) -> bool {
    let n_names = reading.rows.first().map_or(0, |row| row.cells.len());
    reading.rows.len() > 4
        && reading
            .rows
            .iter()
            .all(|row| (2..=n_names).contains(&row.cells.len()))
}

/// Counts the columns that a header leaves out before its names and behind them, where nearly all rows have equally
/// many cells more. A single one that says which row it is stands in front, as programs for statistics write it.
fn n_unnamed(header: &[String], rows: &[RawRow]) -> (usize, usize) {
    let n_cells = usual_length(rows);
    let Some(n_more @ 1..) = n_cells.checked_sub(header.len()) else {
        return (0, 0);
    };
    let n_equal = rows.iter().filter(|row| row.cells.len() == n_cells);
    let is_filled = |row: &RawRow| {
        row.cells[header.len()..]
            .iter()
            .any(|cell| !cell.is_empty())
    };
    let has_more = rows
        .iter()
        .any(|row| row.cells.len() == n_cells && is_filled(row));
    if rows.len() < LEAST_ROWS || n_equal.count() * 20 < rows.len() * 19 || !has_more {
        return (0, 0);
    }
    let first: HashSet<&str> = rows
        .iter()
        .filter_map(|row| row.cells.first())
        .map(String::as_str)
        .collect();
    if n_more == 1 && first.len() == rows.len() {
        (1, 0)
    } else {
        (0, n_more)
    }
}

/// Excel writes `sep=;` above a table to name the delimiter.
fn delimiter_told_on_top(sample: &str) -> Option<char> {
    let line = sample.lines().next()?;
    let line = line.split('\r').next().unwrap_or(line).trim_matches('"');
    let mut rest = line.strip_prefix("sep=")?.chars();
    let delimiter = rest.next()?;
    rest.next().is_none().then_some(delimiter)
}

fn sniffed(
    sample: &Sample<'_>,
    reading: &Reading,
    request: &DialectRequest,
    line_end: LineEnd,
) -> Sniffed {
    let mut top = top::top(&reading.rows, reading.n_cells);
    let is_named = request.header_row.is_some() || request.has_header.is_some();
    if request.header_row.is_some() || request.skip_lines.is_some() {
        (top.has_header, top.reason) = header::judge(&reading.rows);
        top.n_above = 0;
    }
    if is_named {
        top.has_header = request.header_row.is_some() || request.has_header == Some(true);
        top.reason = HeaderReason::Named;
    }
    if !top.has_header {
        top.n_above = 0;
    }
    let first_line = match reading.rows.get(top.n_above) {
        Some(row) if top.n_above > 0 => row.line - 1,
        _ => 0,
    };
    let above = match (request.header_row, request.skip_lines) {
        (None, None) => top
            .above
            .filter(|_| first_line > 0)
            .map(|above| above.reason(first_line)),
        _ => Some(AboveReason::Named),
    };
    let (n_equal, n_rows) = reading.n_equal();
    let marks = reading.marks;
    Sniffed {
        marks,
        line_break: sample.look.line_break,
        line_end,
        comment: reading.comment.as_ref().map(|(mark, _)| mark.clone()),
        has_header: top.has_header,
        n_cells: reading.n_cells,
        n_unnamed: match reading.rows.get(top.n_above..) {
            Some([header, rows @ ..]) if top.has_header => n_unnamed(&header.cells, rows),
            _ => (0, 0),
        },
        n_lines_above: sample.n_lines_above + first_line,
        n_known_above: sample.n_lines_above,
        evidence: DialectEvidence {
            encoding: None,
            delimiter: Some(match (request.delimiter, sample.told, marks.delimiter) {
                (Wish::Named(_) | Wish::None, _, _) => DelimiterReason::Named,
                (Wish::Guess, Some(_), _) => DelimiterReason::ToldOnTop,
                (Wish::Guess, None, None) => DelimiterReason::NoneFits,
                (Wish::Guess, None, Some(_)) => DelimiterReason::Rows {
                    n_rows,
                    n_equal,
                    n_cells: reading.n_cells,
                },
            }),
            quote: Some(match (request.quote, marks.quote, reading.n_quoted()) {
                (Wish::Named(_) | Wish::None, _, _) => QuoteReason::Named,
                (Wish::Guess, None, _) => QuoteReason::PartOfText,
                (Wish::Guess, Some(_), 0) => QuoteReason::Usual,
                (Wish::Guess, Some(_), n_cells) => QuoteReason::Cells { n_cells },
            }),
            escape: match request.escape {
                Wish::Guess => marks.escape.map(|_| {
                    let without = sample.of_marks(Marks {
                        escape: None,
                        ..marks
                    });
                    EscapeReason::FewerFaults {
                        n_without: without.n_faulty(),
                        n_with: reading.n_faulty(),
                    }
                }),
                Wish::None | Wish::Named(_) => Some(EscapeReason::Named),
            },
            header: Some(top.reason),
            above,
            comment: match (&request.comment, &reading.comment) {
                (Wish::Guess, None) => None,
                (Wish::Guess, Some((_, n_lines))) => {
                    Some(CommentReason::NoRows { n_lines: *n_lines })
                }
                (Wish::None | Wish::Named(_), _) => Some(CommentReason::Named),
            },
        },
    }
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
