//! The engine of Embert: from a file of texts and labels to a fine-tuned BERT classifier and an honest report.
//!
//! The crate is a book. Each module is one step of the way the data goes, in reading order, and uses only earlier ones.
//! It never prints and never reads the environment: paths, seeds and settings come in as arguments.
//!
//! Part I needs no tensors:
//!
//! - [`whole_file`] files that are there as a whole or not at all
//! - [`values`] the numbers and names of a sentence, for other languages
//! - [`wish`] what a person wants where Embert would guess
//! - [`table`] any file → rows of text
//! - [`dataset`] columns → examples with label ids
//! - [`same_text`] when two texts are the same, or nearly the same
//! - [`edits`] the person's corrections, as a list that can be taken back
//! - [`quality`] what is odd about the examples, and what one click would do about it
//! - [`split`] train, valid and test
//! - [`tokens`] text → token ids
//! - [`baseline`] a word-count model in seconds, to compare with
//! - [`recipe`] every setting of a training, its range and reason
//! - [`estimate`] how long it takes and how much memory it needs
//! - [`measurement`] how fast a device was, kept for the next time
//! - [`device_reason`] why a device was chosen
//! - [`event`] what a training tells while it runs
//! - [`metrics`] predictions → scores
//! - [`exported`] the files of an export, and how they compare with the model
//! - [`report`] what a person reads at the end
//! - [`plot`] the figures of a report
//! - [`page`] the report as one HTML page
//!
//! Part II (feature `compute`) trains with burn:
//!
//! - `base_model` a name → the folder of a pretrained model
//! - `kernel` the operations that BERT spends its time in, for any device and fast on the CPU
//! - `batch` encodings → tensors without waste
//! - `bert`, `classifier` the network and its weights
//! - `loss` how far its scores are from the labels
//! - `threads` the processor's threads, kept awake while they are needed
//! - `device` which devices there are, which one is right, and why
//! - `inference`, `evaluate` scores of many texts; what they are worth
//! - `export` a network → a folder that `transformers` loads
//! - `schedule`, `optimizer` how far and where the weights move
//! - `checkpoint` a training on disk, to go on with
//! - `train` the loop
//! - `measure` a short training that tells how fast a device is
//! - `predict` a model folder → answers
//! - `pack` a base model at half its size, for the installers
//! - `onnx` a model folder → ONNX, for browsers and other programs
//!
//! For all of them:
//!
//! - [`error`] everything that can go wrong, with a code and a hint
//! - [`protocol`] the lines between the window and the worker

mod column_name;
#[cfg_attr(not(feature = "compute"), allow(dead_code))]
mod random;

#[cfg(test)]
mod planted;

pub mod whole_file;

pub mod values;

pub mod wish;

pub mod table;

pub mod dataset;

pub mod same_text;

pub mod edits;

pub mod quality;

pub mod split;

pub mod tokens;

pub mod baseline;

pub mod recipe;

pub mod estimate;

pub mod measurement;

pub mod device_reason;

pub mod event;

pub mod metrics;

pub mod exported;

pub mod report;

pub mod plot;

pub mod page;

#[cfg(feature = "download")]
pub mod base_model;

#[cfg(feature = "compute")]
mod kernel;

#[cfg(feature = "compute")]
pub mod batch;

#[cfg(feature = "compute")]
pub mod bert;

#[cfg(feature = "compute")]
mod classifier;

#[cfg(feature = "compute")]
mod loss;

#[cfg(feature = "compute")]
mod threads;

#[cfg(feature = "compute")]
pub mod device;

#[cfg(feature = "compute")]
mod inference;

#[cfg(feature = "compute")]
mod evaluate;

#[cfg(feature = "compute")]
pub mod export;

#[cfg(feature = "compute")]
pub mod schedule;

#[cfg(feature = "compute")]
mod optimizer;

#[cfg(feature = "compute")]
pub mod memory;

#[cfg(feature = "compute")]
pub mod checkpoint;

#[cfg(feature = "compute")]
pub mod train;

#[cfg(feature = "compute")]
pub mod measure;

#[cfg(feature = "compute")]
pub mod predict;

#[cfg(feature = "compute")]
pub mod pack;

#[cfg(feature = "compute")]
pub mod onnx;

#[cfg(all(test, feature = "compute"))]
mod golden;

pub mod error;

pub mod protocol;

pub use error::Error;
