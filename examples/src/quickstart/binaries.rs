//! The three binaries, built beside this one.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

pub(super) struct Binaries(PathBuf);

impl Binaries {
    /// Builds them with the Cargo that runs this program, in the same profile; without Cargo they have to be there.
    pub(super) fn build() -> Result<Self> {
        let folder = std::env::current_exe()?.parent().context("this program is in no folder")?.to_owned();
        if let Some(cargo) = std::env::var_os("CARGO") {
            let mut build = Command::new(cargo);
            build.current_dir(env!("CARGO_MANIFEST_DIR"));
            build.args(["build", "--quiet", "--locked", "--bin", "certifier", "--bin", "verifier"]);
            build.args(["--bin", "registry-server", "--workspace"]);
            // What Cargo tells this program about its own package would make the inner Cargo build others anew.
            for (name, _) in std::env::vars_os() {
                if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG") || name.starts_with("CARGO_MANIFEST"))
                {
                    build.env_remove(name);
                }
            }
            if folder.ends_with("release") {
                build.arg("--release");
            }
            eprintln!("Building certifier, verifier and registry-server (the first time this takes minutes) …");
            ensure!(build.status()?.success(), "the binaries do not build");
        }
        Ok(Self(folder))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name).with_extension(std::env::consts::EXE_EXTENSION)
    }
}
