//! Token: a strict compact JWS around a Verifiable Credential (RFC 7515 §7.1, VC-JOSE-COSE §3.1.1).
//!
//! Nothing in a token chooses the algorithm, supplies the key or changes the rules: there is one algorithm, and keys come
//! from the log. Everything that has two spellings is refused, so that one statement has one sequence of bytes.

mod header;
mod headers;
mod unverified;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{Hash, PublicKey, Signature, Signer, Thumbprint, base64};

pub use headers::Headers;
pub use unverified::Unverified;

use crate::credential;
use crate::error::{Error, Part, SigningError};
use crate::json::{Document, Room, Writer};
use crate::{
    Accreditation, Attestation, Authentic, Clearance, ClearanceCommitment, Did, KeyRotationRequest, ReportsRequest,
    StatusChange, SupplementRequest,
};

/// Longest token of a statement, in bytes: what an entry bundle's 16-bit length can carry, with room to spare.
pub const MAX_STATEMENT: usize = 48 * 1024;

/// Longest token of any other credential, in bytes.
pub const MAX_CREDENTIAL: usize = 128 * 1024;

/// Who signed, and with which of their keys: `<DID>#<fragment>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kid {
    /// The party.
    pub did: Did,
    /// The key's name among the party's keys: its RFC 7638 thumbprint in every statement.
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
    /// `ClearanceCommitment`.
    ClearanceCommitment,
    /// `LabelClearance`; never logged.
    Clearance,
    /// `SupplementRequest`; never logged.
    SupplementRequest,
    /// `ReportsRequest`; never logged.
    ReportsRequest,
    /// `KeyRotationRequest`; never logged.
    KeyRotationRequest,
    /// Some other credential, or more than one of these.
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
    /// That a customs office cleared something, and not what.
    ClearanceCommitment(ClearanceCommitment),
    /// What a customs office cleared; never logged.
    Clearance(Clearance),
    /// A customs office asks for what was cleared; never logged.
    SupplementRequest(SupplementRequest),
    /// An accreditor asks for the reports to it; never logged.
    ReportsRequest(ReportsRequest),
    /// A party asks for a new key; never logged.
    KeyRotationRequest(KeyRotationRequest),
}

impl Statement {
    /// Who says it.
    pub fn issuer(&self) -> &Did {
        match self {
            Self::Accreditation(statement) => &statement.issuer,
            Self::Attestation(statement) => &statement.issuer,
            Self::StatusChange(statement) => &statement.issuer,
            Self::ClearanceCommitment(statement) => &statement.issuer,
            Self::Clearance(statement) => &statement.issuer,
            Self::SupplementRequest(statement) => &statement.issuer,
            Self::ReportsRequest(statement) => &statement.issuer,
            Self::KeyRotationRequest(statement) => &statement.issuer,
        }
    }

    /// Which kind it is; never [`Kind::Unknown`].
    pub fn kind(&self) -> Kind {
        match self {
            Self::Accreditation(_) => Kind::Accreditation,
            Self::Attestation(_) => Kind::Attestation,
            Self::StatusChange(_) => Kind::StatusChange,
            Self::ClearanceCommitment(_) => Kind::ClearanceCommitment,
            Self::Clearance(_) => Kind::Clearance,
            Self::SupplementRequest(_) => Kind::SupplementRequest,
            Self::ReportsRequest(_) => Kind::ReportsRequest,
            Self::KeyRotationRequest(_) => Kind::KeyRotationRequest,
        }
    }

    /// The registry that it is signed for.
    pub fn registry(&self) -> &crate::Origin {
        match self {
            Self::Accreditation(statement) => &statement.registry,
            Self::Attestation(statement) => &statement.registry,
            Self::StatusChange(statement) => &statement.registry,
            Self::ClearanceCommitment(statement) => &statement.registry,
            Self::Clearance(statement) => &statement.registry,
            Self::SupplementRequest(statement) => &statement.registry,
            Self::ReportsRequest(statement) => &statement.registry,
            Self::KeyRotationRequest(statement) => &statement.registry,
        }
    }

    /// The statement's URI.
    pub fn id(&self) -> &str {
        match self {
            Self::Accreditation(statement) => &statement.id,
            Self::Attestation(statement) => &statement.id,
            Self::StatusChange(statement) => &statement.id,
            Self::ClearanceCommitment(statement) => &statement.id,
            Self::Clearance(statement) => &statement.id,
            Self::SupplementRequest(statement) => &statement.id,
            Self::ReportsRequest(statement) => &statement.id,
            Self::KeyRotationRequest(statement) => &statement.id,
        }
    }
}

