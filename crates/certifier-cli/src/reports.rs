//! `certifier reports`: what people reported to an accreditor, without a name, encrypted to its key.
//!
//! The registry keeps what it cannot read. It is fetched with a request that the accreditor's key signs, and opened here with an age
//! identity, which needs no network and may lie on another machine.

mod desk;
mod identity;
mod keygen;
mod list;
mod read;
mod told;
mod update;

use statement::ReportProgress;

use crate::cli::{ReportsCommand, ReportsOptions};
use crate::failure::Failure;

pub(crate) fn run(options: &ReportsOptions) -> Result<(), Failure> {
    match &options.command {
        ReportsCommand::Keygen(options) => keygen::run(options),
        ReportsCommand::List(options) => list::run(options),
        ReportsCommand::Read(options) => read::run(options),
        ReportsCommand::Progress(options) => update::run(options, ReportProgress::InProgress),
        ReportsCommand::Close(options) => update::run(options, ReportProgress::Closed),
    }
}
