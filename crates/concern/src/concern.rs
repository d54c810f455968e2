//! The concern itself: what the sender wrote, as JSON padded with spaces.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use thiserror::Error;
use zeroize::{Zeroize as _, Zeroizing};

/// Longest text, in UTF-16 code units.
pub const MAX_TEXT: usize = 4_000;
/// Longest text or serial number of a label, in bytes.
pub const MAX_LABEL: usize = 2_048;
/// Longest contact, in UTF-16 code units.
pub const MAX_CONTACT: usize = 200;
/// Longest language tag.
pub const MAX_LANGUAGE: usize = 35;
/// What a padded concern's length is a multiple of, in bytes.
pub const PADDING: usize = 1_024;

const VERSION: u32 = 1;
/// Nothing longer is read: six bytes for an escaped unit at most, and the other members.
const MAX_PADDED: usize = 40 * PADDING;

/// What somebody reports. Wiped from memory when dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// What was seen.
    pub kind: ConcernKind,
    /// What happened, where and when.
    pub text: String,
    /// Text or serial number of a label, or empty.
    pub label: String,
    /// How the sender can be reached, or empty.
    pub contact: String,
    /// Language of the page on which it was written, or empty.
    pub language: String,
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConcernKind {
    /// A child at work.
    Child,
    /// A copied label.
    Copied,
    /// The wrong product.
    Wrong,
    /// Something else.
    Other,
}

/// Why something is no concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConcernError {
    /// Nothing was written.
    #[error("the text is empty")]
    NoText,
    /// A member is longer than it may be.
    #[error("{member} is longer than {limit}")]
    TooLong {
        /// Which.
        member: &'static str,
        /// The limit, in what the member is counted in.
        limit: usize,
    },
    /// None of the four kinds.
    #[error("the kind is none of child, copied, wrong and other")]
    Kind,
    /// No JSON, or without the members of a concern.
    #[error("it is no concern in JSON")]
    Form,
    /// Of a version that this program does not know.
    #[error("it has version {0}, expected {VERSION}")]
    Version(u32),
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    kind: ConcernKind,
    text: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    language: String,
}

impl ConcernKind {
    /// The code in JSON and in the form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Copied => "copied",
            Self::Wrong => "wrong",
            Self::Other => "other",
        }
    }

    /// The kind with this code.
    ///
    /// # Errors
    /// [`ConcernError::Kind`].
    pub fn from_code(code: &str) -> Result<Self, ConcernError> {
        let all = [Self::Child, Self::Copied, Self::Wrong, Self::Other];
        all.into_iter().find(|kind| kind.code() == code).ok_or(ConcernError::Kind)
    }
}

impl Concern {
    /// What somebody has typed: line ends are made one kind, and controls that no keyboard types are left out.
    ///
    /// # Errors
    /// [`ConcernError::NoText`], [`ConcernError::TooLong`].
    pub fn typed(
        kind: ConcernKind,
        text: &str,
        label: &str,
        contact: &str,
        language: &str,
    ) -> Result<Self, ConcernError> {
        let [text, label, contact, language] = [text, label, contact, language].map(typed);
        let concern = Self { kind, text, label, contact, language };
        concern.check().map(|()| concern)
    }

    /// Reads what was decrypted. Whoever sealed it may have written anything: it is bounded as a whole here, and not cleaned. A member
    /// that is longer than a form lets it be is read all the same: a rule about forms is no reason not to hear somebody.
    ///
    /// # Errors
    /// [`ConcernError`].
    pub fn read(bytes: &[u8]) -> Result<Self, ConcernError> {
        if bytes.len() > MAX_PADDED {
            return Err(ConcernError::TooLong { member: "the concern", limit: MAX_PADDED });
        }
        let read: Read = serde_json::from_slice(bytes).map_err(|_| ConcernError::Form)?;
        let Read { version, kind, text, label, contact, language } = read;
        let concern = Self { kind, text, label, contact, language };
        if version == VERSION { Ok(concern) } else { Err(ConcernError::Version(version)) }
    }

    fn check(&self) -> Result<(), ConcernError> {
        let units = |text: &str| text.encode_utf16().count();
        if self.text.trim().is_empty() {
            return Err(ConcernError::NoText);
        }
        for (member, found, limit) in [
            ("text", units(&self.text), MAX_TEXT),
            ("label", self.label.len(), MAX_LABEL),
            ("contact", units(&self.contact), MAX_CONTACT),
            ("language", self.language.len(), MAX_LANGUAGE),
        ] {
            if found > limit {
                return Err(ConcernError::TooLong { member, limit });
            }
        }
        Ok(())
    }

    /// The JSON, with spaces up to a multiple of [`PADDING`]: what is encrypted.
    pub fn to_padded_json(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it at once: what a growing buffer leaves behind is not wiped. So it is written here, not by serde.
        let mut json = Zeroizing::new(Vec::with_capacity(MAX_PADDED));
        json.extend_from_slice(format!("{{\"version\":{VERSION},\"kind\":\"{}\"", self.kind.code()).as_bytes());
        let members =
            [("text", &self.text), ("label", &self.label), ("contact", &self.contact), ("language", &self.language)];
        for (name, value) in members {
            json.extend_from_slice(format!(",\"{name}\":").as_bytes());
            write_string(&mut json, value);
        }
        json.push(b'}');
        let padded = json.len().next_multiple_of(PADDING);
        json.resize(padded, b' ');
        json
    }
}