/// Any Verifiable Credential, read by the rules of the envelope alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The `type` values.
    pub types: Vec<String>,
    /// The issuer.
    pub issuer: Did,
    /// The payload: strict JSON.
    pub payload: String,
}

/// Who signed, as a header says.
#[derive(Debug)]
struct Signed {
    kid: Kid,
    thumbprint: Option<Thumbprint>,
}

/// A parsed token, not yet verified.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    jws: &'a [u8],
    /// Header and payload with their dot: what is signed.
    signed: &'a [u8],
    signature: Signature,
    signer: Arc<Signed>,
    document: Document,
    kind: Kind,
}

impl<'a> Token<'a> {
    /// Reads the compact JWS of a statement by all the rules that need no key.
    ///
    /// # Errors
    /// [`Error`]; tokens over [`MAX_STATEMENT`] are [`Error::TooLong`].
    pub fn parse(jws: &'a [u8]) -> Result<Self, Error> {
        Self::parse_within(jws, MAX_STATEMENT, Room::default(), header::read)
    }

    /// The same, for many tokens of few signers: what headers say is kept in `headers`.
    ///
    /// # Errors
    /// [`Error`].
    pub fn parse_among(jws: &'a [u8], headers: &mut Headers) -> Result<Self, Error> {
        let room = core::mem::take(&mut headers.room);
        Self::parse_within(jws, MAX_STATEMENT, room, |header| headers.read(header))
    }

    /// Reads the compact JWS of any credential: the same rules, up to [`MAX_CREDENTIAL`] bytes.
    ///
    /// # Errors
    /// [`Error`].
    pub fn parse_credential(jws: &'a [u8]) -> Result<Self, Error> {
        Self::parse_within(jws, MAX_CREDENTIAL, Room::default(), header::read)
    }

    fn parse_within(
        jws: &'a [u8],
        limit: usize,
        mut room: Room,
        header: impl FnOnce(&[u8]) -> Result<Arc<Signed>, Error>,
    ) -> Result<Self, Error> {
        if jws.len() > limit {
            return Err(Error::TooLong { found: jws.len(), limit });
        }
        let mut dots = memchr::memchr_iter(b'.', jws);
        let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
            return Err(Error::NotThreeParts(1 + memchr::memchr_iter(b'.', jws).count()));
        };
        let part = |start: usize, end: usize| jws.get(start..end).unwrap_or_default();
        let (payload, signature) = (part(first + 1, second), part(second + 1, jws.len()));
        let signed = part(0, second);
        let signer = header(part(0, first))?;
        let decoded = core::str::from_utf8(signature).ok().and_then(base64::url_decode_array);
        let signature = decoded.ok_or_else(|| match decode(signature, Part::Signature) {
            Ok(bytes) => Error::SignatureLength(bytes.len()),
            Err(error) => error,
        })?;
        if !base64::url_decode_into(payload, room.bytes()) {
            return Err(Error::NotBase64url(Part::Payload));
        }
        let document = Document::parse_in(room).map_err(|error| Error::Json { part: Part::Payload, error })?;
        let kind = credential::envelope(&document, &signer.kid.did)?;
        Ok(Self { jws, signed, signature: Signature::from_bytes(signature), signer, document, kind })
    }

    /// Who signed, as the header says.
    pub fn kid(&self) -> &Kid {
        &self.signer.kid
    }

    /// The key's thumbprint; `None` where the fragment is something else.
    pub fn kid_thumbprint(&self) -> Option<Thumbprint> {
        self.signer.thumbprint
    }

    /// The credential's issuer, which is the party of [`Token::kid`].
    pub fn issuer(&self) -> &Did {
        &self.signer.kid.did
    }

    /// The decoded payload.
    pub fn payload(&self) -> &[u8] {
        self.document.text().as_bytes()
    }

    /// What kind of statement it says it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The token's bytes.
    pub fn jws(&self) -> &'a [u8] {
        self.jws
    }

    /// SHA-256 of the token's bytes.
    pub fn jws_hash(&self) -> Hash {
        Hash::of(self.jws)
    }

    /// Verifies the signature strictly, then reads the payload as a statement of one of the kinds.
    ///
    /// `kid` has to end in the thumbprint of `key`.
    ///
    /// # Errors
    /// [`Error`].
    pub fn open(&self, key: &PublicKey) -> Result<Authentic<Statement>, Error> {
        let thumbprint = key.thumbprint();
        self.check_name(&thumbprint)?;
        self.verify(key)?;
        let statement = self.read(&thumbprint)?;
        Ok(self.authentic(statement, *key))
    }

    /// Whether this can be a statement that the key with this thumbprint signed.
    fn check_name(&self, thumbprint: &Thumbprint) -> Result<(), Error> {
        if self.jws.len() > MAX_STATEMENT {
            return Err(Error::TooLong { found: self.jws.len(), limit: MAX_STATEMENT });
        }
        let named = self.kid_thumbprint().ok_or(Error::KidNotThumbprint)?;
        if named == *thumbprint { Ok(()) } else { Err(Error::KidOfAnotherKey) }
    }

    /// Reads the payload, whoever signed it.
    fn read(&self, thumbprint: &Thumbprint) -> Result<Statement, Error> {
        let (root, issuer) = (self.document.root(), self.issuer());
        Ok(match self.kind {
            Kind::Accreditation => Statement::Accreditation(Accreditation::read(root, issuer)?),
            Kind::Attestation => Statement::Attestation(Attestation::read(root, issuer, thumbprint)?),
            Kind::StatusChange => Statement::StatusChange(StatusChange::read(root, issuer)?),
            Kind::ClearanceCommitment => Statement::ClearanceCommitment(ClearanceCommitment::read(root, issuer)?),
            Kind::Clearance => Statement::Clearance(Clearance::read(root, issuer)?),
            Kind::SupplementRequest => Statement::SupplementRequest(SupplementRequest::read(root, issuer)?),
            Kind::ReportsRequest => Statement::ReportsRequest(ReportsRequest::read(root, issuer)?),
            Kind::KeyRotationRequest => {
                Statement::KeyRotationRequest(KeyRotationRequest::read(root, issuer, thumbprint)?)
            }
            Kind::Unknown => return Err(Error::UnknownKind(credential::types(root).join(", "))),
        })
    }

    /// What was read, once the signature was verified.
    fn authentic(&self, statement: Statement, key: PublicKey) -> Authentic<Statement> {
        // Several keys sign one accreditation, and nothing else: hashing a million attestations would be for nobody.
        let payload_hash = (self.kind == Kind::Accreditation).then(|| Hash::of(self.payload()));
        Authentic::new(statement, key, payload_hash)
    }

    /// Verifies the signature strictly and reads no more than the envelope: for credentials that are no statements.
    ///
    /// # Errors
    /// [`Error::BadSignature`].
    pub fn open_credential(&self, key: &PublicKey) -> Result<Authentic<Credential>, Error> {
        self.verify(key)?;
        let types = credential::types(self.document.root());
        let credential =
            Credential { types, issuer: self.signer.kid.did.clone(), payload: self.document.text().to_owned() };
        Ok(Authentic::new(credential, *key, None))
    }

    fn verify(&self, key: &PublicKey) -> Result<(), Error> {
        key.verify_strict(self.signed, &self.signature).map_err(|_| Error::BadSignature)
    }
}

