//! What an entry of the log is to a party: its own, somebody else's in its name, about it, or no affair of it.

use serde_json::{Value, json};
use statement::{Did, Entry, Token};

use crate::book::Book;

/// For whom the log is read.
pub(super) struct Watch<'w> {
    pub(super) party: &'w Did,
    pub(super) book: &'w Book,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Signed in the party's name, and not in its book.
    Foreign,
    /// Signed by another, about the party.
    About,
}

/// An entry that is told.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) index: u64,
    pub(super) found: Found,
    received_at: String,
    issuer: String,
    key: String,
    /// The payload as it was signed.
    payload: Value,
    what: String,
}

impl Watch<'_> {
    /// Whether an entry is to be told. Nothing is verified but that the log holds it: the gate let nothing in that nobody signed, and
    /// what is told wrongly is looked at, while what is kept back is not.
    pub(super) fn look(&self, index: u64, entry: &[u8]) -> Option<Event> {
        let entry = Entry::decode(entry).ok()?;
        let token = Token::parse(entry.jws).ok()?;
        let found = if token.issuer() == self.party {
            if self.book.has(entry.jws) {
                return None;
            }
            Found::Foreign
        } else if is_about(self.party, token.payload()) {
            Found::About
        } else {
            return None;
        };
        let payload: Value = serde_json::from_slice(token.payload()).unwrap_or_default();
        Some(Event {
            index,
            found,
            received_at: entry.received_at.to_string(),
            issuer: token.issuer().to_string(),
            key: token.kid().fragment.to_string(),
            what: what(&payload),
            payload,
        })
    }
}

/// Whether a statement of another party names this one: its accreditation, or a hold on all that it attested.
fn is_about(party: &Did, payload: &[u8]) -> bool {
    // The text is there or it is not; where it stands is for the reader to see.
    let needle = format!("\"{party}\"");
    payload.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// What kind of statement it is, in a word or two.
fn what(payload: &Value) -> String {
    let types = payload.get("type").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let kind = types.filter(|kind| *kind != "VerifiableCredential").collect::<Vec<_>>().join(" ");
    let lot = payload.pointer("/credentialSubject/name").and_then(Value::as_str);
    match (kind.as_str(), lot) {
        ("DigitalConformityCredential", Some(lot)) => format!("attestation of lot {lot}"),
        ("DigitalIdentityAnchor", _) => "accreditation".to_owned(),
        ("LabelStatusChange", _) => "change of status".to_owned(),
        (other, _) => format!("statement ({other})"),
    }
}

impl Event {
    pub(super) fn sentence(&self) -> String {
        let Self { index, received_at, issuer, key, what, .. } = self;
        match self.found {
            Found::Foreign => {
                format!(
                    "entry {index}, {received_at}: {what} in the name of {issuer} with key {key}, not in the own book"
                )
            }
            Found::About => format!("entry {index}, {received_at}: {what} by {issuer}, about this party"),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "format": "ethical-label-monitor/v1",
            "event": match self.found { Found::Foreign => "not_in_book", Found::About => "about_party" },
            "index": self.index,
            "receivedAt": self.received_at,
            "issuer": self.issuer,
            "key": self.key,
            "payload": self.payload,
        })
    }
}
