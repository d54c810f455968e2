//! Passphrases: what they must be, and where they may come from.
//!
//! Never an argument and never an environment variable: both are shown to other processes, and the first stays in the
//! shell's history. A terminal, a file or an inherited descriptor is what is left.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Deref;
use std::path::{Path, PathBuf};

#[cfg(feature = "pkcs11")]
use key_token::{PinRequest, TokenUri};
use zeroize::Zeroizing;

#[cfg(feature = "pkcs11")]
use crate::KeyFileError;

/// The fewest characters of a passphrase for a new key.
pub const MIN_PASSPHRASE_CHARACTERS: usize = 8;
/// The most bytes of a passphrase.
pub const MAX_PASSPHRASE_BYTES: usize = 1_024;

/// A passphrase for a key file that exists. Wiped when dropped, never printed.
pub struct Passphrase(Zeroizing<String>);

/// A passphrase that may protect a new key: long enough, and typeable wherever it will be needed.
#[derive(Debug)]
pub struct NewPassphrase(Passphrase);

/// What is wrong with a passphrase or the place it should come from.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// Nothing was entered.
    #[error("the passphrase is empty")]
    Empty,
    /// Too short for a new key.
    #[error("the passphrase has {found} characters, at least {MIN_PASSPHRASE_CHARACTERS} are needed")]
    TooShort {
        /// How many it has.
        found: usize,
    },
    /// Longer than [`MAX_PASSPHRASE_BYTES`].
    #[error("the passphrase has more than {MAX_PASSPHRASE_BYTES} bytes")]
    TooLong,
    /// A control character, which OpenSSL or a terminal would not pass on as it is.
    #[error("the passphrase has a control character")]
    Unprintable,
    /// The two entries differ.
    #[error("the two passphrases differ")]
    Differ,
    /// There is no terminal to ask on.
    #[error("no terminal to ask for the passphrase on: {0}")]
    NoTerminal(io::Error),
    /// The file or descriptor cannot be read.
    #[error("cannot read the passphrase from {from}: {source}")]
    Unreadable {
        /// The file or descriptor.
        from: String,
        /// The system's reason.
        source: io::Error,
    },
}

impl PassphraseError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "passphrase_empty",
            Self::TooShort { .. } => "passphrase_too_short",
            Self::TooLong => "passphrase_too_long",
            Self::Unprintable => "passphrase_unprintable",
            Self::Differ => "passphrases_differ",
            Self::NoTerminal(_) => "passphrase_no_terminal",
            Self::Unreadable { .. } => "passphrase_unreadable",
        }
    }

    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::TooShort { .. } => {
                Some("four or more words that belong to no sentence are easy to keep")
            }
            Self::NoTerminal(_) => Some("say --passphrase-file PATH or --passphrase-fd N"),
            Self::TooLong | Self::Unprintable | Self::Differ | Self::Unreadable { .. } => None,
        }
    }
}

impl Passphrase {
    /// Takes a passphrase as entered.
    ///
    /// # Errors
    ///
    /// [`PassphraseError::Empty`], [`PassphraseError::TooLong`].
    pub fn new(text: String) -> Result<Self, PassphraseError> {
        let text = Zeroizing::new(text);
        match text.len() {
            0 => Err(PassphraseError::Empty),
            1..=MAX_PASSPHRASE_BYTES => Ok(Self(text)),
            _ => Err(PassphraseError::TooLong),
        }
    }

    /// The passphrase itself, for what else is opened by one.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl NewPassphrase {
    /// Takes a passphrase for a new key.
    ///
    /// # Errors
    ///
    /// Those of [`Passphrase::new`], [`PassphraseError::TooShort`], [`PassphraseError::Unprintable`].
    pub fn new(text: String) -> Result<Self, PassphraseError> {
        let passphrase = Passphrase::new(text)?;
        let found = passphrase.0.chars().count();
        if found < MIN_PASSPHRASE_CHARACTERS {
            return Err(PassphraseError::TooShort { found });
        }
        if passphrase.0.chars().any(char::is_control) {
            return Err(PassphraseError::Unprintable);
        }
        Ok(Self(passphrase))
    }
}

