//! `certifier`: what accreditors and certifiers sign, print and send.
//!
//! | file | what |
//! |---|---|
//! | `cli` | every command and flag |
//! | `keygen`, `key`, `accredit`, `attest` (a lot, or a spreadsheet of them), `evidence`, `labels`, `list`, `monitor`, `status`, `submit` | the commands |
//! | `blast_radius` | what a key touched |
//! | `lot_file`, `accreditation_file` | the files that people write |
//! | `document`, `form` | TOML and JSON with places; typed reading that finds every mistake |
//! | `probe` | whether statements take a text, asked of the crate that reads them |
//! | `identity`, `jwk` | who signs; a public key and whose it is. Secret keys are crates `key-file` and `key-token` |
//! | `reports` | what people reported: fetched, read here, answered |
//! | `desk`, `sending`, `outbox` | the registry, and a statement's way to it |
//! | `which_key` | the key that a command is about, however it is named |
//! | `book` | what was signed here, so that what was not stands out |
//! | `issued` | what a party attested, in its own words |
//! | `ledger`, `proved` | what the registry's log says, up to its newest entry; statements of it, with proofs |
//! | `exposure`, `question` | what a compromised key touches; the question before what is for ever |
//! | `failure`, `refusal` | what ends a command; what a registry's refusal means |
//! | `public`, `report` | what becomes public; what a command says at its end |
//! | [`render`] | labels as files: pictures, sheets, printers' commands, tables |

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use statement::Action;

mod accredit;
mod accreditation_file;
mod attest;
mod blast_radius;
mod book;
mod cli;
mod clock;
mod desk;
mod document;
mod evidence;
mod exposure;
mod failure;
mod files;
mod form;
mod identity;
mod issued;
mod json_text;
mod jwk;
mod key;
mod keygen;
mod labels;
mod ledger;
mod list;
mod lot_file;
mod monitor;
mod outbox;
mod probe;
mod proved;
mod public;
mod question;
mod random;
mod refusal;
pub mod render;
mod report;
mod reports;
mod sending;
mod status;
mod submit;
mod which_key;

use failure::Failure;

/// Runs the command line; the first argument is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match cli::Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not errors; clap knows which is which.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match &arguments.command {
        cli::Command::Keygen(options) => keygen::run(options),
        cli::Command::Public(options) => keygen::public(options),
        cli::Command::Key(options) => key::run(options),
        cli::Command::Accredit(options) => accredit::run(options),
        cli::Command::Attest(options) => attest::run(options),
        cli::Command::Template { file } => attest::template(file.as_deref()),
        cli::Command::Evidence(options) => evidence::run(options),
        cli::Command::Labels(options) => labels::run(options),
        cli::Command::Relabel(options) => labels::relabel(options),
        cli::Command::List(options) => list::run(options),
        cli::Command::Monitor(options) => monitor::run(options),
        cli::Command::Suspend(options) => status::run(Action::Suspend, options),
        cli::Command::Reinstate(options) => status::run(Action::Reinstate, options),
        cli::Command::Withdraw(options) => status::run(Action::Withdraw, options),
        cli::Command::Submit(options) => submit::run(options),
        cli::Command::BlastRadius(options) => blast_radius::run(options),
        cli::Command::Reports(options) => reports::run(options),
        cli::Command::Completions { shell } => write(&cli::completions(*shell)),
        cli::Command::Man => write(&cli::man_page()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.status())
        }
    }
}

/// Writes text to standard output.
fn print(text: &str) -> Result<(), Failure> {
    write(text.as_bytes())
}

/// Writes to standard output; a reader that has gone away (`| head`) is no error.
fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::refused(format!("cannot write: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
