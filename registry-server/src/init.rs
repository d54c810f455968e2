//! `registry-server init`: the keys and the trust file of a new registry.

use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use anyhow::{Context, ensure};
use primitives::{SecretKey, Signer};
use registry::{Accreditor, AccreditorKey, Policy, RULES};
use statement::Origin;
use store::FileJournal;
use tlog::{ML_DSA_44_KEY_SIZE, Quorum, Vkey};
use verify::{Trust, TrustedRegistry};

use crate::cli::Init;
use crate::log::Data;
use crate::witness::witness_vkey;
use crate::{keys, log_key, ml_dsa_key};

/// Days after which a snapshot no longer decides anything that changes with time.
const SNAPSHOT_MAX_AGE_DAYS: u16 = 7;

/// Makes the registry, or with `--dry-run` says what would be made.
pub(crate) fn init(arguments: &Init, out: &mut impl Write) -> anyhow::Result<()> {
    let policy = policy(arguments)?;
    let listen = listen(&policy.origin);
    let data = Data::new(&arguments.data);
    ensure!(!data.trust().exists(), "{} is there already: a registry is made once", data.trust().display());
    if arguments.dry_run {
        let [log, status, witness, journal] = [data.log_key(), data.status_key(), data.witness_key(), data.journal()];
        let log = if arguments.log_key.is_none() { format!("{}, ", log.display()) } else { String::new() };
        let ml_dsa = if arguments.ml_dsa { format!("{}, ", data.ml_dsa_key().display()) } else { String::new() };
        writeln!(
            out,
            "would make {log}{ml_dsa}{}, {}, {} and",
            status.display(),
            witness.display(),
            journal.display()
        )?;
        writeln!(out, "would write {}:\n", data.trust().display())?;
        // Keys that are not the registry's, so that the file can be seen whole.
        let mut examples = vec![Vkey::log(arguments.origin.as_str(), SecretKey::from_seed(&[0; 32]).public_key())?];
        if arguments.ml_dsa {
            examples.push(Vkey::ml_dsa_44(arguments.origin.as_str(), &[0; ML_DSA_44_KEY_SIZE])?);
        }
        let text = trust(arguments, policy, examples.clone())?.to_toml();
        write!(out, "{}", examples.iter().fold(text, |text, key| text.replace(&key.to_string(), "<new key>")))?;
        return Ok(());
    }
    // Before anything is made: a signer may not be there, a token not be in its place.
    let elsewhere =
        arguments.log_key.as_ref().map(|place| log_key::public(place, &arguments.passphrase)).transpose()?;
    make_folder(data.folder()).with_context(|| format!("folder {}", data.folder().display()))?;
    // The trust file is written last: without it nothing was made yet, and keys that an interrupted run has left are used.
    let log_key = match elsewhere {
        Some(key) => key,
        None => keys::read_or_create(&data.log_key())?.public_key(),
    };
    keys::read_or_create(&data.status_key())?;
    let witness_key = keys::read_or_create(&data.witness_key())?;
    let mut log_keys = vec![Vkey::log(arguments.origin.as_str(), log_key)?];
    if arguments.ml_dsa {
        log_keys.push(ml_dsa_key::read_or_create(&data.ml_dsa_key(), &arguments.origin)?);
    }
    let trust = trust(arguments, policy, log_keys)?;
    // Here and nowhere else: a registry whose journal is gone has lost it, and is not new.
    let journal = data.journal();
    drop(FileJournal::open(&journal).with_context(|| format!("journal {}", journal.display()))?);
    keys::write_new(&data.trust(), trust.to_toml().as_bytes(), 0o644)
        .with_context(|| data.trust().display().to_string())?;
    let folder = data.folder().display();
    match &arguments.log_key {
        None => writeln!(out, "made {}      signs checkpoints; keep a copy in a safe place", data.log_key().display())?,
        Some(_) => writeln!(out, "the log key stays where it is")?,
    }
    if arguments.ml_dsa {
        writeln!(out, "made {}   signs them too, with ML-DSA-44; keep a copy", data.ml_dsa_key().display())?;
    }
    writeln!(out, "made {}   signs status lists and receipts", data.status_key().display())?;
    writeln!(
        out,
        "made {}  cosigns checkpoints of registries that this one watches (serve --witness-trust), as",
        data.witness_key().display()
    )?;
    writeln!(out, "     {}", witness_vkey(&arguments.origin, witness_key.public_key())?)?;
    writeln!(out, "made {}   whom to trust; give it to everyone who verifies", data.trust().display())?;
    let log_key = arguments.log_key.as_ref().map(|place| format!(" --log-key '{place}'")).unwrap_or_default();
    writeln!(out, "next: registry-server serve --data {folder}{log_key}{listen}")?;
    Ok(())
}

fn policy(arguments: &Init) -> anyhow::Result<Policy> {
    let (origin, did) = (arguments.origin.clone(), arguments.accreditor_did.clone());
    let name = arguments.accreditor_name.clone().unwrap_or_else(|| did.to_string());
    let key =
        |file| anyhow::Ok(AccreditorKey { key: keys::read_public(file, &did)?, first_index: 0, last_index: None });
    let keys = arguments.accreditor_key.iter().map(|file| key(file)).collect::<Result<Vec<_>, _>>()?;
    let accreditor = Accreditor { did, name, threshold: arguments.threshold, keys };
    let policy = Policy { origin, accreditors: vec![accreditor], rules: vec![(0, RULES)] };
    policy.check()?;
    Ok(policy)
}

fn trust(arguments: &Init, policy: Policy, log_keys: Vec<Vkey>) -> anyhow::Result<Trust> {
    let recipient = arguments.reports.clone().map(|recipient| (arguments.accreditor_did.clone(), recipient));
    let registry = TrustedRegistry {
        url: policy.origin.url_prefix(),
        log_keys,
        quorum: Quorum::none(),
        witness_urls: Vec::new(),
        snapshot_max_age_days: SNAPSHOT_MAX_AGE_DAYS,
        reports: recipient.into_iter().collect(),
        policy,
    };
    let trust = Trust { registries: vec![registry] };
    // What is written is what every program will read.
    Trust::from_toml(&trust.to_toml())?;
    Ok(trust)
}

/// Where `serve` has to listen, for labels of a registry on this machine to lead to it: its own default is port 8080.
pub(crate) fn listen(origin: &Origin) -> String {
    match origin.as_str().split_once(':') {
        Some((_, port)) if origin.is_loopback() && port != "8080" => format!(" --listen 127.0.0.1:{port}"),
        Some(_) | None => String::new(),
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
