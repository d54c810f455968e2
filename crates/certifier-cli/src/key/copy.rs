//! `certifier key backup` and `certifier key passphrase`: the same key under another passphrase.

use std::path::Path;

use key_file::{KeyArguments, KeyFile, KeyFileError, KeyPlace, NewPassphrase};
use primitives::{SecretKey, Signer as _};

use crate::cli::{BackupOptions, NewPassphraseSource, PassphraseOptions};
use crate::failure::Failure;
use crate::identity;

/// Writes a second file; it is read back before it has its name.
pub(crate) fn backup(options: &BackupOptions) -> Result<(), Failure> {
    let (from, to) = (file(&options.secret, "backed up")?, options.out.display());
    if options.out.symlink_metadata().is_ok() {
        return Err(Failure::input(format!("{to} is there already, and is not overwritten"))
            .hint("choose another name with --out FILE"));
    }
    if options.dry_run {
        check(from)?;
        return crate::print(&format!("{} to {to}\n\nDry run: nothing was written.\n", from.display()));
    }
    let secret = unlock(&options.secret)?;
    let passphrase = another(from, &to.to_string(), &options.passphrase)?;
    key_file::save_encrypted(&options.out, &secret, &passphrase)?;
    crate::print(&format!(
        "key         {}\n\
         copied to   {to} (encrypted, and read back)\n\
         Keep it elsewhere than {}, and its passphrase apart from it. `certifier public` writes its .jwk.\n",
        secret.public_key().thumbprint(),
        from.display(),
    ))
}

/// Writes the file anew, in one step; it is read back before the old one is gone.
pub(crate) fn change(options: &PassphraseOptions) -> Result<(), Failure> {
    let from = file(&options.secret, "given another passphrase")?;
    if options.dry_run {
        check(from)?;
        return crate::print(&format!("{}\n\nDry run: nothing was written.\n", from.display()));
    }
    let secret = unlock(&options.secret)?;
    let passphrase = another(from, &from.display().to_string(), &options.passphrase)?;
    key_file::replace_encrypted(from, &secret, &passphrase)?;
    crate::print(&format!(
        "key         {}\n\
         passphrase  of {} is changed\n\
         Copies of the file keep the old passphrase: whoever has one and knows it can sign. If that may be, ask for another key:\n  \
         certifier key rotate --key {} --new-key FILE\n",
        secret.public_key().thumbprint(),
        from.display(),
        from.display(),
    ))
}

/// The file of a key; a key in a token is in none.
fn file<'a>(secret: &'a KeyArguments, what: &str) -> Result<&'a Path, Failure> {
    match &secret.key {
        KeyPlace::File(path) => Ok(path),
        KeyPlace::Token(_) => Err(Failure::input(format!(
            "a key in a token cannot be {what} from here: it never leaves the token, and the token's own tool sets its PIN"
        ))
        .hint(
            "against loss, make a second key in another token with `certifier keygen --out URI`, and have it listed too: \
             certifier key rotate --key URI --new-key URI",
        )),
    }
}

fn check(from: &Path) -> Result<(), Failure> {
    let told = |error| identity::failure(&KeyPlace::File(from.to_owned()), error);
    KeyFile::read(from).map(drop).map_err(told)
}

fn unlock(secret: &KeyArguments) -> Result<Box<SecretKey>, Failure> {
    // A file is never opened as a token.
    identity::unlock(secret)?.into_memory().ok_or_else(|| Failure::input("the key is in a token"))
}

/// A passphrase for the new file that does not open the old one: a copy under the same one protects nothing more.
fn another(from: &Path, of: &str, source: &NewPassphraseSource) -> Result<NewPassphrase, Failure> {
    let passphrase = source.source().new_key(of).map_err(KeyFileError::from).map_err(asked)?;
    let old = KeyFile::read(from)?;
    if old.is_encrypted() && old.decrypt(&passphrase).is_ok() {
        return Err(Failure::input("the new passphrase is the old one").hint("choose another"));
    }
    Ok(passphrase)
}

/// The flags that say where the new passphrase is have names of their own.
fn asked(error: KeyFileError) -> Failure {
    let failure = Failure::input(&error);
    match (&error, error.hint()) {
        (KeyFileError::Passphrase(key_file::PassphraseError::NoTerminal(_)), _) => {
            failure.hint("say --new-passphrase-file PATH or --new-passphrase-fd N")
        }
        (_, Some(hint)) => failure.hint(hint),
        (_, None) => failure,
    }
}
