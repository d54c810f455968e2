//! The label: reading it, writing it, signing it, and telling a genuine one.

use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt::{self, Write as _};
use core::ops::Deref;

use primitives::batch::{self, Signed};
use primitives::{AccreditableKey, Day, LabelKeyId, PublicKey, Signature, Signer};
use statement::{Claims, Gtin, Lot, Origin, Serial};

use crate::percent::{self, Place};
use crate::{Blob, Error, Malformed, NotGenuine, NotSigned, uri};

/// The longest text that is read as a label, in bytes: room for what messengers append, none for floods.
pub const MAX_LABEL_LEN: usize = 2048;

/// What signed bytes of this version begin with.
const CONTEXT: &[u8] = b"ethical-label/v1\0";

/// A well-formed label. Nothing in it is believed before [`Label::verify`].
///
/// Two texts that give equal labels differ only in what the format folds: the case of scheme and host, how path values
/// are percent-encoded, query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    origin: Origin,
    gtin: Option<Gtin>,
    lot: Lot,
    serial: Serial,
    blob: Blob,
}

/// A label whose signature a key has verified. Only [`Label::verify`] and [`Label::verify_batch`] build one.
///
/// `L` is the label or a reference to it. Whether the key was the certifier's, and the attestation in force, is for others to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Genuine<L> {
    label: L,
    key: [u8; 32],
}

impl Label {
    /// Reads the text that a QR code held.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where a later version may have written it, [`Error::Malformed`] for all else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let uri::Parts { origin, segments: [blob, path @ ..] } = uri::split(text)?;
        let blob = blob.ok_or(Malformed::NoPath)?;
        if blob.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed::NoBlob.into());
        }
        // First of all: a later version may give the path another form.
        let blob = Blob::decode(blob)?;
        let (gtin, lot, serial) = match path {
            [Some("01"), Some(gtin), Some("10"), Some(lot), Some("21"), Some(serial), None] => {
                (Some(gtin), lot, serial)
            }
            [Some("10"), Some(lot), Some("21"), Some(serial), None, ..] => (None, lot, serial),
            _ => return Err(Malformed::UnexpectedPath.into()),
        };
        let gtin = gtin.map(|text| Gtin::parse(&value("01", text)?).map_err(Malformed::Gtin)).transpose()?;
        let lot = Lot::parse(&value("10", lot)?).map_err(Malformed::Lot)?;
        let serial = Serial::parse(&value("21", serial)?).map_err(Malformed::Serial)?;
        match serial.index() {
            Some(index) if index != blob.index => {
                Err(Malformed::SerialIndex { serial: index, blob: blob.index }.into())
            }
            Some(_) | None => Ok(Self { origin, gtin, lot, serial, blob }),
        }
    }

    /// Makes a label: signs it, and checks the signature before giving it out.
    ///
    /// # Errors
    /// [`NotSigned`].
    #[expect(clippy::too_many_arguments, reason = "each is one field of the format, and none has a default")]
    pub fn sign(
        origin: Origin,
        gtin: Option<Gtin>,
        lot: Lot,
        serial: Serial,
        claims: Claims,
        index: u64,
        last_day: Day,
        signer: &dyn Signer,
    ) -> Result<Self, NotSigned> {
        if claims.is_empty() {
            return Err(NotSigned::NoClaims);
        }
        if let Some(serial) = serial.index().filter(|&serial| serial != index) {
            return Err(NotSigned::SerialIndex { serial, index });
        }
        let key = signer.public_key();
        let unsigned = Signature::from_bytes([0; 64]);
        let blob = Blob { claims, key_id: key.label_key_id(), index, last_day, signature: unsigned };
        let mut label = Self { origin, gtin, lot, serial, blob };
        label.blob.signature = signer.sign(&label.signed_bytes())?;
        match label.verify(&key) {
            Ok(_) => Ok(label),
            Err(_) => Err(NotSigned::BadSignature),
        }
    }

    /// Checks the signature, strictly, over all that the label says.
    ///
    /// # Errors
    /// [`NotGenuine::OtherKey`] without trying the signature, else [`NotGenuine::Forged`].
    pub fn verify(&self, key: &PublicKey) -> Result<Genuine<&Self>, NotGenuine> {
        self.names(key.label_key_id())?;
        key.verify_strict(&self.signed_bytes(), &self.blob.signature).map_err(|_| NotGenuine::Forged)?;
        Ok(Genuine { label: self, key: *key.as_bytes() })
    }

    /// Checks many labels, each with the verdict that [`Label::verify`] has on it, in the order given.
    ///
    /// Of a thousand labels each costs a quarter of [`Label::verify`]; [`batch::verify`] says how, for how many it is
    /// best called, and what the 32 random bytes of `seed` have to be.
    pub fn verify_batch<'l>(
        labels: &[(&'l Self, &AccreditableKey)],
        seed: &[u8; 32],
    ) -> Vec<Result<Genuine<&'l Self>, NotGenuine>> {
        let mut verdicts = Vec::with_capacity(labels.len());
        for labels in labels.chunks(batch::WINDOW) {
            // One after the other; nothing is written for a label that names another key.
            let mut messages = Vec::new();
            let mut ends = Vec::with_capacity(labels.len());
            for (label, key) in labels {
                if label.names(key.label_key_id()).is_ok() {
                    label.push_signed_bytes(&mut messages);
                }
                ends.push(messages.len());
            }
            let mut tried = Vec::with_capacity(labels.len());
            let mut start = 0;
            for ((label, key), end) in labels.iter().zip(ends) {
                let message = messages.get(start..end).unwrap_or_default();
                if !message.is_empty() {
                    tried.push(Signed { key, message, signature: &label.blob.signature });
                }
                start = end;
            }
            let mut tried = batch::verify(&tried, seed).into_iter();
            verdicts.extend(labels.iter().map(|(label, key)| {
                label.names(key.label_key_id())?;
                let verdict = tried.next().expect("a verdict for each message");
                verdict.map_err(|_| NotGenuine::Forged)?;
                Ok(Genuine { label: *label, key: *key.as_bytes() })
            }));
        }
        verdicts
    }

    /// Whether the blob names a key of this id.
    fn names(&self, key: LabelKeyId) -> Result<(), NotGenuine> {
        if key == self.blob.key_id { Ok(()) } else { Err(NotGenuine::OtherKey { label: self.blob.key_id, key }) }
    }

    /// The bytes that the signature covers.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.push_signed_bytes(&mut bytes);
        bytes
    }

    fn push_signed_bytes(&self, bytes: &mut Vec<u8>) {
        let path = self.product_path();
        for part in [CONTEXT, &self.blob.header(), self.origin.as_str().as_bytes(), b"\0", path.as_bytes()] {
            bytes.extend_from_slice(part);
        }
    }

    /// The URL as it is printed: upper case but for the letters of the lot, so that a QR code can hold it as alphanumeric.
    pub fn to_uri(&self) -> String {
        self.to_string()
    }

    /// The registry that the label points to. A pointer, not a reason to trust it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The product's GTIN, where it has one.
    pub fn gtin(&self) -> Option<&Gtin> {
        self.gtin.as_ref()
    }

    /// The lot.
    pub fn lot(&self) -> &Lot {
        &self.lot
    }

    /// Which label of its attestation this is.
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// The signed part.
    pub fn blob(&self) -> &Blob {
        &self.blob
    }

    /// What the label claims of its product. Never empty.
    pub fn claims(&self) -> Claims {
        self.blob.claims
    }

    /// The id of the key that is said to have signed.
    pub fn key_id(&self) -> LabelKeyId {
        self.blob.key_id
    }

    /// The attestation's index in the registry's log.
    pub fn index(&self) -> u64 {
        self.blob.index
    }

    /// The last day on which the label holds.
    pub fn last_day(&self) -> Day {
        self.blob.last_day
    }

    /// The path after the blob, no leading slash, values encoded canonically.
    fn product_path(&self) -> String {
        let mut path = String::with_capacity(64);
        if let Some(gtin) = &self.gtin {
            path.push_str("01/");
            path.push_str(gtin.as_str());
            path.push('/');
        }
        path.push_str("10/");
        percent::push(&mut path, self.lot.as_str().as_bytes(), Place::Path);
        write!(path, "/21/{}", self.serial).expect("memory takes what it is given");
        path
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.origin.url_prefix().to_ascii_uppercase();
        write!(f, "{prefix}/{}/{}", self.blob.encode(), self.product_path())
    }
}

