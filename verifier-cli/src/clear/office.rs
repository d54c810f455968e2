//! Who signs: the office's DID, and its key once that is needed.

use key_file::{KeyArguments, UnlockedKey};
use primitives::Timestamp;
use registry::State;
use statement::{Clearance, ClearanceAct, ClearanceCommitment, Did, Origin, SupplementRequest};

use crate::evidence::now;
use crate::failure::Failure;
use crate::{keys, random};

/// An office and its key.
pub(crate) struct Office {
    did: Did,
    key: UnlockedKey,
}

impl Office {
    /// The office with this DID, or else that of the `.jwk` beside the key.
    pub(crate) fn unlock(did: Option<&Did>, arguments: &KeyArguments) -> Result<Self, Failure> {
        if arguments.key.file().is_some_and(|file| !file.exists()) {
            let error = format!("cannot read {}: there is no such file", arguments.key);
            return Err(Failure::new(error).hint("--key PATH names the office's key"));
        }
        let did = match did {
            Some(did) => did.clone(),
            None => controller(arguments)?,
        };
        Ok(Self { did, key: keys::unlock(arguments)? })
    }

    pub(super) const fn did(&self) -> &Did {
        &self.did
    }

    /// The clearance and the commitment to it, both signed.
    pub(super) fn sign(
        &self,
        origin: &Origin,
        act: ClearanceAct,
        state: Option<&State>,
    ) -> Result<(String, String), Failure> {
        let clearance = Clearance {
            id: random::urn()?,
            issuer: self.did.clone(),
            registry: origin.clone(),
            cleared_at: Timestamp::from_seconds(now().seconds()),
            salt: random::bytes()?,
            act,
        };
        if let Some(refusal) = state.and_then(|state| state.check_clearance(&clearance).err()) {
            return Err(Failure::new(format!("{refusal} ({})", refusal.code()))
                .hint("nothing was signed; if the snapshot is older than the attestation, run `verifier sync` first"));
        }
        let jws = self.signed(&clearance.to_payload())?;
        let commitment = ClearanceCommitment::to(&clearance, &jws, random::urn()?);
        let commitment = self.signed(&commitment.to_payload())?;
        Ok((jws, commitment))
    }

    /// A request for what offices cleared.
    pub(crate) fn request(&self, origin: &Origin) -> Result<String, Failure> {
        let request = SupplementRequest {
            id: random::urn()?,
            issuer: self.did.clone(),
            registry: origin.clone(),
            asked_at: Timestamp::from_seconds(now().seconds()),
        };
        self.signed(&request.to_payload())
    }

    fn signed(&self, payload: &[u8]) -> Result<String, Failure> {
        statement::sign(payload, &self.did, &self.key).map_err(Failure::new)
    }
}

/// The party that a key was made for: `controller` in the `.jwk` with its public half, as `certifier keygen --did` writes it.
fn controller(arguments: &KeyArguments) -> Result<Did, Failure> {
    const MOST: u64 = 64 * 1024;
    let path = arguments.public_path().ok_or_else(|| {
        Failure::new("the key in the token has no label that could be a file's name")
            .hint("--office DID names the office, as it is accredited")
    })?;
    let missing = |why: String| {
        Failure::new(format!("{}: {why}", path.display())).hint("--office DID names the office, as it is accredited")
    };
    let length = std::fs::metadata(&path).map_err(|error| missing(error.to_string()))?.len();
    if length > MOST {
        return Err(missing(format!("larger than {MOST} bytes")));
    }
    let text = std::fs::read_to_string(&path).map_err(|error| missing(error.to_string()))?;
    let jwk: serde_json::Value = serde_json::from_str(&text).map_err(|error| missing(error.to_string()))?;
    let controller = jwk.get("controller").and_then(serde_json::Value::as_str);
    controller.and_then(|text| Did::parse(text).ok()).ok_or_else(|| missing("names no controller".into()))
}
