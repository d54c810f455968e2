//! `verifier`: see the library's `run`.

use std::process::ExitCode;

fn main() -> ExitCode {
    verifier_cli::run(std::env::args_os())
}
