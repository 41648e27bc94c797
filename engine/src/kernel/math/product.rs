//! Matrix products on row-major `f32` slices.
//!
//! The scheme is that of Goto and van de Geijn (2008), "Anatomy of High-Performance Matrix
//! Multiplication": both factors are packed into panels that are read front to back, and a small tile
//! of the result stays in vector registers while the shared dimension runs. The fine-tuning of a
//! small BERT multiplies a few hundred rows at a time; threads share the packed right factor and
//! each computes rows of its own.

mod panels;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::scratch::Scratch;
use panels::{Lines, PackJob, PackedRight, pack_right};

/// Vectors in a row of a tile.
const VECTORS: usize = 3;
/// Rows of a tile where there are 32 vector registers: 8 × 3 sums, 3 of the right factor, 1 of the left.
const ROWS_OF_32_REGISTERS: usize = 8;
/// Rows of a tile where there are 16 vector registers.
const ROWS_OF_16_REGISTERS: usize = 4;
/// Most rows of a tile.
const MOST_ROWS: usize = ROWS_OF_32_REGISTERS;
/// Most elements of a vector.
const MOST_LANES: usize = 16;
/// How much of the shared dimension is worked through at once, so that panels stay in the cache.
const DEPTH: usize = 384;
/// Products with fewer multiplications than this run on one thread: waking another takes longer.
const LEAST_FOR_THREADS: usize = 64 * 64 * 64;
/// Parts for each thread, so that a thread that is held up doesn't hold up all.
const PARTS_PER_THREAD: usize = 2;

/// A matrix in memory: `at(row, column) = data[row * row_stride + column * column_stride]`.
/// One of the strides is 1.
#[derive(Clone, Copy)]
pub(in crate::kernel) struct Matrix<'a> {
    pub(super) data: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// A matrix whose rows lie one after the other.
    pub(in crate::kernel) fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::strided(data, rows, columns, columns)
    }

    /// A matrix whose rows begin `row_stride` elements apart.
    pub(super) fn strided(data: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        assert!(rows == 0 || (rows - 1) * row_stride + columns <= data.len());
        Self {
            data,
            rows,
            columns,
            row_stride,
            column_stride: 1,
        }
    }

    /// The same elements with rows and columns exchanged.
    pub(in crate::kernel) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// `n` rows from `first` on.
    fn rows_from(self, first: usize, n: usize) -> Self {
        Self {
            data: &self.data[first * self.row_stride..],
            rows: n,
            ..self
        }
    }
}

/// Where a product goes.
pub(super) struct Target<'a> {
    pub(super) data: &'a mut [f32],
    pub(super) row_stride: usize,
    /// Adds to what is there, instead of replacing it.
    pub(super) add: bool,
}

/// Who computes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Threads {
    /// The calling thread.
    One,
    /// The threads of the pool.
    All,
}

/// `target = scale * left · right` (or `+=`).
pub(super) fn multiply_into(
    target: Target,
    left: Matrix,
    right: Matrix,
    scale: f32,
    threads: Threads,
) {
    let job = Job {
        target,
        left,
        right,
        scale,
        threads,
    };
    Arch::new().dispatch(job);
}

struct Job<'a> {
    target: Target<'a>,
    left: Matrix<'a>,
    right: Matrix<'a>,
    scale: f32,
    threads: Threads,
}

impl WithSimd for Job<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 {
            self.run::<S, ROWS_OF_32_REGISTERS>(simd);
        } else {
            self.run::<S, ROWS_OF_16_REGISTERS>(simd);
        }
    }
}

impl Job<'_> {
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize>(self, simd: S) {
        let Self {
            target,
            left,
            right,
            scale,
            threads,
        } = self;
        let (rows, columns) = (left.rows, right.columns);
        assert_eq!(left.columns, right.rows);
        assert!(right.rows > 0, "a sum over nothing");
        if rows == 0 || columns == 0 {
            return;
        }
        assert!((rows - 1) * target.row_stride + columns <= target.data.len());
        let in_parallel =
            threads == Threads::All && rows * columns * right.rows >= LEAST_FOR_THREADS;
        let mut scratch = Scratch::take(right.rows * columns.next_multiple_of(S::F32_LANES));
        pack_right(simd, right, scratch.elements(), in_parallel);
        let packed = PackedRight {
            elements: scratch.elements(),
            columns,
        };
        if !in_parallel {
            multiply_rows::<S, ROWS>(simd, target, left, packed, scale);
            return;
        }
        let n_parts = PARTS_PER_THREAD * rayon::current_num_threads();
        let part = rows.div_ceil(n_parts).next_multiple_of(ROWS);
        let (row_stride, add) = (target.row_stride, target.add);
        let parts = target.data.par_chunks_mut(part * row_stride);
        let parts = parts.take(rows.div_ceil(part)).enumerate();
        parts.for_each(|(i, data)| {
            let target = Target {
                data,
                row_stride,
                add,
            };
            let left = left.rows_from(i * part, part.min(rows - i * part));
            simd.vectorize(RowsJob::<ROWS> {
                target,
                left,
                packed,
                scale,
            });
        });
    }
}

