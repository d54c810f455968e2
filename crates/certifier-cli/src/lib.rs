//! The certifier's and the accreditor's command line.

pub mod key;
pub mod render;
