//! Rows with more cells than there are columns → rows, where it is clear which cells are pieces of one text.
//!
//! A comma in a text that nobody put in quotation marks makes a cell too many. The columns around the text say where it
//! begins and ends: labels that come back all the time, or numbers. Where there are none, a space behind a delimiter
//! shows that it is punctuation.

use std::collections::HashSet;

use super::header::is_number;
use super::marks::Marks;
use super::{Row, RowFault};

/// Rows whose cells are looked at; the others are much like them.
const MOST_ROWS: usize = 20_000;

/// Rows that it takes to know what a column holds.
const LEAST_ROWS: usize = 10;

/// A row that has too many cells.
pub(super) struct Surplus {
    /// Rows that stand before it.
    pub(super) position: usize,
    pub(super) line: u64,
    pub(super) n_cells: usize,
    /// The row as it stands in the file.
    pub(super) body: String,
    /// What else is wrong with it.
    pub(super) faults: Vec<RowFault>,
}

/// What a column holds.
enum Column<'a> {
    /// Few values, which come back all the time.
    Values(HashSet<&'a str>),
    Numbers,
    Anything,
}

/// What the sound rows say about all columns.
pub(super) struct Columns<'a> {
    columns: Vec<Column<'a>>,
    /// Whether cells usually begin with a space, so that a space says nothing.
    has_spaces: bool,
    marks: Marks,
}