/// The rows of one part; a type, because each thread enters the vector instructions by itself.
struct RowsJob<'a, const ROWS: usize> {
    target: Target<'a>,
    left: Matrix<'a>,
    packed: PackedRight<'a>,
    scale: f32,
}

impl<const ROWS: usize> WithSimd for RowsJob<'_, ROWS> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        multiply_rows::<S, ROWS>(simd, self.target, self.left, self.packed, self.scale);
    }
}

/// `target = scale * left · right` for the rows of `left`.
#[inline(always)]
fn multiply_rows<S: Simd, const ROWS: usize>(
    simd: S,
    target: Target,
    left: Matrix,
    packed: PackedRight,
    scale: f32,
) {
    let padded = packed.columns.next_multiple_of(S::F32_LANES);
    let width = VECTORS * S::F32_LANES;
    let padded_rows = left.rows.next_multiple_of(ROWS);
    let mut scratch = Scratch::take(padded_rows * DEPTH.min(left.columns));
    for first in (0..left.columns).step_by(DEPTH) {
        let depth = DEPTH.min(left.columns - first);
        let lines = Lines {
            data: &left.data[first * left.column_stride..],
            line_stride: left.row_stride,
            depth_stride: left.column_stride,
            depth,
        };
        let left_panels = &mut scratch.elements()[..padded_rows * depth];
        let job = PackJob {
            lines,
            n_lines: left.rows,
            width: ROWS,
            panels: left_panels,
        };
        job.with_simd(simd);
        let block = &packed.elements[first * padded..][..depth * padded];
        for (j, right_panel) in block.chunks(depth * width).enumerate() {
            let first_column = j * width;
            for (i, left_panel) in left_panels.chunks_exact(depth * ROWS).enumerate() {
                let first_row = i * ROWS;
                let tile = Tile {
                    left_panel,
                    right_panel,
                    cells: &mut target.data[first_row * target.row_stride + first_column..],
                    row_stride: target.row_stride,
                    n_rows: ROWS.min(left.rows - first_row),
                    n_columns: width.min(packed.columns - first_column),
                    scale,
                    add: target.add || first > 0,
                };
                match (padded - first_column) / S::F32_LANES {
                    1 => tile.compute::<S, ROWS, 1>(simd),
                    2 => tile.compute::<S, ROWS, 2>(simd),
                    _ => tile.compute::<S, ROWS, VECTORS>(simd),
                }
            }
        }
    }
}

/// A part of the result that fits into the vector registers.
struct Tile<'a> {
    left_panel: &'a [f32],
    right_panel: &'a [f32],
    cells: &'a mut [f32],
    row_stride: usize,
    n_rows: usize,
    n_columns: usize,
    scale: f32,
    add: bool,
}

