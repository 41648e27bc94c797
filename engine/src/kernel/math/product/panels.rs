//! The panels of a product: rows and columns copied so that they are read front to back.

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{DEPTH, Matrix, PARTS_PER_THREAD, VECTORS};

/// The right factor in blocks of [`DEPTH`] of its rows, each in panels of [`VECTORS`] vectors (the last
/// may be narrower), each row by row.
#[derive(Clone, Copy)]
pub(super) struct PackedRight<'a> {
    pub(super) elements: &'a [f32],
    pub(super) columns: usize,
}

#[inline(always)]
pub(super) fn pack_right<S: Simd>(
    simd: S,
    right: Matrix,
    mut packed: &mut [f32],
    in_parallel: bool,
) {
    let padded = right.columns.next_multiple_of(S::F32_LANES);
    let width = VECTORS * S::F32_LANES;
    for first in (0..right.rows).step_by(DEPTH) {
        let depth = DEPTH.min(right.rows - first);
        let (block, rest) = packed.split_at_mut(depth * padded);
        packed = rest;
        let lines = Lines {
            data: &right.data[first * right.row_stride..],
            line_stride: right.column_stride,
            depth_stride: right.row_stride,
            depth,
        };
        let n_panels = right.columns.div_ceil(width);
        let group = if in_parallel {
            n_panels.div_ceil(PARTS_PER_THREAD * rayon::current_num_threads())
        } else {
            n_panels
        };
        let pack = |(i, panels): (usize, &mut [f32])| {
            let first = i * group * width;
            let job = PackJob {
                lines: lines.from(first),
                n_lines: (group * width).min(right.columns - first),
                width,
                panels,
            };
            simd.vectorize(job);
        };
        if in_parallel {
            let groups = block.par_chunks_mut(depth * width * group).enumerate();
            groups.for_each(pack);
        } else {
            pack((0, block));
        }
    }
}

/// Rows of the left factor or columns of the right one.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a> {
    pub(super) data: &'a [f32],
    pub(super) line_stride: usize,
    pub(super) depth_stride: usize,
    /// Elements of a line.
    pub(super) depth: usize,
}

impl Lines<'_> {
    fn from(self, line: usize) -> Self {
        Self {
            data: &self.data[line * self.line_stride..],
            ..self
        }
    }
}

/// `panels` panels of `width` lines, the last with what is left.
pub(super) struct PackJob<'a> {
    pub(super) lines: Lines<'a>,
    pub(super) n_lines: usize,
    pub(super) width: usize,
    pub(super) panels: &'a mut [f32],
}

impl WithSimd for PackJob<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self {
            lines,
            n_lines,
            width,
            panels,
        } = self;
        let mut packed = 0;
        if lines.line_stride == 1 {
            packed = n_lines - n_lines % width;
            match width {
                48 => copy_rows::<48>(lines, packed, panels),
                24 => copy_rows::<24>(lines, packed, panels),
                12 => copy_rows::<12>(lines, packed, panels),
                8 => copy_rows::<8>(lines, packed, panels),
                4 => copy_rows::<4>(lines, packed, panels),
                _ => packed = 0,
            }
        }
        let rest = &mut panels[packed * lines.depth..];
        for panel in rest.chunks_mut(lines.depth * width) {
            let n = width.min(n_lines - packed);
            pack_panel(lines.from(packed), n, panel.len() / lines.depth, panel);
            packed += n;
        }
    }
}

/// Packs `n_lines` lines that lie side by side, `WIDTH` to a panel. Goes over the rows in the order in
/// which they lie in memory: that is what takes the time.
#[inline(always)]
fn copy_rows<const WIDTH: usize>(lines: Lines, n_lines: usize, panels: &mut [f32]) {
    let panel_size = lines.depth * WIDTH;
    for d in 0..lines.depth {
        let row = &lines.data[d * lines.depth_stride..][..n_lines];
        for (j, columns) in row.as_chunks::<WIDTH>().0.iter().enumerate() {
            panels[j * panel_size + d * WIDTH..][..WIDTH].copy_from_slice(columns);
        }
    }
}

/// `panel[d * width + line] = lines(line, d)`, 0 from `n_lines` on.
#[inline(always)]
fn pack_panel(lines: Lines, n_lines: usize, width: usize, panel: &mut [f32]) {
    if n_lines < width {
        panel.fill(0.0);
    }
    let mut line = 0;
    while line < n_lines {
        let (from, panel) = (lines.from(line), &mut panel[line..]);
        line += match (n_lines - line, lines.line_stride) {
            (16.., 1) => copy::<16>(from, width, panel),
            (4.., 1) => copy::<4>(from, width, panel),
            (_, 1) => copy::<1>(from, width, panel),
            (16.., _) => transpose::<16>(from, width, panel),
            (4.., _) => transpose::<4>(from, width, panel),
            _ => transpose::<1>(from, width, panel),
        };
    }
}

/// Packs `N` lines that lie side by side; returns `N`. The compiler knows `N`, so that nothing calls
/// out to copy a few numbers.
#[inline(always)]
fn copy<const N: usize>(lines: Lines, width: usize, panel: &mut [f32]) -> usize {
    for d in 0..lines.depth {
        let row = array_at::<N>(lines.data, d * lines.depth_stride);
        panel[d * width..][..N].copy_from_slice(row);
    }
    N
}

/// Packs `N` lines whose elements lie one after the other; returns `N`.
#[inline(always)]
fn transpose<const N: usize>(lines: Lines, width: usize, panel: &mut [f32]) -> usize {
    let Lines {
        data,
        line_stride,
        depth,
        ..
    } = lines;
    let whole = if N < 4 { 0 } else { depth - depth % 4 };
    for d in (0..whole).step_by(4) {
        for line in (0..N).step_by(4) {
            let four = |i: usize| *array_at(data, (line + i) * line_stride + d);
            let rows = transposed_four([four(0), four(1), four(2), four(3)]);
            for (i, row) in rows.iter().enumerate() {
                panel[(d + i) * width + line..][..4].copy_from_slice(row);
            }
        }
    }
    for line in 0..N {
        for d in whole..depth {
            panel[d * width + line] = data[line * line_stride + d];
        }
    }
    N
}

#[inline(always)]
fn array_at<const N: usize>(data: &[f32], start: usize) -> &[f32; N] {
    data[start..start + N]
        .as_array()
        .expect("it has N elements")
}

/// The compiler makes slow code of a plain double loop, and these instructions are on every x86-64.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn transposed_four(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    use core::arch::x86_64::{
        __m128, _mm_movehl_ps, _mm_movelh_ps, _mm_unpackhi_ps, _mm_unpacklo_ps,
    };
    let [a, b, c, d]: [__m128; 4] = pulp::bytemuck::cast(rows);
    // SAFETY: every x86-64 has SSE.
    #[allow(unsafe_code)]
    let columns = unsafe {
        let (ab_low, cd_low) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d));
        let (ab_high, cd_high) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d));
        [
            _mm_movelh_ps(ab_low, cd_low),
            _mm_movehl_ps(cd_low, ab_low),
            _mm_movelh_ps(ab_high, cd_high),
            _mm_movehl_ps(cd_high, ab_high),
        ]
    };
    pulp::bytemuck::cast(columns)
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn transposed_four(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i]))
}
