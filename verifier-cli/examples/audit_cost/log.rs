//! A log of many entries as static files, made once: bundles, the checkpoint and the head of its snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use primitives::{AccreditableKey, Hash, SecretKey, Signer as _, Timestamp, base64};
use registry::{Accreditor, AccreditorKey, Folded, Policy, SnapshotHead, State};
use statement::sample::{self, accreditor_key, did};
use statement::{Accreditation, Action, Attestation, Did, Entry, Lot, Scope, StatusChange, StatusSlot, Target};
use tlog::{Bundle, Checkpoint, Frontier, Quorum, TILE_WIDTH, TileKind, TilePath, Vkey, leaf_hash, width_in};
use verify::{Trust, TrustedRegistry};

/// Raised when what is made changes, so that no older log is found.
const FORM: u32 = 1;
const CERTIFIERS: u32 = 5;
/// Every entry of so many is a suspension.
const SUSPENSION: u32 = 1_000;
/// Bundles that are made at once.
const AT_ONCE: u32 = 64;

/// A log that lies in a folder.
pub(crate) struct MadeLog {
    folder: PathBuf,
    entries: u32,
}

impl MadeLog {
    /// The log with so many entries, which is made where it is not there.
    pub(crate) fn find_or_make(entries: u32) -> Self {
        let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
        let made = Self { folder: target.join(format!("audit-log-{FORM}-{entries}")), entries };
        // What is written last.
        if !made.folder.join("checkpoint").exists() {
            made.make();
        }
        made
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Paths of its bundles, and their widths.
    pub(crate) fn bundles(&self) -> Vec<(PathBuf, u16)> {
        let size = u64::from(self.entries);
        let paths = (0..size.div_ceil(u64::from(TILE_WIDTH))).map(|index| {
            let width = width_in(0, index, size);
            (self.folder.join(TilePath::new(TileKind::Entries, index, width).unwrap().to_string()), width)
        });
        paths.collect()
    }

    /// The entries of a bundle.
    #[expect(clippy::unused_self, reason = "a bundle is of this log")]
    pub(crate) fn entries(&self, (path, width): &(PathBuf, u16)) -> Vec<Vec<u8>> {
        let bytes = fs::read(path).unwrap();
        Bundle::decode(&bytes, *width).unwrap().entries().iter().map(|entry| entry.to_vec()).collect()
    }

    /// Bytes of all bundles.
    pub(crate) fn bytes(&self) -> u64 {
        self.bundles().iter().map(|(path, _)| fs::metadata(path).unwrap().len()).sum()
    }

    pub(crate) fn root(&self) -> Hash {
        let note = fs::read_to_string(self.folder.join("checkpoint")).unwrap();
        Hash::from_base64(note.lines().nth(2).unwrap()).unwrap()
    }

    fn make(&self) {
        println!("making a log of {} entries in {}", self.entries, self.folder.display());
        let (mut state, mut tree) = (State::new(policy()), Frontier::new());
        let mut opener = state.opener([3; 32]);
        for bundles in self.bundles().chunks(AT_ONCE as usize) {
            let first = u32::try_from(state.size()).unwrap();
            let last = self.entries.min(first + AT_ONCE * u32::from(TILE_WIDTH));
            let entries = entries(first, last);
            let read: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
            let opened = opener.open(state.size(), read.len(), read.iter().copied());
            opener.fold(&mut state, &read, opened, |_, _, _, folded| {
                assert!(matches!(folded, Folded::Applied(_)), "{folded:?}");
            });
            entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
            for ((path, _), bundle) in bundles.iter().zip(entries.chunks(usize::from(TILE_WIDTH))) {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, Bundle::encode(bundle).unwrap()).unwrap();
            }
        }
        let checkpoint = Checkpoint::new(origin().as_str(), tree.size(), tree.root()).unwrap();
        let checkpoint = checkpoint.sign(&log_key()).unwrap().to_string();
        let (produced, expires) = (received_at(self.entries), Timestamp::from_seconds(4_000_000_000));
        let head = SnapshotHead::sign(&state.snapshot(), &checkpoint, produced, expires, &log_key()).unwrap();
        fs::create_dir_all(self.folder.join("v1")).unwrap();
        fs::write(self.folder.join("v1/snapshot"), head.to_string()).unwrap();
        fs::write(self.folder.join("checkpoint"), checkpoint).unwrap();
    }
}

/// The trust file, where the log is served at this URL.
pub(crate) fn trust(url: &str) -> String {
    let registry = TrustedRegistry {
        policy: policy(),
        url: url.to_owned(),
        log_keys: vec![Vkey::log(origin().as_str(), log_key().public_key()).unwrap()],
        quorum: Quorum::none(),
        witness_urls: Vec::new(),
        snapshot_max_age_days: 7,
        reports: Default::default(),
    };
    Trust { registries: vec![registry] }.to_toml()
}

