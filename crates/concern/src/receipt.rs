//! The receipt code: how a sender without a name asks later what became of a concern.

use alloc::string::String;
use core::fmt;

use primitives::{Hash, crockford};
use zeroize::Zeroize as _;

const CHARACTERS: usize = 16;
const GROUP: usize = 4;

/// 80 random bits, shown as sixteen characters in groups of four. Whoever has them sees the status, so it is wiped when dropped, and
/// not printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u8; CHARACTERS]);

impl Receipt {
    /// The code of these random bytes.
    pub fn new(random: [u8; 10]) -> Self {
        let mut bits = [0; 16];
        bits[6..].copy_from_slice(&random);
        let number = u128::from_be_bytes(bits);
        let mut characters = [0; CHARACTERS];
        for (place, character) in characters.iter_mut().rev().enumerate() {
            *character = symbol(u8::try_from((number >> (5 * place)) & 31).unwrap_or_default());
        }
        Self(characters)
    }

    /// Reads what somebody typed: case, spaces and dashes do not matter, O is 0, I and L are 1.
    pub fn parse(text: &str) -> Option<Self> {
        let is_gap = |character: char| character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}');
        let mut typed = text.chars().filter(|character| !is_gap(*character));
        let mut characters = [0; CHARACTERS];
        for character in &mut characters {
            // No symbol of a check stands in a code.
            *character = symbol(crockford::value(typed.next()?).filter(|value| *value < 32)?);
        }
        typed.next().is_none().then_some(Self(characters))
    }

    /// What a registry keeps of it.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }

    /// The code in groups, as it is shown.
    pub fn grouped(&self) -> String {
        let characters = self.0.iter().map(|character| char::from(*character)).enumerate();
        characters.fold(String::with_capacity(CHARACTERS + 3), |mut text, (at, character)| {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(character);
            text
        })
    }
}

/// All symbols are ASCII.
fn symbol(value: u8) -> u8 {
    crockford::symbol(value).and_then(|symbol| u8::try_from(symbol).ok()).unwrap_or_default()
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt(…)")
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_code_is_crockford_s() {
        assert_eq!(Receipt::new([0; 10]).grouped(), "0000-0000-0000-0000");
        assert_eq!(Receipt::new([0xff; 10]).grouped(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        // 0b00001_00010_00011_00100 …: each character counts five bits, from the left.
        assert_eq!(
            Receipt::new([0x08, 0x86, 0x42, 0x98, 0xe8, 0x4a, 0x96, 0xc6, 0xb9, 0xf0]).grouped(),
            "1234-5678-9ABC-DEFG"
        );
        assert_eq!(alloc::format!("{:?}", Receipt::new([1; 10])), "Receipt(…)");
    }

    #[test]
    fn a_slip_of_the_pen_is_forgiven() {
        let code = Receipt::parse("0110-ABCD-EFGH-JKMN").unwrap();
        for same in ["oil0abcdefghjkmn", " O1 I0 – ABCD EFGH JKMN\n", "0LLO-abcd—EFGH-jkmn"] {
            assert_eq!(Receipt::parse(same), Some(code.clone()), "{same}");
        }
        assert_eq!(code.hash(), Hash::of(b"0110ABCDEFGHJKMN"));
        for other in ["", "0110-ABCD-EFGH-JKM", "0110-ABCD-EFGH-JKMN0", "0110-ABCU-EFGH-JKMN", "0110-ABCD-EFGH-JKMé"] {
            assert_eq!(Receipt::parse(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(random: [u8; 10]) {
            let receipt = Receipt::new(random);
            prop_assert_eq!(Receipt::parse(&receipt.grouped()), Some(receipt));
        }
    }
}
