//! The offline core: one pure function from evidence, trust and a time to a verdict.
