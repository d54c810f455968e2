//! A registry of some certifiers with lots of their own, its snapshot on a shelf, and labels that they signed.

use std::path::Path;
use std::time::SystemTime;

use label::Label;
use primitives::{Hash, SecretKey, Signer as _, Timestamp};
use registry::{Accreditor, AccreditorKey, Policy, SnapshotHead, State};
use statement::sample::{self, did};
use statement::{Accreditation, Attestation, Claims, Did, Entry, Lot, Origin, Scope, Serial, StatusSlot};
use tlog::{Checkpoint, MemoryTree, Quorum, Vkey};
use verify::{Trust, TrustedRegistry};

pub(crate) struct World {
    origin: Origin,
    pub(crate) state: State,
    leaves: Vec<Hash>,
    /// Log index, key and lot of each attestation.
    pub(crate) attestations: Vec<(u64, SecretKey, Lot)>,
}

pub(crate) fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("the clock is right");
    Timestamp::from_seconds(now.as_secs())
}

/// When everything was logged.
pub(crate) const LOGGED: &str = "2026-06-01T00:00:00Z";

impl World {
    /// `attestations` lots of `labels` labels each, spread over the certifiers.
    pub(crate) fn new(origin: &str, attestations: u32, certifiers: u32, labels: u32) -> Self {
        let origin = Origin::parse(origin).expect("an origin");
        let state = State::new(policy(&origin));
        let mut world = Self { origin: origin.clone(), state, leaves: Vec::new(), attestations: Vec::new() };
        for certifier in 0..certifiers {
            let accreditation = Accreditation {
                registry: origin.clone(),
                subject: did(&format!("did:web:certifier{certifier}.example")),
                name: format!("Certifier {certifier}"),
                keys: vec![certifier_key(certifier).public_key()],
                compromised: vec![],
                scope: Scope { hs_chapters: vec![57], ..sample::accreditation().scope },
                ..sample::accreditation()
            };
            world.log(LOGGED, &accreditation.to_payload(), &accreditation.issuer, &sample::accreditor_key());
        }
        for number in 0..attestations {
            let (certifier, lot) = (number % certifiers, Lot::parse(&format!("KTM-{number}")).expect("a lot"));
            let attestation = Attestation {
                registry: origin.clone(),
                issuer: did(&format!("did:web:certifier{certifier}.example")),
                lot: lot.clone(),
                labels,
                slot: StatusSlot { list: 0, index: number },
                ..sample::attestation()
            };
            let key = certifier_key(certifier);
            let payload = attestation.to_payload(&key.public_key().thumbprint());
            world.attestations.push((world.state.size(), key.clone(), lot));
            world.log(LOGGED, &payload, &attestation.issuer, &key);
        }
        world
    }

    /// Logs a statement as received at this time.
    pub(crate) fn log(&mut self, received: &str, payload: &[u8], issuer: &Did, key: &SecretKey) {
        let jws = statement::sign(payload, issuer, key).expect("it signs");
        let entry = Entry::encode(sample::instant(received), jws.as_bytes());
        self.leaves.push(tlog::leaf_hash(&entry));
        self.state.fold(&entry);
    }

    /// Puts its snapshot, made at this time, on the shelf in `folder`/snapshots.
    pub(crate) fn shelve(&self, folder: &Path, produced: Timestamp) {
        let tree: MemoryTree = self.leaves.iter().copied().collect();
        let root = tlog::root(tree.size(), &tree).expect("a tree");
        let checkpoint = Checkpoint::new(self.origin.as_str(), tree.size(), root).expect("a checkpoint");
        let checkpoint = checkpoint.sign(&log_key()).expect("it signs").to_string();
        let body = self.state.snapshot();
        let expires = Timestamp::from_seconds(produced.seconds() + 30 * 86_400);
        let head = SnapshotHead::sign(&body, &checkpoint, produced, expires, &log_key()).expect("it signs");
        let place = folder.join("snapshots").join(self.origin.as_str());
        std::fs::create_dir_all(&place).expect("the folder is writable");
        std::fs::write(place.join("head"), head.to_string()).expect("the folder is writable");
        let bytes: Vec<u8> = body.pieces().flatten().collect();
        std::fs::write(place.join(format!("body-{}", Hash::of(body.index()))), bytes).expect("the folder is writable");
    }

    /// A label of the lot at this place among the attestations.
    pub(crate) fn label(&self, lot: usize, number: u32) -> String {
        let (index, key, lot) = self.attestations.get(lot).expect("a lot");
        let (gtin, serial) = (sample::attestation().gtin, Serial::new(Some(*index), number).expect("a serial"));
        let last = sample::attestation().last_day;
        let claims = Claims::NO_CHILD_LABOUR;
        let label = Label::sign(self.origin.clone(), gtin, lot.clone(), serial, claims, *index, last, key);
        label.expect("it signs").to_uri()
    }

    /// `count` labels, one lot after the other.
    pub(crate) fn labels(&self, count: u32) -> Vec<String> {
        let lots = u32::try_from(self.attestations.len()).expect("few");
        let place = |number: u32| usize::try_from(number % lots).expect("few");
        (0..count).map(|number| self.label(place(number), number / lots + 1)).collect()
    }
}

/// Writes the trust file that names these registries.
pub(crate) fn trust(folder: &Path, worlds: &[&World]) {
    let registry = |world: &&World| TrustedRegistry {
        policy: policy(&world.origin),
        url: world.origin.url_prefix(),
        log_keys: vec![Vkey::log(world.origin.as_str(), log_key().public_key()).expect("a key")],
        quorum: Quorum::none(),
        witness_urls: Vec::new(),
        snapshot_max_age_days: 7,
        reports: Default::default(),
    };
    let trust = Trust { registries: worlds.iter().map(registry).collect() };
    std::fs::write(folder.join("trust.toml"), trust.to_toml()).expect("the folder is writable");
}

fn log_key() -> SecretKey {
    SecretKey::from_seed(&[9; 32])
}

/// The key of a certifier.
pub(crate) fn certifier_key(certifier: u32) -> SecretKey {
    SecretKey::from_seed(&[u8::try_from(10 + certifier).expect("few"); 32])
}

fn policy(origin: &Origin) -> Policy {
    let key = AccreditorKey { key: sample::accreditor_key().public_key(), first_index: 0, last_index: None };
    let accreditor = did("did:web:accreditor.example");
    let accreditors = vec![Accreditor { did: accreditor, name: "Accreditor".into(), threshold: 1, keys: vec![key] }];
    Policy { origin: origin.clone(), accreditors, rules: vec![(0, 1)] }
}
