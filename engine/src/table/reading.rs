//! The sample of a file as it looks with certain marks, and how well it adds up.

use std::collections::HashMap;

use super::header::{self, fits};
use super::lines::{LineBreak, Lines};
use super::marks::Marks;
use super::rows::{RawRow, Rows};
use super::top;
use crate::column_name;
use crate::wish::Wish;

const MOST_ROWS: usize = 1000;

/// Cells that half of the lines of a text do not have by chance.
const MANY_CELLS: usize = 4;

/// Marks of comments, and whether they may stand between rows too. The others are too usual at the start of a text.
const COMMENT_MARKS: [(&str, bool); 4] = [("#", true), ("//", true), ("%", false), ("--", false)];

/// What is looked at, and all that is known of it.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) text: &'a str,
    pub(super) line_break: LineBreak,
    pub(super) is_whole: bool,
    pub(super) comment: &'a Wish<String>,
}

/// The sample as it looks with certain marks.
pub(super) struct Reading {
    pub(super) marks: Marks,
    /// What begins a comment, and how many there are.
    pub(super) comment: Option<(String, usize)>,
    /// Without the comments.
    pub(super) rows: Vec<RawRow>,
    /// Cells that rows should have.
    pub(super) n_cells: usize,
}

impl AsRef<[String]> for RawRow {
    fn as_ref(&self) -> &[String] {
        &self.cells
    }
}

impl Reading {
    pub(super) fn of(look: Look<'_>, marks: Marks) -> Reading {
        let reading = Reading::with_columns(look, marks, None);
        // Titles above the table say nothing about how broken rows of it are read best.
        if reading
            .rows
            .first()
            .is_some_and(|row| row.cells.len() != reading.n_cells)
            && reading.rows.iter().any(|row| !row.is_sound)
        {
            return Reading::with_columns(look, marks, Some(reading.n_cells));
        }
        reading
    }

    fn with_columns(look: Look<'_>, marks: Marks, n_columns: Option<usize>) -> Reading {
        let lines = Lines::new(look.text.as_bytes(), encoding_rs::UTF_8, look.line_break);
        let named = look.comment.named().cloned();
        let mut reader = Rows::new(lines, marks, named.clone());
        reader.n_columns = n_columns;
        let mut rows = Vec::new();
        while rows.len() < MOST_ROWS
            && let Ok(Some(row)) = reader.next_row()
        {
            reader.n_columns.get_or_insert(row.cells.len());
            rows.push(row);
        }
        // The last row of a sample is cut off somewhere.
        if !look.is_whole && rows.len() > 1 && rows.len() < MOST_ROWS {
            rows.pop();
        }
        let comment = match named {
            Some(mark) => Some((mark, reader.comments.len())),
            None if look.comment.is_guess() => comment_in(&rows),
            None => None,
        };
        if let Some((mark, _)) = &comment {
            rows.retain(|row| !begins_with(row, mark));
        }
        let n_cells = match rows.first() {
            Some(first) if has_usual_names(&first.cells) => first.cells.len(),
            _ => usual_length(&rows),
        };
        Reading {
            marks,
            comment,
            rows,
            n_cells,
        }
    }

    /// Returns the rows from the first that has the cells it should have.
    fn table(&self) -> &[RawRow] {
        let start = self
            .rows
            .iter()
            .position(|row| fits(&row.cells, self.n_cells));
        start.map_or(&[], |start| &self.rows[start..])
    }

    /// Tells whether the first row already has the cells it should have.
    pub(super) fn begins_on_top(&self) -> bool {
        self.table().len() == self.rows.len()
    }

    /// Returns how many rows have the cells they should have, and how many there are.
    pub(super) fn n_equal(&self) -> (usize, usize) {
        let table = self.table();
        let fitting = table.iter().filter(|row| fits(&row.cells, self.n_cells));
        (fitting.count(), table.len())
    }

    /// Share of the rows that have the cells they should have; 0 when that is a single one.
    pub(super) fn uniformity(&self) -> f64 {
        match self.n_equal() {
            (n_equal, n_rows @ 1..) if self.n_cells > 1 => n_equal as f64 / n_rows as f64,
            _ => 0.0,
        }
    }

    /// Rows whose marks or cells do not add up.
    pub(super) fn n_faulty(&self) -> usize {
        let is_faulty = |row: &&RawRow| !row.is_sound || !fits(&row.cells, self.n_cells);
        self.table().iter().filter(is_faulty).count()
    }