impl<L: Borrow<Label>> Genuine<L> {
    /// The key that verified the label (RFC 8032 §5.1.5).
    pub const fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// What was found of one label is true of an equal one, under the same key.
    pub fn same<'l>(&self, label: &'l Label, key: &PublicKey) -> Option<Genuine<&'l Label>> {
        (*self.label.borrow() == *label && self.key == *key.as_bytes()).then_some(Genuine { label, key: self.key })
    }
}

impl Genuine<&Label> {
    /// The same with a label of its own, to be kept.
    pub fn cloned(self) -> Genuine<Label> {
        Genuine { label: self.label.clone(), key: self.key }
    }
}

impl<L: Borrow<Label>> Deref for Genuine<L> {
    type Target = Label;
    fn deref(&self) -> &Label {
        self.label.borrow()
    }
}

/// A path value, decoded: bytes of GS1's character set 82, a slash only in a lot.
fn value<'t>(ai: &'static str, text: &'t str) -> Result<Cow<'t, str>, Malformed> {
    let bytes = percent::decode(text, Place::Path).map_err(|_| Malformed::BadPercentEncoding { ai })?;
    if let Some(&byte) = bytes.iter().find(|&&byte| !crate::digital_link::Charset::Cset82.contains(byte)) {
        return Err(Malformed::NotCset82 { ai, byte });
    }
    if ai != "10" && bytes.contains(&b'/') {
        return Err(Malformed::EncodedSlash { ai });
    }
    Ok(match bytes {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).expect("character set 82 is ASCII")),
    })
}

#[cfg(test)]
mod tests;
