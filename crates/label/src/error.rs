//! Why a text is not a label, or a label not genuine. One variant for each trick, so that tests can assert which was seen.

use alloc::string::String;

use primitives::{LabelKeyId, SignError};
use statement::{GtinError, LotError, OriginError, SerialError};
use thiserror::Error;

/// Why a text is not a label that this version can judge.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// Not a label: whatever version it claims, no certifier's tool wrote this.
    #[error("malformed label: {0}")]
    Malformed(#[from] Malformed),
    /// Perhaps a good label of a later version: it cannot be judged here.
    #[error("label needs a newer verifier: {0}")]
    Unsupported(#[from] Unsupported),
}

impl Error {
    /// A stable name of the exact reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(malformed) => malformed.code(),
            Self::Unsupported(unsupported) => unsupported.code(),
        }
    }
}

/// What this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsupported {
    /// The blob's version is not 1.
    #[error("blob version is {0}, expected 1")]
    Version(u8),
    /// The blob claims something that has no name yet.
    #[error("claims are {0:#04x}, expected no bits but 0x03")]
    Claim(u8),
}

impl Unsupported {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Version(_) => "unsupported_version",
            Self::Claim(_) => "unsupported_claim",
        }
    }
}

/// What is wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Longer than [`crate::MAX_LABEL_LEN`].
    #[error("text has {length} bytes, limit {limit}")]
    TooLong {
        /// Bytes found.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// Neither `https://` nor `http://`.
    #[error("text does not begin with https://")]
    Scheme,
    /// A scheme in both cases, such as `Https://`: no label printer writes it, and caches may hold it apart.
    #[error("scheme is neither all upper nor all lower case")]
    MixedCaseScheme,
    /// `http` to another host than this machine.
    #[error("scheme is http, expected https for a host other than this machine")]
    PlainHttp,
    /// `user@`, which makes a foreign host look like a known one.
    #[error("host is preceded by user information and `@`")]
    Userinfo,
    /// A host that is not ASCII, shown in Punycode: it may look like a known one.
    #[error("host is not ASCII: {punycode}")]
    HostNotAscii {
        /// The host with each such part as `xn--…`.
        punycode: String,
    },
    /// A second name of the same host.
    #[error("host ends in a dot")]
    TrailingDot,
    /// A second name of the same origin.
    #[error("port {0} is the scheme's default and must be left out")]
    DefaultPort(u16),
    /// Not the host of any registry.
    #[error("{0}")]
    Host(OriginError),
    /// Nothing after the host.
    #[error("nothing follows the host")]
    NoPath,
    /// A character that no URL path has (RFC 3986 §3.3).
    #[error("path has the character {character:?} at byte {position} of the text")]
    ForbiddenCharacter {
        /// The character.
        character: char,
        /// Where, in bytes.
        position: usize,
    },
    /// `/` at the end of the path.
    #[error("path ends in a slash")]
    TrailingSlash,
    /// `//` in the path.
    #[error("path has an empty segment")]
    EmptySegment,
    /// `.` or `..`, plain or percent-encoded: URL libraries take it out and its neighbour with it.
    #[error("path has a dot segment")]
    DotSegment,
    /// A GS1 Digital Link without the signed part: it names a product, but proves nothing.
    #[error("link carries no signature: an AI stands where the blob is expected")]
    NoBlob,
    /// The segments are not a blob and then `[01/<GTIN>/]10/<lot>/21/<serial>`.
    #[error("path is not /<blob>/01/<GTIN>/10/<lot>/21/<serial> or /<blob>/10/<lot>/21/<serial>")]
    UnexpectedPath,
    /// A percent sign that escapes nothing.
    #[error("AI {ai} has a percent sign that is not followed by two hexadecimal digits")]
    BadPercentEncoding {
        /// The AI whose value it is.
        ai: &'static str,
    },
    /// An escaped slash in a value that cannot have one: a lot can.
    #[error("AI {ai} has an escaped slash")]
    EncodedSlash {
        /// The AI whose value it is.
        ai: &'static str,
    },
    /// A decoded byte outside GS1's character set 82: a control, a space, UTF-8, an overlong form.
    #[error("AI {ai} has the byte {byte:#04x}, which is not in GS1's character set 82")]
    NotCset82 {
        /// The AI whose value it is.
        ai: &'static str,
        /// The first such byte.
        byte: u8,
    },
    /// Not a GTIN-14.
    #[error("{0}")]
    Gtin(GtinError),
    /// Not a lot.
    #[error("{0}")]
    Lot(LotError),
    /// Not a serial.
    #[error("{0}")]
    Serial(SerialError),
    /// The serial names another log index than the blob.
    #[error("serial is of log index {serial}, expected {blob}")]
    SerialIndex {
        /// The index before the hyphen.
        serial: u64,
        /// The blob's.
        blob: u64,
    },
    /// Not canonical base32: lower case, padding, another character, non-zero trailing bits.
    #[error("blob is not canonical base32 (upper case, no padding, trailing bits zero)")]
    BlobNotBase32,
    /// Too few or too many bytes.
    #[error("blob has {found} bytes, expected {min} to {max}")]
    BlobLength {
        /// Bytes found.
        found: usize,
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// No claim at all.
    #[error("label claims nothing")]
    NoClaims,
    /// The log index is not written in its shortest form.
    #[error("log index is not in its shortest form")]
    IndexNotShortest,
    /// The log index does not fit 64 bits, or does not end.
    #[error("log index is larger than 64 bits")]
    IndexTooLarge,
}

impl Malformed {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::Scheme => "scheme",
            Self::MixedCaseScheme => "mixed_case_scheme",
            Self::PlainHttp => "plain_http",
            Self::Userinfo => "userinfo",
            Self::HostNotAscii { .. } => "host_not_ascii",
            Self::TrailingDot => "trailing_dot",
            Self::DefaultPort(_) => "default_port",
            Self::Host(_) => "bad_host",
            Self::NoPath => "no_path",
            Self::ForbiddenCharacter { .. } => "forbidden_character",
            Self::TrailingSlash => "trailing_slash",
            Self::EmptySegment => "empty_segment",
            Self::DotSegment => "dot_segment",
            Self::NoBlob => "no_blob",
            Self::UnexpectedPath => "unexpected_path",
            Self::BadPercentEncoding { .. } => "bad_percent_encoding",
            Self::EncodedSlash { .. } => "encoded_slash",
            Self::NotCset82 { .. } => "not_cset_82",
            Self::Gtin(_) => "bad_gtin",
            Self::Lot(_) => "bad_lot",
            Self::Serial(_) => "bad_serial",
            Self::SerialIndex { .. } => "serial_index_mismatch",
            Self::BlobNotBase32 => "blob_not_base32",
            Self::BlobLength { .. } => "blob_length",
            Self::NoClaims => "no_claims",
            Self::IndexNotShortest => "index_not_shortest",
            Self::IndexTooLarge => "index_too_large",
        }
    }
}

