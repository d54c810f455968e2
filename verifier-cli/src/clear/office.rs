//! Who signs: the office's DID, and its key once that is needed.

use std::path::Path;

use key_file::KeyArguments;
use primitives::{SecretKey, Timestamp};
use registry::State;
use statement::{Clearance, ClearanceAct, ClearanceCommitment, Did, Origin, SupplementRequest};

use crate::evidence::now;
use crate::failure::Failure;
use crate::keys;

/// An office and its key.
pub(crate) struct Office {
    did: Did,
    key: SecretKey,
    is_dry_run: bool,
}

impl Office {
    /// The office that the flags name.
    pub(super) fn of(options: &crate::cli::ClearOptions) -> Result<Self, Failure> {
        let key = options.key.clone().ok_or_else(|| {
            Failure::new("a clearance is signed, and no key is named").hint("--key PATH names the office's key")
        })?;
        let arguments = KeyArguments {
            key,
            passphrase: options.passphrase.clone(),
            allow_unencrypted_key: options.allow_unencrypted_key,
        };
        Ok(Self { is_dry_run: options.dry_run, ..Self::unlock(options.office.as_ref(), &arguments)? })
    }

    /// The office with this DID, or else that of the `.jwk` beside the key.
    pub(crate) fn unlock(did: Option<&Did>, arguments: &KeyArguments) -> Result<Self, Failure> {
        if !arguments.key.exists() {
            let error = format!("cannot read {}: there is no such file", arguments.key.display());
            return Err(Failure::new(error).hint("--key PATH names the office's key"));
        }
        let did = match did {
            Some(did) => did.clone(),
            None => beside(&arguments.key)?,
        };
        Ok(Self { did, key: keys::unlock(arguments)?, is_dry_run: false })
    }

    /// The clearance and the commitment to it, both signed. Says what was signed.
    pub(super) fn sign(
        &self,
        origin: &Origin,
        act: ClearanceAct,
        state: Option<&State>,
    ) -> Result<(String, String), Failure> {
        let told = super::described(&act);
        let mut salt = [0; 32];
        random(&mut salt)?;
        let clearance = Clearance {
            id: urn()?,
            issuer: self.did.clone(),
            registry: origin.clone(),
            cleared_at: Timestamp::from_seconds(now().seconds()),
            salt,
            act,
        };
        if let Some(refusal) = state.and_then(|state| state.check_clearance(&clearance).err()) {
            return Err(Failure::new(format!("{refusal} ({})", refusal.code()))
                .hint("nothing was signed; if the snapshot is older than the attestation, run `verifier sync` first"));
        }
        let jws = self.signed(&clearance.to_payload())?;
        let commitment = ClearanceCommitment::to(&clearance, &jws, urn()?);
        let commitment = self.signed(&commitment.to_payload())?;
        let would = if self.is_dry_run { "would sign: " } else { "" };
        crate::print(format!("{origin}: {would}{} {told}\n", self.did).as_bytes())?;
        Ok((jws, commitment))
    }

    /// A request for what offices cleared.
    pub(crate) fn request(&self, origin: &Origin) -> Result<String, Failure> {
        let request = SupplementRequest {
            id: urn()?,
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

/// The party that a key was made for: `controller` in the `.jwk` beside it, as `certifier keygen --did` writes it.
fn beside(key: &Path) -> Result<Did, Failure> {
    const MOST: u64 = 64 * 1024;
    let path = key.with_extension("jwk");
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

fn random(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| Failure::new(format!("the system gives no random numbers: {error}")))
}

/// A URN of its own (RFC 9562 §5.4): random, so that it tells nothing.
fn urn() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    random(&mut bytes)?;
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    Ok(format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_urn_is_a_random_uuid() {
        let (one, other) = (urn().unwrap(), urn().unwrap());
        assert_ne!(one, other);
        let uuid = one.strip_prefix("urn:uuid:").unwrap();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}
