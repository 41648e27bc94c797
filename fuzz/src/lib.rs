//! What the fuzz targets share.

pub mod panics;
pub mod targets;