    /// Rows whose marks do not add up.
    pub(super) fn n_unsound(&self) -> usize {
        self.rows.iter().filter(|row| !row.is_sound).count()
    }

    /// Cells that stand within marks.
    pub(super) fn n_quoted(&self) -> usize {
        self.rows.iter().map(|row| row.n_quoted).sum()
    }

    pub(super) fn has_usual_names(&self) -> bool {
        self.rows
            .first()
            .is_some_and(|row| has_usual_names(&row.cells))
    }

    /// Tells whether a column of numbers stands in it, which no text is.
    pub(super) fn has_numbers(&self) -> bool {
        let below = self.table().get(1..).unwrap_or_default();
        let is_number =
            |row: &RawRow, i: usize| row.cells.get(i).is_some_and(|cell| header::is_number(cell));
        !below.is_empty()
            && (0..self.n_cells).any(|i| {
                let n_numbers = below.iter().filter(|row| is_number(row, i)).count();
                n_numbers * 10 >= below.len() * 9
            })
    }

    /// Tells whether it is a table at all. Without names on top, a list of texts with a comma here and there is none.
    pub(super) fn is_table(&self) -> bool {
        let uniformity = self.uniformity();
        if uniformity == 0.0 {
            return false;
        }
        let has_header = || top::top(&self.rows, self.n_cells).has_header;
        if self.has_usual_names() {
            return true;
        }
        if self.is_punctuation() && !self.has_numbers() {
            return uniformity >= 0.5 && has_header();
        }
        uniformity >= 0.8 || uniformity >= 0.5 && (self.n_cells >= MANY_CELLS || has_header())
    }

    /// Tells whether a space stands behind every delimiter, as it does behind the commas of a sentence.
    pub(super) fn is_punctuation(&self) -> bool {
        let Some(',' | ';' | ':') = self.marks.delimiter else {
            return false;
        };
        let mut behind = self.rows.iter().flat_map(|row| row.cells.iter().skip(1));
        behind.all(|cell| cell.starts_with(' '))
    }
}

fn has_usual_names(cells: &[String]) -> bool {
    cells.len() > 1 && cells.iter().any(|cell| column_name::is_usual(cell))
}

fn begins_with(row: &RawRow, mark: &str) -> bool {
    row.n_quoted == 0 && row.cells.first().is_some_and(|cell| cell.starts_with(mark))
}

/// Tells whether a sentence begins behind the mark of a comment, as behind that of a hashtag none does.
fn is_note(row: &RawRow, mark: &str) -> bool {
    let behind = row.cells.first().and_then(|cell| cell.strip_prefix(mark));
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with([' ', '\t']))
}

/// Tells whether a space stands behind every delimiter of a row, so that it is a sentence.
fn is_spaced(row: &RawRow) -> bool {
    row.cells.len() > 1 && row.cells.iter().skip(1).all(|cell| cell.starts_with(' '))
}

/// Finds the mark of comments: lines that begin with it are no rows, and stand on top or have a single cell. A sentence
/// with commas in it may have the cells of a row; then the names below it or the spaces behind its commas say so.
fn comment_in(rows: &[RawRow]) -> Option<(String, usize)> {
    COMMENT_MARKS.iter().find_map(|&(mark, may_stand_between)| {
        let is_comment = |row: &RawRow| begins_with(row, mark);
        let first = rows.iter().position(|row| !is_comment(row))?;
        let n_cells = usual_length(rows.iter().filter(|row| !is_comment(row)));
        let others = || rows.iter().filter(|row| !is_comment(row));
        if others().count() < 2 {
            return None;
        }
        let is_above_names = has_usual_names(&rows[first].cells);
        let are_spaced = others().any(is_spaced);
        let mut n_comments = 0;
        for (i, row) in rows.iter().enumerate().filter(|(_, row)| is_comment(row)) {
            let stands_well = if i < first {
                row.cells.len() != n_cells || is_above_names && is_note(row, mark)
            } else {
                let is_sentence = is_note(row, mark) && is_spaced(row) && !are_spaced;
                may_stand_between && (row.cells.len() == 1 || is_sentence)
            };
            if !stands_well {
                return None;
            }
            n_comments += 1;
        }
        (n_comments > 0 && n_cells > 1).then(|| (mark.to_owned(), n_comments))
    })
}

/// Returns the number of cells that most rows have.
pub(super) fn usual_length<'a>(rows: impl IntoIterator<Item = &'a RawRow>) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        *counts.entry(row.cells.len()).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(length, count)| (count, length))
        .map_or(0, |(length, _)| length)
}
