//! One binary that runs a registry: the HTTP API, the C2SP log, and the page behind a label.
