//! HTTP to a registry that need not be trusted.
