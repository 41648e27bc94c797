//! Matrices that are almost empty, and their product with full ones.

use rayon::prelude::*;

/// Rows that a thread takes at once.
const ROWS_AT_ONCE: usize = 32;

/// A sparse matrix, row by row.
#[derive(Debug)]
pub(super) struct Sparse {
    /// Where each row begins in the two lists below, and where the last one ends.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    n_columns: usize,
}

impl Sparse {
    /// Puts rows of (column, value) below each other.
    pub(super) fn from_rows(rows: &[Vec<(u32, f32)>], n_columns: usize) -> Sparse {
        let mut starts = vec![0];
        for row in rows {
            starts.push(starts[starts.len() - 1] + row.len());
        }
        Sparse {
            starts,
            columns: rows.iter().flatten().map(|(column, _)| *column).collect(),
            values: rows.iter().flatten().map(|(_, value)| *value).collect(),
            n_columns,
        }
    }

    /// Number of rows.
    pub(super) fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of columns.
    pub(super) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Number of values.
    pub(super) fn n_values(&self) -> usize {
        self.values.len()
    }

    /// The values of a row, with their columns.
    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (usize, f32)> {
        let range = self.starts[row]..self.starts[row + 1];
        let columns = self.columns[range.clone()].iter();
        columns
            .zip(&self.values[range])
            .map(|(column, value)| (*column as usize, *value))
    }

    /// The matrix with rows and columns exchanged.
    pub(super) fn transposed(&self) -> Sparse {
        let mut starts = vec![0; self.n_columns + 1];
        for column in &self.columns {
            starts[*column as usize + 1] += 1;
        }
        for column in 0..self.n_columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.values.len()];
        let mut values = vec![0.0; self.values.len()];
        for row in 0..self.n_rows() {
            for (column, value) in self.row(row) {
                let place = next[column];
                next[column] += 1;
                (columns[place], values[place]) = (row as u32, value);
            }
        }
        Sparse {
            starts,
            columns,
            values,
            n_columns: self.n_rows(),
        }
    }

    /// Writes the product with `full`, `[columns, width]`, to `product`, `[rows, width]`. Each of its rows is added up
    /// in the same order, however many threads there are.
    pub(super) fn times(&self, full: &[f32], width: usize, product: &mut [f32]) {
        product
            .par_chunks_mut((ROWS_AT_ONCE * width).max(1))
            .enumerate()
            .for_each(|(task, rows)| {
                pulp::Arch::new().dispatch(|| {
                    for (i, sums) in rows.chunks_exact_mut(width).enumerate() {
                        self.add_up(task * ROWS_AT_ONCE + i, full, sums);
                    }
                });
            });
    }

    // Inlined, so that it is compiled for the vectors of the caller.
    #[inline(always)]
    fn add_up(&self, row: usize, full: &[f32], sums: &mut [f32]) {
        sums.fill(0.0);
        for (column, value) in self.row(row) {
            let factors = &full[column * sums.len()..][..sums.len()];
            for (sum, factor) in sums.iter_mut().zip(factors) {
                *sum += value * factor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_can_be_checked_in_the_head() {
        // [[1, 0, 2], [0, 3, 0]]
        let matrix = Sparse::from_rows(&[vec![(0, 1.0), (2, 2.0)], vec![(1, 3.0)]], 3);
        let mut product = [9.0; 4];
        matrix.times(&[1.0, 10.0, 2.0, 20.0, 3.0, 30.0], 2, &mut product);
        assert_eq!(product, [7.0, 70.0, 6.0, 60.0]);

        let mut product = [9.0; 3];
        matrix.transposed().times(&[1.0, 10.0], 1, &mut product);
        assert_eq!(product, [1.0, 30.0, 2.0]);
    }

    #[test]
    fn transposing_twice_changes_nothing() {
        let matrix = Sparse::from_rows(&[vec![(1, 1.0)], vec![], vec![(0, 2.0), (1, 3.0)]], 2);
        let again = matrix.transposed().transposed();
        for row in 0..3 {
            assert!(matrix.row(row).eq(again.row(row)));
        }
    }
}
