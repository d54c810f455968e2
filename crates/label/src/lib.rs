//! What is printed: a GS1 Digital Link that carries a compact signed blob.
