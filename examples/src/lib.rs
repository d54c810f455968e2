//! The quickstart: the whole way of a label, from an accreditor's key to a shop, typed out step by step.
//!
//! Sample data is in `data/`; three short programs that use the crates directly are in `examples/`.

pub mod quickstart;