impl<'a> Columns<'a> {
    pub(super) fn of(rows: &'a [Row], n_columns: usize, marks: Marks) -> Columns<'a> {
        let rows = &rows[..rows.len().min(MOST_ROWS)];
        let cells = || rows.iter().flat_map(|row| row.cells.iter().skip(1));
        let n_spaced = cells().filter(|cell| cell.starts_with(' ')).count();
        Columns {
            columns: (0..n_columns).map(|i| column(rows, i)).collect(),
            has_spaces: n_spaced * 20 > cells().count(),
            marks,
        }
    }

    /// Returns the cells of a row, and the column that was in pieces; nothing where that is not clear.
    pub(super) fn joined(&self, row: &Surplus) -> Option<(Vec<String>, usize)> {
        let n_columns = self.columns.len();
        let starts = self.starts(row)?;
        let n_surplus = starts.len().checked_sub(n_columns)?;
        let cells = |i: usize| self.joined_at(&row.body, &starts, i, n_surplus);
        let mut fitting = (0..n_columns).filter(|&i| self.fit(&cells(i), i));
        let (first, second) = (fitting.next()?, fitting.next());
        let knows = !self
            .columns
            .iter()
            .all(|column| matches!(column, Column::Anything));
        if second.is_none() && knows {
            return Some((cells(first), first));
        }
        let spaced = self.spaced(&row.body, &starts, n_surplus)?;
        let is_text = matches!(self.columns.get(spaced), Some(Column::Anything));
        let cells = cells(spaced);
        (is_text && self.fit(&cells, spaced)).then_some((cells, spaced))
    }

    /// Returns where the cells begin; nothing when quotation marks protect a delimiter, so that it is not clear what
    /// stands in the text.
    fn starts(&self, row: &Surplus) -> Option<Vec<usize>> {
        let mut starts = vec![0];
        let mut at = 0;
        while let Some((_, end)) = self.marks.next_delimiter(&row.body[at..]) {
            at += end;
            starts.push(at);
        }
        (starts.len() == row.n_cells).then_some(starts)
    }

    fn joined_at(
        &self,
        body: &str,
        starts: &[usize],
        text: usize,
        n_surplus: usize,
    ) -> Vec<String> {
        let end_of = |i: usize| {
            starts.get(i + 1).map_or(body.len(), |&next| {
                next - self.marks.delimiter.map_or(0, char::len_utf8)
            })
        };
        let bare = |cell: &str| {
            let inner = self.marks.quote.and_then(|quote| {
                let inner = cell.trim_matches(' ').strip_prefix(quote)?;
                inner.strip_suffix(quote)
            });
            inner.unwrap_or(cell).to_owned()
        };
        (0..self.columns.len())
            .map(|i| {
                let first = if i > text { i + n_surplus } else { i };
                let last = if i < text { i } else { i + n_surplus };
                let cell = &body[starts[first]..end_of(last)];
                if i == text {
                    cell.to_owned()
                } else {
                    bare(cell)
                }
            })
            .collect()
    }

    /// Tells whether every cell beside the text is what its column holds.
    fn fit(&self, cells: &[String], text: usize) -> bool {
        let mut columns = self.columns.iter().zip(cells).enumerate();
        columns.all(|(i, (column, cell))| match column {
            Column::Anything => true,
            Column::Values(_) | Column::Numbers if i == text => false,
            Column::Values(values) => values.contains(cell.as_str()),
            Column::Numbers => cell.trim().is_empty() || is_number(cell),
        })
    }

    /// Finds the column whose pieces all begin with a space, and no other cell does.
    fn spaced(&self, body: &str, starts: &[usize], n_surplus: usize) -> Option<usize> {
        let spaced: Vec<usize> = (1..starts.len())
            .filter(|&i| body[starts[i]..].starts_with(' '))
            .collect();
        let (first, last) = (*spaced.first()?, *spaced.last()?);
        let is_one_text = spaced.len() == n_surplus && last - first + 1 == n_surplus;
        (is_one_text && !self.has_spaces).then_some(first - 1)
    }
}

fn column(rows: &[Row], i: usize) -> Column<'_> {
    let cells = || rows.iter().filter_map(move |row| row.cells.get(i));
    let filled = || cells().filter(|cell| !cell.trim().is_empty());
    let n_filled = filled().count();
    if n_filled < LEAST_ROWS {
        return Column::Anything;
    }
    if filled().all(|cell| is_number(cell)) {
        return Column::Numbers;
    }
    let values: HashSet<&str> = cells().map(String::as_str).collect();
    if values.len() * 5 <= n_filled {
        Column::Values(values)
    } else {
        Column::Anything
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[&str], body: &str, expected: Option<&[&str]>) {
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| Row {
                line: 1,
                cells: row.split(',').map(str::to_owned).collect(),
            })
            .collect();
        let marks = Marks::new(Some(','), Some('"'));
        let columns = Columns::of(&rows, rows[0].cells.len(), marks);
        let joined = columns.joined(&Surplus {
            position: 0,
            line: 1,
            n_cells: body.split(',').count(),
            body: body.to_owned(),
            faults: Vec::new(),
        });
        let cells = joined.map(|(cells, _)| cells);
        let expected = expected.map(|cells| cells.iter().map(|&cell| cell.to_owned()).collect());
        assert_eq!(cells, expected, "{body}");
    }

    #[test]
    fn labels_say_where_the_text_ends() {
        let texts: Vec<String> = (0..20)
            .map(|i| format!("text {i},{},{i}", ["a", "b"][i % 2]))
            .collect();
        let rows: Vec<&str> = texts.iter().map(String::as_str).collect();
        check(
            &rows,
            "one,two,three,b,7",
            Some(&["one,two,three", "b", "7"]),
        );
        check(&rows, "one,a,b,7", Some(&["one,a", "b", "7"]));
        check(&rows, "one,\"two\",a,7", Some(&["one,\"two\"", "a", "7"]));
        check(&rows, "one,two,c,7", None);
        check(&rows, "one,a,7,8", None);
    }

    #[test]
    fn spaces_show_punctuation() {
        let rows = ["ok,a", "bad,b"];
        check(&rows, "one, two, three,c", Some(&["one, two, three", "c"]));
        check(&rows, "c,one, two", Some(&["c", "one, two"]));
        check(&rows, "one,two,c", None);
        check(&["ok, a", "bad, b"], "one, two, c", None);
    }
}