/// Who signed what this issuer says.
pub(crate) fn key_of(issuer: &Did) -> AccreditableKey {
    use std::sync::LazyLock;
    // Whether a key can be accredited takes as long to find out as whether a signature is good.
    static KEYS: LazyLock<Vec<(Did, AccreditableKey)>> = LazyLock::new(|| {
        let certifiers = (0..CERTIFIERS).map(|certifier| (certifier_did(certifier), certifier_key(certifier)));
        let all = certifiers.chain([(did("did:web:accreditor.example"), accreditor_key())]);
        all.map(|(did, key)| (did, key.public_key().accreditable().unwrap())).collect()
    });
    KEYS.iter().find(|(did, _)| did == issuer).unwrap().1
}

/// The entries with these indexes, signed on all cores.
fn entries(first: u32, last: u32) -> Vec<Vec<u8>> {
    let workers = u32::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
    let part = (last - first).div_ceil(workers);
    std::thread::scope(|scope| {
        let part = |worker: u32| (first + worker * part).min(last)..(first + (worker + 1) * part).min(last);
        let parts: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || part(worker).map(entry).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

/// Ten entries a second.
fn received_at(index: u32) -> Timestamp {
    Timestamp::from_millis(sample::instant("2026-06-01T00:00:00Z").millis() + 100 * u64::from(index))
}

fn entry(index: u32) -> Vec<u8> {
    let jws = if index < CERTIFIERS {
        let accreditation = Accreditation {
            id: format!("urn:x:accreditation:{index}"),
            subject: certifier_did(index),
            name: format!("Certifier {index}"),
            keys: vec![certifier_key(index).public_key()],
            compromised: vec![],
            scope: Scope { hs_chapters: vec![57], ..sample::accreditation().scope },
            ..sample::accreditation()
        };
        sign(&accreditation.to_payload(), &accreditation.issuer, &accreditor_key())
    } else if index % SUSPENSION == SUSPENSION - 1 {
        let target = index - SUSPENSION / 2;
        let change = StatusChange {
            id: format!("urn:x:change:{index}"),
            issuer: certifier_did(target % CERTIFIERS),
            action: Action::Suspend,
            target: Target::Attestations(vec![target.into()]),
            ..sample::status_change()
        };
        sign(&change.to_payload(), &change.issuer, &certifier_key(target % CERTIFIERS))
    } else {
        let (certifier, number) = (index % CERTIFIERS, index / CERTIFIERS);
        let key = certifier_key(certifier);
        let attestation = Attestation {
            id: format!("urn:uuid:9d2c4e0a-7a53-4b7e-8d0e-{index:012x}"),
            issuer: certifier_did(certifier),
            issuer_name: format!("Certifier {certifier}"),
            lot: Lot::parse(&format!("KTM-{index}")).unwrap(),
            product_name: format!("Hand-knotted carpet {}", index % 977),
            labels: 1 + index % 5_000,
            quantity: 1 + index % 5_000,
            // Each bit of a list once, in no order: certifiers draw them.
            slot: StatusSlot {
                list: number / StatusSlot::LIST_LENGTH,
                index: number.wrapping_mul(40_503) % StatusSlot::LIST_LENGTH,
            },
            ..sample::attestation()
        };
        sign(&attestation.to_payload(&key.public_key().thumbprint()), &attestation.issuer, &key)
    };
    Entry::encode(received_at(index), jws.as_bytes())
}

/// Signs without opening the result again: the fold does.
fn sign(payload: &[u8], issuer: &Did, key: &SecretKey) -> String {
    let header =
        format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{issuer}#{}"}}"#, key.public_key().thumbprint());
    let signed = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}

fn origin() -> statement::Origin {
    sample::attestation().registry
}

fn certifier_did(certifier: u32) -> Did {
    did(&format!("did:web:certifier{certifier}.example"))
}

fn certifier_key(certifier: u32) -> SecretKey {
    SecretKey::from_seed(&[u8::try_from(10 + certifier).unwrap(); 32])
}

fn log_key() -> SecretKey {
    SecretKey::from_seed(&[9; 32])
}

fn policy() -> Policy {
    let key = AccreditorKey { key: accreditor_key().public_key(), first_index: 0, last_index: None };
    let accreditor = did("did:web:accreditor.example");
    let accreditors = vec![Accreditor { did: accreditor, name: "Accreditor".into(), threshold: 1, keys: vec![key] }];
    Policy { origin: origin(), accreditors, rules: vec![(0, 1)] }
}