impl Deref for NewPassphrase {
    type Target = Passphrase;
    fn deref(&self) -> &Passphrase {
        &self.0
    }
}

/// Where the passphrase comes from: the terminal unless one of the flags says otherwise.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PassphraseSource {
    /// Read the key's passphrase or PIN from the first line of this file
    #[arg(long, value_name = "PATH", conflicts_with = "passphrase_fd")]
    pub passphrase_file: Option<PathBuf>,
    /// Read the key's passphrase or PIN from this open file descriptor
    #[arg(long, value_name = "N")]
    pub passphrase_fd: Option<u32>,
}

impl PassphraseSource {
    /// Whether the terminal is asked.
    pub fn asks(&self) -> bool {
        self.passphrase_file.is_none() && self.passphrase_fd.is_none()
    }

    /// The passphrase of an existing key; `of` names it in the prompt.
    ///
    /// # Errors
    ///
    /// [`PassphraseError`].
    pub fn existing(&self, of: &str) -> Result<Passphrase, PassphraseError> {
        match self.written()? {
            Some(line) => Passphrase::new(line),
            None => Passphrase::new(ask(&format!("Passphrase for {of}: "))?),
        }
    }

    /// The PIN of a token, where the token asks for one.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::TwoPins`], [`KeyFileError::Passphrase`].
    #[cfg(feature = "pkcs11")]
    pub(crate) fn pin(&self, uri: &TokenUri, request: &PinRequest<'_>) -> Result<Zeroizing<String>, KeyFileError> {
        let pin = match (uri.pin_source(), self.asks()) {
            (Some(_), false) => return Err(KeyFileError::TwoPins),
            (Some(path), true) => Passphrase::new(first_line(path, path.display().to_string())?)?,
            (None, _) => {
                // The token's own word for itself, on a terminal.
                let token: String = request.token.chars().filter(|c| !c.is_control()).collect();
                let last = if request.last_try { " (the last try before it locks)" } else { "" };
                match self.written()? {
                    Some(line) => Passphrase::new(line)?,
                    None => Passphrase::new(ask(&format!("PIN for token {token}{last}: "))?)?,
                }
            }
        };
        Ok(pin.0)
    }

    /// The passphrase of a key to be made; a terminal is asked twice.
    ///
    /// # Errors
    ///
    /// [`PassphraseError`].
    pub fn new_key(&self, of: &str) -> Result<NewPassphrase, PassphraseError> {
        match self.written()? {
            Some(line) => NewPassphrase::new(line),
            None => twice(of, ask),
        }
    }

    /// The line in the file or behind the descriptor that was named, if one was.
    fn written(&self) -> Result<Option<String>, PassphraseError> {
        if let Some(path) = &self.passphrase_file {
            return first_line(path, path.display().to_string()).map(Some);
        }
        // `/dev/fd` gives a descriptor to safe code; taking the number as it is would be `unsafe` (it may be in use).
        self.passphrase_fd
            .map(|number| first_line(Path::new(&format!("/dev/fd/{number}")), format!("descriptor {number}")))
            .transpose()
    }
}

fn twice(
    of: &str,
    mut ask: impl FnMut(&str) -> Result<String, PassphraseError>,
) -> Result<NewPassphrase, PassphraseError> {
    let first = NewPassphrase::new(ask(&format!("New passphrase for {of}: "))?)?;
    let second = Zeroizing::new(ask("The same again: ")?);
    if *first.0.0 == *second { Ok(first) } else { Err(PassphraseError::Differ) }
}

fn ask(prompt: &str) -> Result<String, PassphraseError> {
    rpassword::prompt_password(prompt).map_err(PassphraseError::NoTerminal)
}

