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
    if argument == "-" {
        return classify(read_bounded(std::io::stdin().lock(), "standard input")?);
    }
    // A label is no path: `https://…` names nothing on a disk.
    if argument.contains("://") {
        return Ok(Content::Argument(argument.to_owned()));
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

/// The labels of all arguments, in order.
pub(crate) fn labels(arguments: &[String]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    for argument in arguments {
        let place = if argument == "-" { "standard input" } else { argument };
        match content(argument)? {
            Content::Argument(text) => inputs.push(Input { place: String::new(), text: cut(&text) }),
            Content::Picture(bytes) => {
                let texts = photo::read(&bytes).map_err(|error| picture_failure(place, &error))?;
                inputs.extend(texts.iter().map(|text| Input { place: place.to_owned(), text: cut(text) }));
            }
            Content::Bytes(bytes) => inputs.extend(lines(place, &bytes)?),
        }
        if inputs.len() > MAX_LABELS {
            return Err(Failure::new(format!("more than {MAX_LABELS} labels")).hint("split the list"));
        }
    }
    if inputs.is_empty() {
        return Err(Failure::new("there is no label in the input").hint("give a label, a picture or a list"));
    }
    Ok(inputs)
}

pub(crate) fn picture_failure(place: &str, error: &photo::PhotoError) -> Failure {
    Failure::new(format!("{place}: {error} ({})", error.code()))
        .hint("take the picture closer, flat and in even light; or type the label's address")
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

/// A label a line; empty lines are passed over, a byte order mark too.
fn lines(place: &str, bytes: &[u8]) -> Result<Vec<Input>, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Failure::new(format!("{place} is neither text nor a PNG or JPEG picture (not_a_picture)"))
            .hint("convert the picture to PNG or JPEG"));
    }
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(lines.map(|(n, line)| Input { place: format!("{place}:{}", n + 1), text: cut(line.trim()) }).collect())
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
        ] {
            let failure = labels(std::slice::from_ref(&argument)).unwrap_err();
            assert!(failure.text().contains(text), "{argument}: {}", failure.text());
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert!(cut(&"é".repeat(5000)).len() <= MAX_TEXT);
        assert!(label::Label::parse(&cut(&"x".repeat(1 << 20))).is_err());
    }
}
