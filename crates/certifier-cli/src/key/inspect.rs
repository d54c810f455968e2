//! `certifier key inspect`: what a key is. Nothing secret is printed, whatever is asked.

use std::path::Path;

use client::terminal::{clean, clean_json};
use key_file::{Confinement, KeyArguments, KeyFile, KeyFileError, KeyPlace, PublicDescription, PublicHalf, token};
use primitives::{PublicKey, Signer as _};
use serde_json::{Map, Value};

use super::standing;
use crate::cli::InspectOptions;
use crate::failure::Failure;
use crate::identity;
use crate::jwk::Jwk;

/// Names and values, two columns or one JSON object.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<(&'static str, String)>);

impl Found {
    pub(super) fn row(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.push((name, value.into()));
    }

    fn print(&self, json: bool) -> Result<(), Failure> {
        if json {
            let members: Map<String, Value> =
                self.0.iter().map(|(name, value)| (camel(name), value.as_str().into())).collect();
            let document = format!("{:#}", Value::Object(members));
            return crate::print(&format!("{}\n", clean_json(&document)));
        }
        self.0.iter().try_for_each(|(name, value)| crate::print(&format!("{name:<13} {}\n", clean(value))))
    }
}

/// `label key id` as JSON has it: `labelKeyId`.
fn camel(name: &str) -> String {
    let mut words = name.split(' ');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

pub(crate) fn run(options: &InspectOptions) -> Result<(), Failure> {
    let mut found = Found::default();
    let public = match &options.key {
        KeyPlace::File(path) => in_file(options, path, &mut found)?,
        KeyPlace::Token(uri) => Some(in_token(options, uri, &mut found)?),
    };
    if let Some(public) = public {
        describe(&public, &mut found);
        if options.trust.is_some() {
            standing::told(options, &public, &mut found)?;
        }
    } else if options.trust.is_some() {
        return Err(Failure::input(format!("the public half of {} is not known without its passphrase", options.key))
            .hint("--open asks for the passphrase, or --jwk FILE names the public half"));
    }
    found.print(options.json)
}

fn describe(public: &PublicKey, found: &mut Found) {
    let description = PublicDescription::of(public);
    found.row("thumbprint", description.thumbprint);
    found.row("label key id", description.label_key_id);
    found.row(
        "accreditable",
        match public.accreditable() {
            Ok(_) => "yes".to_owned(),
            Err(error) => format!("no: {error}"),
        },
    );
}

/// A secret key's file, or a public key's.
fn in_file(options: &InspectOptions, path: &Path, found: &mut Found) -> Result<Option<PublicKey>, Failure> {
    let file = match KeyFile::read(path) {
        Ok(file) => file,
        Err(KeyFileError::NotAPrivateKey { .. }) => return public_file(path, found).map(Some),
        Err(error) => return Err(identity::failure(&options.key, error)),
    };
    found.row("kind", "secret key in a file, Ed25519 in PKCS#8");
    let told = |error| identity::failure(&options.key, error);
    let encryption = file.encryption().map_err(told)?;
    let is_encrypted = encryption.is_some();
    found.row("encryption", encryption.unwrap_or_else(|| "none: whoever reads the file can sign".to_owned()));
    found.row("permissions", permissions(path));
    let beside = beside(options, found)?;
    let secret = if is_encrypted && !options.open && options.passphrase.asks() {
        None
    } else {
        let arguments = KeyArguments {
            key: options.key.clone(),
            jwk: options.jwk.clone(),
            passphrase: options.passphrase.clone(),
            allow_unencrypted_key: true,
        };
        Some(identity::unlock(&arguments)?.public_key())
    };
    agree(secret, beside, found)
}

/// A key in a token: the public half always, the secret one where a PIN is at hand.
fn in_token(options: &InspectOptions, uri: &key_file::TokenUri, found: &mut Found) -> Result<PublicKey, Failure> {
    let looks = options.open || !options.passphrase.asks() || uri.pin_source().is_some();
    let (half, confinement) = if looks {
        token::look_inside(uri, &options.passphrase).map(|(half, confinement)| (half, Some(confinement)))?
    } else {
        (token::public_half(uri)?, None)
    };
    let PublicHalf { token, serial, model, key, public } = half;
    found.row("kind", "secret key in a token, Ed25519 by PKCS#11");
    found.row("token", format!("{token}, serial {serial}, {model}"));
    found.row("key", key);
    found.row(
        "leaves it",
        match confinement {
            None => "not looked at: that needs the PIN (--open, or --passphrase-file PATH)",
            Some(Confinement { sensitive: true, extractable: false, always: true }) => {
                "never: sensitive and not extractable since it was made in the token"
            }
            Some(Confinement { sensitive: true, extractable: false, always: false }) => {
                "not any more: it is not extractable now, but it was, or it was made elsewhere"
            }
            Some(Confinement { .. }) => "it can: the token would give it away",
        },
    );
    let beside = beside(options, found)?;
    Ok(agree(Some(public), beside, found)?.unwrap_or(public))
}

/// Whose key it is, by the `.jwk` with its public half.
fn beside(options: &InspectOptions, found: &mut Found) -> Result<Option<PublicKey>, Failure> {
    let path = options.jwk.clone().or_else(|| options.key.public_path());
    let Some(path) = path.filter(|path| options.jwk.is_some() || path.exists()) else {
        found.row("party", "not known: there is no .jwk beside it");
        return Ok(None);
    };
    let jwk = Jwk::read_any(&path).map_err(Failure::input)?;
    found.row("party", party(&jwk, Some(&path)));
    Ok(Some(jwk.key))
}

fn party(jwk: &Jwk, by: Option<&Path>) -> String {
    let by = by.map(|path| format!(" (says {})", path.display())).unwrap_or_default();
    match (&jwk.did, &jwk.name) {
        (Some(did), Some(name)) => format!("{did}, {name}{by}"),
        (Some(did), None) => format!("{did}{by}"),
        (None, _) => format!("not named{by}"),
    }
}

/// The two halves, held against each other where both are known.
fn agree(
    secret: Option<PublicKey>,
    beside: Option<PublicKey>,
    found: &mut Found,
) -> Result<Option<PublicKey>, Failure> {
    match (secret, beside) {
        (Some(secret), Some(beside)) if secret != beside => {
            Err(Failure::input("the .jwk is not the public half of this key")
                .hint("keep each .jwk beside the key that it was made with; `certifier public` writes it again"))
        }
        (Some(_), Some(_)) => {
            found.row("public half", "the .jwk is that of this key");
            Ok(secret)
        }
        (Some(_), None) => Ok(secret),
        (None, Some(_)) => {
            found.row("public half", "as the .jwk says; --open holds it against the secret half");
            Ok(beside)
        }
        (None, None) => {
            found.row("public half", "not known without the passphrase: --open asks for it");
            Ok(None)
        }
    }
}

fn public_file(path: &Path, found: &mut Found) -> Result<PublicKey, Failure> {
    let as_pem = || key_file::public::read(path).ok().filter(|_| path.extension().is_none_or(|end| end != "jwk"));
    match Jwk::read_any(path) {
        Ok(jwk) => {
            found.row("kind", "public key, JWK");
            found.row("party", party(&jwk, None));
            Ok(jwk.key)
        }
        Err(error) => match as_pem() {
            Some(key) => {
                found.row("kind", "public key, PEM");
                Ok(key)
            }
            None => Err(Failure::input(error).hint("name a key file, a pkcs11: URI, a .jwk or a public key in PEM")),
        },
    }
}

/// Who may read the file, where the system has such permissions.
fn permissions(path: &Path) -> String {
    #[cfg(unix)]
    if let Ok(metadata) = std::fs::metadata(path) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o777;
        let others = if mode & 0o077 == 0 { "its owner alone" } else { "OTHERS TOO: chmod 600" };
        return format!("{mode:04o}, {others}");
    }
    "not known".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_json_has_them() {
        assert_eq!([camel("kind"), camel("label key id")], ["kind", "labelKeyId"]);
    }
}
