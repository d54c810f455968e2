//! `verifier`: judges labels at a desk, and shows what labels, statements, proofs and checkpoints say.
//!
//! | file | what |
//! |---|---|
//! | `cli`, `options` | every command and flag; flags that commands share |
//! | `check`, `inspect`, `receipt`, `sync`, `audit`, `doctor`, `shipment/` | the commands |
//! | `input` | labels from arguments, lists, standard input and pictures |
//! | `manifest` | what a shipment declares, from tables, EPCIS and folders, as a stream |
//! | `evidence` | what a registry can prove about a label, fetched once |
//! | `misbehaviour`, `kept` | what speaks against a registry; what was kept of that before |
//! | `screen` | verdicts for people; `report` | verdicts for programs |
//! | `client::terminal` | text from outside, made harmless for a terminal |
//! | `manifest/` | customs manifests, read as a stream of lines |
//! | `photo` | codes in pictures |

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

mod audit;
mod check;
mod clear;
mod cli;
mod confirm;
mod doctor;
mod evidence;
mod failure;
mod input;
mod inspect;
mod kept;
mod keys;
mod manifest;
mod misbehaviour;
mod options;
pub mod photo;
mod random;
mod receipt;
mod report;
mod screen;
mod shipment;
mod sync;

use failure::Failure;

/// Runs the command line; the first argument is the program's name. Gives the exit status of design §7.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match cli::Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not errors; clap knows which is which.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match arguments.command {
        cli::Command::Check(options) => check::run(&options),
        cli::Command::Shipment(options) => shipment::run(&options),
        cli::Command::Clear(options) => clear::run(&options),
        cli::Command::Sync(options) => sync::run(&options),
        cli::Command::Audit(options) => audit::run(&options),
        cli::Command::Doctor(options) => doctor::run(&options),
        cli::Command::Evidence { command: cli::EvidenceCommand::Check(options) } => misbehaviour::check(&options),
        cli::Command::CompareCheckpoints(options) => misbehaviour::compare(&options),
        cli::Command::Inspect(options) => inspect::run(&options),
        cli::Command::Receipt(options) => receipt::run(&options),
        cli::Command::Schema { of: cli::SchemaOf::Check } => print(report::SCHEMA.as_bytes()),
        cli::Command::Schema { of: cli::SchemaOf::Shipment } => print(shipment::document::SCHEMA.as_bytes()),
        cli::Command::Completions { shell } => print(&cli::completions(shell)),
        cli::Command::Man => print(&cli::man_page()),
    };
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            failure.print();
            ExitCode::from(2)
        }
    }
}

/// How many lines a manifest of these bytes has, faults included: what a fuzzer asks.
pub fn manifest_lines(bytes: Vec<u8>) -> usize {
    let stream = std::io::Cursor::new(bytes);
    manifest::Reader::stream("manifest", stream, None, manifest::Columns::default()).count()
}

/// Writes a whole answer to standard output; a reader that has gone away (`| head`) is no error.
fn print(bytes: &[u8]) -> Result<u8, Failure> {
    show(bytes).map(|_| 0)
}

/// Writes to standard output, without colours where it is no terminal; gives whether somebody still reads.
fn show(bytes: &[u8]) -> Result<bool, Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("cannot write to standard output: {error}"))),
    }
}
