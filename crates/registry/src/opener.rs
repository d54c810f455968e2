//! Opener: reads many entries of a log at once and checks their signatures in batches, for whoever replays the whole of it.
//!
//! It knows the parties as they were at some size, so that several openers can work ahead of one State, each on a core of its own.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{AccreditableKey, PublicKey, Timestamp};
use statement::{Headers, Token, Unverified};

use crate::fold::{self, Content, Folded, Ignored, Opened};
use crate::parties::Parties;
use crate::policy::Policy;
use crate::state::State;

/// How often the entries of one [`Opener::fold`] are opened again because somebody was accredited among them; after that, each by itself.
/// Each time costs at most what it cost to open them, which a registry must not be able to multiply at will.
const REOPENINGS: u32 = 8;

/// A token, once its issuer's key was looked for.
enum Read<'e> {
    /// For a batch.
    Unverified(Unverified<'e, Content>),
    /// Judged by itself, or without looking at its signature.
    Done(Result<Content, Ignored>),
}

/// Opens entries as [`State::open`] does, faster. How sure the verdicts are: [`primitives::batch`].
#[derive(Clone)]
pub struct Opener {
    policy: Arc<Policy>,
    parties: Parties,
    /// Whether a key can be checked in batches, worked out once: that costs as much as a signature.
    keys: BTreeMap<PublicKey, Option<Arc<AccreditableKey>>>,
    headers: Headers,
    seed: [u8; 32],
}

impl State {
    /// An opener that knows whom this State knows. `seed` is 32 random bytes that nobody else knows: see [`primitives::batch`].
    pub fn opener(&self, seed: [u8; 32]) -> Opener {
        let (policy, parties) = (Arc::clone(&self.policy), self.parties.clone());
        Opener { policy, parties, keys: BTreeMap::new(), headers: Headers::default(), seed }
    }
}

impl Opener {
    /// Reads these entries, of which the first has this index, and checks their signatures; the answers are in their order. Best are
    /// some thousands of entries: [`primitives::batch::WINDOW`] at most.
    ///
    /// `count` is how many there will be; fewer or more may come.
    pub fn open<'e>(&mut self, first: u64, count: usize, entries: impl Iterator<Item = &'e [u8]>) -> Vec<Opened> {
        self.open_each(count, (first..).zip(entries))
    }

    fn open_each<'e>(&mut self, count: usize, entries: impl Iterator<Item = (u64, &'e [u8])>) -> Vec<Opened> {
        let mut opened = Vec::with_capacity(count);
        let (mut waiting, mut unverified) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (index, entry) in entries {
            opened.push(
                match fold::token(&self.policy, index, entry, |jws| Token::parse_among(jws, &mut self.headers)) {
                    Ok((received_at, token)) => match self.read(token, index) {
                        Read::Unverified(one) => {
                            waiting.push((opened.len(), index, received_at));
                            unverified.push(one);
                            // Until its signature is verified.
                            Opened::new(index, Some(received_at), Err(Ignored::BadSignature))
                        }
                        Read::Done(content) => Opened::new(index, Some(received_at), content),
                    },
                    Err(done) => done,
                },
            );
        }
        let verified = Unverified::verify(unverified, &self.seed);
        for ((place, index, received_at), verified) in waiting.into_iter().zip(verified) {
            if let Some(opened) = opened.get_mut(place) {
                *opened = Opened::new(index, Some(received_at), verified.map_err(fold::ignored));
            }
        }
        opened
    }

    /// Folds entries that were opened, in order; `each` is told what became of each entry, when it was received where it is of a known
    /// format, and the State after it.
    ///
    /// Whoever was accredited since this opener learnt of it, or among these entries, is known to it afterwards.
    pub fn fold(
        &mut self,
        state: &mut State,
        entries: &[&[u8]],
        opened: Vec<Opened>,
        mut each: impl FnMut(&State, &[u8], Option<Timestamp>, Folded),
    ) {
        let (mut opened, mut left) = (opened.into_iter(), REOPENINGS);
        for (place, entry) in entries.iter().enumerate() {
            if left > 0 && opened.as_slice().first().is_some_and(Opened::is_unknown) && self.learn(state) {
                left -= 1;
                let rest = entries.get(place..).unwrap_or_default();
                opened = self.open_unknown(rest, opened.collect()).into_iter();
            }
            let Some(mut opened) = opened.next() else { return };
            let folded = state.fold_opened(entry, &mut opened);
            each(state, entry, opened.received_at(), folded);
        }
        self.learn(state);
    }

    /// Takes over whom a State knows; whether that is anybody new.
    fn learn(&mut self, state: &State) -> bool {
        let is_new = !self.parties.is_same(&state.parties);
        if is_new {
            self.parties = state.parties.clone();
        }
        is_new
    }

    /// Opens those again whose issuer was not known.
    fn open_unknown(&mut self, entries: &[&[u8]], mut opened: Vec<Opened>) -> Vec<Opened> {
        let unknown = opened.iter().zip(entries).enumerate().filter(|(_, (opened, _))| opened.is_unknown());
        let (places, again): (Vec<_>, Vec<_>) =
            unknown.map(|(place, (opened, entry))| (place, (opened.index(), *entry))).unzip();
        let count = again.len();
        for (place, found) in places.into_iter().zip(self.open_each(count, again.into_iter())) {
            if let Some(opened) = opened.get_mut(place) {
                *opened = found;
            }
        }
        opened
    }

    fn read<'e>(&mut self, token: Token<'e>, index: u64) -> Read<'e> {
        let key = match self.parties.signing_key(&self.policy, &token, index) {
            Ok(key) => key,
            Err(refusal) => return Read::Done(Err(Ignored::UnknownIssuer(refusal))),
        };
        let read = match self.keys.entry(key).or_insert_with(|| key.accreditable().ok().map(Arc::new)) {
            Some(key) => {
                // What is kept lies there until a whole batch was verified.
                let keep = |statement| Content::least(statement, key, &self.policy.origin);
                token.unverified(key, &mut self.headers, keep).map(Read::Unverified)
            }
            // Sums would prove nothing of such a key. Only a trust file can name one.
            None => token.open(&key).map(|statement| Read::Done(Ok(Content::Statement(Box::new(statement))))),
        };
        read.unwrap_or_else(|error| Read::Done(Err(fold::ignored(error))))
    }
}

impl core::fmt::Debug for Opener {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Opener")
    }
}