/// A string of RFC 8259 §7.
fn write_string(json: &mut Vec<u8>, value: &str) {
    json.push(b'"');
    for byte in value.bytes() {
        match byte {
            b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
            b'\n' => json.extend_from_slice(b"\\n"),
            b'\t' => json.extend_from_slice(b"\\t"),
            0..b' ' => json.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => json.push(byte),
        }
    }
    json.push(b'"');
}

impl Drop for Concern {
    fn drop(&mut self) {
        for text in [&mut self.text, &mut self.label, &mut self.contact, &mut self.language] {
            text.zeroize();
        }
    }
}

fn typed(text: &str) -> String {
    let is_typed = |character: &char| !character.is_control() || matches!(character, '\n' | '\t');
    let text = Zeroizing::new(text.replace("\r\n", "\n").replace('\r', "\n"));
    let kept: Zeroizing<String> = Zeroizing::new(text.chars().filter(is_typed).collect());
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    fn concern(text: &str) -> Concern {
        Concern::typed(ConcernKind::Child, text, "1-17", "", "en").unwrap()
    }

    #[test]
    fn the_json_is_the_one_that_the_page_s_script_writes() {
        let json = concern("at \"loom\" 3").to_padded_json();
        let text = core::str::from_utf8(&json).unwrap();
        let expected =
            r#"{"version":1,"kind":"child","text":"at \"loom\" 3","label":"1-17","contact":"","language":"en"}"#;
        assert_eq!(text.trim_end_matches(' '), expected);
        assert_eq!(text.len(), PADDING);
    }

    #[test]
    fn a_text_of_any_length_has_one_of_few_lengths_and_never_outgrows_its_buffer() {
        for length in [2, 900, 1_000, 4_000] {
            for character in ["a", "\"", "\n.", "लू", "日"] {
                let text = character.repeat(length / character.encode_utf16().count());
                let json = concern(&text).to_padded_json();
                assert!(json.len().is_multiple_of(PADDING) && json.capacity() == MAX_PADDED, "{length} {character}");
            }
        }
    }

    #[test]
    fn the_longest_concern_to_many_recipients_can_be_sealed() {
        let (text, label, contact) = ("日".repeat(MAX_TEXT), "x".repeat(MAX_LABEL), "日".repeat(MAX_CONTACT));
        let concern = Concern::typed(ConcernKind::Copied, &text, &label, &contact, "zh").unwrap();
        let (stanza, grease, rest) = (100, 250, 120);
        let sealed = concern.to_padded_json().len() + 8 * stanza + grease + rest;
        let armored = crate::enarmor(&alloc::vec![0; sealed]).replace('\n', "\r\n");
        assert!(armored.len() <= crate::MAX_SEALED, "{}", armored.len());
    }

    #[test]
    fn what_was_typed_is_taken_as_it_was_meant() {
        let typed = concern(" a\r\nb\rc\u{0}\u{1b}[31m\td \n");
        assert_eq!(typed.text, "a\nb\nc[31m\td");
        let of = |text: &str, label: &str, contact: &str| {
            Concern::typed(ConcernKind::Other, text, label, contact, "").map(drop).map_err(|error| error.to_string())
        };
        let long = |member: &str, limit: usize| Err(alloc::format!("{member} is longer than {limit}"));
        assert_eq!(of(" \r\n\u{7}", "", ""), Err("the text is empty".into()));
        assert_eq!(of(&"é".repeat(4_000), &"x".repeat(2_048), &"日".repeat(200)), Ok(()));
        assert_eq!(of(&"🧵".repeat(2_000), "", ""), Ok(()), "two units each, as the form counts");
        assert_eq!(of(&"🧵".repeat(2_001), "", ""), long("text", 4_000));
        assert_eq!(of("x", &"x".repeat(2_049), ""), long("label", 2_048));
        assert_eq!(of("x", "", &"日".repeat(201)), long("contact", 200));
    }

    #[test]
    fn what_somebody_sealed_need_not_be_a_concern() {
        let read = |text: &str| Concern::read(text.as_bytes()).map(drop);
        assert_eq!(read(r#"{"version":1,"kind":"wrong","text":"x","more":[1]}  "#), Ok(()));
        assert_eq!(read(r#"{"version":2,"kind":"wrong","text":"x"}"#), Err(ConcernError::Version(2)));
        let long = format!(r#"{{"version":1,"kind":"wrong","text":"{}"}}"#, "a\\r\\n".repeat(MAX_TEXT));
        assert_eq!(read(&long), Ok(()), "some browsers end lines so");
        for text in
            ["", "{}", "null", r#"{"version":1,"kind":"evil","text":"x"}"#, "{\"version\":1,\"kind\":\"wrong\"}"]
        {
            assert_eq!(read(text), Err(ConcernError::Form), "{text}");
        }
        assert!(matches!(read(&" ".repeat(MAX_PADDED + 1)), Err(ConcernError::TooLong { .. })));
        assert_eq!(read(&"[".repeat(10_000)), Err(ConcernError::Form));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(text in "[ -~é日\n\t\\\\\"]{0,200}x", label in "[!-~]{0,50}", contact in "[!-~é]{0,30}") {
            let concern = Concern::typed(ConcernKind::Copied, &text, &label, &contact, "pt-BR").unwrap();
            prop_assert_eq!(Concern::read(&concern.to_padded_json()).unwrap(), concern);
        }
    }
}
