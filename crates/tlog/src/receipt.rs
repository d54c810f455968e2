//! COSE Receipts (RFC 9942): an inclusion proof as SCITT's tools read it (RFC 9943), beside [`crate::Proof`].
//!
//! ```text
//! 18([                                          COSE_Sign1 (RFC 9052 §4.2)
//!   << { 1: -8,                                 alg: EdDSA
//!        4: kid,                                SHA-256 thumbprint of the COSE_Key (RFC 9679), 32 bytes
//!        15: { 1: iss, 2: sub,                  CWT claims: the log's URL, the entry's
//!              6: iat,                          seconds since 1970: when the log received the entry
//!              "received_at": milliseconds },   the same, exactly: the entry's first 8 bytes
//!        395: 1 } >>,                           vds: RFC9162_SHA256
//!   { 396: { -1: [ << [size, index, [hash, …]] >> ] } },     vdp: one inclusion proof
//!   nil,                                        the root, which leaf and proof give
//!   signature                                   Ed25519 over ["Signature1", protected, h'', root]
//! ])
//! ```
//!
//! The bytes are those of deterministic CBOR (RFC 8949 §4.2.1), and nothing else is read: what [`Receipt::parse`] accepts, it writes again
//! byte for byte. A receipt has no checkpoint in it and no witness: it is the word of whoever holds the key, and a [`crate::Proof`] says
//! more.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder, decode};
use primitives::{Hash, PublicKey, SignError, Signature, Signer};
use thiserror::Error;

use crate::{MAX_PROOF_HASHES, ProofError, proof};

/// The largest receipt read, in bytes: 64 hashes, two URLs and what stands around them.
pub const MAX_RECEIPT_SIZE: usize = 4096;

/// The longest issuer and subject read, in bytes.
const MAX_URL: usize = 512;

const COSE_SIGN1: u64 = 18;
const ALG: i64 = 1;
const KID: i64 = 4;
const CWT_CLAIMS: i64 = 15;
const VDS: i64 = 395;
const VDP: i64 = 396;
const EDDSA: i64 = -8;
const RFC9162_SHA256: i64 = 1;
const INCLUSION: i64 = -1;
const ISS: i64 = 1;
const SUB: i64 = 2;
const IAT: i64 = 6;
const RECEIVED_AT: &str = "received_at";

/// A receipt that was read but not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    claims: ReceiptClaims,
    key: Hash,
    size: u64,
    index: u64,
    hashes: Vec<Hash>,
    signature: Signature,
}

/// What a receipt says of the entry that it is for, beside its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptClaims {
    /// The log: its URL.
    pub issuer: String,
    /// The entry: its URL.
    pub subject: String,
    /// When the log received it: milliseconds since 1970.
    pub received_at: u64,
}

/// A receipt that a key signed for a leaf. Only [`Receipt::verify`] builds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    receipt: Receipt,
    root: Hash,
}

/// Why bytes are not a receipt, or not one for this leaf by this key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// Longer than is read.
    #[error("receipt has {0} bytes, expected at most {MAX_RECEIPT_SIZE}")]
    TooLarge(usize),
    /// Not CBOR of the one form.
    #[error("receipt is not a COSE_Sign1 of the form that RFC 9942 has for one inclusion proof: {0}")]
    Form(&'static str),
    /// The same data written otherwise, or with something after it.
    #[error("receipt is not deterministic CBOR with nothing after it")]
    NotDeterministic,
    /// Another algorithm than Ed25519.
    #[error("algorithm is {0}, expected -8 (EdDSA)")]
    Algorithm(i64),
    /// Another kind of tree.
    #[error("verifiable data structure is {0}, expected 1 (RFC9162_SHA256)")]
    DataStructure(i64),
    /// The payload is there: nothing would tie it to the leaf.
    #[error("receipt has its root in it, expected none")]
    Attached,
    /// The two times are not one.
    #[error("iat is not received_at in seconds")]
    TimesDiffer,
    /// The key id is another key's.
    #[error("receipt is signed by another key than the one given")]
    OtherKey,
    /// Index, size and hashes do not fit together.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The signature is not the key's, over the root that leaf and proof give.
    #[error("signature does not verify over the root that leaf and proof give")]
    BadSignature,
}

impl ReceiptError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "receipt_too_large",
            Self::Form(_) => "receipt_form",
            Self::NotDeterministic => "not_deterministic",
            Self::Algorithm(_) => "wrong_algorithm",
            Self::DataStructure(_) => "wrong_data_structure",
            Self::Attached => "attached_payload",
            Self::TimesDiffer => "times_differ",
            Self::OtherKey => "other_key",
            Self::Proof(error) => error.code(),
            Self::BadSignature => "bad_signature",
        }
    }
}

