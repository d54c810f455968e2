//! `certifier`: see the library's `run`.

use std::process::ExitCode;

fn main() -> ExitCode {
    certifier_cli::run(std::env::args_os())
}
