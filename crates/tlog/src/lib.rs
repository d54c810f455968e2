//! Transparency log formats: RFC 6962 Merkle tree, C2SP tiles, notes, checkpoints, cosignatures and proofs.