impl Receipt {
    /// Signs a receipt for the leaf at `index` of the tree of this `size`, whose `root` the proof leads to.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(
        claims: ReceiptClaims,
        (size, root): (u64, Hash),
        (index, hashes): (u64, Vec<Hash>),
        signer: &dyn Signer,
    ) -> Result<Self, SignError> {
        let (key, unsigned) = (cose_key_thumbprint(&signer.public_key()), Signature::from_bytes([0; 64]));
        let mut receipt = Self { claims, key, size, index, hashes, signature: unsigned };
        receipt.signature = signer.sign(&receipt.signed_bytes(&root))?;
        Ok(receipt)
    }

    /// Reads a receipt, and nothing but its one spelling.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > MAX_RECEIPT_SIZE {
            return Err(ReceiptError::TooLarge(bytes.len()));
        }
        let receipt = read(bytes)?;
        // Other lengths, other orders, doubled keys, bytes after the end: each would be written otherwise.
        if receipt.encode() == bytes { Ok(receipt) } else { Err(ReceiptError::NotDeterministic) }
    }

    /// The receipt's bytes, media type `application/scitt-receipt+cose`.
    pub fn encode(&self) -> Vec<u8> {
        let mut proof = Encoder::new(Vec::new());
        let mut out = Encoder::new(Vec::new());
        let written = proof.array(3).and_then(|e| e.u64(self.size)?.u64(self.index)?.array(self.hashes.len() as u64));
        let written = written.and_then(|e| self.hashes.iter().try_fold(e, |e, hash| e.bytes(&hash.0)).map(drop));
        written.expect("memory takes what it is given");
        let written = out.tag(Tag::new(COSE_SIGN1)).and_then(|e| e.array(4)?.bytes(&self.protected()));
        let written = written.and_then(|e| e.map(1)?.i64(VDP)?.map(1)?.i64(INCLUSION)?.array(1)?.bytes(proof.writer()));
        let written = written.and_then(|e| e.null()?.bytes(self.signature.as_bytes()).map(drop));
        written.expect("memory takes what it is given");
        out.into_writer()
    }

    /// What it says of its entry. Not checked before [`Receipt::verify`].
    pub const fn claims(&self) -> &ReceiptClaims {
        &self.claims
    }

    /// The index of the entry.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The size of the tree that it is of.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Checks that `key` signed the root that `leaf` (a leaf hash, made by the caller from what it believes was logged) and the proof give.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify(self, leaf: &Hash, key: &PublicKey) -> Result<VerifiedReceipt, ReceiptError> {
        if self.key != cose_key_thumbprint(key) {
            return Err(ReceiptError::OtherKey);
        }
        let root = proof::root_of(leaf, self.index, self.size, &self.hashes)?;
        key.verify_strict(&self.signed_bytes(&root), &self.signature).map_err(|_| ReceiptError::BadSignature)?;
        Ok(VerifiedReceipt { receipt: self, root })
    }

    /// RFC 9052 §4.4.
    fn signed_bytes(&self, root: &Hash) -> Vec<u8> {
        let mut out = Encoder::new(Vec::new());
        let written =
            out.array(4).and_then(|e| e.str("Signature1")?.bytes(&self.protected())?.bytes(&[])?.bytes(&root.0));
        written.map(drop).expect("memory takes what it is given");
        out.into_writer()
    }

    fn protected(&self) -> Vec<u8> {
        let ReceiptClaims { issuer, subject, received_at } = &self.claims;
        let mut out = Encoder::new(Vec::new());
        let written =
            out.map(4).and_then(|e| e.i64(ALG)?.i64(EDDSA)?.i64(KID)?.bytes(&self.key.0)?.i64(CWT_CLAIMS)?.map(4));
        let written =
            written.and_then(|e| e.i64(ISS)?.str(issuer)?.i64(SUB)?.str(subject)?.i64(IAT)?.u64(received_at / 1000));
        let written =
            written.and_then(|e| e.str(RECEIVED_AT)?.u64(*received_at)?.i64(VDS)?.i64(RFC9162_SHA256).map(drop));
        written.expect("memory takes what it is given");
        out.into_writer()
    }
}

impl VerifiedReceipt {
    /// The root of the tree.
    pub const fn root(&self) -> Hash {
        self.root
    }
}

impl core::ops::Deref for VerifiedReceipt {
    type Target = Receipt;
    fn deref(&self) -> &Receipt {
        &self.receipt
    }
}

/// SHA-256 thumbprint of an Ed25519 key as COSE_Key (RFC 9679 §3): of `{1: 1, -1: 6, -2: x}`.
pub fn cose_key_thumbprint(key: &PublicKey) -> Hash {
    Hash::of(&cose_key(key))
}

