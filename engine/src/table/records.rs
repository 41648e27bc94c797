//! Rows that bring the names of their cells → a table with a column for each name.

use std::collections::HashMap;
use std::path::Path;

use super::row_fault::{self, RowFault};
use super::{CELL_LIMIT, Dialect, RepairedRow, Row, SkippedRow, Table, TableError, unique_names};

/// Collects rows. Columns stand in the order in which their names first appear.
#[derive(Default)]
pub(super) struct Records {
    names: Vec<String>,
    positions: HashMap<String, usize>,
    rows: Vec<Row>,
    repaired: Vec<RepairedRow>,
    skipped: Vec<SkippedRow>,
}

impl Records {
    /// Adds a row. Of a name that stands in it twice, the last cell counts, as everywhere in JSON.
    pub(super) fn add(&mut self, line: u64, named: Vec<(String, String)>, fault: Option<RowFault>) {
        let mut cells = vec![String::new(); self.names.len()];
        let mut is_taken = vec![false; self.names.len()];
        let mut faults: Vec<RowFault> = fault.into_iter().collect();
        for (name, cell) in named {
            let position = match self.positions.get(&name) {
                Some(position) => *position,
                None => {
                    self.positions.insert(name.clone(), self.names.len());
                    self.names.push(name.clone());
                    cells.push(String::new());
                    is_taken.push(false);
                    self.names.len() - 1
                }
            };
            if is_taken[position] {
                faults.push(RowFault::RepeatedName { column: name });
            }
            cells[position] = cell;
            is_taken[position] = true;
        }
        if !faults.is_empty() {
            self.repaired.push(RepairedRow {
                line,
                reason: row_fault::sentence(&faults),
                faults,
            });
        }
        self.rows.push(Row { line, cells });
    }

    /// Lists a row that can't be used.
    pub(super) fn skip(&mut self, line: u64, fault: RowFault) {
        self.skipped.push(SkippedRow {
            line,
            reason: fault.to_string(),
            faults: vec![fault],
        });
    }

    /// Whether no row was added.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Makes all rows equally long. What a row has no cell for is empty.
    pub(super) fn into_table(mut self, path: &Path, dialect: Dialect) -> Result<Table, TableError> {
        let (n_columns, n_rows) = (self.names.len(), self.rows.len());
        if n_columns == 0 {
            return Err(TableError::Empty {
                path: path.to_owned(),
            });
        }
        if n_rows == 0 {
            return Err(TableError::HeaderOnly {
                path: path.to_owned(),
                n_columns,
            });
        }
        check_size(path, n_columns, n_rows)?;
        for row in &mut self.rows {
            row.cells.resize(n_columns, String::new());
        }
        Ok(Table {
            columns: unique_names(self.names),
            rows: self.rows,
            dialect,
            repaired: self.repaired,
            skipped: self.skipped,
        })
    }
}

/// Checks a table before its rows are filled up.
pub(super) fn check_size(path: &Path, n_columns: usize, n_rows: usize) -> Result<(), TableError> {
    if n_columns.saturating_mul(n_rows) > CELL_LIMIT {
        return Err(TableError::TooManyCells {
            path: path.to_owned(),
            n_columns,
            n_rows,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, cell): &(&str, &str)| ((*name).to_owned(), (*cell).to_owned());
        cells.iter().map(owned).collect()
    }

    #[test]
    fn columns_stand_in_the_order_of_first_appearance() {
        let mut records = Records::default();
        records.add(1, row(&[("b", "1"), ("a", "2")]), None);
        records.add(2, row(&[("c", "3"), ("a", "4"), ("a", "5")]), None);
        let table = records
            .into_table(Path::new("x"), Dialect::default())
            .unwrap();
        assert_eq!(table.columns, ["b", "a", "c"]);
        assert_eq!(table.rows[0].cells, ["1", "2", ""]);
        assert_eq!(table.rows[1].cells, ["", "5", "3"]);
        assert_eq!(
            table.repaired[0].faults,
            [RowFault::RepeatedName {
                column: "a".to_owned()
            }]
        );
    }

    #[test]
    fn a_new_name_in_every_row_does_not_fill_the_memory() {
        let mut records = Records::default();
        for i in 0..10_001_u64 {
            records.names.push(i.to_string());
            records.rows.push(Row {
                line: i,
                cells: Vec::new(),
            });
        }
        let error = records
            .into_table(Path::new("x"), Dialect::default())
            .unwrap_err();
        assert_eq!(error.code(), "table.tooManyCells");
    }
}
