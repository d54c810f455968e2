//! Where labels come from: arguments, lists, standard input, pictures.

use std::io::Read;

use crate::failure::Failure;
use crate::photo;

/// Largest file or standard input; a larger picture is refused unread.
const MAX_SIZE: u64 = 64 << 20;
/// Most labels that one command judges.
pub(crate) const MAX_LABELS: usize = 10_000;
/// The longest text that is kept of one label: longer ones are malformed anyway.
const MAX_TEXT: usize = label::MAX_LABEL_LEN + 1;

/// A text that should be a label, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    /// File and line, or empty for an argument.
    pub(crate) place: String,
    /// The text, cut where no label is that long.
    pub(crate) text: String,
}

/// What an argument holds.
pub(crate) enum Content {
    /// A label typed as an argument.
    Argument(String),
    /// A PNG or JPEG.
    Picture(Vec<u8>),
    /// Anything else.
    Bytes(Vec<u8>),
}

/// Reads an argument: a label, or a file, or standard input.
pub(crate) fn content(argument: &str) -> Result<Content, Failure> {
    if trimmed(argument).is_empty() {
        return Err(Failure::new("an input is empty")
            .hint("an argument is a label (https://…), a file, or - for standard input"));
    }
    if argument == "-" {
        return classify(read_bounded(std::io::stdin().lock(), "standard input")?);
    }
    // A label is no path: `https://…` names nothing on a disk.
    if argument.contains("://") {
        return Ok(Content::Argument(trimmed(argument).to_owned()));
    }
    let failed = |error: std::io::Error| {
        Failure::new(format!("cannot read {argument}: {error}"))
            .hint("an argument is a label (https://…), a file, or - for standard input")
    };
    let file = std::fs::File::open(argument).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Failure::new(format!("{argument} is a folder")).hint(format!("name its files: {argument}/*.png")));
    }
    classify(read_bounded(file, argument)?)
}

/// The labels of all arguments, in order, and why others cannot be read. One bad picture does not keep the rest from being judged.
///
/// # Errors
/// Where there is nothing to judge and nothing else is wrong, or more than is judged at once.
pub(crate) fn labels(arguments: &[String]) -> Result<(Vec<Input>, Vec<Failure>), Failure> {
    let (mut inputs, mut failures) = (Vec::new(), Vec::new());
    for argument in arguments {
        match labels_of(argument) {
            Ok(found) => inputs.extend(found),
            Err(failure) => failures.push(failure),
        }
        if inputs.len() > MAX_LABELS {
            return Err(Failure::new(format!("more than {MAX_LABELS} labels")).hint("split the list"));
        }
    }
    if inputs.is_empty() && failures.is_empty() {
        return Err(Failure::new("there is no label in the input").hint("give a label, a picture or a list"));
    }
    Ok((inputs, failures))
}

fn labels_of(argument: &str) -> Result<Vec<Input>, Failure> {
    let place = if argument == "-" { "standard input" } else { argument };
    match content(argument)? {
        Content::Argument(text) => Ok(vec![Input { place: String::new(), text: cut(&text) }]),
        Content::Picture(bytes) => {
            let texts = photo::read(&bytes).map_err(|error| picture_failure(place, &error))?;
            Ok(texts.iter().map(|text| Input { place: place.to_owned(), text: cut(text) }).collect())
        }
        Content::Bytes(bytes) => lines(place, &bytes),
    }
}

pub(crate) fn picture_failure(place: &str, error: &photo::PhotoError) -> Failure {
    Failure::new(format!("{place}: {error} ({})", error.code()))
        .hint(format!("{}; or type the label's address", error.hint()))
}

fn classify(bytes: Vec<u8>) -> Result<Content, Failure> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    const JPEG: &[u8] = b"\xff\xd8\xff";
    let is_picture = bytes.starts_with(PNG) || bytes.starts_with(JPEG);
    Ok(if is_picture { Content::Picture(bytes) } else { Content::Bytes(bytes) })
}

fn read_bounded(source: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    source
        .take(MAX_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(Failure::new(format!("{name} is larger than {MAX_SIZE} bytes")));
    }
    Ok(bytes)
}

/// A label a line; empty lines are passed over, a byte order mark too. Of more than are judged, one is enough to refuse them.
fn lines(place: &str, bytes: &[u8]) -> Result<Vec<Input>, Failure> {
    let bytes = without_mark(bytes);
    if is_utf_16(bytes) {
        return Err(Failure::new(format!("{place} is UTF-16, expected UTF-8")).hint("save the list as UTF-8"));
    }
    if bytes.contains(&0) {
        return Err(Failure::new(format!("{place} is neither text nor a PNG or JPEG picture (not_a_picture)"))
            .hint("convert the picture to PNG or JPEG"));
    }
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).take(MAX_LABELS + 1);
    Ok(lines.map(|(n, line)| Input { place: format!("{place}:{}", n + 1), text: cut(line.trim()) }).collect())
}

