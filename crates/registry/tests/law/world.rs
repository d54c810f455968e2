//! A small registry with everybody's keys: an accreditor that signs alone, a board that signs two of three, certifiers.

use primitives::{PublicKey, SecretKey, Signer, Thumbprint, Timestamp, base64};
use registry::{Accreditor, AccreditorKey, Effect, Folded, Ignored, Policy, Refusal, State};
pub(crate) use statement::sample::{did, instant as at};
use statement::{
    Accreditation, Action, Attestation, Claims, Clearance, ClearanceCommitment, Compromised, Did, Entry,
    KeyRotationRequest, Origin, Reason, ReportsRequest, Scope, StatusChange, StatusSlot, SupplementRequest, Target,
    Token, sample,
};

/// The accreditor that signs alone, with key 1; key 2 may sign at indexes 3 to 5 only.
pub(crate) const ACCREDITOR: &str = "did:web:accreditor.example";
/// The accreditor that signs two of keys 11, 12, 13.
pub(crate) const BOARD: &str = "did:web:board.example";
/// Two certifiers.
pub(crate) const CARPETS: &str = "did:web:carpets.example";
/// See [`CARPETS`].
pub(crate) const TILES: &str = "did:web:tiles.example";

pub(crate) fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}
pub(crate) fn public(number: u8) -> PublicKey {
    secret(number).public_key()
}
pub(crate) fn thumbprint(number: u8) -> Thumbprint {
    public(number).thumbprint()
}
/// The hour when everything begins, plus some minutes.
pub(crate) fn minutes(count: u64) -> Timestamp {
    Timestamp::from_millis(at("2026-03-01T08:00:00Z").millis() + count * 60_000)
}

pub(crate) fn policy() -> Policy {
    let key = |number, first_index, last_index| AccreditorKey { key: public(number), first_index, last_index };
    Policy {
        origin: Origin::parse("registry.example").unwrap(),
        accreditors: vec![
            Accreditor {
                did: did(ACCREDITOR),
                name: "Accreditor".into(),
                threshold: 1,
                keys: vec![key(1, 0, None), key(2, 3, Some(5))],
            },
            Accreditor {
                did: did(BOARD),
                name: "Board".into(),
                threshold: 2,
                keys: vec![key(11, 0, None), key(12, 0, None), key(13, 0, None)],
            },
        ],
        rules: vec![(0, 1)],
    }
}

/// An accreditation of a certifier by [`ACCREDITOR`], with these keys, valid from `minute`.
pub(crate) fn accreditation(subject: &str, keys: &[u8], minute: u64) -> Accreditation {
    let (valid_from, valid_until) = (minutes(minute), at("2028-01-01T00:00:00Z"));
    let (first_day, last_day) = statement::days(valid_from, valid_until).unwrap();
    Accreditation {
        issuer: did(ACCREDITOR),
        subject: did(subject),
        name: "Certifier".into(),
        keys: keys.iter().map(|number| public(*number)).collect(),
        compromised: vec![],
        scope: Scope { hs_chapters: vec![57, 69], topics: Claims::NO_CHILD_LABOUR, ..sample::accreditation().scope },
        first_day,
        last_day,
        valid_from,
        valid_until,
        ..sample::accreditation()
    }
}

pub(crate) fn compromised(number: u8, since: Timestamp) -> Compromised {
    Compromised { key: thumbprint(number), since }
}

/// A lot of a hundred carpets, in this status slot of list 0.
pub(crate) fn attestation(issuer: &str, slot: u32) -> Attestation {
    let (valid_from, valid_until) = (at("2026-03-01T00:00:00Z"), at("2027-03-01T00:00:00Z"));
    let (first_day, last_day) = statement::days(valid_from, valid_until).unwrap();
    Attestation {
        issuer: did(issuer),
        slot: StatusSlot { list: 0, index: slot },
        first_day,
        last_day,
        valid_from,
        valid_until,
        ..sample::attestation()
    }
}

