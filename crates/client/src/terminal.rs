//! Text from outside, made harmless for a terminal.
//!
//! An escape sequence in a product's name could colour a refusal green or erase it; a bidi override could turn a name
//! round. Both are shown as what they are.

use std::fmt::Write as _;

/// The text with every control, bidi and other invisible formatting character written as `\u{…}`.
///
/// ```
/// assert_eq!(client::terminal::clean("\u{1b}[32mok"), r"\u{1b}[32mok");
/// ```
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
        } else {
            clean.push(c);
        }
    }
    clean
}

/// A JSON document with the same characters as `\uXXXX`: still the same value, and harmless where it is shown.
///
/// ```
/// assert_eq!(client::terminal::clean_json("\"a\u{202e}b\""), r#""a\u202eb""#);
/// ```
pub fn clean_json(document: &str) -> String {
    let mut clean = String::with_capacity(document.len());
    for c in document.chars() {
        // Outside of strings there are line feeds; inside of them, the serialiser has escaped C0.
        if c == '\u{7f}' || (is_harmful(c) && !c.is_ascii_control()) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(clean, "\\u{unit:04x}");
            }
        } else {
            clean.push(c);
        }
    }
    clean
}

/// Controls (C0, DEL, C1), line and paragraph separators, bidi marks and overrides, zero-width characters, tags.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_document_keeps_its_value() {
        let value = serde_json::json!({"a\u{9b}": ["\u{7f}\u{202e}\u{feff}", "\u{e0041}काठमाडौं\n\u{1b}"]});
        let clean = clean_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(clean.chars().all(|c| c == '\n' || !is_harmful(c)), "{clean}");
        assert!(clean.contains(r"\udb40\udc41"), "{clean}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&clean).unwrap(), value);
    }

    #[test]
    fn what_moves_the_cursor_or_turns_text_round_is_shown() {
        assert_eq!(clean("\u{1b}[32mok\u{7}\r\n"), r"\u{1b}[32mok\u{7}\u{d}\u{a}");
        assert_eq!(clean("a\u{202e}b\u{9b}31m"), r"a\u{202e}b\u{9b}31m");
        assert_eq!(clean("काठमाडौं ⟶ नेपाल"), "काठमाडौं ⟶ नेपाल");
    }
}
