//! The registry that the kit's labels are of: a log of some entries, its snapshot, and the evidence for each of its attestations.

use std::collections::BTreeMap;

use primitives::{Hash, SecretKey, Signer as _, Timestamp, base64};
use registry::{Accreditor, AccreditorKey, Folded, Policy, SnapshotHead, State};
use statement::sample::{self, country, day, did, instant};
use statement::{
    Accreditation, Action, Attestation, Claims, Compromised, Did, Entry, Gtin, HsCode, Lot, Origin, Reason, Scope,
    StatusChange, StatusSlot, Target,
};
use tlog::{Checkpoint, MemoryTree, Quorum, Vkey};
use verify::{Bundle, BundleEntry, StatusProof, Trust, TrustedRegistry};

/// The trust file that the kit's labels are judged with, where a vector names no other.
const TRUST: &str = "world/trust.toml";
/// One that names no registry.
pub(super) const NOBODY: &str = "world/trust-in-nobody.toml";
/// One that asks for a witness.
pub(super) const WITNESSED: &str = "world/trust-with-witness.toml";
/// The registry's origin.
pub(super) const ORIGIN: &str = "registry.example";
/// The time at which the kit's labels are judged.
pub(super) const AT: &str = "2026-06-01T12:00:00Z";

/// Attestations of the log by what becomes of them. The numbers are their log indexes.
pub(super) mod index {
    pub(crate) const ACCREDITATION: u64 = 0;
    pub(crate) const GOOD: u64 = 2;
    pub(crate) const WITHOUT_GTIN: u64 = 3;
    pub(crate) const WITHDRAWN: u64 = 4;
    pub(crate) const SUSPENDED: u64 = 5;
    pub(crate) const OF_SUSPENDED_CERTIFIER: u64 = 6;
    pub(crate) const EXPIRED: u64 = 7;
    pub(crate) const NOT_YET_VALID: u64 = 8;
    pub(crate) const KEY_EXPOSED: u64 = 9;
    pub(crate) const OUT_OF_SCOPE: u64 = 10;
    pub(crate) const REINSTATED: u64 = 11;
    pub(crate) const KEY_COMPROMISED: u64 = 12;
    pub(crate) const AFTER_RETIREMENT: u64 = 19;
    pub(crate) const SUSPENDED_BY_ACCREDITOR: u64 = 20;
    /// No attestation: the entry that withdraws one.
    pub(crate) const WITHDRAWAL: u64 = 13;
    /// The entry that suspends the other certifier.
    pub(crate) const PARTY_SUSPENSION: u64 = 15;
    /// An entry that the law refuses.
    pub(crate) const REFUSED_LIFT: u64 = 22;
    /// The last entry: the registry's own.
    pub(crate) const STATUS_ROOT: u64 = 23;
}

/// The secret keys: each is one byte, 32 times. The kit's README lists them, so that anyone can make more vectors.
pub(super) mod key {
    use primitives::SecretKey;

    pub(crate) fn accreditor() -> SecretKey {
        SecretKey::from_seed(&[1; 32])
    }
    pub(crate) fn certifier() -> SecretKey {
        SecretKey::from_seed(&[2; 32])
    }
    /// Accredited with the first; compromised later.
    pub(crate) fn stolen() -> SecretKey {
        SecretKey::from_seed(&[3; 32])
    }
    /// Accredited with the first; retired later.
    pub(crate) fn retired() -> SecretKey {
        SecretKey::from_seed(&[4; 32])
    }
    /// Accredited later than what it signs labels of.
    pub(crate) fn added() -> SecretKey {
        SecretKey::from_seed(&[5; 32])
    }
    pub(crate) fn other_certifier() -> SecretKey {
        SecretKey::from_seed(&[6; 32])
    }
    pub(crate) fn log() -> SecretKey {
        SecretKey::from_seed(&[9; 32])
    }
    /// The registry's own, of receipts.
    pub(crate) fn registry() -> SecretKey {
        SecretKey::from_seed(&[12; 32])
    }
    pub(crate) fn witness() -> SecretKey {
        SecretKey::from_seed(&[10; 32])
    }
    pub(crate) fn second_witness() -> SecretKey {
        SecretKey::from_seed(&[11; 32])
    }
    /// Accredited by nobody.
    pub(crate) fn stranger() -> SecretKey {
        SecretKey::from_seed(&[66; 32])
    }
}