/// Why a label is not shown to be a key's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotGenuine {
    /// The blob names another key; the signature was not tried.
    #[error("label names key {label}, not {key}")]
    OtherKey {
        /// The key id in the blob.
        label: LabelKeyId,
        /// The id of the key given.
        key: LabelKeyId,
    },
    /// The signature does not verify: something on the label was changed, or somebody else signed.
    #[error("signature of the label does not verify")]
    Forged,
}

impl NotGenuine {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherKey { .. } => "other_key",
            Self::Forged => "forged_signature",
        }
    }
}

/// Why a label was not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotSigned {
    /// A label says something or is not printed.
    #[error("label would claim nothing")]
    NoClaims,
    /// The serial names another log index.
    #[error("serial is of log index {serial}, expected {index}")]
    SerialIndex {
        /// The index before the hyphen.
        serial: u64,
        /// The index given.
        index: u64,
    },
    /// The key's holder did not sign.
    #[error(transparent)]
    Signer(#[from] SignError),
    /// The key's holder gave a signature that does not verify: it must not be printed a thousand times.
    #[error("key gave a signature that does not verify")]
    BadSignature,
}

impl NotSigned {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoClaims => "no_claims",
            Self::SerialIndex { .. } => "serial_index_mismatch",
            Self::Signer(_) => "signer_failed",
            Self::BadSignature => "bad_signature",
        }
    }
}