fn decode(part: &[u8], name: Part) -> Result<Vec<u8>, Error> {
    let text = core::str::from_utf8(part).ok();
    text.and_then(base64::url_decode).ok_or(Error::NotBase64url(name))
}

/// Signs a statement's payload for `issuer`: the compact JWS.
///
/// What was signed is opened again by the reader's own rules, so that nobody signs what everybody refuses.
///
/// # Errors
/// [`SigningError`].
pub fn sign(payload: &[u8], issuer: &Did, signer: &dyn Signer) -> Result<String, SigningError> {
    let jws = envelop(payload, issuer, signer)?;
    Token::parse(jws.as_bytes())?.open(&signer.public_key())?;
    Ok(jws)
}

/// Signs the payload of a credential that is no statement, such as a status list.
///
/// # Errors
/// [`SigningError`], where the envelope's rules refuse what was signed.
pub fn sign_credential(payload: &[u8], issuer: &Did, signer: &dyn Signer) -> Result<String, SigningError> {
    let jws = envelop(payload, issuer, signer)?;
    Token::parse_credential(jws.as_bytes())?.open_credential(&signer.public_key())?;
    Ok(jws)
}

/// Signs without looking.
pub(crate) fn envelop(payload: &[u8], issuer: &Did, signer: &dyn Signer) -> Result<String, SigningError> {
    let header = Writer::document(|json| {
        json.string("alg", "EdDSA");
        json.string("typ", "vc+jwt");
        json.string("cty", "vc");
        json.string("kid", &alloc::format!("{issuer}#{}", signer.public_key().thumbprint()));
    });
    let mut jws = base64::url_encode(&header);
    jws.push('.');
    jws.push_str(&base64::url_encode(payload));
    let signature = signer.sign(jws.as_bytes())?;
    jws.push('.');
    jws.push_str(&base64::url_encode(signature.as_bytes()));
    Ok(jws)
}

#[cfg(test)]
mod tests;
