//! Many labels at once: signatures are checked together, a quarter of the cost, and each label gets the verdict that it would get
//! alone.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use label::{Error, Genuine, Label, NotGenuine};
use primitives::{AccreditableKey, PublicKey};

use crate::{Knowledge, Known, Outcome, Reason, SignatureCheck, Source, Strict, Trust, When, judge};

/// How many labels are best given to [`verify_many`] at once.
pub const WINDOW: usize = primitives::batch::WINDOW;

/// One label's judgement without its findings: those of [`crate::verify`], which gives them for labels that somebody will read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The label, if it could be read.
    pub label: Option<Label>,
    /// Whether a key that may sign for it has signed it: only then is what it says its certifier's word.
    pub is_genuine: bool,
    /// What it comes to.
    pub outcome: Outcome,
    /// Why it is not `verified`: worst first, each once.
    pub reasons: Vec<Reason>,
}

/// Keys that were found to be free of torsion, so that their signatures may be checked together; found out once.
#[derive(Debug, Clone, Default)]
pub struct Keyring(BTreeMap<PublicKey, Option<AccreditableKey>>);

impl Keyring {
    fn accreditable(&mut self, key: &PublicKey) -> Option<AccreditableKey> {
        *self.0.entry(*key).or_insert_with(|| key.accreditable().ok())
    }
}

/// Judges each of these texts as [`crate::verify`] does.
///
/// `known` is asked as for one label. `seed` is 32 random bytes that nobody else knows: see
/// [`primitives::batch::verify`], which also says with what chance, below 2⁻⁴⁰ a window, a verdict differs from the strict one, and
/// that only a key's owner can bring it about.
pub fn verify_many<'a>(
    texts: &[&str],
    known: &dyn Fn(&Label) -> Known<'a>,
    trust: &Trust,
    when: When,
    keyring: &mut Keyring,
    seed: &[u8; 32],
) -> Vec<Judged> {
    let parsed: Vec<Result<Label, Error>> = texts.iter().map(|text| Label::parse(text)).collect();
    // Asked once a label, and only for a registry that is trusted.
    let ask = |parsed: &Result<Label, Error>| {
        let label = parsed.as_ref().ok().filter(|label| trust.registry(label.origin()).is_some());
        label.map(known)
    };
    let known: Vec<Option<Known<'a>>> = parsed.iter().map(ask).collect();
    let mut asked: Vec<(usize, &Label, AccreditableKey)> = Vec::with_capacity(texts.len());
    for (line, (parsed, known)) in parsed.iter().zip(&known).enumerate() {
        let (Ok(label), Some(Known::State(known))) = (parsed, known) else { continue };
        // A key that is not free of torsion is in no honest log; it is left to the strict check.
        for key in candidates(known, label) {
            asked.extend(keyring.accreditable(&key).map(|key| (line, label, key)));
        }
    }
    let pairs: Vec<(&Label, &AccreditableKey)> = asked.iter().map(|(_, label, key)| (*label, key)).collect();
    let answers = Label::verify_batch(&pairs, seed);
    let mut answers = asked.iter().map(|(line, _, key)| (*line, **key)).zip(answers).peekable();
    let mut judged = Vec::with_capacity(texts.len());
    for (line, (parsed, known)) in parsed.iter().zip(known).enumerate() {
        let mut known_answers = Answers(Vec::new());
        while let Some(((_, key), answer)) = answers.next_if(|((of, _), _)| *of == line) {
            known_answers.0.push((key, answer));
        }
        let known = |_: &Label| known.unwrap_or(Known::Missing(Reason::NoStatus));
        let (outcome, reasons) = judge::brief(parsed, known, &known_answers, trust, when);
        let is_genuine = known_answers.0.iter().any(|(_, answer)| answer.is_ok());
        judged.push((is_genuine, outcome, reasons));
    }
    let labels = parsed.into_iter().map(Result::ok);
    labels
        .zip(judged)
        .map(|(label, (is_genuine, outcome, reasons))| Judged { label, is_genuine, outcome, reasons })
        .collect()
}

/// The keys under which a label's signature will be asked for.
fn candidates(known: &Knowledge<'_>, label: &Label) -> Vec<PublicKey> {
    let (index, state) = (label.index(), known.state);
    if state.row(index).is_some() {
        return state.label_keys(index, label.key_id()).iter().map(|key| key.record.key).collect();
    }
    if index >= known.size && known.source == Source::Snapshot {
        return state.keys_with_id(label.key_id()).map(|record| record.key).collect();
    }
    Vec::new()
}

/// What the batch found about one label, key by key.
struct Answers(Vec<(PublicKey, Result<Genuine, NotGenuine>)>);

impl SignatureCheck for Answers {
    fn check(&self, label: &Label, key: &PublicKey) -> Result<Cow<'_, Genuine>, NotGenuine> {
        match self.0.iter().find(|(of, _)| of == key) {
            Some((_, answer)) => answer.as_ref().map(Cow::Borrowed).map_err(|error| *error),
            None => Strict.check(label, key),
        }
    }
}
