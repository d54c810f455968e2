//! The law: which statements count, what they change, and the standing of an attestation at a time.