/// A log, and what follows from it.
#[derive(Debug)]
pub struct World {
    /// The registry's state.
    pub state: State,
    /// The log's entries.
    pub entries: Vec<Vec<u8>>,
    /// The trust file.
    pub trust: Trust,
}

impl World {
    /// The kit's log.
    ///
    /// # Panics
    /// When an entry is not taken as meant.
    #[expect(clippy::new_without_default, reason = "there is one world, and it is no empty value")]
    pub fn new() -> Self {
        let accreditor = AccreditorKey { key: key::accreditor().public_key(), first_index: 0, last_index: None };
        let policy = Policy {
            origin: origin(),
            accreditors: vec![Accreditor {
                did: did("did:web:accreditor.example"),
                name: "Example Scheme Authority".into(),
                threshold: 1,
                keys: vec![accreditor],
            }],
            rules: vec![(0, 2)],
        };
        let registry = TrustedRegistry {
            policy: policy.clone(),
            url: "https://registry.example".into(),
            log_keys: vec![log_vkey()],
            quorum: Quorum::none(),
            witness_urls: Vec::new(),
            // Old vectors are judged for as long as anybody runs the kit.
            snapshot_max_age_days: u16::MAX,
            reports: BTreeMap::new(),
        };
        let trust = Trust { registries: vec![registry] };
        let mut world = Self { state: State::new(policy), entries: Vec::new(), trust };
        world.fill();
        world
    }

    /// The entries, in order. Each is received ten seconds after the one before; the last is the status root.
    fn fill(&mut self) {
        let (certifier, other) = ("did:web:certifier.example", "did:web:other.example");
        let first = [key::certifier(), key::stolen(), key::retired()];
        self.accredit(certifier, "2026-01-01T00:00:00Z", &first, vec![]);
        self.accredit(other, "2026-01-01T00:00:00Z", &[key::other_certifier()], vec![]);
        let plain = attestation;
        self.attest(index::GOOD, plain("KTM-2026"), &key::certifier());
        let without = Attestation { gtin: None, claims: Claims::ALL, ..plain("B/7(a)%") };
        self.attest(index::WITHOUT_GTIN, without, &key::certifier());
        self.attest(index::WITHDRAWN, plain("WITHDRAWN"), &key::certifier());
        self.attest(index::SUSPENDED, plain("SUSPENDED"), &key::certifier());
        let of_other = Attestation { issuer: did(other), ..plain("OTHER") };
        self.attest(index::OF_SUSPENDED_CERTIFIER, of_other, &key::other_certifier());
        let expired = Attestation {
            last_day: day("2026-02-28"),
            valid_until: instant("2026-03-01T00:00:00Z"),
            ..plain("EXPIRED")
        };
        self.attest(index::EXPIRED, expired, &key::certifier());
        let early = Attestation {
            first_day: day("2099-01-01"),
            valid_from: instant("2099-01-01T00:00:00Z"),
            ..plain("NOT-YET")
        };
        self.attest(index::NOT_YET_VALID, early, &key::certifier());
        self.attest(index::KEY_EXPOSED, plain("EXPOSED"), &key::stolen());
        let out_of_scope = Attestation { hs_code: HsCode::parse("620520").expect("an HS code"), ..plain("SCOPE") };
        self.attest(index::OUT_OF_SCOPE, out_of_scope, &key::certifier());
        self.attest(index::REINSTATED, plain("REINSTATED"), &key::certifier());
        self.attest(index::KEY_COMPROMISED, plain("COMPROMISED"), &key::stolen());
        let of = |index| Target::Attestations(vec![index]);
        self.change(false, Action::Withdraw, of(index::WITHDRAWN), None);
        self.change(false, Action::Suspend, of(index::SUSPENDED), None);
        self.change(true, Action::Suspend, Target::Party(did(other)), None);
        self.change(false, Action::Suspend, of(index::REINSTATED), None);
        self.change(false, Action::Reinstate, of(index::REINSTATED), Some(16));
        // Retires one key, adds one, and says since when another was in other hands: after KEY_EXPOSED, not after KEY_COMPROMISED.
        let stolen =
            Compromised { key: key::stolen().public_key().thumbprint(), since: received_at(index::KEY_COMPROMISED) };
        let later = [key::certifier(), key::stolen(), key::added()];
        self.accredit(certifier, "2026-01-02T00:00:00Z", &later, vec![stolen]);
        self.attest(index::AFTER_RETIREMENT, plain("LATER"), &key::certifier());
        self.attest(index::SUSPENDED_BY_ACCREDITOR, plain("HELD"), &key::certifier());
        self.change(true, Action::Suspend, of(index::SUSPENDED_BY_ACCREDITOR), None);
        // A hold of the accreditor's is not the certifier's to lift: the law refuses this entry, and the log keeps it all the same.
        let lift = change(false, Action::Reinstate, of(index::SUSPENDED_BY_ACCREDITOR), Some(21));
        self.log(&lift.to_payload(), &lift.issuer, &key::certifier(), false);
        let root = self.state.bind_status(received_at(index::STATUS_ROOT)).expect("it is due by then");
        self.entries.push(root.encode().to_vec());
    }

