//! Embert.
