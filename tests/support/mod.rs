//! Small things that several tests need.

pub(crate) mod webdriver;