    fn log(&mut self, payload: &[u8], issuer: &Did, key: &SecretKey, counts: bool) {
        let jws = statement::sign(payload, issuer, key).expect("it signs");
        let entry = Entry::encode(received_at(self.state.size()), jws.as_bytes());
        let folded = self.state.fold(&entry);
        assert_eq!(matches!(folded, Folded::Applied(_)), counts, "entry {}: {folded:?}", self.entries.len());
        self.entries.push(entry);
    }

    fn accredit(&mut self, subject: &str, from: &str, keys: &[SecretKey], compromised: Vec<Compromised>) {
        let accreditation = Accreditation {
            subject: did(subject),
            keys: keys.iter().map(SecretKey::public_key).collect(),
            compromised,
            scope: Scope { countries: vec![country("NP")], hs_chapters: vec![57], topics: Claims::ALL },
            hotlines: vec![],
            last_day: day("2099-12-31"),
            valid_from: instant(from),
            valid_until: instant("2100-01-01T00:00:00Z"),
            first_day: instant(from).day(),
            ..sample::accreditation()
        };
        self.log(&accreditation.to_payload(), &accreditation.issuer, &key::accreditor(), true);
    }

    fn attest(&mut self, index: u64, attestation: Attestation, key: &SecretKey) {
        assert_eq!(self.state.size(), index, "lot {}", attestation.lot);
        let slot = StatusSlot { list: 0, index: u32::try_from(index).expect("few") };
        let attestation = Attestation { slot, ..attestation };
        self.log(&attestation.to_payload(&key.public_key().thumbprint()), &attestation.issuer, key, true);
    }

    fn change(&mut self, by_accreditor: bool, action: Action, target: Target, after: Option<u64>) {
        let change = change(by_accreditor, action, target, after);
        let key = if by_accreditor { key::accreditor() } else { key::certifier() };
        self.log(&change.to_payload(), &change.issuer, &key, true);
    }

    /// The registry as the trust file has it.
    ///
    /// # Panics
    /// Never: there is one.
    pub fn registry(&self) -> &TrustedRegistry {
        self.trust.registries.first().expect("there is one")
    }

    pub(super) fn tree(&self) -> MemoryTree {
        self.entries.iter().map(|entry| tlog::leaf_hash(entry)).collect()
    }

    /// The log's newest checkpoint, signed.
    pub(super) fn checkpoint(&self) -> String {
        signed_checkpoint(&self.tree(), &key::log())
    }

    /// An entry's statement.
    pub(super) fn statement(&self, index: u64) -> String {
        let entry = self.entry(index);
        String::from_utf8(entry.get(8..).expect("eight bytes first").to_vec()).expect("a compact JWS")
    }

    pub(super) fn entry(&self, index: u64) -> &[u8] {
        self.entries.get(usize::try_from(index).expect("few")).expect("an entry")
    }

    /// The evidence for a log index, as the registry gives it.
    ///
    /// # Panics
    /// When the log has no such entry.
    pub fn bundle(&self, index: u64) -> Bundle {
        self.bundle_under(&self.tree(), index)
    }

    /// The same, proved under a tree that begins with most of the log's entries.
    pub(super) fn bundle_under(&self, tree: &MemoryTree, index: u64) -> Bundle {
        let mut indexes = self.state.relevant_entries(index);
        if indexes.is_empty() && index < tree.size() {
            indexes.push(index);
        }
        let entries = indexes.into_iter().map(|index| self.proved(tree, index)).collect();
        let root = self.proved(tree, index::STATUS_ROOT);
        let prover = self.state.status_tree(index::STATUS_ROOT).expect("it has been reached");
        let prove = |index| to_base64(&prover.prove(index).unwrap_or_default());
        let certifier =
            self.state.row(index).and_then(|row| self.state.issuer_of(row)).map(registry::Party::first_index);
        let certifier = certifier.map_or_else(Vec::new, prove);
        let status = Some(StatusProof { root, attestation: prove(index), certifier });
        Bundle { index, checkpoint: signed_checkpoint(tree, &key::log()), entries, status }
    }

