//! One writer grows the log: pool, gate, group commit, recovery, reads.
