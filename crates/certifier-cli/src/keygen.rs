//! `certifier keygen` and `certifier public`.

use std::path::{Path, PathBuf};

use key_file::{KeyFileError, KeyPlace, TokenUri, token};
use primitives::{PublicKey, Signer as _};
use statement::{Did, MAX_NAME};

use crate::cli::{KeygenOptions, PublicOptions};
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::identity::{self, quoted};
use crate::jwk::Jwk;
use crate::probe;

/// Makes a key.
pub(crate) fn run(options: &KeygenOptions) -> Result<(), Failure> {
    check_name(options.name.as_deref())?;
    let public = options.jwk.clone().or_else(|| options.out.public_path()).ok_or_else(|| {
        Failure::input("the URI has no object= that could be a file's name")
            .hint("add object=LABEL to the URI, and --jwk FILE where the label is no file's name")
    })?;
    let secret = options.out.file();
    if secret == Some(&*public) {
        return Err(Failure::input("the key file cannot end in .jwk").hint("its public half does: name it FILE.key"));
    }
    for path in secret.into_iter().chain([&*public]) {
        if path.exists() {
            return Err(Failure::input(format!("{} is there already, and is not overwritten", path.display()))
                .hint("choose another name with --out FILE: a key that was lost cannot be made again"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::input(format!("there is no folder {}", folder.display()))
                .hint("make it first, or choose another --out FILE"));
        }
    }
    match &options.out {
        KeyPlace::File(path) if options.dry_run => dry_run(options, path, &public),
        KeyPlace::Token(uri) if options.dry_run => show(options, &in_token(uri), &public, "no key was made"),
        KeyPlace::File(path) => in_file(options, path, &public),
        KeyPlace::Token(uri) => inside(options, uri, &public),
    }
}

fn in_file(options: &KeygenOptions, path: &Path, public: &Path) -> Result<(), Failure> {
    let passphrase = options.passphrase.new_key(&path.display().to_string()).map_err(KeyFileError::from)?;
    let secret = key_file::generate().map_err(KeyFileError::Randomness)?;
    key_file::save_encrypted(path, &secret, &passphrase)?;
    write_public(public, secret.public_key(), &options.did, options.name.as_deref())?;
    let file = path.display();
    told(options, &secret.public_key(), &encrypted(path), public)?;
    crate::print(&format!(
        "Back up {file} and its passphrase, apart from each other: without both, nothing can be signed with this key again.\n"
    ))
}

/// Makes a key that stays in its token.
fn inside(options: &KeygenOptions, uri: &TokenUri, public: &Path) -> Result<(), Failure> {
    let (secret, uri) = token::generate(uri, &options.passphrase)?;
    let place = KeyPlace::Token(Box::new(uri.clone()));
    let written = write_public(public, secret.public_key(), &options.did, options.name.as_deref());
    written.map_err(|failure| {
        let (did, jwk, key) = (&options.did, public.display(), quoted(&place));
        failure.hint(format!("the key is in the token: certifier public --did {did} --key {key} --jwk {jwk}"))
    })?;
    told(options, &secret.public_key(), &in_token(&uri), public)?;
    crate::print(&format!(
        "sign with   --key {}\n\
         It cannot be backed up. Make a second key, in another token, and have both accredited.\n",
        quoted(&place)
    ))
}

fn told(options: &KeygenOptions, key: &PublicKey, secret: &str, public: &Path) -> Result<(), Failure> {
    let (key, did, public) = (key.thumbprint(), &options.did, public.display());
    crate::print(&format!(
        "key         {key}\n\
         of          {did}\n\
         secret      {secret}\n\
         public      {public} (give it to whoever accredits you)\n"
    ))
}

fn encrypted(path: &Path) -> String {
    format!("{} (encrypted; nobody but you needs it)", path.display())
}

fn in_token(uri: &TokenUri) -> String {
    let [object, token] = [uri.object(), uri.token()].map(|name| client::terminal::clean(name.unwrap_or("(any)")));
    format!("{object} in token {token} (it never leaves it)")
}

/// Everything but the key: nobody has to type a passphrase twice for one that is not made.
fn dry_run(options: &KeygenOptions, path: &Path, public: &Path) -> Result<(), Failure> {
    if !options.passphrase.asks() {
        options.passphrase.new_key(&path.display().to_string()).map_err(KeyFileError::from)?;
    }
    show(options, &encrypted(path), public, "no key was made")
}

fn show(options: &KeygenOptions, secret: &str, public: &Path, undone: &str) -> Result<(), Failure> {
    crate::print(&format!(
        "of          {}\n\
         secret      {secret}\n\
         public      {} (give it to whoever accredits you)\n\n\
         Dry run: {undone}, and nothing was written.\n",
        options.did,
        public.display(),
    ))
}

/// Writes the public half again.
pub(crate) fn public(options: &PublicOptions) -> Result<(), Failure> {
    check_name(options.name.as_deref())?;
    let public: PathBuf = identity::public_path(&options.secret)?;
    let secret = identity::unlock(&options.secret)?;
    if options.dry_run {
        if public.exists() {
            return Err(Failure::input(format!("{} is there already, and is not overwritten", public.display())));
        }
        let jwk = of_party(secret.public_key(), &options.did, options.name.as_deref()).to_json();
        return crate::print(&format!("{jwk}\nDry run: {} was not written.\n", public.display()));
    }
    write_public(&public, secret.public_key(), &options.did, options.name.as_deref())?;
    crate::print(&format!("key {} of {}: {}\n", secret.public_key().thumbprint(), options.did, public.display()))
}

fn write_public(path: &Path, key: PublicKey, did: &Did, name: Option<&str>) -> Result<(), Failure> {
    files::create(path, of_party(key, did, name).to_json().as_bytes(), Readers::Anyone)
}

fn of_party(key: PublicKey, did: &Did, name: Option<&str>) -> Jwk {
    Jwk { key, did: Some(did.clone()), name: name.map(ToOwned::to_owned) }
}

fn check_name(name: Option<&str>) -> Result<(), Failure> {
    match name.and_then(|name| probe::text(name, MAX_NAME)) {
        Some(why) => Err(Failure::input(format!("--name {why}"))),
        None => Ok(()),
    }
}
