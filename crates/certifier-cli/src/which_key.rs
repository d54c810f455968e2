//! Which key a command is about: named by its thumbprint, its public half in a file, the file of its secret half, or its place in a token.
//!
//! No passphrase and no PIN is asked for: whoever reports a stolen key may have nothing left of it but the name.

use std::path::Path;

use key_file::{KeyFile, KeyFileError, KeyPlace, token};
use primitives::Thumbprint;

use crate::failure::Failure;
use crate::identity;

const WAYS: &str =
    "name its thumbprint (43 characters), a .jwk or PEM with its public half, its key file, or its pkcs11: URI";

/// The key's thumbprint, by which the log knows it.
pub(crate) fn thumbprint(place: &KeyPlace) -> Result<Thumbprint, Failure> {
    match place {
        KeyPlace::File(path) => in_file(place, path),
        KeyPlace::Token(uri) => Ok(token::public_half(uri)?.public.thumbprint()),
    }
}

fn in_file(place: &KeyPlace, path: &Path) -> Result<Thumbprint, Failure> {
    // A file of such a name is what its owner means: the thumbprint of another key is no likely name for one.
    if !path.exists() {
        let named = path.to_str().and_then(Thumbprint::parse);
        let unknown = || Failure::input(format!("{place} is neither a thumbprint nor a file that is there")).hint(WAYS);
        return named.ok_or_else(unknown);
    }
    let public = match KeyFile::read(path) {
        Ok(_) => place.public_path().filter(|beside| beside.exists()).ok_or_else(|| {
            Failure::input(format!("{place} holds a secret key, and its public half is not beside it"))
                .hint("certifier public --did DID --key FILE writes it; or name the key's thumbprint")
        })?,
        Err(KeyFileError::NotAPrivateKey { .. }) => path.to_owned(),
        Err(error) => return Err(identity::failure(place, error)),
    };
    let key = key_file::public::read(&public).map_err(|error| Failure::input(error).hint(WAYS))?;
    Ok(key.thumbprint())
}

#[cfg(test)]
mod tests {
    use primitives::{SecretKey, Signer as _};

    use super::*;

    #[test]
    fn a_key_is_known_by_its_name_or_by_any_of_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let secret = SecretKey::from_seed(&[7; 32]);
        let expected = secret.public_key().thumbprint();
        let path = |name: &str| folder.path().join(name);
        let found = |path: &Path| thumbprint(&KeyPlace::File(path.into())).map_err(|failure| failure.text());
        std::fs::write(path("a.key"), &**key_file::plain::to_pem(&secret)).unwrap();
        assert!(found(&path("a.key")).unwrap_err().contains("its public half is not beside it"));
        std::fs::write(path("a.jwk"), secret.public_key().to_jwk()).unwrap();
        for named in [path("a.key"), path("a.jwk"), expected.to_string().into()] {
            assert_eq!(found(&named), Ok(expected), "{}", named.display());
        }
        std::fs::write(path("empty"), "").unwrap();
        std::fs::write(path("huge"), vec![b'A'; 1 << 20]).unwrap();
        for (named, why) in [
            (path("missing"), "neither a thumbprint nor a file"),
            (path("empty"), "name its thumbprint"),
            (path("huge"), "bytes"),
            (folder.path().to_owned(), "cannot read"),
            (expected.to_string()[1..].into(), "neither a thumbprint nor a file"),
        ] {
            let refusal = found(&named).unwrap_err();
            assert!(refusal.contains(why), "{}: {refusal}", named.display());
        }
    }
}
