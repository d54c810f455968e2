//! The main job from end to end, with the real binaries: see `examples::quickstart`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match examples::quickstart::run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
