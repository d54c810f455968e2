//! Tests that span crates: floors, the real server under `kill -9`, the conformance kit. The code here is what several of them need.

use std::path::{Path, PathBuf};

mod binaries;
mod desk;
mod gate;
mod parties;
mod server;
pub mod vectors;

pub use binaries::binary;
pub use desk::{Desk, Ran};
pub use gate::Gate;
pub use parties::{Parties, today};
pub use server::Server;

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
