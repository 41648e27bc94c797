//! Where the numbers of a tensor in an ONNX file come from: from the weights of the model, a part at a time.
//!
//! A file of weights may be larger than the memory, so a graph holds no weights but says how each tensor is made of one
//! of the model's. `write` makes it when its turn comes.

use std::io::{self, Write};

use super::message::DataType;
use crate::bert::{WeightFile, WeightsError};

/// Numbers that are read at once.
const READ_AT_ONCE: usize = 1 << 20;

/// A tensor of the ONNX file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Initializer {
    /// Its name in the graph.
    pub(super) name: String,
    /// Its shape.
    pub(super) shape: Vec<usize>,
    /// Its numbers.
    pub(super) numbers: Numbers,
}

/// How the numbers of a tensor are made.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Numbers {
    /// Integers that are known already.
    Integers(Vec<i64>),
    /// A number that is known already.
    Number(f32),
    /// Those of a tensor of the model.
    Weights {
        /// Its name.
        tensor: String,
        /// Its shape.
        shape: Vec<usize>,
        /// What is made of them.
        form: Form,
    },
}

/// What is made of a tensor of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The same tensor.
    Plain,
    /// Rows and columns exchanged: PyTorch keeps a linear layer as `[outputs, inputs]`, ONNX multiplies by
    /// `[inputs, outputs]`.
    Transposed,
    /// What one level of each row is worth, in integers from `-levels` to `levels`.
    Scales { levels: u8 },
    /// Each number as the nearest level of its row.
    Levels { levels: u8, transposed: bool },
}

/// Why the numbers of a tensor can't be written.
#[derive(Debug)]
pub(super) enum WriteError {
    /// The model's weights can't be read.
    Weights(WeightsError),
    /// The file can't be written.
    File(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<WeightsError> for WriteError {
    fn from(error: WeightsError) -> Self {
        Self::Weights(error)
    }
}

impl Initializer {
    /// The kind of its numbers.
    pub(super) fn data_type(&self) -> DataType {
        match &self.numbers {
            Numbers::Integers(_) => DataType::Int64,
            Numbers::Number(_) => DataType::Float,
            Numbers::Weights { form, .. } => match form {
                Form::Levels { .. } => DataType::Int8,
                Form::Plain | Form::Transposed | Form::Scales { .. } => DataType::Float,
            },
        }
    }

    /// Bytes of its numbers.
    pub(super) fn n_bytes(&self) -> usize {
        self.shape.iter().product::<usize>() * self.data_type().size()
    }

    /// Writes its numbers as they lie in memory, little-endian.
    pub(super) fn write(&self, file: &WeightFile, out: &mut dyn Write) -> Result<(), WriteError> {
        match &self.numbers {
            Numbers::Integers(integers) => {
                for integer in integers {
                    out.write_all(&integer.to_le_bytes())?;
                }
                Ok(())
            }
            Numbers::Number(number) => Ok(out.write_all(&number.to_le_bytes())?),
            Numbers::Weights {
                tensor,
                shape,
                form,
            } => match form {
                Form::Transposed => {
                    let numbers = file.read(tensor, shape)?;
                    write_numbers(transposed(&numbers, shape[1]), out)
                }
                Form::Levels {
                    levels,
                    transposed: true,
                } => {
                    let mut rounded = Vec::with_capacity(shape.iter().product());
                    each_row(file, tensor, shape, &mut |row| {
                        rounded.extend(to_levels(row, *levels));
                        Ok(())
                    })?;
                    let bytes = transposed(&rounded, shape[1]).map(|level| level as u8);
                    Ok(out.write_all(&bytes.collect::<Vec<u8>>())?)
                }
                Form::Plain => each_row(file, tensor, shape, &mut |row| {
                    write_numbers(row.iter().copied(), out)
                }),
                Form::Scales { levels } => each_row(file, tensor, shape, &mut |row| {
                    write_numbers(std::iter::once(scale(row, *levels)), out)
                }),
                Form::Levels { levels, .. } => each_row(file, tensor, shape, &mut |row| {
                    let bytes: Vec<u8> = to_levels(row, *levels).map(|level| level as u8).collect();
                    Ok(out.write_all(&bytes)?)
                }),
            },
        }
    }
}

/// Calls `work` with each row of a tensor; of one with a single dimension that is all of it.
fn each_row(
    file: &WeightFile,
    tensor: &str,
    shape: &[usize],
    work: &mut dyn FnMut(&[f32]) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let width = shape.last().copied().unwrap_or(1).max(1);
    let n_rows = shape.iter().product::<usize>() / width;
    let at_once = (READ_AT_ONCE / width).max(1);
    for first in (0..n_rows).step_by(at_once) {
        let n = at_once.min(n_rows - first);
        let numbers = file.read_part(tensor, shape, first * width, n * width)?;
        for row in numbers.chunks_exact(width) {
            work(row)?;
        }
    }
    Ok(())
}

fn write_numbers(
    numbers: impl Iterator<Item = f32>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let bytes: Vec<u8> = numbers.flat_map(f32::to_le_bytes).collect();
    Ok(out.write_all(&bytes)?)
}

/// The elements of a matrix with rows of `width`, column by column.
fn transposed<T: Copy>(elements: &[T], width: usize) -> impl Iterator<Item = T> {
    let n_rows = elements.len() / width.max(1);
    (0..width).flat_map(move |column| (0..n_rows).map(move |row| elements[row * width + column]))
}

/// What one of `levels` is worth, so that the largest number of the row is the last one.
fn scale(row: &[f32], levels: u8) -> f32 {
    let largest = row.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    // A row of zeros stays one at any scale, and readers divide by it.
    if largest == 0.0 {
        1.0
    } else {
        largest / f32::from(levels)
    }
}

/// Each number of a row as the nearest level.
fn to_levels(row: &[f32], levels: u8) -> impl Iterator<Item = i8> {
    let scale = scale(row, levels);
    let most = f32::from(levels);
    row.iter()
        .map(move |x| (x / scale).round().clamp(-most, most) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_rows() {
        let matrix = [1, 2, 3, 4, 5, 6];
        assert_eq!(
            transposed(&matrix, 3).collect::<Vec<_>>(),
            [1, 4, 2, 5, 3, 6]
        );
    }

    #[test]
    fn the_largest_number_of_a_row_is_its_last_level() {
        let check = |row: &[f32], scale_of_row: f32, levels: &[i8]| {
            assert_eq!(scale(row, 64), scale_of_row);
            assert_eq!(to_levels(row, 64).collect::<Vec<_>>(), levels);
        };
        check(&[0.5, -2.0, 0.0, 1.0], 2.0 / 64.0, &[16, -64, 0, 32]);
        // 0.9 lies nearer to 1 than to 0.
        check(&[64.0, 0.9, -0.4], 1.0, &[64, 1, 0]);
        check(&[0.0, 0.0], 1.0, &[0, 0]);
    }
}
