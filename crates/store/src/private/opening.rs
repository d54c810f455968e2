//! Opening private data: nothing is taken for whole that was not held against the head, and nothing is changed before.
//!
//! sled cuts off what it cannot read, at opening, and says nothing. So a copy of the records is opened first: what does not
//! hold what it must is refused with not a byte of it changed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::PrivateError;
use super::error::{damaged, io_of};
use super::head::{Head, Totals};
use super::records::Records;

/// File that says which records there are.
pub(super) const HEAD: &str = "head";
/// Folder of the copy that is opened first.
const CHECKING: &str = "checking";
/// Folder in which sled makes its files, before they are the records.
const MAKING: &str = "making";

/// Private data as found.
pub(super) struct Opened {
    pub(super) head: Head,
    pub(super) head_file: File,
    pub(super) records: Records,
}

/// Opens private data, or makes it; the caller holds the folder's lock, and syncs what was found.
pub(super) fn open(folder: &Path) -> Result<Opened, PrivateError> {
    let path = folder.join(HEAD);
    let there = generations(folder).map_err(io_of(folder))?;
    let head = match Head::read(&path) {
        Ok(Some(head)) => head,
        Ok(None) if there.is_empty() => {
            // The head is there before the first record, so that its absence always tells of a loss.
            Head::create(&path).map_err(io_of(&path))?;
            sync_names(folder)?;
            Head::default()
        }
        Ok(None) => return Err(damaged(folder, "the head is missing")),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(damaged(folder, "the head is not as written"));
        }
        Err(error) => return Err(io_of(&path)(error)),
    };
    let Head { generation, totals: acknowledged } = head;
    let home = generation_folder(folder, generation);
    match (there.contains(&generation), acknowledged.writes) {
        (true, _) => hold_against(acknowledged, check_copy(folder, &home)?, folder)?,
        (false, 0) => make(folder, &home)?,
        (false, _) => return Err(damaged(folder, &format!("records-{generation} is missing"))),
    }
    let records = Records::open(folder, &home)?;
    let found = records.totals(folder)?;
    hold_against(acknowledged, found, folder)?;
    // Only now that the records are known to be here.
    remove_other_generations(folder, generation)?;
    let head_file = Head::open(&path).map_err(io_of(&path))?;
    Ok(Opened { head: Head { generation, totals: found }, head_file, records })
}

/// Whether the records are those of the last write that was acknowledged, or of the one after it.
fn hold_against(acknowledged: Totals, found: Totals, folder: &Path) -> Result<(), PrivateError> {
    // The head is written after the record: it may be one behind, for a write that nobody had an answer to.
    if found.writes != acknowledged.writes && found.writes != acknowledged.writes + 1 {
        let what = format!("{} writes are there, {} were acknowledged", found.writes, acknowledged.writes);
        return Err(damaged(folder, &what));
    }
    if found.writes == acknowledged.writes && found != acknowledged {
        return Err(damaged(folder, "the records are not those of the last write"));
    }
    Ok(())
}

/// What the records hold, found without opening them.
fn check_copy(folder: &Path, home: &Path) -> Result<Totals, PrivateError> {
    let copy = folder.join(CHECKING);
    clear(&copy)?;
    copy_folder(home, &copy).map_err(io_of(&copy))?;
    let found = Records::open(folder, &copy).and_then(|records| records.totals(folder));
    clear(&copy)?;
    found
}

/// Makes empty records: under another name first, so that what a kill leaves half made is never opened.
fn make(folder: &Path, home: &Path) -> Result<(), PrivateError> {
    let making = folder.join(MAKING);
    clear(&making)?;
    drop(Records::open(folder, &making)?);
    for entry in fs::read_dir(&making).map_err(io_of(&making))? {
        let synced = entry.and_then(|entry| File::open(entry.path())?.sync_all());
        synced.map_err(io_of(&making))?;
    }
    sync_names(&making)?;
    fs::rename(&making, home).map_err(io_of(home))?;
    sync_names(folder)
}

fn clear(folder: &Path) -> Result<(), PrivateError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_of(folder)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Makes the names in a folder durable.
pub(super) fn sync_names(folder: &Path) -> Result<(), PrivateError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_of(folder))
}

pub(super) fn generation_folder(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("records-{generation}"))
}

/// Numbers of the folders that hold records.
fn generations(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.strip_prefix("records-")?.parse::<u64>().ok()));
    }
    Ok(numbers)
}

/// Removes the folders that the head does not name: a copy that was not finished, or the original of one that was.
pub(super) fn remove_other_generations(folder: &Path, keep: u64) -> Result<(), PrivateError> {
    let others = generations(folder).map_err(io_of(folder))?.into_iter().filter(|number| *number != keep);
    others.map(|number| generation_folder(folder, number)).try_for_each(|other| clear(&other))
}
