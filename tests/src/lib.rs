//! Tests that span crates: the floors, the vectors, the binaries.
