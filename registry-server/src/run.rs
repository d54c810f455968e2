//! The program: reads the command line, runs the command, says what went wrong and what to do about it.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::cli::{Cli, Command, Serve};
use crate::cosigning::Cosigning;
use crate::follow_error::FollowError;
use crate::keys::KeyFileError;
use crate::limits::Limits;
use crate::lost_log::LostLog;
use crate::restore::RestoreError;
use crate::serve::Config;
use crate::signer::{Lost, NoSigner};
use crate::snapshots::Schedule;
use crate::witness::NoRecords;
use crate::{causes, init, logging, mirror, restore, serve, signer};

/// Runs the command line, the program's name first. Exit status 2 for a mistake in it, 1 for anything else that fails.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_to(arguments, io::stdout())
}

/// The same, with its results written elsewhere than to standard output.
pub fn run_to(arguments: impl IntoIterator<Item = OsString>, mut out: impl io::Write) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to tell that standard error is closed.
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = match cli.command {
        Command::Init(arguments) => init::init(&arguments, &mut out),
        Command::Serve(arguments) => start(arguments, out),
        Command::Signer(arguments) => logging::start("info").and_then(|()| signer::run(arguments, out)),
        Command::Mirror(arguments) => logging::start(&arguments.log).and_then(|()| mirror::mirror(&arguments, out)),
        Command::Restore(arguments) => restore::restore(&arguments, &mut out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("registry-server: error: {}", causes::told(error.as_ref()));
            if let Some(hint) = hint(&error) {
                eprintln!("registry-server: hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Serve, out: impl io::Write) -> anyhow::Result<()> {
    let Serve { data, trust, origin, listen, metrics_listen, clock_ok, journal_ok, .. } = arguments;
    let Serve { snapshot_every, snapshot_days, log, witness_trust, log_key, passphrase, .. } = arguments;
    let snapshots = Schedule {
        every: Duration::from_secs(snapshot_every.into()),
        lifetime: Duration::from_secs(u64::from(snapshot_days) * 86_400),
    };
    logging::start(&log)?;
    let limits = Limits::default();
    let cosigning = Cosigning::default();
    let config = Config {
        data,
        trust,
        witness_trust,
        origin,
        listen,
        metrics_listen,
        log_key,
        passphrase,
        clock_ok,
        journal_ok,
        snapshots,
        cosigning,
        limits,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(serve::run(config, out));
    // What still hangs after the drain has had its time.
    runtime.shutdown_background();
    done
}

/// What a person can do about it.
fn hint(error: &anyhow::Error) -> Option<Cow<'static, str>> {
    if let Some(error) = error.downcast_ref::<RestoreError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<LostLog>() {
        return Some(error.hint().into());
    }
    plain_hint(error).map(Cow::Borrowed)
}

fn plain_hint(error: &anyhow::Error) -> Option<&'static str> {
    if let Some(sequencer::OpenError::ClockAhead { .. }) = error.downcast_ref() {
        return Some("if the machine's clock is right, say so with --clock-ok");
    }
    if let Some(sequencer::OpenError::SignedMissing { .. }) = error.downcast_ref() {
        return Some(
            "restore the file `signed` in the data folder; if the journal is the newest there is, say so with --journal-ok",
        );
    }
    if let Some(sequencer::OpenError::BehindSigned { .. }) = error.downcast_ref() {
        return Some("put the newest journal back, or make it again from a mirror: registry-server restore --help");
    }
    if let Some(error) = error.downcast_ref::<FollowError>() {
        return Some(error.hint());
    }
    if let Some(KeyFileError::Readable { .. }) = error.downcast_ref() {
        return Some("chmod 600 the file; if others may have read it, the key is theirs, too");
    }
    if let Some(KeyFileError::OtherParty { .. }) = error.downcast_ref() {
        return Some(
            "give that party's key with --accreditor-key, or name the party whose key it is with --accreditor-did",
        );
    }
    if let Some(error) = error.downcast_ref::<NoRecords>() {
        return Some(error.hint());
    }
    if let Some(NoSigner(_)) = error.downcast_ref() {
        return Some("start it, and name the socket that it listens on: registry-server signer --help");
    }
    if let Some(Lost(_)) = error.downcast_ref() {
        return Some(
            "restore its newest state; a state that is new (--state with a folder that is not there) takes the next tree as it is",
        );
    }
    if let Some(error) = error.downcast_ref::<key_file::KeyFileError>() {
        return error.hint();
    }
    let kind = error.chain().find_map(|cause| match cause.downcast_ref::<io::Error>() {
        Some(error) => Some(error.kind()),
        None => cause.downcast_ref::<KeyFileError>().and_then(KeyFileError::io_kind),
    });
    let hints = [
        (io::ErrorKind::AddrInUse, "another program listens there: choose another port with --listen"),
        (
            io::ErrorKind::NotFound,
            "a new registry begins with registry-server init; of one that was lost, put trust.toml and the keys back from where they are kept, and its log with registry-server restore before it is served",
        ),
    ];
    let kind = kind?;
    hints.into_iter().find(|(known, _)| *known == kind).map(|(_, hint)| hint)
}
