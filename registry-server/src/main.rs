//! `registry-server`: see [`registry_server`].

use std::process::ExitCode;

fn main() -> ExitCode {
    registry_server::run(std::env::args_os())
}
