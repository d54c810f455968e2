//! `certifier key`: what a key is, its copies, its passphrase, and the next one.

mod copy;
mod inspect;
mod rotate;
mod standing;

use crate::cli::{KeyCommand, KeyOptions};
use crate::failure::Failure;

pub(crate) fn run(options: &KeyOptions) -> Result<(), Failure> {
    match &options.command {
        KeyCommand::Inspect(options) => inspect::run(options),
        KeyCommand::Backup(options) => copy::backup(options),
        KeyCommand::Passphrase(options) => copy::change(options),
        KeyCommand::Rotate(options) => rotate::run(options),
    }
}