/// A change of the status of some attestations, at once.
pub(crate) fn change(issuer: &str, action: Action, targets: &[u64], after: Option<u64>) -> StatusChange {
    StatusChange {
        issuer: did(issuer),
        action,
        target: Target::Attestations(targets.to_vec()),
        reason: Reason::AuditRefused,
        after,
        effective_from: minutes(0),
        ..sample::status_change()
    }
}

/// A change of the status of a party, at once.
pub(crate) fn party_change(issuer: &str, action: Action, party: &str, after: Option<u64>) -> StatusChange {
    StatusChange { target: Target::Party(did(party)), ..change(issuer, action, &[], after) }
}

/// Something to sign.
pub(crate) trait Say {
    fn payload(&self) -> Vec<u8>;
    fn issuer(&self) -> &Did;
    fn jws(&self, key: u8) -> String {
        statement::sign(&self.payload(), self.issuer(), &secret(key)).unwrap()
    }
}
impl Say for Accreditation {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for StatusChange {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for ClearanceCommitment {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for Clearance {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for KeyRotationRequest {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for ReportsRequest {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for SupplementRequest {
    fn payload(&self) -> Vec<u8> {
        self.to_payload()
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
}
impl Say for Attestation {
    fn payload(&self) -> Vec<u8> {
        unreachable!("an attestation's payload names its key")
    }
    fn issuer(&self) -> &Did {
        &self.issuer
    }
    fn jws(&self, key: u8) -> String {
        statement::sign(&self.to_payload(&thumbprint(key)), &self.issuer, &secret(key)).unwrap()
    }
}

/// A registry and its log. Every submission is a minute after the last.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) log: Vec<Vec<u8>>,
    pub(crate) now: Timestamp,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(policy())
    }

    pub(crate) fn with(policy: Policy) -> Self {
        Self { state: State::new(policy), log: vec![], now: minutes(0) }
    }

    /// One where [`CARPETS`] is accredited with key 21.
    pub(crate) fn with_carpets() -> Self {
        let mut world = Self::new();
        world.accept(1, &accreditation(CARPETS, &[21], 0));
        world
    }

    /// One where [`CARPETS`] has attested a lot as well, at index 1.
    pub(crate) fn with_attestation() -> Self {
        let mut world = Self::with_carpets();
        world.accept(21, &attestation(CARPETS, 0));
        world
    }

    /// What admission does: check the signature, ask the gate, log.
    pub(crate) fn submit(&mut self, key: u8, what: &impl Say) -> Result<Effect, Refusal> {
        self.submit_jws(&what.jws(key))
    }

    pub(crate) fn submit_jws(&mut self, jws: &str) -> Result<Effect, Refusal> {
        let token = Token::parse(jws.as_bytes()).unwrap();
        let statement = token.open(&self.state.issuer_key(&token)?).unwrap();
        self.now = Timestamp::from_millis(self.now.millis() + 60_000);
        let before = self.state.encode();
        let answer = self.state.admit(self.now, &statement);
        if answer.is_ok() {
            self.log.push(Entry::encode(self.now, jws.as_bytes()));
        } else {
            assert_eq!(self.state.encode(), before, "a refusal changes nothing");
        }
        answer
    }

    /// Submits what has to be accepted; gives its index.
    pub(crate) fn accept(&mut self, key: u8, what: &impl Say) -> u64 {
        let index = self.state.size();
        if let Err(refusal) = self.submit(key, what) {
            panic!("refused: {refusal}");
        }
        index
    }

    /// Submits what has to be refused, to the gate and, logged all the same, to a fold; gives the reason.
    pub(crate) fn refuse(&mut self, key: u8, what: &impl Say) -> Refusal {
        let refusal = self.submit(key, what).expect_err("refused");
        let mut fold = self.state.clone();
        let entry = Entry::encode(self.now, what.jws(key).as_bytes());
        match fold.fold(&entry) {
            Folded::Ignored(Ignored::Refused(reason) | Ignored::UnknownIssuer(reason)) => assert_eq!(reason, refusal),
            Folded::Applied(Effect::Attested { faults }) => {
                assert_eq!(refusal, Refusal::OutOfScope(faults));
            }
            other @ (Folded::Ignored(_) | Folded::Applied(_) | Folded::Rooted(_)) => {
                panic!("fold says {other:?}, the gate {refusal}")
            }
        }
        refusal
    }

