//! Taking a label's URL apart, by hand.
//!
//! URL libraries repair what they read: they collapse `..` and `%2E%2E`, drop tabs, turn `\` into `/`, map host names.
//! Every repair gives a label a second spelling, so nothing is repaired here.

use statement::Origin;

use crate::{MAX_LABEL_LEN, Malformed, punycode};

/// Splits scheme, origin and path; gives the origin and the path without its first slash, in which no segment is empty or a dot
/// segment. Query and fragment are dropped unread.

pub(crate) fn split(text: &str) -> Result<(Origin, &str), Malformed> {
    if text.len() > MAX_LABEL_LEN {
        return Err(Malformed::TooLong { length: text.len(), limit: MAX_LABEL_LEN });
    }
    let (scheme, rest) = scheme(text)?;
    let authority_len = rest.bytes().position(|byte| b"/?#".contains(&byte)).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(authority_len);
    let origin = origin(scheme, authority)?;
    let path_len = rest.bytes().position(|byte| b"?#".contains(&byte)).unwrap_or(rest.len());
    let path = rest.get(..path_len).unwrap_or_default();
    let path_at = text.len() - rest.len();
    Ok((origin, checked(path, path_at)?))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

fn scheme(text: &str) -> Result<(Scheme, &str), Malformed> {
    for (scheme, lower, upper) in [(Scheme::Https, "https://", "HTTPS://"), (Scheme::Http, "http://", "HTTP://")] {
        let Some((found, rest)) = text.split_at_checked(lower.len()) else { continue };
        if found == lower || found == upper {
            return Ok((scheme, rest));
        }
        if found.eq_ignore_ascii_case(lower) {
            return Err(Malformed::MixedCaseScheme);
        }
    }
    Err(Malformed::Scheme)
}

fn origin(scheme: Scheme, authority: &str) -> Result<Origin, Malformed> {
    if authority.contains('@') {
        return Err(Malformed::Userinfo);
    }
    if !authority.is_ascii() {
        return Err(Malformed::HostNotAscii { punycode: punycode::host_to_ascii(&authority.to_lowercase()) });
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if host.ends_with('.') {
        return Err(Malformed::TrailingDot);
    }
    let default_port = match scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
    };
    if port.is_some_and(|port| port.parse() == Ok(default_port)) {
        return Err(Malformed::DefaultPort(default_port));
    }
    let origin = Origin::parse(&authority.to_ascii_lowercase()).map_err(Malformed::Host)?;
    if scheme == Scheme::Http && !origin.is_loopback() {
        return Err(Malformed::PlainHttp);
    }
    Ok(origin)
}

/// Characters of a path, by their ASCII code (RFC 3986 §3.3).
const ALLOWED: [bool; 128] = {
    let (mut allowed, mut code) = ([false; 128], 0);
    while code < 128 {
        allowed[code as usize] = matches!(code, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z')
            || matches!(code, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+')
            || matches!(code, b',' | b';' | b'=' | b':' | b'@' | b'/' | b'%');
        code += 1;
    }
    allowed
};

/// The path without its first slash; `path_at` is where it begins in the text, for the message.
fn checked(path: &str, path_at: usize) -> Result<&str, Malformed> {
    if !path.bytes().all(|byte| ALLOWED.get(usize::from(byte)) == Some(&true)) {
        let forbidden = |&(_, c): &(usize, char)| ALLOWED.get(c as usize) != Some(&true);
        let (at, character) = path.char_indices().find(forbidden).unwrap_or_default();
        return Err(Malformed::ForbiddenCharacter { character, position: path_at + at });
    }
    let path = path.strip_prefix('/').filter(|path| !path.is_empty()).ok_or(Malformed::NoPath)?;
    if path.ends_with('/') {
        return Err(Malformed::TrailingSlash);
    }
    if path.split('/').any(str::is_empty) {
        return Err(Malformed::EmptySegment);
    }
    if path.split('/').any(is_dot_segment) {
        return Err(Malformed::DotSegment);
    }
    Ok(path)
}

/// `.` or `..`, each dot plain or as `%2E` (WHATWG URL §4.1).
fn is_dot_segment(segment: &str) -> bool {
    let mut rest = segment;
    for dots in 0..=2 {
        if rest.is_empty() {
            return dots > 0;
        }
        let next = rest.strip_prefix('.').or_else(|| rest.strip_prefix("%2E")).or_else(|| rest.strip_prefix("%2e"));
        let Some(next) = next else { return false };
        rest = next;
    }
    false
}
