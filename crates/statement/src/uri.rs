//! URIs that may stand in a statement (RFC 3986): absolute, of a scheme that readers can make sense of.

/// Longest URI in a statement, in bytes.
pub const MAX_URI: usize = 512;

/// Whether a text is a plausible absolute URI of scheme `https`, `http`, `did` or `urn`.
///
/// Only RFC 3986's characters are let through, so nothing needs escaping to be shown or linked, and `javascript:` and
/// `data:` never reach a page.
pub(crate) fn is_plausible(text: &str) -> bool {
    if text.len() > MAX_URI || !well_encoded(text.as_bytes()) {
        return false;
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    match scheme {
        "https" | "http" => rest.strip_prefix("//").is_some_and(|rest| {
            let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
            let authority = rest.as_bytes().get(..end).unwrap_or_default();
            !matches!(authority, [] | [b':' | b'.', ..]) && !authority.contains(&b'@')
        }),
        // <method or namespace>:<name>, neither of them empty
        "did" | "urn" => rest.split_once(':').is_some_and(|(space, name)| {
            !space.is_empty()
                && space.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                && !name.is_empty()
        }),
        _ => false,
    }
}

/// Whether a character stands for itself (RFC 3986 §2.2, §2.3).
const fn stands(byte: u8) -> bool {
    matches!(byte,
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9'
        | b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@'
        | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=')
}

/// RFC 3986 §2: unreserved, reserved, or a whole percent-encoding.
fn well_encoded(mut bytes: &[u8]) -> bool {
    // Most have no percent-encoding.
    if bytes.iter().copied().all(stands) {
        return true;
    }
    while let [first, rest @ ..] = bytes {
        bytes = match (first, rest) {
            (b'%', [high, low, rest @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            (b'%', _) => return false,
            _ if stands(*first) => rest,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_uris_of_four_schemes_are_read() {
        for text in [
            "https://registry.example/01/09521234543213/10/KTM-2026",
            "http://127.0.0.1:8080",
            "https://normlex.ilo.org/dyn/nrmlx_en/f?p=NORMLEXPUB:12100:0::NO::P12100_ILO_CODE:C138",
            "https://[2001:db8::1]/x#y",
            "did:web:maker.example",
            "urn:uuid:9d2c4e0a-7a53-4b7e-8d0e-3c1f5a3c9b11#lot",
            "https://a.example/%E2%82%AC",
        ] {
            assert!(is_plausible(text), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        let long = ["https://a.example/", &"a".repeat(MAX_URI)].concat();
        for text in [
            "",
            "a.example",
            "/relative",
            "//a.example",
            "HTTPS://a.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "mailto:a@b.example",
            "https:",
            "https:/a",
            "https://",
            "https:///path",
            "https://:80/",
            "https://user@a.example/",
            "https://a.example/ b",
            "https://a.example/\u{e9}",
            "https://a.example/<b>",
            "https://a.example/\"",
            "https://a.example/%",
            "https://a.example/%4",
            "https://a.example/%zz",
            "did:web",
            "did:web:",
            "urn::x",
            long.as_str(),
        ] {
            assert!(!is_plausible(text), "{text:?}");
        }
    }
}
