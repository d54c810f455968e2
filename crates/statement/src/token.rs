//! Token: a strict compact JWS around a Verifiable Credential (RFC 7515 §7.1, VC-JOSE-COSE §3.1).

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{PublicKey, SignError, Signature, Signer, Thumbprint};

use crate::{Accreditation, Attestation, Authentic, Did, Error, StatusChange};

/// Who signed, and with which of their keys: `<DID>#<fragment>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kid {
    /// The party.
    pub did: Did,
    /// The key's name among the party's keys: its RFC 7638 thumbprint in everything that is admitted.
    pub fragment: String,
}

/// What kind of statement a token says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `DigitalIdentityAnchor`.
    Accreditation,
    /// `DigitalConformityCredential`.
    Attestation,
    /// `LabelStatusChange`.
    StatusChange,
    /// Some other credential.
    Unknown,
}

/// A statement of one of the kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// Who may sign, and for what.
    Accreditation(Accreditation),
    /// How a lot was made.
    Attestation(Attestation),
    /// Suspension, reinstatement, withdrawal.
    StatusChange(StatusChange),
}

/// Any Verifiable Credential, read by the rules of the envelope alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The `type` values.
    pub types: Vec<String>,
    /// The issuer.
    pub issuer: Did,
    /// The payload's JSON.
    pub payload: Vec<u8>,
}

/// A parsed token, not yet verified.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    jws: &'a [u8],
    signature: Signature,
    kid: Kid,
    issuer: Did,
    payload: Vec<u8>,
    kind: Kind,
}

impl<'a> Token<'a> {
    /// Reads a compact JWS by all rules that need no key.
    ///
    /// # Errors
    /// [`Error`].
    pub fn parse(jws: &'a [u8]) -> Result<Self, Error> {
        let _ = jws;
        Err(Error::BadSignature)
    }

    /// Who signed, as the header says.
    pub fn kid(&self) -> &Kid {
        &self.kid
    }

    /// The key's thumbprint; `None` where the fragment is something else.
    pub fn kid_thumbprint(&self) -> Option<Thumbprint> {
        Thumbprint::parse(&self.kid.fragment)
    }

    /// The credential's issuer: the party of [`Token::kid`].
    pub fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// The decoded payload.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What kind of statement it says it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The token's bytes.
    pub fn jws(&self) -> &'a [u8] {
        self.jws
    }

    /// Verifies the signature, then reads the payload as a statement.
    ///
    /// # Errors
    /// [`Error`].
    pub fn open(&self, key: &PublicKey) -> Result<Authentic<Statement>, Error> {
        key.verify_strict(self.jws, &self.signature).map_err(|_| Error::BadSignature)?;
        Err(Error::UnknownKind(String::new()))
    }

    /// Verifies the signature of any credential.
    ///
    /// # Errors
    /// [`Error`].
    pub fn open_credential(&self, key: &PublicKey) -> Result<Authentic<Credential>, Error> {
        key.verify_strict(self.jws, &self.signature).map_err(|_| Error::BadSignature)?;
        let credential = Credential { types: Vec::new(), issuer: self.issuer.clone(), payload: self.payload.clone() };
        Ok(Authentic::new(credential, *key, &self.payload, self.jws))
    }
}

/// Signs a payload for `issuer`: the compact JWS.
///
/// # Errors
/// [`SignError`] when the key's holder cannot answer.
pub fn sign(payload: &[u8], issuer: &Did, signer: &dyn Signer) -> Result<String, SignError> {
    let _ = (payload, issuer);
    signer.sign(b"").map(|_| String::new())
}
