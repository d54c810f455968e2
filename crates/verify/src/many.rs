//! Many labels at once: signatures are checked together, a quarter of the cost, and each label gets the verdict that it would get
//! alone.

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
pub struct Keyring {
    numbers: BTreeMap<PublicKey, Option<usize>>,
    keys: Vec<AccreditableKey>,
}

impl Keyring {
    /// The number of a key that is free of torsion.
    fn number(&mut self, key: &PublicKey) -> Option<usize> {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = key.accreditable().ok().map(|key| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        self.numbers.insert(*key, number);
        number
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
    let mut asked: Vec<(&Label, usize)> = Vec::with_capacity(texts.len());
    // Where the questions about each label end.
    let mut ends = Vec::with_capacity(texts.len());
    for (parsed, known) in parsed.iter().zip(&known) {
        if let (Ok(label), Some(Known::State(known))) = (parsed, known) {
            // A key that is not free of torsion is in no honest log; it is left to the strict check.
            candidates(known, label, |key| asked.extend(keyring.number(key).map(|number| (label, number))));
        }
        ends.push(asked.len());
    }
    let with_key = |&(label, number): &(_, usize)| Some((label, keyring.keys.get(number)?));
    let asked: Vec<(&Label, &AccreditableKey)> = asked.iter().filter_map(with_key).collect();
    let answers = Label::verify_batch(&asked, seed);
    let mut judged = Vec::with_capacity(texts.len());
    let mut start = 0;
    for ((parsed, known), end) in parsed.iter().zip(known).zip(ends) {
        let part = start..end;
        let answers = Answers {
            asked: asked.get(part.clone()).unwrap_or_default(),
            answers: answers.get(part).unwrap_or_default(),
        };
        start = end;
        let known = |_: &Label| known.unwrap_or(Known::Missing(Reason::NoStatus));
        let (outcome, reasons) = judge::brief(parsed, known, &answers, trust, when);
        judged.push((answers.answers.iter().any(Result::is_ok), outcome, reasons));
    }
    let labels = parsed.into_iter().map(Result::ok);
    labels
        .zip(judged)
        .map(|(label, (is_genuine, outcome, reasons))| Judged { label, is_genuine, outcome, reasons })
        .collect()
}

/// The keys under which a label's signature will be asked for.
fn candidates(known: &Knowledge<'_>, label: &Label, mut ask: impl FnMut(&PublicKey)) {
    let (index, state) = (label.index(), known.state);
    if state.row(index).is_some() {
        state.label_keys(index, label.key_id()).for_each(|key| ask(&key.record.key));
    } else if index >= known.size && known.source == Source::Snapshot {
        state.keys_with_id(label.key_id()).for_each(|record| ask(&record.key));
    }
}

/// What the batch found about one label, key by key.
struct Answers<'a> {
    asked: &'a [(&'a Label, &'a AccreditableKey)],
    answers: &'a [Result<Genuine<&'a Label>, NotGenuine>],
}

impl SignatureCheck for Answers<'_> {
    fn check<'l>(&'l self, label: &'l Label, key: &PublicKey) -> Result<Genuine<&'l Label>, NotGenuine> {
        let is_this = |((asked, of), _): &(&(&Label, &AccreditableKey), _)| *asked == label && ***of == *key;
        match self.asked.iter().zip(self.answers).find(is_this) {
            Some((_, answer)) => *answer,
            None => Strict.check(label, key),
        }
    }
}
