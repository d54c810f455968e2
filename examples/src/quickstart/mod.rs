//! Runs `certifier`, `verifier` and `registry-server` as a person would, in a temporary folder, and says what each shows.
//!
//! Nothing is staged: every line after `$` is the command that runs, every answer is that command's own.

mod binaries;
mod options;
mod server;
mod shell;
mod steps;

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};

use binaries::Binaries;
use options::Options;
use server::Server;
use shell::Shell;

static TOLD_TO_STOP: AtomicBool = AtomicBool::new(false);

fn told_to_stop() -> bool {
    TOLD_TO_STOP.load(Ordering::Relaxed)
}

/// Prints a line, to somebody who may have gone away.
fn say(line: impl std::fmt::Display) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("standard output")
}

/// Runs the quickstart with these arguments.
///
/// # Errors
/// When a step does not do what it is there to show.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
    let Some(options) = Options::parse(arguments)? else { return Ok(()) };
    // Told to stop, by a terminal or by `kill`, it leaves neither server nor folder behind.
    ctrlc::set_handler(|| TOLD_TO_STOP.store(true, Ordering::Relaxed))?;
    let binaries = Binaries::build()?;
    let folder = options.folder()?;
    let shell = Shell::new(&binaries, folder.path());
    let port = options.port()?;
    say(format!("In {}\n", folder.path().display()))?;
    let keys = steps::keys(&shell)?;
    steps::init(&shell, port, &keys)?;
    let server = Server::start(&shell, port)?;
    let label = steps::show(&shell, &server)?;
    if options.once {
        server.stop()?;
        say("Done: every step gave what it should.")?;
        return Ok(());
    }
    say(format!("The registry stays up. Open, or scan from the sheet on this machine:\n\n  {label}\n"))?;
    say("Stop it with Ctrl-C; the folder is then gone (--folder DIR keeps one).")?;
    server.wait()
}
