//! `certifier key rotate`: asks the accreditor to list another key of the same party. Both keys sign; nothing is sent to the registry.

use std::path::PathBuf;

use key_file::{KeyArguments, UnlockedKey};
use primitives::{Signer as _, Timestamp};
use statement::KeyRotationRequest;

use crate::cli::RotateOptions;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::identity::Identity;
use crate::jwk::Jwk;
use crate::report::{self, Progress};
use crate::{accredit, clock, identity, random};

pub(crate) fn run(options: &RotateOptions) -> Result<(), Failure> {
    let desk = Desk::open(&options.sign.registry)?;
    let identity = Identity::of(&options.sign.secret)?;
    let arguments = KeyArguments {
        key: options.new_key.clone(),
        jwk: options.new_jwk.clone(),
        passphrase: options.passphrase.source(),
        allow_unencrypted_key: options.sign.secret.allow_unencrypted_key,
    };
    let new = new_half(&arguments, &identity)?;
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}.rotation.jws", accredit::file_name(&identity.did))));
    if out.exists() {
        return Err(Failure::input(format!("{} is there already, and is not overwritten", out.display()))
            .hint("choose another name with --out FILE"));
    }
    let (old, wanted) = (identity.public.thumbprint(), new.key.thumbprint());
    let told = format!(
        "{} asks {} for another key\n  old key     {old}\n  new key     {wanted}\n",
        identity.did,
        desk.origin()
    );
    if options.sign.dry_run && options.sign.json {
        let document = serde_json::json!({
            "format": "ethical-label-certifier/v1", "outcome": "dry_run", "from": old.to_string(), "to": wanted.to_string(),
        });
        return crate::print(&format!("{document:#}\n"));
    }
    if options.sign.dry_run {
        return crate::print(&format!("{told}\nDry run: nothing was signed or written.\n"));
    }
    let secret = identity.unlock(&options.sign.secret)?;
    let new_secret = unlock_new(&arguments, &new)?;
    let asked_at = Timestamp::from_seconds(clock::now().seconds());
    let (id, did, origin) = (random::urn()?, identity.did.clone(), desk.origin().clone());
    let unsigned = |error: &dyn std::fmt::Display| Failure::input(error).hint("nothing was signed or written");
    let request = KeyRotationRequest::prove(id, did, origin, asked_at, old, &new_secret).map_err(|e| unsigned(&e))?;
    let payload = request.to_payload();
    let jws = statement::sign(&payload, &identity.did, secret).map_err(|e| unsigned(&e))?;
    files::create(&out, jws.as_bytes(), Readers::Anyone)?;
    if options.sign.json {
        return report::print_json(vec![report::json(&payload, &Progress::Signed(&out), &[])]);
    }
    crate::print(&format!(
        "{told}  request     {}\n\
         Give it to the accreditor, and tell it the new key on another way, by telephone say. It runs\n  \
         certifier accredit --rotation {} --key FILE\n\
         Until then the old key signs, and the new one does not.\n",
        out.display(),
        out.display(),
    ))
}

/// The new key's public half: it has to be the same party's, and another key.
fn new_half(arguments: &KeyArguments, identity: &Identity) -> Result<Jwk, Failure> {
    let path = identity::public_path(arguments)?;
    let jwk = Jwk::read(&path)
        .map_err(|error| Failure::input(error).hint("make the new key first: certifier keygen --did DID --out KEY"))?;
    if let Some(did) = jwk.did.as_ref().filter(|did| **did != identity.did) {
        return Err(Failure::input(format!(
            "{} is a key of {did}, the old one is of {}",
            path.display(),
            identity.did
        ))
        .hint("a key belongs to one party: make a new one with certifier keygen --did DID"));
    }
    if jwk.key == identity.public {
        return Err(
            Failure::input("the new key is the old one").hint("make another: certifier keygen --did DID --out KEY")
        );
    }
    Ok(jwk)
}

fn unlock_new(arguments: &KeyArguments, half: &Jwk) -> Result<UnlockedKey, Failure> {
    let secret = identity::unlock(arguments)?;
    if secret.public_key() == half.key {
        return Ok(secret);
    }
    Err(Failure::input(format!("the .jwk of {} is not its public half", arguments.key))
        .hint("keep each .jwk beside the key that it was made with, or name it with --new-jwk FILE"))
}
