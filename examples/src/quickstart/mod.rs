//! Runs `certifier`, `verifier` and `registry-server` as a person would, in a temporary folder, and says what each shows.
//!
//! Nothing is staged: every line after `$` is the command that runs, every answer is that command's own.

mod binaries;
mod options;
mod server;
mod shell;
mod steps;

use anyhow::Result;

use binaries::Binaries;
use options::Options;
use server::Server;
use shell::Shell;

/// Runs the quickstart with these arguments.
///
/// # Errors
/// When a step does not do what it is there to show.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
    let Some(options) = Options::parse(arguments)? else { return Ok(()) };
    let binaries = Binaries::build()?;
    let folder = options.folder()?;
    let shell = Shell::new(&binaries, folder.path());
    let port = options.port()?;
    println!("In {}\n", folder.path().display());
    let keys = steps::keys(&shell)?;
    steps::init(&shell, port, &keys)?;
    let server = Server::start(&shell, port)?;
    let label = steps::show(&shell, &server)?;
    if options.once {
        server.stop()?;
        println!("Done: every step gave what it should.");
        return Ok(());
    }
    println!("The registry stays up. Open, or scan from the sheet on this machine:\n\n  {label}\n");
    println!("Stop it with Ctrl-C; the folder is then gone (--folder DIR keeps one).");
    // The terminal tells the server as well: it stops in good order, then the folder can go.
    ctrlc::set_handler(|| {})?;
    server.wait()
}
