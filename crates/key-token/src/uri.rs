//! The name of a key in a token: a PKCS#11 URI (RFC 7512), read strictly.
//!
//! Every attribute that RFC 7512 §2.3 has is known by name. Those that decide which key is used, and how, are read; the others are
//! refused, for a name that is silently ignored names another key than its author meant.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// How a PKCS#11 URI begins.
const SCHEME: &str = "pkcs11:";
/// Longest URI that is read, in bytes.
const MAX_URI: usize = 2_048;
/// Longest label and id of an object, in bytes; PKCS#11 sets no limit.
const MAX_OBJECT: usize = 255;

/// Attributes of RFC 7512 that are known, and do not help to name a signing key.
const UNUSED: [&str; 6] = [
    "library-manufacturer",
    "library-description",
    "library-version",
    "slot-manufacturer",
    "slot-description",
    "module-name",
];

/// A key in a token, by what it is called.
///
/// ```
/// use key_token::TokenUri;
///
/// let uri = TokenUri::parse("pkcs11:token=office;object=certifier;id=%01?module-path=/usr/lib/softhsm/libsofthsm2.so")?;
/// assert_eq!(uri.object(), Some("certifier"));
/// assert_eq!(uri.id(), Some(&[1][..]));
/// # Ok::<(), key_token::UriError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenUri {
    pub(crate) token: Option<String>,
    pub(crate) manufacturer: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) slot: Option<u64>,
    pub(crate) object: Option<String>,
    pub(crate) id: Option<Vec<u8>>,
    pub(crate) module: Option<PathBuf>,
    pub(crate) pin_source: Option<PathBuf>,
}

/// Why a text is no usable PKCS#11 URI. No message repeats a value: one could be a PIN.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UriError {
    /// Another scheme.
    #[error("a key in a token begins with {SCHEME}")]
    Scheme,
    /// Longer than any honest one.
    #[error("the URI has {found} bytes, expected at most {MAX_URI}")]
    TooLong {
        /// Its length.
        found: usize,
    },
    /// Something without `=`.
    #[error("attribute {0} of the URI is not name=value")]
    NoValue(usize),
    /// The same name twice (RFC 7512 §2.3 forbids it).
    #[error("{0} stands twice in the URI")]
    Twice(&'static str),
    /// A name that RFC 7512 does not have, or has elsewhere in the URI.
    #[error("{0} is no attribute of the {1} of a PKCS#11 URI")]
    Unknown(String, Part),
    /// A name of RFC 7512 that is not read here.
    #[error("{0} is not supported in the URI")]
    Unsupported(&'static str),
    /// A PIN among the arguments, where other processes and the shell's history see it.
    #[error("the URI has a pin-value: a PIN is never an argument")]
    PinValue,
    /// A character that has to be percent-encoded, or `%` without two hexadecimal digits.
    #[error("{0} has a character that has to be percent-encoded (RFC 7512 §2.3)")]
    Encoding(&'static str),
    /// Bytes that are no text, or control characters.
    #[error("{0} is no printable UTF-8")]
    NotText(&'static str),
    /// Empty, or longer than what it names can be.
    #[error("{name} has {found} bytes, expected 1 to {limit}")]
    Length {
        /// The attribute.
        name: &'static str,
        /// How many it has.
        found: usize,
        /// The most.
        limit: usize,
    },
    /// Not a number.
    #[error("slot-id is no decimal number")]
    Slot,
    /// Another type of object than a private key.
    #[error("type is not private: only a private key signs")]
    Type,
    /// A relative path, which the loader would look for wherever it likes.
    #[error("{0} is no absolute path")]
    Relative(&'static str),
    /// A program or another scheme as source of the PIN.
    #[error("pin-source is not file:/PATH")]
    PinSource,
}

/// Which part of a URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before the question mark: what is named.
    Path,
    /// After it: how it is reached.
    Query,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
        })
    }
}

