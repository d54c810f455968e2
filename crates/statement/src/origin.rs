//! A registry's origin: the host that names it in every statement, label and checkpoint (design §5).
//!
//! One registry has one spelling, so that equality of bytes is equality of registries: LDH A-labels in lower case
//! (RFC 5890 §2.3.1), no trailing dot, no default port.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

/// The origin of a registry: a host, and a port where it is not the default one. Never renamed.
///
/// ```
/// let origin = statement::Origin::parse("registry.example").unwrap();
/// assert_eq!(origin.url_prefix(), "https://registry.example");
/// assert!(statement::Origin::parse("Registry.example").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OriginError {
    /// Nothing, or an empty label.
    #[error("origin has an empty label")]
    EmptyLabel,
    /// The host is longer than 253 characters, or a label longer than 63 (RFC 1035 §2.3.4).
    #[error("origin is longer than a host name may be (253 characters, 63 in a label)")]
    TooLong,
    /// Something other than lower-case letters, digits and inner hyphens.
    #[error("origin has a character other than a-z, 0-9, an inner hyphen, a dot")]
    NotLdh,
    /// Hyphens in the third and fourth place without the prefix `xn--` (RFC 5890 §2.3.2.1).
    #[error("origin has a reserved label (?\u{3f}-- that is not xn--)")]
    ReservedLabel,
    /// The last label is a number, but the host is no dotted quad in shortest form.
    #[error("origin ends in a number but is no IPv4 address in dotted decimal")]
    NotAnAddress,
    /// The port is not 1 to 65535 in decimal without leading zeros, or it is 80 or 443.
    #[error("origin has a port that is not 1 to 65535 without leading zeros, or is a default one (80, 443)")]
    Port,
}

impl Origin {
    /// Longest host (RFC 1035 §2.3.4).
    pub const MAX_HOST: usize = 253;

    /// Reads an origin; nothing is folded or trimmed.
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    /// Whether a text is an origin.
    pub(crate) fn check(text: &str) -> Result<(), OriginError> {
        let host = match text.split_once(':') {
            Some((host, port)) => {
                check_port(port)?;
                host
            }
            None => text,
        };
        check_host(host)
    }

    /// Host and port as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without the port.
    pub fn host(&self) -> &str {
        self.0.split_once(':').map_or(self.0.as_str(), |(host, _)| host)
    }

    /// Whether the origin names this machine: `localhost`, or an address of 127.0.0.0/8.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host == "localhost" || (host.starts_with("127.") && ends_in_number(host))
    }

    /// The origin as part of a file's name: a port's colon, which is none on every system, is written as `_`.
    pub fn to_file_name(&self) -> String {
        self.as_str().replace(':', "_")
    }

    /// What the registry's URLs begin with: `https://<origin>`, `http://<origin>` for loopback.
    pub fn url_prefix(&self) -> String {
        format!("{}://{}", self.scheme(), self.0)
    }

    /// What follows [`Origin::url_prefix`] in a URL of this registry; `None` for any other URL.
    pub(crate) fn path_in<'u>(&self, url: &'u str) -> Option<&'u str> {
        url.strip_prefix(self.scheme())?.strip_prefix("://")?.strip_prefix(self.as_str())
    }

    fn scheme(&self) -> &'static str {
        if self.is_loopback() { "http" } else { "https" }
    }
}

fn check_port(port: &str) -> Result<(), OriginError> {
    let digits = !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(number) if digits && number != 80 && number != 443 => Ok(()),
        Ok(_) | Err(_) => Err(OriginError::Port),
    }
}

fn check_host(host: &str) -> Result<(), OriginError> {
    if host.len() > Origin::MAX_HOST {
        return Err(OriginError::TooLong);
    }
    for label in host.split('.') {
        check_label(label.as_bytes())?;
    }
    // URL parsers (WHATWG §3.5) read such a host as an address and write it anew, which would give one origin two names.
    if ends_in_number(host) {
        let mut octets = 0;
        for octet in host.split('.') {
            octets += 1;
            if octet.parse::<u8>().is_err() || (octet.len() > 1 && octet.starts_with('0')) {
                return Err(OriginError::NotAnAddress);
            }
        }
        if octets != 4 {
            return Err(OriginError::NotAnAddress);
        }
    }
    Ok(())
}

/// Whether the last label is a number to a URL parser: decimal digits, or `0x` and hexadecimal ones.
fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    decimal || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn check_label(label: &[u8]) -> Result<(), OriginError> {
    let (Some(first), Some(last)) = (label.first(), label.last()) else {
        return Err(OriginError::EmptyLabel);
    };
    if label.len() > 63 {
        return Err(OriginError::TooLong);
    }
    let ldh = label.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if !ldh || *first == b'-' || *last == b'-' {
        return Err(OriginError::NotLdh);
    }
    if label.get(2..4) == Some(b"--") && !label.starts_with(b"xn") {
        return Err(OriginError::ReservedLabel);
    }
    Ok(())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_one_spelling_are_origins() {
        for text in [
            "registry.example",
            "a",
            "xn--bcher-kva.example",
            "localhost:8080",
            "127.0.0.1:3000",
            "r-1.example:65535",
            "10.0.0.7",
        ] {
            assert_eq!(Origin::parse(text).map(|origin| origin.0), Ok(text.into()));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use OriginError::{EmptyLabel, NotAnAddress, NotLdh, Port, ReservedLabel, TooLong};
        let long_label = "a".repeat(64);
        let long_host = ["a".repeat(63).as_str(); 4].join(".");
        for (text, error) in [
            ("", EmptyLabel),
            (".", EmptyLabel),
            ("registry.example.", EmptyLabel),
            ("registry..example", EmptyLabel),
            (":8080", EmptyLabel),
            (long_label.as_str(), TooLong),
            (long_host.as_str(), TooLong),
            ("Registry.example", NotLdh),
            ("büro.example", NotLdh),
            ("registry_1.example", NotLdh),
            ("user@registry.example", NotLdh),
            ("registry.example/x", NotLdh),
            ("[1]", NotLdh),
            ("-a.example", NotLdh),
            ("a-.example", NotLdh),
            ("registry.example\n", NotLdh),
            ("ab--c.example", ReservedLabel),
            ("registry.1", NotAnAddress),
            ("127.1", NotAnAddress),
            ("127.0.0.01", NotAnAddress),
            ("127.0.0.256", NotAnAddress),
            ("1.2.3.4.5", NotAnAddress),
            ("127.0.0.0x1", NotAnAddress),
            ("registry.example:", Port),
            ("registry.example:0", Port),
            ("registry.example:080", Port),
            ("registry.example:80", Port),
            ("registry.example:443", Port),
            ("registry.example:65536", Port),
            ("registry.example:+99", Port),
            ("registry.example:8080:1", Port),
            ("[::1]", Port),
        ] {
            assert_eq!(Origin::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn only_loopback_is_spoken_to_without_tls() {
        for (text, prefix) in [
            ("localhost:3000", "http://localhost:3000"),
            ("127.8.9.1", "http://127.8.9.1"),
            ("127.example", "https://127.example"),
            ("localhost.example", "https://localhost.example"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().url_prefix(), prefix);
        }
    }
}
