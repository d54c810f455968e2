//! Crockford's base32 (<https://www.crockford.com/base32.html>), symbol by symbol: for what people type.

/// Values 0 to 36: no I, L and O, which are mistaken for digits, and no U but as the last. From 32 on, symbols are for checks only.
const SYMBOLS: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/// The symbol of a value below 37; `None` of a greater one.
pub fn symbol(value: u8) -> Option<char> {
    SYMBOLS.get(usize::from(value)).map(|&symbol| char::from(symbol))
}

/// The value of what somebody typed: case does not matter, O is 0, I and L are 1.
pub fn value(typed: char) -> Option<u8> {
    let meant = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = SYMBOLS.iter().position(|&symbol| char::from(symbol) == meant)?;
    u8::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_symbol_has_its_value_and_what_looks_like_it_too() {
        for number in 0..37 {
            let shown = symbol(number).unwrap();
            assert_eq!((value(shown), value(shown.to_ascii_lowercase())), (Some(number), Some(number)));
        }
        assert_eq!((value('o'), value('I'), value('l')), (Some(0), Some(1), Some(1)));
        assert_eq!((symbol(37), value('é'), value('-'), value(' ')), (None, None, None, None));
    }
}
