//! Writes the conformance kit anew, in the place of the one that is there: `cargo run -p tests --example vectors`.

use std::fs;
use std::io;

fn main() -> io::Result<()> {
    let folder = tests::root().join("tests/vectors");
    for part in tests::vectors::FOLDERS {
        match fs::remove_dir_all(folder.join(part)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    for (path, bytes) in tests::vectors::files() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, bytes)?;
    }
    Ok(())
}