/// A COSE_KeySet (RFC 9052 §7) of Ed25519 keys, each with its algorithm and its thumbprint as key id.
pub fn cose_key_set(keys: &[PublicKey]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    let key = |out: &mut Encoder<Vec<u8>>, key: &PublicKey| {
        let written =
            out.map(5).and_then(|e| e.i64(1)?.i64(1)?.i64(2)?.bytes(&cose_key_thumbprint(key).0)?.i64(3)?.i64(EDDSA));
        let written = written.and_then(|e| e.i64(-1)?.i64(6)?.i64(-2)?.bytes(key.as_bytes()).map(drop));
        written.expect("memory takes what it is given");
    };
    out.array(keys.len() as u64).map(drop).expect("memory takes what it is given");
    keys.iter().for_each(|each| key(&mut out, each));
    out.into_writer()
}

/// An Ed25519 key as COSE_Key (RFC 9053 §7.2) with what it must have.
fn cose_key(key: &PublicKey) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    let written = out.map(3).and_then(|e| e.i64(1)?.i64(1)?.i64(-1)?.i64(6)?.i64(-2)?.bytes(key.as_bytes()).map(drop));
    written.expect("memory takes what it is given");
    out.into_writer()
}

impl From<decode::Error> for ReceiptError {
    fn from(_: decode::Error) -> Self {
        Self::Form("it is cut off, or a value is of another type")
    }
}

fn expect(holds: bool, what: &'static str) -> Result<(), ReceiptError> {
    if holds { Ok(()) } else { Err(ReceiptError::Form(what)) }
}

/// Reads the members in the order in which they are written; that lengths are the shortest is for the caller to compare.
fn read(bytes: &[u8]) -> Result<Receipt, ReceiptError> {
    let mut d = Decoder::new(bytes);
    expect(d.tag()? == Tag::new(COSE_SIGN1) && d.array()? == Some(4), "no COSE_Sign1")?;
    let protected = d.bytes()?;
    expect(d.map()? == Some(1) && d.i64()? == VDP, "no proofs in the unprotected header")?;
    expect(d.map()? == Some(1) && d.i64()? == INCLUSION && d.array()? == Some(1), "not one inclusion proof")?;
    let proof = d.bytes()?;
    if d.datatype()? != Type::Null {
        return Err(ReceiptError::Attached);
    }
    d.null()?;
    let signature = d.bytes()?.try_into().map_err(|_| ReceiptError::Form("the signature is not of 64 bytes"))?;
    let (claims, key) = read_protected(protected)?;
    let (size, index, hashes) = read_proof(proof)?;
    Ok(Receipt { claims, key, size, index, hashes, signature: Signature::from_bytes(signature) })
}

fn read_protected(bytes: &[u8]) -> Result<(ReceiptClaims, Hash), ReceiptError> {
    let mut d = Decoder::new(bytes);
    expect(d.map()? == Some(4) && d.i64()? == ALG, "no algorithm in the protected header")?;
    match d.i64()? {
        EDDSA => {}
        other => return Err(ReceiptError::Algorithm(other)),
    }
    expect(d.i64()? == KID, "no key id in the protected header")?;
    let key = hash(d.bytes()?)?;
    expect(d.i64()? == CWT_CLAIMS && d.map()? == Some(4), "not the claims of a receipt")?;
    expect(d.i64()? == ISS, "no issuer")?;
    let issuer = url(d.str()?)?;
    expect(d.i64()? == SUB, "no subject")?;
    let subject = url(d.str()?)?;
    expect(d.i64()? == IAT, "no time")?;
    let seconds = d.u64()?;
    expect(d.str()? == RECEIVED_AT, "no time of receipt")?;
    let received_at = d.u64()?;
    if seconds != received_at / 1000 {
        return Err(ReceiptError::TimesDiffer);
    }
    expect(d.i64()? == VDS, "no verifiable data structure in the protected header")?;
    match d.i64()? {
        RFC9162_SHA256 => {}
        other => return Err(ReceiptError::DataStructure(other)),
    }
    Ok((ReceiptClaims { issuer, subject, received_at }, key))
}

fn read_proof(bytes: &[u8]) -> Result<(u64, u64, Vec<Hash>), ReceiptError> {
    let mut d = Decoder::new(bytes);
    expect(d.array()? == Some(3), "the proof is not size, index and hashes")?;
    let (size, index) = (d.u64()?, d.u64()?);
    let count = d.array()?.filter(|count| *count <= MAX_PROOF_HASHES as u64);
    let count = count.ok_or(ReceiptError::Form("the proof has more hashes than a tree is high"))?;
    let hashes = (0..count).map(|_| hash(d.bytes()?)).collect::<Result<_, _>>()?;
    Ok((size, index, hashes))
}

fn hash(bytes: &[u8]) -> Result<Hash, ReceiptError> {
    bytes.try_into().map(Hash).map_err(|_| ReceiptError::Form("a hash is not of 32 bytes"))
}

fn url(text: &str) -> Result<String, ReceiptError> {
    let is_plain = text.len() <= MAX_URL && text.bytes().all(|byte| byte.is_ascii_graphic());
    expect(is_plain, "issuer or subject is no URL of at most 512 characters")?;
    Ok(text.to_string())
}

#[cfg(test)]
mod tests;