impl Tile<'_> {
    #[inline(always)]
    fn compute<S: Simd, const ROWS: usize, const N: usize>(self, simd: S) {
        let mut sums = [[simd.splat_f32s(0.0); N]; ROWS];
        let (left, _) = self.left_panel.as_chunks::<ROWS>();
        let (right, _) = S::as_simd_f32s(self.right_panel);
        let (right, _) = right.as_chunks::<N>();
        for (left, right) in left.iter().zip(right) {
            let right = *right;
            for (sums, x) in sums.iter_mut().zip(left) {
                let x = simd.splat_f32s(*x);
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = simd.mul_add_e_f32s(x, right, *sum);
                }
            }
        }
        let scale = simd.splat_f32s(self.scale);
        if self.n_rows == ROWS && self.n_columns == N * S::F32_LANES {
            for (i, sums) in sums.iter().enumerate() {
                let cells = &mut self.cells[i * self.row_stride..][..N * S::F32_LANES];
                let (cells, _) = S::as_mut_simd_f32s(cells);
                for (cell, sum) in cells.iter_mut().zip(sums) {
                    *cell = if self.add {
                        simd.mul_add_e_f32s(*sum, scale, *cell)
                    } else {
                        simd.mul_f32s(*sum, scale)
                    };
                }
            }
            return;
        }
        // Only through a copy: an index that is not a constant would keep the sums in memory.
        let mut copy = [0.0; MOST_ROWS * VECTORS * MOST_LANES];
        let (vectors, _) = S::as_mut_simd_f32s(&mut copy);
        for (i, sums) in sums.iter().enumerate() {
            for (j, sum) in sums.iter().enumerate() {
                vectors[i * N + j] = simd.mul_f32s(*sum, scale);
            }
        }
        for (i, sums) in copy
            .chunks_exact(N * S::F32_LANES)
            .take(self.n_rows)
            .enumerate()
        {
            let cells = &mut self.cells[i * self.row_stride..][..self.n_columns];
            for (cell, sum) in cells.iter_mut().zip(sums) {
                *cell = if self.add { *cell + sum } else { *sum };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn numbers(n: usize, random: &mut Random) -> Vec<f32> {
        (0..n).map(|_| random.normal() as f32).collect()
    }

    /// The sum as it is defined, in `f64`.
    fn by_definition(left: Matrix, right: Matrix) -> Vec<f64> {
        let at = |m: Matrix, i: usize, j: usize| {
            f64::from(m.data[i * m.row_stride + j * m.column_stride])
        };
        (0..left.rows * right.columns)
            .map(|cell| {
                let (i, j) = (cell / right.columns, cell % right.columns);
                (0..left.columns)
                    .map(|k| at(left, i, k) * at(right, k, j))
                    .sum()
            })
            .collect()
    }

    fn check(run: &dyn Fn(Job)) {
        let mut random = Random::new(1);
        let sizes = [
            (1, 1, 1),
            (3, 2, 5),
            (12, 12, 32),
            (12, 32, 13),
            (8, 48, 64),
            (61, 77, 391),
            (200, 100, 800),
        ];
        for (rows, columns, depth) in sizes {
            let left = numbers(rows * depth, &mut random);
            let right = numbers(depth * columns, &mut random);
            let lefts = [
                Matrix::new(&left, rows, depth),
                Matrix::new(&left, depth, rows).transposed(),
            ];
            let rights = [
                Matrix::new(&right, depth, columns),
                Matrix::new(&right, columns, depth).transposed(),
            ];
            for (left, right) in lefts
                .iter()
                .flat_map(|l| rights.iter().map(move |r| (*l, *r)))
            {
                let expected = by_definition(left, right);
                for (add, threads) in [(false, Threads::One), (true, Threads::All)] {
                    let row_stride = columns + 3;
                    let mut data = vec![1.0; rows * row_stride];
                    run(Job {
                        target: Target {
                            data: &mut data,
                            row_stride,
                            add,
                        },
                        left,
                        right,
                        scale: 0.5,
                        threads,
                    });
                    for (i, row) in data.chunks_exact(row_stride).enumerate() {
                        assert_eq!(row[columns..], [1.0; 3], "written beyond the row");
                        for (j, found) in row[..columns].iter().enumerate() {
                            let sum = 0.5 * expected[i * columns + j] + f64::from(u8::from(add));
                            // Each of `depth` sums of up to sqrt(depth) in size is rounded to
                            // half an epsilon: the errors add up to depth * epsilon / 5 (one
                            // deviation); five of them, as there are thousands of cells.
                            let tolerance = f64::from(f32::EPSILON) * (depth + 10) as f64;
                            assert!(
                                (f64::from(*found) - sum).abs() < tolerance,
                                "{rows}x{columns}x{depth} at {i}, {j}: {found}, not {sum}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn products_are_right_with_the_widest_instructions() {
        check(&|job| Arch::new().dispatch(job));
    }

    #[test]
    fn products_are_right_without_vector_instructions() {
        check(&|job| Simd::vectorize(pulp::Scalar, job));
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    #[allow(clippy::print_stderr)] // a test that is skipped says so
    fn products_are_right_with_sixteen_registers() {
        let Some(simd) = pulp::x86::V3::try_new() else {
            eprintln!("skipped: this machine has no AVX2");
            return;
        };
        check(&|job| Simd::vectorize(simd, job));
    }

    #[test]
    fn nothing_times_nothing_is_left_alone() {
        let mut data = vec![1.0; 4];
        let target = Target {
            data: &mut data,
            row_stride: 4,
            add: false,
        };
        multiply_into(
            target,
            Matrix::new(&[], 0, 2),
            Matrix::new(&[0.0; 8], 2, 4),
            1.0,
            Threads::All,
        );
        assert_eq!(data, [1.0; 4]);
    }
}
