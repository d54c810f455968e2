//! Text that may stand in a statement: what people read must be what was signed.
//!
//! Control characters act on terminals, bidi characters reorder what is seen, invisible ones make two names look alike.
//! They are refused in every string of a token, member names too.

/// Whether a character may stand in a statement.
pub(crate) fn is_allowed(character: char) -> bool {
    !matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'   // C0, DEL, C1
        | '\u{ad}'                              // soft hyphen
        | '\u{61c}'                             // Arabic letter mark
        | '\u{200b}' | '\u{200e}' | '\u{200f}'  // zero-width space, left-to-right and right-to-left marks
        | '\u{2028}'..='\u{202e}'               // line and paragraph separators, bidi embeddings and overrides
        | '\u{2060}'..='\u{206f}'               // word joiner, invisible operators, bidi isolates, deprecated controls
        | '\u{feff}'                            // byte order mark
        | '\u{fff9}'..='\u{fffb}'               // interlinear annotation
        | '\u{e0000}'..='\u{e007f}'             // tags: whole sentences that nobody sees
    ) && !is_noncharacter(character)
}

/// Unicode §23.7: code points that never name a character.
fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

/// The first characters of an outside text, for an error message; printed with `{:?}`, which escapes.
pub(crate) fn excerpt(text: &str) -> alloc::string::String {
    const SHOWN: usize = 48;
    let mut out: alloc::string::String = text.chars().take(SHOWN).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_refused() {
        for code in [
            0, 0x0a, 0x1b, 0x1f, 0x7f, 0x80, 0x9f, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e,
            0x2060, 0x2066, 0x2069, 0x206f, 0xfeff, 0xfffb, 0xfdd0, 0xfffe, 0xffff, 0x1_ffff, 0x10_ffff, 0xe_0001,
            0xe_007f,
        ] {
            assert!(!is_allowed(char::from_u32(code).unwrap()), "U+{code:04X}");
        }
    }

    #[test]
    fn the_worlds_scripts_are_not() {
        // The joiners are part of how Persian, Nepali and Sinhala are written.
        for text in
            ["Maison d’Été", "नेपाली\u{200d}", "می\u{200c}خواهم", "日本語", "العربية", "a\u{301}", "👩", "\u{a0}"]
        {
            assert!(text.chars().all(is_allowed), "{text}");
        }
    }

    #[test]
    fn excerpts_are_short() {
        assert_eq!(excerpt("short"), "short");
        assert_eq!(excerpt(&"ü".repeat(100)).chars().count(), 49);
    }
}
