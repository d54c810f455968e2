//! The project's binaries, built beside the test that runs them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

/// The path of a binary. The first call builds all: a test of one package alone would else run an old one, or none.
///
/// # Panics
/// When they do not build.
pub fn binary(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    let test = std::env::current_exe().expect("a test has a path");
    let folder =
        test.parent().and_then(std::path::Path::parent).expect("tests are built in <target>/<profile>/deps").to_owned();
    BUILT.call_once(|| {
        // What the test command builds, exactly: another selection of packages would mean other features, and all built anew.
        let mut build = Command::new(env!("CARGO"));
        build.current_dir(crate::root()).args(["test", "--quiet", "--locked", "--workspace", "--no-run"]);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo runs").success(), "the binaries do not build");
    });
    folder.join(name)
}
