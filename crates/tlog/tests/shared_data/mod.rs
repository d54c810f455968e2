//! Data that lies beside the project and not in it: see the workspace's README.

use std::path::Path;

/// A file below the shared folder. Where there is none, says that the test was left out; with `CI` set, fails.
pub(crate) fn read(test: &str, file: &str) -> Option<Vec<u8>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(file);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{test}: {}: {error}", path.display()),
        Err(_) => {
            println!("left out: {test}: no shared/data");
            None
        }
    }
}
