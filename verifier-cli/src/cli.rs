//! Every command and flag.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

const AFTER_HELP: &str = "\
Exit status:
  0  every label is verified
  1  a label is refused, or genuine but needs eyes (caution)
  2  wrong usage or input; what could be read was judged
  3  nothing worse than undecided: it could not be told here and now

Examples:
  verifier check labels/17.png
  verifier check 'HTTPS://REGISTRY.EXAMPLE/AEAT…/01/09521234543213/10/KTM-2026/21/17'
  verifier check --json - < labels.txt
  verifier inspect photo.jpg";

/// Judges labels that say how goods were made, and trusts neither the label nor the registry.
#[derive(Debug, Parser)]
#[command(name = "verifier", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge labels: asks each label's registry for proof and checks it here
    Check(CheckOptions),
    /// Fetch the snapshots of all trusted registries, to judge without a network
    Sync(SyncOptions),
    /// Show what a label, picture, statement, proof or checkpoint says, without judging it
    Inspect(InspectOptions),
    /// Print the JSON Schema of `check --json`
    Schema,
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page (roff)
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Labels as text, pictures (PNG, JPEG), files with a label a line, or `-` for standard input
    #[arg(required = true, value_name = "LABEL|FILE")]
    pub(crate) inputs: Vec<String>,
    /// The trust file: which registries, keys and witnesses to believe
    #[arg(long, value_name = "FILE", env = client::TRUST_VARIABLE)]
    pub(crate) trust: Option<PathBuf>,
    /// Where the newest checkpoint of each registry is remembered
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Print one JSON document instead (see `verifier schema`)
    #[arg(long)]
    pub(crate) json: bool,
    /// Show every finding, not only those that decide
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SyncOptions {
    /// The trust file: which registries, keys and witnesses to believe
    #[arg(long, value_name = "FILE", env = client::TRUST_VARIABLE)]
    pub(crate) trust: Option<PathBuf>,
    /// Folder of the snapshots: on this device, or on a stick for another
    #[arg(long, value_name = "DIR")]
    pub(crate) snapshots: Option<PathBuf>,
    /// Where the newest checkpoint of each registry is remembered
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InspectOptions {
    /// A label as text, a file, or `-` for standard input
    #[arg(value_name = "LABEL|FILE")]
    pub(crate) input: String,
}

/// The completions of a shell.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "verifier", &mut out);
    out
}

/// The manual page of the program, its commands' after it.
pub(crate) fn man_page() -> Vec<u8> {
    let mut out = Vec::new();
    let mut program = Arguments::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help").cloned();
    for command in std::iter::once(program.clone()).chain(commands.collect::<Vec<_>>()) {
        // Writing to memory does not fail.
        let _ = clap_mangen::Man::new(command).render(&mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_help_fits_on_a_screen() {
        Arguments::command().debug_assert();
        let mut program = Arguments::command();
        assert!(program.render_long_help().to_string().lines().count() <= 40);
        for command in program.get_subcommands_mut() {
            let name = command.get_name().to_owned();
            assert!(command.render_long_help().to_string().lines().count() <= 40, "{name}");
        }
    }
}
