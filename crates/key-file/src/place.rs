//! Where a secret key is: in a file, or in a token.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use key_token::{TokenUri, UriError};

/// A file's path, or a PKCS#11 URI. A file whose name begins with `pkcs11:` is written `./pkcs11:…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// A key file.
    File(PathBuf),
    /// A key in a token.
    Token(Box<TokenUri>),
}

impl KeyPlace {
    /// Reads an argument.
    ///
    /// # Errors
    /// [`UriError`] where it means to be a URI; every other text is a path.
    pub fn parse(text: &OsStr) -> Result<Self, UriError> {
        match text.to_str() {
            Some(uri) if TokenUri::is_meant(uri) => TokenUri::parse(uri).map(|uri| Self::Token(Box::new(uri))),
            Some(_) | None => Ok(Self::File(text.into())),
        }
    }

    /// The file; nothing for a key in a token.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Token(_) => None,
        }
    }

    /// Where the public half lies if nobody says otherwise: beside a file, and for a token in this folder, under the key's label; both
    /// with the ending `.jwk`. Nothing where a label is no file's name.
    pub fn public_path(&self) -> Option<PathBuf> {
        match self {
            Self::File(path) => Some(path.with_extension("jwk")),
            Self::Token(uri) => {
                let label = uri.object()?;
                let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
                let is_file = label.chars().all(is_name) && !label.starts_with(['.', '-', ' ']);
                is_file.then(|| PathBuf::from(format!("{label}.jwk")))
            }
        }
    }

    /// The parser for a command's argument. Unlike any that returns an error for clap to show, it never repeats the argument: there may be
    /// a PIN in it.
    pub fn parser() -> impl TypedValueParser<Value = Self> {
        Parser
    }
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Token(uri) => uri.fmt(f),
        }
    }
}

impl From<PathBuf> for KeyPlace {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

#[derive(Debug, Clone)]
struct Parser;

impl TypedValueParser for Parser {
    type Value = KeyPlace;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<KeyPlace, clap::Error> {
        if value.is_empty() {
            return Err(clap::Error::raw(ErrorKind::InvalidValue, "the key's path is empty\n").with_cmd(command));
        }
        KeyPlace::parse(value).map_err(|error| {
            let hint = error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
            clap::Error::raw(ErrorKind::ValueValidation, format!("{error}{hint}\n")).with_cmd(command)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> KeyPlace {
        KeyPlace::parse(OsStr::new(text)).expect("a place")
    }

    #[test]
    fn what_begins_like_a_uri_is_one_and_all_else_is_a_path() {
        assert_eq!(place("certifier.key"), KeyPlace::File("certifier.key".into()));
        assert_eq!(place("./pkcs11:a").file(), Some(Path::new("./pkcs11:a")));
        assert!(matches!(place("PKCS11:token=a"), KeyPlace::Token(_)));
        assert!(KeyPlace::parse(OsStr::new("pkcs11:a")).is_err());
    }

    #[test]
    fn the_public_half_has_a_place() {
        for (text, expected) in [
            ("keys/certifier.key", Some("keys/certifier.jwk")),
            ("pkcs11:token=a;object=Himal%20key", Some("Himal key.jwk")),
            ("pkcs11:token=a;id=%01", None),
            ("pkcs11:object=..%2Fa", None),
            ("pkcs11:object=.a", None),
        ] {
            assert_eq!(place(text).public_path(), expected.map(PathBuf::from), "{text}");
        }
    }
}
