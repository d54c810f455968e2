//! Three short programs, sample data, and the quickstart.
