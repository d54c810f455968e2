//! The armor of an age file (c2sp.org/age, "ASCII armor"): its bytes as text.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::base64;
use thiserror::Error;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const COLUMNS: usize = 64;

/// A text that is no armored age file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is no age file in ASCII armor")]
pub struct ArmorError;

/// The text of these bytes, with a line feed at its end.
pub fn enarmor(bytes: &[u8]) -> String {
    let text = base64::encode(bytes);
    let mut armored = String::with_capacity(text.len() + text.len() / COLUMNS + BEGIN.len() + END.len() + 4);
    armored.push_str(BEGIN);
    armored.push('\n');
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(COLUMNS));
        armored.push_str(line);
        armored.push('\n');
        rest = after;
    }
    armored.push_str(END);
    armored.push('\n');
    armored
}

/// The bytes of an armored text. White space around it is left alone, and lines may end in CRLF; nothing else may differ from what
/// [`enarmor`] writes.
///
/// # Errors
/// [`ArmorError`].
pub fn dearmor(text: &str) -> Result<Vec<u8>, ArmorError> {
    let inside = text.trim_ascii().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)).ok_or(ArmorError)?;
    let inside = inside.strip_prefix('\r').unwrap_or(inside).strip_prefix('\n').ok_or(ArmorError)?;
    let mut packed = String::with_capacity(inside.len());
    let mut was_short = false;
    for line in inside.lines() {
        if was_short || line.is_empty() || line.len() > COLUMNS {
            return Err(ArmorError);
        }
        was_short = line.len() < COLUMNS;
        packed.push_str(line);
    }
    if !inside.ends_with('\n') {
        return Err(ArmorError);
    }
    base64::decode(&packed).ok_or(ArmorError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_have_64_columns() {
        let armored = enarmor(&[7; 50]);
        let widths: Vec<usize> = armored.lines().map(str::len).collect();
        assert_eq!(widths, [34, 64, 4, 32]);
        assert_eq!(enarmor(&[7; 48]).lines().count(), 3);
    }

    #[test]
    fn what_a_browser_or_a_person_does_to_it_is_undone_and_nothing_else() {
        let armored = enarmor(&[7; 50]);
        let bytes = Ok([7; 50].to_vec());
        for same in [armored.replace('\n', "\r\n"), alloc::format!("\n \t{armored} \r\n"), armored.trim_end().into()] {
            assert_eq!(dearmor(&same), bytes, "{same:?}");
        }
        let body = armored.lines().nth(1).unwrap();
        for other in [
            String::new(),
            BEGIN.into(),
            alloc::format!("{BEGIN}{END}"),
            armored.replace("AGE", "PGP"),
            armored.replacen(BEGIN, &alloc::format!("{BEGIN}\n"), 1),
            armored.replacen(body, &alloc::format!("{body}\n"), 1),
            armored.replacen(body, &body[..60], 1),
            armored.replacen(body, &alloc::format!("{body}AAAA"), 1),
            armored.replacen(body, &body.replacen('B', " ", 1), 1),
            armored.replacen(body, &body.replacen('B', "_", 1), 1),
            alloc::format!("{armored}{armored}"),
            armored.replace("\n-----END", "-----END"),
        ] {
            assert_eq!(dearmor(&other), Err(ArmorError), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_armored_is_read_back(bytes in prop::collection::vec(any::<u8>(), 1..400)) {
            prop_assert_eq!(dearmor(&enarmor(&bytes)), Ok(bytes));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "(-----BEGIN AGE ENCRYPTED FILE-----)?\r?\n?[A-Za-z=\n]{0,80}(-----END AGE ENCRYPTED FILE-----)?") {
            let _ = dearmor(&text);
        }
    }
}
