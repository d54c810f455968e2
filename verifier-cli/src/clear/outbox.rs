//! What this device signed: one file a clearance, kept until the registry has it and after.
//!
//! `<state>/clearances/<origin, ':' as '_'>/<first 16 hex of the commitment's SHA-256>.json`, with `index` once it was sent. Nothing is ever
//! removed: these are the office's own books.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use primitives::Hash;
use serde::{Deserialize, Serialize};
use statement::{ClearanceAct, ClearedGoods, ClearedQuantity, Origin};
use verify::Cleared;

use crate::failure::Failure;

/// Largest file read.
const MOST: u64 = 256 * 1024;

/// A signed clearance and the commitment to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) clearance: String,
    pub(crate) commitment: String,
    /// What it clears, to be counted on this device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    goods: Vec<KeptGoods>,
    /// The log index of the commitment that it undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undoes: Option<u64>,
    /// Log index of the commitment, once the registry has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<u64>,
    /// Why the registry will not have it: it counts for nothing then, and is not sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptGoods {
    attestation: u64,
    /// First and last of each range.
    serials: Vec<(u32, u32)>,
    /// In the base of its unit.
    quantity: u64,
}

/// The books of this device.
pub(crate) struct Outbox(PathBuf);

impl Kept {
    pub(crate) fn new(clearance: String, commitment: String, act: &ClearanceAct) -> Self {
        let (goods, undoes) = match act {
            ClearanceAct::Cleared(goods) => (goods.iter().map(KeptGoods::of).collect(), None),
            ClearanceAct::Undoes { commitment, .. } => (Vec::new(), Some(*commitment)),
        };
        Self { clearance, commitment, goods, undoes, index: None, refused: None }
    }

    pub(crate) fn name(&self) -> String {
        let hash = Hash::of(self.commitment.as_bytes()).to_string();
        hash.get(..16).unwrap_or(&hash).to_owned()
    }
}

impl KeptGoods {
    fn of(goods: &ClearedGoods) -> Self {
        let serials = goods.serials.iter().map(|range| (range.first, range.last)).collect();
        let base = |quantity: ClearedQuantity| u64::from(quantity.value).saturating_mul(quantity.unit.base().1);
        Self { attestation: goods.attestation, serials, quantity: goods.quantity.map_or(0, base) }
    }
}

impl Outbox {
    pub(crate) fn new(state: &Path) -> Self {
        Self(state.join("clearances"))
    }

    pub(crate) fn folder(&self, origin: &Origin) -> PathBuf {
        self.0.join(origin.to_file_name())
    }

    /// Keeps a clearance: on the disk before this returns.
    pub(crate) fn keep(&self, origin: &Origin, kept: &Kept) -> Result<(), Failure> {
        let folder = self.folder(origin);
        let path = folder.join(format!("{}.json", kept.name()));
        let new = path.with_extension("new");
        let write = || {
            // A commercial secret: the office's own user reads it, nobody else.
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
            let mut file = std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(&serde_json::to_vec_pretty(kept)?)?;
            file.sync_all()?;
            std::fs::rename(&new, &path)?;
            std::fs::File::open(&folder)?.sync_all()
        };
        write().map_err(|error| {
            Failure::new(format!("cannot write {}: {error}", path.display())).hint("--state DIR names another folder")
        })
    }

    /// Notes what the registry said.
    pub(crate) fn answered(&self, origin: &Origin, kept: &Kept) -> Result<(), Failure> {
        self.keep(origin, kept)
    }

    /// What the registry does not have yet, by name.
    pub(crate) fn waiting(&self, origin: &Origin) -> Result<Vec<Kept>, Failure> {
        Ok(self.all(origin)?.into_iter().filter(|kept| kept.index.is_none() && kept.refused.is_none()).collect())
    }

    /// All of it.
    fn all(&self, origin: &Origin) -> Result<Vec<Kept>, Failure> {
        let folder = self.folder(origin);
        let failed = |path: &Path, error: String| Failure::new(format!("cannot read {}: {error}", path.display()));
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&folder, error.to_string())),
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        let read = |path: &PathBuf| {
            let length = std::fs::metadata(path).map_err(|error| failed(path, error.to_string()))?.len();
            if length > MOST {
                return Err(failed(path, format!("larger than {MOST} bytes")));
            }
            let bytes = std::fs::read(path).map_err(|error| failed(path, error.to_string()))?;
            serde_json::from_slice(&bytes).map_err(|error| failed(path, error.to_string()))
        };
        paths.iter().map(read).collect()
    }

    /// What this device cleared and a supplement of this log size does not know of yet, on top of what it knows.
    pub(crate) fn add_to(&self, origin: &Origin, cleared: &mut Cleared, size: u64) -> Result<(), Failure> {
        let all = self.all(origin)?;
        // An undoing counts once the registry has taken it: anybody could sign one here.
        let undone: Vec<u64> = all.iter().filter(|kept| kept.index.is_some()).filter_map(|kept| kept.undoes).collect();
        for kept in all {
            if kept.refused.is_some() || kept.index.is_some_and(|index| index < size || undone.contains(&index)) {
                continue;
            }
            for goods in kept.goods {
                let lot = cleared.lot_mut(goods.attestation);
                lot.add_quantity(goods.quantity);
                goods
                    .serials
                    .iter()
                    .filter(|(first, last)| first <= last)
                    .for_each(|(first, last)| lot.add_serials(*first, *last));
            }
        }
        Ok(())
    }
}
