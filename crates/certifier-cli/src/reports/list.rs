//! `certifier reports list`: fetches what people reported, and reads it here.

use std::path::{Path, PathBuf};

use client::SealedReport;

use super::desk::ReportsDesk;
use super::identity::{Identities, Unread};
use super::told;
use crate::cli::ReportsListOptions;
use crate::failure::{Failure, say};
use crate::files::{self, Readers};
use crate::report;

/// Reports on one page.
const PAGE: usize = 100;
/// No registry keeps more.
const MOST: usize = 1_000_000;

pub(crate) fn run(options: &ReportsListOptions) -> Result<(), Failure> {
    let desk = ReportsDesk::open(&options.sign)?;
    if options.sign.dry_run {
        let payload = report::payload(&desk.payload(&[])?);
        return crate::print(&format!("{payload}\n\nDry run: nothing was signed or sent.\n"));
    }
    // Before anything is fetched: what is fetched counts as read.
    let identities = Identities::open(&options.identity)?;
    if let Some(folder) = &options.out {
        files::folder(folder)?;
    }
    let (mut seen, mut unread, mut documents, mut after) = (0, 0, Vec::new(), None);
    loop {
        let page = desk.ask(&[], after.as_deref(), PAGE)?;
        for sealed in &page.reports {
            seen += 1;
            let kept = options.out.as_deref().map(|folder| keep(folder, sealed)).transpose()?;
            let read = identities.read(sealed.sealed.clone().into_bytes());
            unread += usize::from(read.is_err());
            if options.sign.json {
                documents.push(told::document(Some(sealed), kept.map(|path| path.display().to_string()), &read));
                continue;
            }
            let what = match &read {
                Ok(concern) => told::concern(concern),
                Err(why) => format!("  not read: {why}\n"),
            };
            crate::print(&format!("{}{what}\n", told::head(sealed)))?;
        }
        after = page.next;
        if after.is_none() || seen >= MOST {
            break;
        }
    }
    if options.sign.json {
        crate::report::print_json(vec![told::documents(documents)])?;
    } else {
        crate::print(&format!("{seen} open reports\n"))?;
    }
    conclude(seen, unread, &options.identity.identity)
}

/// Anybody can seal rubbish, so one that cannot be read is told and left; where none can, it is rather the key that is wrong.
pub(super) fn conclude(seen: usize, unread: usize, identity: &Path) -> Result<(), Failure> {
    match unread {
        0 => Ok(()),
        _ if unread == seen => Err(Failure::refused(format!("none of them can be read with {}", identity.display()))
            .hint("--identity FILE names the key whose public half the registry's trust file has")),
        _ => {
            say("warning", &format!("{unread} of {seen} were not read: anybody can seal what is no report"));
            Ok(())
        }
    }
}

/// Keeps a report as it came; one that is kept already stays.
fn keep(folder: &Path, sealed: &SealedReport) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{}.age", sealed.id));
    if !path.exists() {
        files::create(&path, sealed.sealed.as_bytes(), Readers::Owner)?;
    }
    Ok(path)
}

/// Why a report was not read, beside its file's name.
pub(super) fn unread(name: &str, why: &Unread) -> String {
    format!("{name}\n  not read: {why}\n")
}
