//! A law of a market: a party opens its stall, posts each offer once, and posts no more once it is suspended.
//!
//! Small, but real: it has the two properties that the registry's law leans on. Keys are unique, and a suspension holds
//! from its own place in the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use primitives::Hash;
use store::Bytes;

use crate::{Chunk, Law, Notes, entry, tag_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Open {
        party: u16,
    },
    Post {
        party: u16,
        offer: u64,
    },
    Suspend {
        party: u16,
    },
    /// Stands for a fault of the law.
    Panic,
}

impl Action {
    pub(super) fn parse(token: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(token).ok()?;
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match words[..] {
            ["open", party] => Some(Self::Open { party: party.parse().ok()? }),
            ["post", party, offer, ..] => Some(Self::Post { party: party.parse().ok()?, offer: offer.parse().ok()? }),
            ["suspend", party] => Some(Self::Suspend { party: party.parse().ok()? }),
            ["panic"] => Some(Self::Panic),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Unreadable,
    Opened,
    Unknown,
    Suspended,
    /// An earlier entry, which this names, has the offer.
    Taken(u64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stall {
    pub(super) suspended: Option<u64>,
    pub(super) offers: BTreeMap<u64, u64>,
    /// When the last offer was received: the state depends on time as the registry's does.
    pub(super) last_millis: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Market {
    pub(super) stalls: Arc<BTreeMap<u16, Arc<Stall>>>,
    pub(super) ignored: u64,
}

pub(super) struct Rules {
    pub(super) version: u8,
}

pub(super) const STALLS: &str = "stalls";

pub(super) fn party_tag(party: u16) -> u64 {
    tag_of(&Hash::of(&party.to_be_bytes()).0)
}

impl Market {
    fn judge(&self, action: Option<Action>) -> Result<Action, Refusal> {
        let action = action.ok_or(Refusal::Unreadable)?;
        let stall = |party| self.stalls.get(&party).ok_or(Refusal::Unknown);
        match action {
            Action::Open { party } => match stall(party) {
                Ok(_) => Err(Refusal::Opened),
                Err(_) => Ok(action),
            },
            Action::Suspend { party } => stall(party).map(|_| action),
            Action::Post { party, offer } => {
                let stall = stall(party)?;
                if stall.suspended.is_some() {
                    return Err(Refusal::Suspended);
                }
                stall.offers.get(&offer).map_or(Ok(action), |holder| Err(Refusal::Taken(*holder)))
            }
            Action::Panic => panic!("the law has a fault"),
        }
    }

    fn apply(&mut self, index: u64, millis: u64, action: Action, notes: &mut Notes) {
        let stalls = Arc::make_mut(&mut self.stalls);
        match action {
            Action::Open { party } => {
                stalls.insert(party, Arc::default());
                notes.put(STALLS, party.to_be_bytes(), index.to_be_bytes().to_vec());
                notes.tag(0, party_tag(party));
            }
            Action::Post { party, offer } => {
                let stall = Arc::make_mut(stalls.entry(party).or_default());
                stall.offers.insert(offer, index);
                stall.last_millis = millis;
                notes.tag(0, party_tag(party));
            }
            Action::Suspend { party } => {
                Arc::make_mut(stalls.entry(party).or_default()).suspended.get_or_insert(index);
                notes.tag(0, party_tag(party));
            }
            Action::Panic => {}
        }
    }

    pub(super) fn posts(&self) -> BTreeSet<u64> {
        self.stalls.values().flat_map(|stall| stall.offers.values().copied()).collect()
    }
}

impl Law for Market {
    type Rules = Rules;
    type Item = Option<Action>;
    type Refusal = Refusal;
    type View = Self;
    type Opened = Option<Action>;

    const COLUMNS: &'static [&'static str] = &["party"];

    fn new(_: &Rules) -> Self {
        Self::default()
    }

    fn fingerprint(rules: &Rules) -> [u8; 32] {
        [rules.version; 32]
    }

    fn admit(&mut self, index: u64, millis: u64, item: &Option<Action>, notes: &mut Notes) -> Result<(), Refusal> {
        let action = self.judge(*item).inspect_err(|_| {
            // The sequencer forgets what a refused statement noted.
            notes.put(STALLS, b"attempt", index.to_be_bytes().to_vec());
            notes.tag(0, party_tag(0));
        })?;
        self.apply(index, millis, action, notes);
        Ok(())
    }

    fn open(_: &Self, _: u64, entry: &[u8]) -> Option<Action> {
        Action::parse(entry::token(entry))
    }

    fn replay(&mut self, index: u64, entry: &[u8], opened: Option<Action>, notes: &mut Notes) {
        let millis = entry::received_at_millis(entry).unwrap_or_default();
        match self.judge(opened) {
            Ok(action) => self.apply(index, millis, action, notes),
            Err(_) => self.ignored += 1,
        }
    }

    fn view(&self) -> Self {
        self.clone()
    }

    fn save(view: &Self, before: Option<&Self>) -> Vec<Chunk> {
        let is_same = |party: &u16, stall| {
            before.and_then(|before| before.stalls.get(party)).is_some_and(|before| Arc::ptr_eq(before, stall))
        };
        let mut chunks = Vec::new();
        for (party, stall) in view.stalls.iter().filter(|(party, stall)| !is_same(party, stall)) {
            let mut text = format!("{:?} {}", stall.suspended, stall.last_millis);
            stall.offers.iter().for_each(|(offer, index)| text.push_str(&format!(" {offer}@{index}")));
            chunks.push(Chunk { name: format!("stall/{party}"), bytes: text.into() });
        }
        chunks.push(Chunk { name: "ignored".into(), bytes: view.ignored.to_string().into() });
        chunks
    }

    fn load(_: &Rules, chunks: &BTreeMap<String, Bytes>) -> Result<Self, String> {
        let text = |bytes: &Bytes| String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string());
        let number = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
        let mut market = Self::default();
        for (name, bytes) in chunks {
            let text = text(bytes)?;
            let Some(party) = name.strip_prefix("stall/") else {
                market.ignored = number(&text)?;
                continue;
            };
            let mut stall = Stall::default();
            let mut words = text.split(' ');
            stall.suspended = match words.next() {
                Some("None") => None,
                other => Some(number(other.unwrap_or_default().trim_start_matches("Some(").trim_end_matches(')'))?),
            };
            stall.last_millis = number(words.next().unwrap_or_default())?;
            for word in words {
                let (offer, index) = word.split_once('@').ok_or("offer without index")?;
                stall.offers.insert(number(offer)?, number(index)?);
            }
            let party = party.parse().map_err(|_| "party is no number")?;
            Arc::make_mut(&mut market.stalls).insert(party, Arc::new(stall));
        }
        Ok(market)
    }
}