/// The bytes up to the first line feed, without a carriage return before it. No more is read than a passphrase needs.
fn first_line(path: &Path, from: String) -> Result<String, PassphraseError> {
    let unreadable = |source| PassphraseError::Unreadable { from: from.clone(), source };
    // With the whole capacity at hand the buffer never moves, and so leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_PASSPHRASE_BYTES + 3));
    let limit = bytes.capacity() as u64 - 1;
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(unreadable)?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok(line) => Ok(line.to_owned()),
        Err(error) => Err(unreadable(io::Error::new(io::ErrorKind::InvalidData, error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: fmt::Debug>(result: Result<T, PassphraseError>) -> &'static str {
        result.expect_err("this passphrase is refused").code()
    }

    #[test]
    fn a_new_passphrase_has_eight_printable_characters() {
        assert_eq!(code(NewPassphrase::new(String::new())), "passphrase_empty");
        assert_eq!(code(NewPassphrase::new("1234567".to_owned())), "passphrase_too_short");
        assert_eq!(code(NewPassphrase::new("żółćżółć\u{7}".to_owned())), "passphrase_unprintable");
        assert_eq!(code(NewPassphrase::new("x".repeat(MAX_PASSPHRASE_BYTES + 1))), "passphrase_too_long");
        assert!(NewPassphrase::new("żółćżółć".to_owned()).is_ok(), "characters, not bytes");
    }

    #[test]
    fn an_existing_passphrase_is_whatever_the_file_was_made_with() {
        assert!(Passphrase::new("1".to_owned()).is_ok());
        assert_eq!(code(Passphrase::new(String::new())), "passphrase_empty");
    }

    #[test]
    fn a_terminal_is_asked_twice() {
        let answers = |second: &'static str| {
            let mut answers = ["correct horse", second].into_iter();
            move |_: &str| Ok(answers.next().expect("two questions").to_owned())
        };
        assert!(twice("k.pem", answers("correct horse")).is_ok());
        assert_eq!(code(twice("k.pem", answers("correct hose"))), "passphrases_differ");
    }

    #[test]
    fn a_file_gives_its_first_line() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("passphrase");
        let source = PassphraseSource { passphrase_file: Some(path.clone()), passphrase_fd: None };
        for (bytes, expected) in [
            (&b"correct horse"[..], Ok("correct horse")),
            (b"correct horse\nsecond line\n", Ok("correct horse")),
            (b"correct horse\r\n", Ok("correct horse")),
            (b"  spaces stay  \n", Ok("  spaces stay  ")),
            (b"\ncorrect horse\n", Err("passphrase_empty")),
            (b"", Err("passphrase_empty")),
            (b"correct \xff horse\n", Err("passphrase_unreadable")),
            (&[b'x'; 5_000], Err("passphrase_too_long")),
        ] {
            std::fs::write(&path, bytes).expect("a temporary file");
            let read = source.existing("k.pem");
            let read = read.as_ref().map(|passphrase| passphrase.0.as_str()).map_err(PassphraseError::code);
            assert_eq!(read, expected, "{:?}", bytes.escape_ascii().to_string());
        }
        std::fs::remove_file(&path).expect("it is there");
        assert_eq!(code(source.new_key("k.pem")), "passphrase_unreadable");
    }

    #[cfg(unix)]
    #[test]
    fn a_descriptor_gives_its_first_line() {
        use std::io::{Seek as _, Write as _};
        use std::os::fd::AsRawFd as _;

        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(b"correct horse\n").and_then(|()| file.rewind()).expect("it takes bytes");
        let number = u32::try_from(file.as_raw_fd()).expect("an open descriptor is not negative");
        let source = PassphraseSource { passphrase_file: None, passphrase_fd: Some(number) };
        assert_eq!(source.existing("k.pem").expect("one line").0.as_str(), "correct horse");
        let closed = PassphraseSource { passphrase_file: None, passphrase_fd: Some(u32::MAX) };
        assert_eq!(code(closed.existing("k.pem")), "passphrase_unreadable");
    }

    #[test]
    fn nothing_prints_it() {
        let passphrase = NewPassphrase::new("correct horse".to_owned()).expect("long enough");
        assert_eq!(format!("{passphrase:?}"), "NewPassphrase(Passphrase(…))");
    }
}
