//! Reading a request: a credential of our own type. Who has read one knows that both keys signed it.

use primitives::{Signature, Thumbprint, base64};

use super::KeyRotationRequest;
use crate::Did;
use crate::accreditation::jwk;
use crate::credential::{self, Head, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object};

impl KeyRotationRequest {
    /// Reads a payload that the key with this thumbprint signed.
    pub(crate) fn read(root: Value<'_>, issuer: &Did, signer: &Thumbprint) -> Result<Self, Error> {
        let root = Object::root(root);
        root.only(&["@context", "type", "id", "registry", "issuer", "iss", "validFrom", "credentialSubject"])?;
        let Head { id, issuer, registry, .. } = credential::head(&root, issuer, "KeyRotationRequest", &[UNTP_0_7])?;
        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&["keyRotation"])?;
        let rotation_member = subject.member("keyRotation")?;
        let rotation = rotation_member.object()?;
        rotation.only(&["from", "to", "key", "proof"])?;
        let from = rotation.member("from")?;
        let old = thumbprint(from)?;
        if old != *signer {
            return Err(from.fault(Fault::NotTheSigner));
        }
        let to = rotation.member("to")?;
        let key = rotation.member("key")?;
        let new = jwk(key)?;
        if thumbprint(to)? != new.thumbprint() {
            return Err(to.fault(Fault::NotTheKey));
        }
        if old == new.thumbprint() {
            return Err(key.fault(Fault::RepeatedItem));
        }
        new.accreditable().map_err(|error| key.fault(Fault::Key(error)))?;
        let proof_member = rotation.member("proof")?;
        let proof = base64::url_decode_array(proof_member.string()?);
        let proof = Signature::from_bytes(proof.ok_or_else(|| proof_member.fault(Fault::NotBytes(64)))?);
        let request =
            Self { id, issuer, registry, asked_at: root.member("validFrom")?.whole_second()?, old, new, proof };
        new.verify_strict(&request.proved_bytes(), &proof).map_err(|_| proof_member.fault(Fault::Proof))?;
        Ok(request)
    }
}

fn thumbprint(member: Member<'_, '_>) -> Result<Thumbprint, Error> {
    Thumbprint::parse(member.string()?).ok_or_else(|| member.fault(Fault::Thumbprint))
}
