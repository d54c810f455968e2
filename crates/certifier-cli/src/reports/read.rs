//! `certifier reports read`: reports that were kept, without a network.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use client::terminal::clean;
use concern::MAX_SEALED;

use super::identity::Identities;
use super::{list, told};
use crate::cli::ReportsReadOptions;
use crate::failure::Failure;
use crate::report;

pub(crate) fn run(options: &ReportsReadOptions) -> Result<(), Failure> {
    let identities = Identities::open(&options.identity)?;
    let (mut unread, mut documents) = (0, Vec::new());
    for path in &options.files {
        let (name, read) = (path.display().to_string(), identities.read(sealed(path)?));
        unread += usize::from(read.is_err());
        if options.json {
            documents.push(told::document(None, Some(name), &read));
            continue;
        }
        let what = match &read {
            Ok(concern) => format!("{}\n{}", clean(&name), told::concern(concern)),
            Err(why) => list::unread(&clean(&name), why),
        };
        crate::print(&format!("{what}\n"))?;
    }
    if options.json {
        report::print_json(vec![told::documents(documents)])?;
    }
    list::conclude(options.files.len(), unread, &options.identity.identity)
}

/// A file, and no more of it than a report has.
fn sealed(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SEALED as u64 + 1).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))
}