    /// Takes in what an honest registry would not log.
    pub(crate) fn log_anyway(&mut self, key: u8, what: &impl Say) -> Folded {
        self.log_jws(&what.jws(key))
    }

    pub(crate) fn log_raw(&mut self, key: u8, payload: &[u8], issuer: &str) -> Folded {
        self.log_jws(&raw_jws(key, payload, issuer))
    }

    pub(crate) fn log_jws(&mut self, jws: &str) -> Folded {
        self.now = Timestamp::from_millis(self.now.millis() + 60_000);
        self.log_bytes(Entry::encode(self.now, jws.as_bytes()))
    }

    pub(crate) fn log_bytes(&mut self, entry: Vec<u8>) -> Folded {
        let folded = self.state.fold(&entry);
        self.log.push(entry);
        folded
    }

    /// Replays the log and checks that it gives this State, byte for byte; gives the replayed one.
    pub(crate) fn replay(&self) -> State {
        let mut state = State::new(self.state.policy().clone());
        let folded: Vec<_> = self.log.iter().map(|entry| state.fold(entry)).collect();
        assert!(state.encode() == self.state.encode(), "replay differs from live");
        for chunk in [1, 3, usize::MAX] {
            let (batched, found) = self.replay_in_batches(chunk);
            assert!(batched.encode() == state.encode(), "opened by {chunk}, a log folds otherwise");
            assert_eq!(found, folded, "opened by {chunk}");
        }
        state
    }

    /// The same by an opener, which is always one chunk behind the State: so are those that work ahead of it.
    fn replay_in_batches(&self, chunk: usize) -> (State, Vec<Folded>) {
        let mut state = State::new(self.state.policy().clone());
        let (mut opener, mut found) = (state.opener([7; 32]), Vec::new());
        let entries: Vec<&[u8]> = self.log.iter().map(Vec::as_slice).collect();
        let mut first = 0;
        let mut next = opener.clone();
        for entries in entries.chunks(chunk) {
            let opened = opener.open(first, entries.len(), entries.iter().copied());
            first += entries.len() as u64;
            std::mem::swap(&mut opener, &mut next);
            next.fold(&mut state, entries, opened, |_, _, _, folded| found.push(folded));
        }
        (state, found)
    }

    /// Evidence for one attestation: only the entries that the State names.
    pub(crate) fn evidence(&self, index: u64) -> State {
        let mut state = State::new(self.state.policy().clone());
        for entry in self.state.relevant_entries(index) {
            let folded = state.fold_at(entry, &self.log[usize::try_from(entry).unwrap()]);
            assert!(matches!(folded, Folded::Applied(_)), "{entry}: {folded:?}");
        }
        state
    }

    /// Codes of what speaks against an attestation now, replayed and from evidence too.
    pub(crate) fn causes(&self, index: u64) -> Vec<&'static str> {
        self.causes_at(index, self.now)
    }

    pub(crate) fn causes_at(&self, index: u64, at: Timestamp) -> Vec<&'static str> {
        let standing = self.state.standing(index, at).expect("an attestation");
        assert_eq!(self.replay().standing(index, at), Some(standing));
        assert_eq!(self.evidence(index).standing(index, at), Some(standing));
        standing.causes().map(|cause| cause.code()).collect()
    }
}

/// A token with a true signature over whatever payload: what no honest program signs.
pub(crate) fn raw_jws(key: u8, payload: &[u8], issuer: &str) -> String {
    let header = format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{issuer}#{}"}}"#, thumbprint(key));
    let signed = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let signature = secret(key).sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}