impl UriError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        if matches!(self, Self::PinValue) { "pin_in_uri" } else { "bad_token_uri" }
    }

    /// What can be written instead.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::PinValue => Some(
                "leave pin-value out: the PIN is asked for; or say pin-source=file:/PATH, --passphrase-file PATH or --passphrase-fd N; \
                 this PIN may stand in the shell's history now",
            ),
            Self::PinSource => Some("write pin-source=file:/PATH: the PIN is the file's first line"),
            Self::Relative("module-path") => {
                Some("write it in full, such as module-path=/usr/lib/softhsm/libsofthsm2.so")
            }
            Self::Unsupported("module-name") => Some("name the module's file: module-path=/PATH"),
            Self::Scheme | Self::NoValue(_) | Self::Unknown(..) | Self::Unsupported(_) | Self::Encoding(_) => {
                Some("such as pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/softhsm/libsofthsm2.so")
            }
            Self::TooLong { .. }
            | Self::Twice(_)
            | Self::NotText(_)
            | Self::Length { .. }
            | Self::Slot
            | Self::Type
            | Self::Relative(_) => None,
        }
    }
}

impl TokenUri {
    /// Whether a text means to be such a URI: RFC 3986 §3.1 lets the scheme be in any case.
    pub fn is_meant(text: &str) -> bool {
        text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
    }

    /// Reads a URI.
    ///
    /// # Errors
    /// [`UriError`].
    pub fn parse(text: &str) -> Result<Self, UriError> {
        if !Self::is_meant(text) {
            return Err(UriError::Scheme);
        }
        if text.len() > MAX_URI {
            return Err(UriError::TooLong { found: text.len() });
        }
        let text = text.get(SCHEME.len()..).unwrap_or_default();
        let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
        let mut uri = Self::default();
        let mut nth = 0;
        // `pkcs11:` alone names every key there is (RFC 7512 §2.3): an empty path is no mistake.
        for attribute in path.split(';').filter(|_| !path.is_empty()) {
            nth += 1;
            let (name, value) = attribute.split_once('=').ok_or(UriError::NoValue(nth))?;
            uri.take_path(name, value)?;
        }
        for attribute in query.into_iter().flat_map(|query| query.split('&')) {
            nth += 1;
            let (name, value) = attribute.split_once('=').ok_or(UriError::NoValue(nth))?;
            uri.take_query(name, value)?;
        }
        Ok(uri)
    }

    fn take_path(&mut self, name: &str, value: &str) -> Result<(), UriError> {
        match name {
            "token" => once(&mut self.token, "token", text("token", value, 32)?),
            "manufacturer" => once(&mut self.manufacturer, "manufacturer", text("manufacturer", value, 32)?),
            "model" => once(&mut self.model, "model", text("model", value, 16)?),
            "serial" => once(&mut self.serial, "serial", text("serial", value, 16)?),
            "object" => once(&mut self.object, "object", text("object", value, MAX_OBJECT)?),
            "id" => once(&mut self.id, "id", bytes("id", value, Part::Path, MAX_OBJECT)?),
            "slot-id" => {
                let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                once(&mut self.slot, "slot-id", value.parse().ok().filter(|_| is_number).ok_or(UriError::Slot)?)
            }
            "type" if value == "private" => Ok(()),
            "type" => Err(UriError::Type),
            _ => Err(refused(name, Part::Path)),
        }
    }

    fn take_query(&mut self, name: &str, value: &str) -> Result<(), UriError> {
        match name {
            "module-path" => once(&mut self.module, "module-path", path("module-path", value)?),
            "pin-source" => {
                let value = value.strip_prefix("file:").ok_or(UriError::PinSource)?;
                // RFC 8089 §2: `file:/path`, or `file:///path` with no host.
                let value = value.strip_prefix("//").unwrap_or(value);
                once(&mut self.pin_source, "pin-source", path("pin-source", value)?)
            }
            _ => Err(refused(name, Part::Query)),
        }
    }

    /// Label of the token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Label of the key (`CKA_LABEL`).
    pub fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// Id of the key (`CKA_ID`).
    pub fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// The file whose first line is the PIN.
    pub fn pin_source(&self) -> Option<&Path> {
        self.pin_source.as_deref()
    }

    /// The same with another id: what a new key was given.
    #[must_use]
    pub fn with_id(self, id: Vec<u8>) -> Self {
        Self { id: Some(id), ..self }
    }
}

