//! `certifier reports keygen`: a key that reports are encrypted to.

use std::io::Write as _;
use std::path::Path;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519::Identity;
use key_file::KeyFileError;
use zeroize::Zeroizing;

use crate::cli::ReportsKeygenOptions;
use crate::failure::Failure;
use crate::files::{self, Readers};

pub(crate) fn run(options: &ReportsKeygenOptions) -> Result<(), Failure> {
    let name = options.out.display();
    if options.out.exists() {
        return Err(Failure::input(format!("{name} is there already, and is not overwritten"))
            .hint("choose another name with --out FILE: a key that was lost cannot be made again"));
    }
    if !options.encrypt && !options.passphrase.asks() {
        return Err(Failure::input("a passphrase is named, and the file is not to be encrypted")
            .hint("--encrypt encrypts it with the passphrase"));
    }
    let protected =
        if options.encrypt { "encrypted with the passphrase" } else { "not encrypted: whoever has it reads all" };
    if options.dry_run {
        let folder = options.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::input(format!("there is no folder {}", folder.display()))
                .hint("make it first, or choose another --out FILE"));
        }
        return crate::print(&format!(
            "secret      {name} ({protected})\n\nDry run: no key was made, and nothing was written.\n"
        ));
    }
    let key = Identity::generate();
    let (secret, recipient) = (key.to_string(), key.to_public());
    let file =
        Zeroizing::new(format!("# Opens reports that are encrypted to {recipient}\n{}\n", secret.expose_secret()));
    if options.encrypt {
        let passphrase = options.passphrase.new_key(&name.to_string()).map_err(KeyFileError::from)?;
        files::create(&options.out, &encrypt(&file, passphrase.as_str())?, Readers::Owner)?;
    } else {
        files::create(&options.out, file.as_bytes(), Readers::Owner)?;
    }
    crate::print(&format!(
        "secret      {name} ({protected})\n\
         recipient   {recipient}\n\
         Into the trust file, below the accreditor: reports = \"{recipient}\"\n\
         Back up {name}: without it, nobody reads what is reported.\n"
    ))
}

fn encrypt(file: &str, passphrase: &str) -> Result<Vec<u8>, Failure> {
    let encryptor = age::Encryptor::with_user_passphrase(SecretString::from(passphrase.to_owned()));
    let mut bytes = Vec::new();
    let written = encryptor.wrap_output(&mut bytes).and_then(|mut writer| {
        writer.write_all(file.as_bytes())?;
        writer.finish().map(drop)
    });
    written.map(|()| bytes).map_err(|error| Failure::refused(format!("cannot encrypt: {error}")))
}