    /// An entry, and that it is in a tree of the log.
    pub(super) fn proved(&self, tree: &MemoryTree, index: u64) -> BundleEntry {
        BundleEntry { index, entry: base64::encode(self.entry(index)), proof: to_base64(&inclusion(tree, index)) }
    }

    /// The trust file of somebody who asks for a witness.
    fn witnessed(&self) -> Trust {
        let witness = Vkey::witness("witness.example", key::witness().public_key()).expect("a key name");
        let quorum = Quorum::new(vec![witness], 1).expect("one of one");
        Trust { registries: vec![TrustedRegistry { quorum, ..self.registry().clone() }] }
    }

    /// Head and body of a snapshot made and expiring at these times.
    pub(super) fn snapshot(&self, produced: &str, expires: &str) -> (String, Vec<u8>) {
        let body = self.state.snapshot();
        let head = SnapshotHead::sign(&body, &self.checkpoint(), instant(produced), instant(expires), &key::log());
        (head.expect("it signs").to_string(), body.pieces().flatten().collect())
    }

    /// The files that labels are judged with: trust file, evidence, snapshot.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let trusts =
            [(TRUST, self.trust.clone()), (NOBODY, Trust { registries: vec![] }), (WITNESSED, self.witnessed())];
        let mut files: BTreeMap<_, _> =
            trusts.into_iter().map(|(name, trust)| (name.to_owned(), trust.to_toml().into_bytes())).collect();
        // Past the end too: what a registry says of an index that it has not reached.
        for index in 0..=self.state.size() {
            let mut text = serde_json::to_string_pretty(&self.bundle(index)).expect("plain values");
            text.push('\n');
            files.insert(format!("world/evidence/{index}.json"), text.into_bytes());
        }
        let (head, body) = self.snapshot(AT, "2100-01-01T00:00:00Z");
        let digest = Hash::of(self.state.snapshot().index());
        files.insert(format!("world/snapshots/{ORIGIN}/head"), head.into_bytes());
        files.insert(format!("world/snapshots/{ORIGIN}/body-{digest}"), body);
        files
    }
}

pub(super) fn origin() -> Origin {
    Origin::parse(ORIGIN).expect("an origin")
}

pub(super) fn log_vkey() -> Vkey {
    Vkey::log(ORIGIN, key::log().public_key()).expect("a key name")
}

/// When the entry of this index was received.
pub(super) fn received_at(index: u64) -> Timestamp {
    // The root, which is the last entry, is a minute old when labels are judged.
    Timestamp::from_seconds(instant("2026-06-01T11:55:00Z").seconds() + 10 * index)
}

fn to_base64(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_base64).collect()
}

/// The checkpoint of a whole tree, signed under the registry's name.
pub(super) fn signed_checkpoint(tree: &MemoryTree, key: &SecretKey) -> String {
    let root = tlog::root(tree.size(), tree).expect("a tree in memory");
    Checkpoint::new(ORIGIN, tree.size(), root).expect("a checkpoint").sign(key).expect("it signs").to_string()
}

pub(super) fn inclusion(tree: &MemoryTree, index: u64) -> Vec<Hash> {
    tlog::inclusion_proof(index, tree.size(), tree).expect("a tree in memory")
}

/// An attestation of a hundred labels that holds to the end of the century.
pub(super) fn attestation(lot: &str) -> Attestation {
    Attestation {
        id: format!("https://certifier.example/a/{}", Hash::of(lot.as_bytes())),
        gtin: Some(Gtin::parse("09521234543213").expect("a GTIN")),
        lot: Lot::parse(lot).expect("a lot"),
        last_day: day("2099-12-31"),
        valid_until: instant("2100-01-01T00:00:00Z"),
        ..sample::attestation()
    }
}

fn change(by_accreditor: bool, action: Action, target: Target, after: Option<u64>) -> StatusChange {
    let issuer = if by_accreditor { "did:web:accreditor.example" } else { "did:web:certifier.example" };
    StatusChange {
        issuer: did(issuer),
        action,
        target,
        reason: Reason::Fraud,
        text: String::new(),
        after,
        effective_from: instant("2026-01-20T00:00:00Z"),
        ..sample::status_change()
    }
}