/// Bytes without the byte order mark that some editors put before UTF-8.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What is left of a label that was copied with blanks around it, or with a byte order mark.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// A byte order mark of UTF-16, or links in it without one: every second byte of ASCII is zero.
pub(crate) fn is_utf_16(bytes: &[u8]) -> bool {
    const SAMPLE: usize = 64;
    let zeros = |odd: usize| {
        let half = bytes.iter().take(SAMPLE).skip(odd).step_by(2);
        half.len() > 1 && half.into_iter().all(|byte| *byte == 0)
    };
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || zeros(0) != zeros(1)
}

fn cut(text: &str) -> String {
    let end = (0..=MAX_TEXT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_name_their_lines_and_skip_empty_ones() {
        let inputs = lines("list", b"\xef\xbb\xbfa\r\n\n b \n").unwrap();
        let places: Vec<_> = inputs.iter().map(|input| (input.place.as_str(), input.text.as_str())).collect();
        assert_eq!(places, [("list:1", "a"), ("list:3", "b")]);
    }

    #[test]
    fn nothing_missing_and_foreign_input_are_failures() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("empty"), "\n \n").unwrap();
        std::fs::write(path("zip"), "PK\x03\x04\0\0").unwrap();
        std::fs::write(path("torn.png"), b"\x89PNG\r\n\x1a\nxx").unwrap();
        for (argument, text) in [
            (path("empty"), "no label"),
            (path("zip"), "neither text"),
            (path("torn.png"), "torn.png"),
            (path("missing"), "cannot read"),
            (folder.path().display().to_string(), "is a folder"),
            (String::new(), "is empty"),
            (" \u{feff}".into(), "is empty"),
        ] {
            let failure = match labels(std::slice::from_ref(&argument)) {
                Ok((inputs, mut failures)) if inputs.is_empty() => failures.remove(0),
                Ok(_) => panic!("{argument} is read"),
                Err(failure) => failure,
            };
            assert!(failure.text().contains(text), "{argument}: {}", failure.text());
        }
    }

    #[test]
    fn what_cannot_be_read_keeps_nothing_else_from_being_judged() {
        let arguments = ["https://a.example/x", "missing.png", " \u{feff}HTTP://B.EXAMPLE/Y \n"].map(ToOwned::to_owned);
        let (inputs, failures) = labels(&arguments).unwrap();
        let texts: Vec<_> = inputs.iter().map(|input| input.text.as_str()).collect();
        assert_eq!(texts, ["https://a.example/x", "HTTP://B.EXAMPLE/Y"]);
        assert_eq!(failures.len(), 1);
        assert!(failures[0].text().starts_with("cannot read missing.png"));
    }

    #[test]
    fn a_list_without_end_is_read_as_far_as_it_is_refused() {
        assert_eq!(lines("list", &b"x\n".repeat(1 << 20)).unwrap().len(), MAX_LABELS + 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        std::fs::write(&path, "x\n".repeat(MAX_LABELS + 1)).unwrap();
        assert!(labels(&[path.display().to_string()]).unwrap_err().text().starts_with("more than 10000"));
    }

    #[test]
    fn a_list_in_utf_16_is_told_from_a_foreign_file() {
        let utf_16 = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("{mark}https://a.example/x\n").encode_utf16().flat_map(bytes).collect()
        };
        for mark in ["", "\u{feff}"] {
            for bytes in [utf_16(mark, u16::to_le_bytes), utf_16(mark, u16::to_be_bytes)] {
                assert!(lines("list", &bytes).unwrap_err().text().contains("UTF-16, expected UTF-8"));
            }
        }
        assert!(lines("zeros", &[0; 64]).unwrap_err().text().contains("neither text"));
    }

    #[test]
    fn a_picture_that_is_no_good_says_what_would_be() {
        for (error, hint) in [
            (photo::PhotoError::Damaged { what: "x".into() }, "copy it again"),
            (photo::PhotoError::TooLarge { unit: "pixels", found: 2, limit: 1 }, "save it smaller"),
            (photo::PhotoError::NoCodeFound, "take it again"),
        ] {
            assert!(picture_failure("a.png", &error).hint_text().contains(hint), "{error}");
        }
        const HEAD: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0";
        for (bytes, why) in [
            (HEAD.to_vec(), "it ends before its image does"),
            ([HEAD, b"crc? and a chunk"].concat(), "its bytes are not those of a picture"),
        ] {
            let failure = picture_failure("a.png", &photo::read(&bytes).unwrap_err());
            assert_eq!(failure.text(), format!("a.png: the picture is damaged: {why} (picture_damaged)"));
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert!(cut(&"é".repeat(5000)).len() <= MAX_TEXT);
        assert!(label::Label::parse(&cut(&"x".repeat(1 << 20))).is_err());
    }
}