/// The URI in its one spelling, which [`TokenUri::parse`] reads. It holds no PIN, only where one is.
impl fmt::Display for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slot = self.slot.map(|slot| slot.to_string());
        let path = [
            ("token", self.token.as_deref().map(|text| encode(text.as_bytes(), Part::Path))),
            ("manufacturer", self.manufacturer.as_deref().map(|text| encode(text.as_bytes(), Part::Path))),
            ("model", self.model.as_deref().map(|text| encode(text.as_bytes(), Part::Path))),
            ("serial", self.serial.as_deref().map(|text| encode(text.as_bytes(), Part::Path))),
            ("slot-id", slot),
            ("object", self.object.as_deref().map(|text| encode(text.as_bytes(), Part::Path))),
            ("id", self.id.as_deref().map(|id| id.iter().map(|byte| format!("%{byte:02X}")).collect())),
        ];
        let named = |path: &Path| encode(path.as_os_str().as_encoded_bytes(), Part::Query);
        let query = [
            ("module-path", self.module.as_deref().map(named)),
            ("pin-source", self.pin_source.as_deref().map(|path| format!("file:{}", named(path)))),
        ];
        f.write_str(SCHEME)?;
        let list = |f: &mut fmt::Formatter<'_>, list: &[(&str, Option<String>)], first: &str, then: &str| {
            let mut mark = first;
            for (name, value) in list {
                if let Some(value) = value {
                    write!(f, "{mark}{name}={value}")?;
                    mark = then;
                }
            }
            Ok(())
        };
        list(f, &path, "", ";")?;
        list(f, &query, "?", "&")
    }
}

fn once<T>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), UriError> {
    match place.replace(value) {
        Some(_) => Err(UriError::Twice(name)),
        None => Ok(()),
    }
}

/// Why a name is not read. What follows an unknown name may be anything, so it is cut short, and its value never shown.
fn refused(name: &str, part: Part) -> UriError {
    if name == "pin-value" {
        return UriError::PinValue;
    }
    match UNUSED.iter().find(|known| **known == name) {
        Some(known) => UriError::Unsupported(known),
        None => UriError::Unknown(name.chars().filter(|c| !c.is_control()).take(32).collect(), part),
    }
}

/// Characters that stand for themselves (RFC 7512 §2.3: unreserved, `pk11-res-avail` and what its part adds).
fn is_plain(byte: u8, part: Part) -> bool {
    let avail = b":[]@!$'()*+,=".contains(&byte);
    let own = match part {
        Part::Path => b"&".contains(&byte),
        Part::Query => b"/?|".contains(&byte),
    };
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || avail || own
}

fn encode(bytes: &[u8], part: Part) -> String {
    let one = |byte: &u8| if is_plain(*byte, part) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    bytes.iter().map(one).collect()
}

fn bytes(name: &'static str, value: &str, part: Part, limit: usize) -> Result<Vec<u8>, UriError> {
    let mut decoded = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            // A slash in a path attribute is what people write; RFC 7512 has it encoded, so that the URI has one spelling.
            decoded.push(Some(*first).filter(|byte| is_plain(*byte, part)).ok_or(UriError::Encoding(name))?);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2).ok_or(UriError::Encoding(name))?;
        let digits = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(byte.ok_or(UriError::Encoding(name))?);
        rest = after;
    }
    match decoded.len() {
        found if (1..=limit).contains(&found) => Ok(decoded),
        found => Err(UriError::Length { name, found, limit }),
    }
}

fn text(name: &'static str, value: &str, limit: usize) -> Result<String, UriError> {
    printable(name, bytes(name, value, Part::Path, limit)?)
}

fn printable(name: &'static str, bytes: Vec<u8>) -> Result<String, UriError> {
    let text = String::from_utf8(bytes).map_err(|_| UriError::NotText(name))?;
    if text.chars().any(char::is_control) { Err(UriError::NotText(name)) } else { Ok(text) }
}

fn path(name: &'static str, value: &str) -> Result<PathBuf, UriError> {
    let path = PathBuf::from(printable(name, bytes(name, value, Part::Query, MAX_URI)?)?);
    if path.is_absolute() { Ok(path) } else { Err(UriError::Relative(name)) }
}

#[cfg(test)]
mod tests;
