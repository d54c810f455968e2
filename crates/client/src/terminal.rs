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
    fn what_moves_the_cursor_or_turns_text_round_is_shown() {
        assert_eq!(clean("\u{1b}[32mok\u{7}\r\n"), r"\u{1b}[32mok\u{7}\u{d}\u{a}");
        assert_eq!(clean("a\u{202e}b\u{9b}31m"), r"a\u{202e}b\u{9b}31m");
        assert_eq!(clean("काठमाडौं ⟶ नेपाल"), "काठमाडौं ⟶ नेपाल");
    }
}
