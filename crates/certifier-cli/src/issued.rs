//! What a party attested, in words: the state knows every attestation by number, the statements themselves say product, lot and place.
//!
//! A statement that was fetched, and proved to be in the log, is kept as `<state>/issued/<origin>/<index>.jws`: it never changes.

use std::fs;
use std::path::{Path, PathBuf};

use registry::{Row, State};
use statement::{Attestation, Did, MAX_STATEMENT, Statement, Token};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::proved;

/// One attestation of a party.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    /// As the log counts it.
    pub(crate) row: Row,
    /// As its certifier wrote it.
    pub(crate) attestation: Attestation,
}

/// All that a party attested, from the oldest to the newest. `state` is the log's, up to where it is to be told.
pub(crate) fn by(desk: &Desk, state: &State, party: &Did) -> Result<Vec<Issued>, Failure> {
    let of_party = |row: &&Row| state.issuer_of(row).is_some_and(|issuer| issuer.did == *party);
    let rows: Vec<Row> = state.rows().filter(of_party).copied().collect();
    let folder = desk.state().join("issued").join(desk.origin().to_file_name());
    let kept: Vec<Option<Attestation>> = rows.iter().map(|row| kept(&file(&folder, row.index()), state)).collect();
    let missing: Vec<u64> =
        rows.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(row, _)| row.index()).collect();
    let mut fetched = proved::statements(desk, &missing)?.into_iter();
    // What is kept saves time alone: where nothing can be kept, all is fetched each time.
    let _ = fs::create_dir_all(&folder);
    let issued = rows.into_iter().zip(kept).map(|(row, kept)| {
        let attestation = match kept {
            Some(attestation) => Some(attestation),
            None => fetched.next().and_then(|stored| {
                let attestation = open(state, stored.statement.as_bytes())?;
                let _ = fs::write(file(&folder, row.index()), &stored.statement);
                Some(attestation)
            }),
        };
        let is_none = || Failure::refused(format!("entry {} is no attestation, and counts as one", row.index()));
        Ok(Issued { row, attestation: attestation.ok_or_else(is_none)? })
    });
    issued.collect()
}

fn file(folder: &Path, index: u64) -> PathBuf {
    folder.join(format!("{index}.jws"))
}

fn kept(path: &Path, state: &State) -> Option<Attestation> {
    let is_small = fs::metadata(path).ok()?.len() <= MAX_STATEMENT as u64;
    if is_small { open(state, &fs::read(path).ok()?) } else { None }
}

/// Signed by a key of its issuer, or it is nothing.
fn open(state: &State, jws: &[u8]) -> Option<Attestation> {
    let token = Token::parse(jws).ok()?;
    let opened = token.open(&state.issuer_key(&token).ok()?).ok()?.into_inner();
    if let Statement::Attestation(attestation) = opened { Some(attestation) } else { None }
}
