//! The label: reading it, writing it, signing it, and telling a genuine one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
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
/// Whether the key was the certifier's, and the attestation in force, is for others to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genuine {
    label: Label,
    key: PublicKey,
}

impl Label {
    /// Reads the text that a QR code held.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where a later version may have written it, [`Error::Malformed`] for all else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let uri::Parts { origin, segments } = uri::split(text)?;
        let (blob, path) = segments.split_first().ok_or(Malformed::NoPath)?;
        if blob.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed::NoBlob.into());
        }
        // First of all: a later version may give the path another form.
        let blob = Blob::decode(blob)?;
        let (gtin, lot, serial) = match *path {
            ["01", gtin, "10", lot, "21", serial] => (Some(gtin), lot, serial),
            ["10", lot, "21", serial] => (None, lot, serial),
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
            Ok(genuine) => Ok(genuine.into_label()),
            Err(_) => Err(NotSigned::BadSignature),
        }
    }

    /// Checks the signature, strictly, over all that the label says.
    ///
    /// # Errors
    /// [`NotGenuine::OtherKey`] without trying the signature, else [`NotGenuine::Forged`].
    pub fn verify(&self, key: &PublicKey) -> Result<Genuine, NotGenuine> {
        let message = self.signed_bytes_under(key)?;
        key.verify_strict(&message, &self.blob.signature).map_err(|_| NotGenuine::Forged)?;
        Ok(Genuine { label: self.clone(), key: *key })
    }

    /// Checks many labels, each with the verdict that [`Label::verify`] has on it, in the order given.
    ///
    /// Of a thousand labels each costs a quarter of [`Label::verify`]; [`batch::verify`] says how, for how many it is
    /// best called, and what the 32 random bytes of `seed` have to be.
    pub fn verify_batch(labels: &[(&Self, &AccreditableKey)], seed: &[u8; 32]) -> Vec<Result<Genuine, NotGenuine>> {
        let mut verdicts = Vec::with_capacity(labels.len());
        for labels in labels.chunks(batch::WINDOW) {
            let messages: Vec<_> = labels.iter().map(|(label, key)| label.signed_bytes_under(key)).collect();
            let tried = labels.iter().zip(&messages).filter_map(|((label, key), message)| {
                Some(Signed { key, message: message.as_ref().ok()?, signature: &label.blob.signature })
            });
            let mut tried = batch::verify(&tried.collect::<Vec<_>>(), seed).into_iter();
            verdicts.extend(labels.iter().zip(&messages).map(|((label, key), message)| {
                message.as_ref().map_err(|&other_key| other_key)?;
                let verdict = tried.next().expect("a verdict for each message");
                verdict.map_err(|_| NotGenuine::Forged)?;
                Ok(Genuine { label: (*label).clone(), key: ***key })
            }));
        }
        verdicts
    }

    /// What the key should have signed, if it is the one that the blob names.
    fn signed_bytes_under(&self, key: &PublicKey) -> Result<Vec<u8>, NotGenuine> {
        let key = key.label_key_id();
        if key != self.blob.key_id {
            return Err(NotGenuine::OtherKey { label: self.blob.key_id, key });
        }
        Ok(self.signed_bytes())
    }

    /// The bytes that the signature covers.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let path = self.product_path();
        [CONTEXT, &self.blob.header(), self.origin.as_str().as_bytes(), b"\0", path.as_bytes()].concat()
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
        let mut path = String::new();
        if let Some(gtin) = &self.gtin {
            path.push_str("01/");
            path.push_str(gtin.as_str());
            path.push('/');
        }
        path.push_str("10/");
        path.push_str(&percent::encode(self.lot.as_str().as_bytes(), Place::Path));
        path.push_str("/21/");
        path.push_str(&self.serial.to_string());
        path
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.origin.url_prefix().to_ascii_uppercase();
        write!(f, "{prefix}/{}/{}", self.blob.encode(), self.product_path())
    }
}

impl Genuine {
    /// The key that verified the label.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The label alone.
    pub fn into_label(self) -> Label {
        self.label
    }
}

impl Deref for Genuine {
    type Target = Label;
    fn deref(&self) -> &Label {
        &self.label
    }
}

/// A path value, decoded: bytes of GS1's character set 82, a slash only in a lot.
fn value(ai: &'static str, text: &str) -> Result<String, Malformed> {
    let bytes = percent::decode(text, Place::Path).map_err(|_| Malformed::BadPercentEncoding { ai })?;
    if let Some(&byte) = bytes.iter().find(|&&byte| !crate::digital_link::Charset::Cset82.contains(byte)) {
        return Err(Malformed::NotCset82 { ai, byte });
    }
    if ai != "10" && bytes.contains(&b'/') {
        return Err(Malformed::EncodedSlash { ai });
    }
    Ok(String::from_utf8(bytes).expect("character set 82 is ASCII"))
}

#[cfg(test)]
mod tests;
