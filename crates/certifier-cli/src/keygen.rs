//! `certifier keygen` and `certifier public`.

use std::path::Path;

use key_file::KeyFileError;
use primitives::{SecretKey, Signer as _};
use statement::{Did, MAX_NAME};

use crate::cli::{KeygenOptions, PublicOptions};
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::jwk::{self, Jwk};
use crate::{identity, probe};

/// Makes a key.
pub(crate) fn run(options: &KeygenOptions) -> Result<(), Failure> {
    check_name(options.name.as_deref())?;
    let public = jwk::path_beside(&options.out);
    if public == options.out {
        return Err(Failure::input("the key file cannot end in .jwk").hint("its public half does: name it FILE.key"));
    }
    for path in [&options.out, &public] {
        if path.exists() {
            return Err(Failure::input(format!("{} is there already, and is not overwritten", path.display()))
                .hint("choose another name with --out FILE: a key that was lost cannot be made again"));
        }
    }
    if options.dry_run {
        return dry_run(options, &public);
    }
    let passphrase = options.passphrase.new_key(&options.out.display().to_string()).map_err(KeyFileError::from)?;
    let secret = key_file::generate().map_err(KeyFileError::Randomness)?;
    key_file::save_encrypted(&options.out, &secret, &passphrase)?;
    write_public(&public, &secret, &options.did, options.name.as_deref())?;
    crate::print(&format!(
        "key         {}\n\
         of          {}\n\
         secret      {} (encrypted; nobody but you needs it)\n\
         public      {} (give it to whoever accredits you)\n\
         Back up {} and its passphrase, apart from each other: without both, nothing can be signed with this key again.\n",
        secret.public_key().thumbprint(),
        options.did,
        options.out.display(),
        public.display(),
        options.out.display(),
    ))
}

/// Everything but the key: nobody has to type a passphrase twice for one that is not made.
fn dry_run(options: &KeygenOptions, public: &Path) -> Result<(), Failure> {
    let folder = options.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Failure::input(format!("there is no folder {}", folder.display()))
            .hint("make it first, or choose another --out FILE"));
    }
    if !options.passphrase.asks() {
        options.passphrase.new_key(&options.out.display().to_string()).map_err(KeyFileError::from)?;
    }
    crate::print(&format!(
        "of          {}\n\
         secret      {} (encrypted; nobody but you needs it)\n\
         public      {} (give it to whoever accredits you)\n\n\
         Dry run: no key was made, and nothing was written.\n",
        options.did,
        options.out.display(),
        public.display(),
    ))
}

/// Writes the public half again.
pub(crate) fn public(options: &PublicOptions) -> Result<(), Failure> {
    check_name(options.name.as_deref())?;
    let secret = identity::unlock(&options.secret)?;
    let public = jwk::path_beside(&options.secret.key);
    if options.dry_run {
        if public.exists() {
            return Err(Failure::input(format!("{} is there already, and is not overwritten", public.display())));
        }
        let jwk = of_party(&secret, &options.did, options.name.as_deref()).to_json();
        return crate::print(&format!("{jwk}\nDry run: {} was not written.\n", public.display()));
    }
    write_public(&public, &secret, &options.did, options.name.as_deref())?;
    crate::print(&format!("key {} of {}: {}\n", secret.public_key().thumbprint(), options.did, public.display()))
}

fn write_public(path: &Path, secret: &SecretKey, did: &Did, name: Option<&str>) -> Result<(), Failure> {
    files::create(path, of_party(secret, did, name).to_json().as_bytes(), Readers::Anyone)
}

fn of_party(secret: &SecretKey, did: &Did, name: Option<&str>) -> Jwk {
    Jwk { key: secret.public_key(), did: Some(did.clone()), name: name.map(ToOwned::to_owned) }
}

fn check_name(name: Option<&str>) -> Result<(), Failure> {
    match name.and_then(|name| probe::text(name, MAX_NAME)) {
        Some(why) => Err(Failure::input(format!("--name {why}"))),
        None => Ok(()),
    }
}
