//! The request by which a witness is asked for a cosignature (c2sp.org/tlog-witness, `add-checkpoint`).
//!
//! ```text
//! old 20852014⏎                                        size of the last tree that the witness cosigned, decimal
//! PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=⏎        consistency proof from there: at most 63 hashes, canonical base64
//! ⏎
//! <signed checkpoint>                                  at most 64 signature lines, 256 KiB (crate limits of a note)
//! ```
//!
//! The answer, where the witness agrees, is signature lines: [`crate::NoteSignature::parse_lines`] reads them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use primitives::Hash;
use thiserror::Error;

use crate::{Note, NoteError, decimal};

/// The most hashes that a proof may have: the paragraph on "consistency proof lines".
pub const MAX_CONSISTENCY_HASHES: usize = 63;

/// What a witness is asked: to cosign this checkpoint, whose tree extends the one of `old` leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// Size of the last tree of this log that the witness is believed to have cosigned; 0 where there is none.
    pub old: u64,
    /// The consistency proof (RFC 6962 §2.1.2) from there to the checkpoint.
    pub proof: Vec<Hash>,
    /// The checkpoint. Nobody has checked its signatures.
    pub checkpoint: Note,
}

/// Why bytes are no such request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddCheckpointError {
    /// Bytes before the checkpoint that are not UTF-8.
    #[error("request is not UTF-8")]
    NotUtf8,
    /// The first line.
    #[error("first line is not `old` and a decimal number below 2^64 without leading zeros")]
    Old,
    /// No empty line after the proof.
    #[error("no empty line ends the consistency proof")]
    NoEmptyLine,
    /// A proof line that is no hash in its one spelling.
    #[error("line {line} is not canonical base64 of 32 bytes")]
    Hash {
        /// Which line, from 1.
        line: usize,
    },
    /// Too long a proof.
    #[error("consistency proof has more than {MAX_CONSISTENCY_HASHES} hashes")]
    TooManyHashes,
    /// The checkpoint is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl AddCheckpointError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "request_not_utf8",
            Self::Old => "request_old_size",
            Self::NoEmptyLine => "request_no_empty_line",
            Self::Hash { .. } => "request_hash",
            Self::TooManyHashes => "request_too_many_hashes",
            Self::Note(error) => error.code(),
        }
    }
}

impl AddCheckpoint {
    /// Reads a request. What it says is believed by nobody yet.
    ///
    /// # Errors
    /// [`AddCheckpointError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, AddCheckpointError> {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").ok_or(AddCheckpointError::NoEmptyLine)?;
        let (lines, checkpoint) = bytes.split_at(end);
        let checkpoint = checkpoint.get(2..).unwrap_or_default();
        let mut lines = str::from_utf8(lines).map_err(|_| AddCheckpointError::NotUtf8)?.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal::parse);
        let old = old.ok_or(AddCheckpointError::Old)?;
        let mut proof = Vec::new();
        for (place, line) in lines.enumerate() {
            if place == MAX_CONSISTENCY_HASHES {
                return Err(AddCheckpointError::TooManyHashes);
            }
            proof.push(Hash::from_base64(line).ok_or(AddCheckpointError::Hash { line: place + 2 })?);
        }
        Ok(Self { old, proof, checkpoint: Note::parse(checkpoint)? })
    }
}

/// The request's body.
impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        let proof: String = self.proof.iter().map(|hash| hash.to_base64() + "\n").collect();
        write!(f, "{proof}\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use primitives::SecretKey;

    use super::*;
    use crate::Checkpoint;

    fn note() -> Note {
        Checkpoint::new("log.example", 7, Hash::of(b"root")).unwrap().sign(&SecretKey::from_seed(&[1; 32])).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        for hashes in [0, 1, 63] {
            let proof = (0..hashes).map(|n: u8| Hash::of(&[n])).collect();
            let request = AddCheckpoint { old: 5, proof, checkpoint: note() };
            assert_eq!(AddCheckpoint::parse(request.to_string().as_bytes()), Ok(request));
        }
    }

    /// The example of c2sp.org/tlog-witness.
    #[test]
    fn the_example_of_the_specification_is_read() {
        let text = "old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
";
        let request = AddCheckpoint::parse(text.as_bytes()).unwrap();
        assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
        assert!(request.checkpoint.text().starts_with("example.com/behind-the-sofa\n20852163\n"));
        assert_eq!(request.to_string(), text);
    }

    #[test]
    fn a_defect_is_named() {
        let (note, hash) = (note(), Hash::of(b"x").to_base64());
        let code = |text: &str| AddCheckpoint::parse(text.as_bytes()).unwrap_err().code();
        for first in ["old", "old ", "old 01", "old +1", "old -1", " old 1", "new 1", "old 1 ", "OLD 1", "old 1\r", ""]
        {
            assert_eq!(code(&format!("{first}\n\n{note}")), "request_old_size", "{first:?}");
        }
        assert_eq!(code("old 1\n"), "request_no_empty_line");
        assert_eq!(code(&format!("old 1\n{hash}x\n\n{note}")), "request_hash");
        assert_eq!(code(&format!("old 1\n{}\n\n{note}", hash.trim_end_matches('='))), "request_hash");
        assert_eq!(code(&format!("old 1\n{}\n{note}", format!("{hash}\n").repeat(64))), "request_too_many_hashes");
        assert_eq!(AddCheckpoint::parse(b"old \xff\n\nx").unwrap_err().code(), "request_not_utf8");
        assert_eq!(code("old 1\n\nlog.example\n7\n"), "note_no_empty_line");
    }
}
