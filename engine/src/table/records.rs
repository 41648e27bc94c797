//! Rows that bring the names of their cells → a table with a column for each name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::row_fault::{self, RowFault};
use super::{CELL_LIMIT, Dialect, RepairedRow, Row, SkippedRow, Table, TableError, unique_names};

/// Collects rows. Columns stand in the order in which their names first appear.
pub(super) struct Records {
    path: PathBuf,
    cell_limit: usize,
    names: Vec<String>,
    positions: HashMap<String, usize>,
    rows: Vec<Row>,
    repaired: Vec<RepairedRow>,
    skipped: Vec<SkippedRow>,
}

impl Records {
    /// Collects the rows of the file `path`.
    pub(super) fn new(path: &Path) -> Records {
        Records::within(path, CELL_LIMIT)
    }

    fn within(path: &Path, cell_limit: usize) -> Records {
        Records {
            path: path.to_owned(),
            cell_limit,
            names: Vec::new(),
            positions: HashMap::new(),
            rows: Vec::new(),
            repaired: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Adds a row. Of a name that stands in it twice, the last cell counts, as everywhere in JSON. The row keeps the
    /// cells up to its last one: with new names in every row, full rows would fill the memory long before the table is
    /// made.
    pub(super) fn add(
        &mut self,
        line: u64,
        named: Vec<(String, String)>,
        fault: Option<RowFault>,
    ) -> Result<(), TableError> {
        let mut placed = Vec::with_capacity(named.len());
        for (name, cell) in named {
            placed.push((self.position_of(name), cell));
        }
        let n_rows = self.rows.len() + 1;
        check_size(&self.path, self.names.len(), n_rows, self.cell_limit)?;
        let n_cells = placed
            .iter()
            .map(|(position, _)| position + 1)
            .max()
            .unwrap_or(0);
        let mut cells = vec![String::new(); n_cells];
        let mut is_taken = vec![false; n_cells];
        let mut faults: Vec<RowFault> = fault.into_iter().collect();
        for (position, cell) in placed {
            if is_taken[position] {
                faults.push(RowFault::RepeatedName {
                    column: self.names[position].clone(),
                });
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
        Ok(())
    }

    /// Returns where the cells of a name stand.
    fn position_of(&mut self, name: String) -> usize {
        if let Some(position) = self.positions.get(&name) {
            return *position;
        }
        let position = self.names.len();
        self.positions.insert(name.clone(), position);
        self.names.push(name);
        position
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
    pub(super) fn into_table(mut self, dialect: Dialect) -> Result<Table, TableError> {
        let n_columns = self.names.len();
        if n_columns == 0 {
            return Err(TableError::Empty { path: self.path });
        }
        if self.rows.is_empty() {
            return Err(TableError::HeaderOnly {
                path: self.path,
                n_columns,
            });
        }
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
pub(super) fn check_size(
    path: &Path,
    n_columns: usize,
    n_rows: usize,
    cell_limit: usize,
) -> Result<(), TableError> {
    if n_columns.saturating_mul(n_rows) > cell_limit {
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
        let mut records = Records::new(Path::new("x"));
        records
            .add(1, row(&[("b", "1"), ("a", "2")]), None)
            .unwrap();
        records
            .add(2, row(&[("c", "3"), ("a", "4"), ("a", "5")]), None)
            .unwrap();
        let table = records.into_table(Dialect::default()).unwrap();
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
        let mut records = Records::within(Path::new("x"), 100);
        for i in 0..10 {
            let name = i.to_string();
            records.add(i, row(&[(&name, "1")]), None).unwrap();
        }
        let error = records.add(10, row(&[("10", "1")]), None).unwrap_err();
        assert_eq!(error.code(), "table.tooManyCells");
        assert!(
            error
                .to_string()
                .contains("at least 11 columns and 11 rows")
        );
    }

    #[test]
    fn a_row_keeps_no_cells_behind_its_last_one() {
        let mut records = Records::new(Path::new("x"));
        let names: Vec<String> = (0..50).map(|i| i.to_string()).collect();
        let wide: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
        records.add(1, row(&wide), None).unwrap();
        records.add(2, row(&[("1", "2")]), None).unwrap();
        assert_eq!(records.rows[1].cells, ["", "2"]);
        let table = records.into_table(Dialect::default()).unwrap();
        assert_eq!(table.rows[1].cells.len(), 50);
    }
}
