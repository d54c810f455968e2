//! Types commands: prints each, runs it, prints what it answers.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};

use super::{Binaries, say, told_to_stop};

pub(super) struct Shell<'a> {
    binaries: &'a Binaries,
    folder: &'a Path,
}

impl<'a> Shell<'a> {
    pub(super) fn new(binaries: &'a Binaries, folder: &'a Path) -> Self {
        Self { binaries, folder }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder
    }

    /// Runs a command line that has to end with this exit status; gives its standard output.
    pub(super) fn run(&self, line: &str, status: i32) -> Result<String> {
        ensure!(!told_to_stop(), "told to stop");
        say(format!("   $ {line}"))?;
        let Output { status: found, stdout, stderr } = self.command(line)?.output().context("cannot run it")?;
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr));
        for text in stdout.lines().chain(stderr.lines()) {
            say(format!("     {text}"))?;
        }
        say("")?;
        ensure!(found.code() == Some(status), "`{line}` ended with {found}, expected exit status {status}");
        Ok(stdout)
    }

    /// The command of a line, its words parted by spaces. Colours are left to a person's own terminal.
    pub(super) fn command(&self, line: &str) -> Result<Command> {
        let mut words = line.split(' ');
        let name = words.next().context("an empty command")?;
        let mut command = Command::new(self.binaries.path(name));
        command.args(words.map(|word| word.trim_matches('\''))).current_dir(self.folder).env("NO_COLOR", "1");
        // Nothing of the person's own registry settings takes part.
        command.env("XDG_STATE_HOME", self.folder.join("state")).env_remove("ETHICAL_LABEL_TRUST");
        Ok(command)
    }

    /// Copies a sample file into the folder.
    pub(super) fn sample(&self, name: &str) -> Result<PathBuf> {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        let to = self.folder.join(name);
        std::fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        Ok(to)
    }
}
