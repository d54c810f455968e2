//! Fold: takes the log's entries in, whatever they are.
//!
//! Admission refuses what the law refuses, so an honest log holds nothing of the kind. A fold trusts no
//! registry: any bytes give a State, and what does not count is counted and ignored.

use alloc::boxed::Box;
use alloc::sync::Arc;

use primitives::{AccreditableKey, Timestamp};
use statement::{Authentic, Did, Entry, Error, Kind, Origin, Statement, Token};

use crate::attested::Attested;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::rules::{self, Authorised, Moment, attestation};
use crate::state::{Effect, State, fits};
use crate::status_root::StatusRoot;

/// What became of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Folded {
    /// A statement took effect: what it changed. An attestation out of its certifier's scope is here too: it keeps its row, with the
    /// faults.
    Applied(Effect),
    /// The registry's own: the root of the status tree as these entries give it, too.
    Rooted(StatusRoot),
    /// It was counted and changed nothing.
    Ignored(Ignored),
}

/// Why an entry changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignored {
    /// Not an entry of the one format, or its time of receipt is past 2106.
    UnknownFormat,
    /// Not a well-formed token or statement.
    Malformed(Error),
    /// A credential of no known kind.
    UnknownKind,
    /// Nobody has accredited the issuer, or the key.
    UnknownIssuer(Refusal),
    /// The signature does not verify.
    BadSignature,
    /// The law refuses it.
    Refused(Refusal),
    /// Under rules that this code does not know.
    UnsupportedRules,
    /// The entry lies before the State's size: it was folded, or left out for good. Not counted.
    OutOfOrder,
}

impl Ignored {
    /// Stable code of the class; [`Refusal::code`] says more.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownFormat => "unknown_format",
            Self::Malformed(_) => "malformed",
            Self::UnknownKind => "unknown_kind",
            Self::UnknownIssuer(_) => "unknown_issuer",
            Self::BadSignature => "bad_signature",
            Self::Refused(_) => "refused",
            Self::UnsupportedRules => "unsupported_rules",
            Self::OutOfOrder => "out_of_order",
        }
    }
}

/// An entry that was read and whose signature was checked: the costly part of a fold, made by [`State::open`].
#[derive(Debug, Clone)]
pub struct Opened {
    index: u64,
    received_at: Option<Timestamp>,
    content: Result<Content, Ignored>,
}

/// What an entry holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Statement(Box<Authentic<Statement>>),
    /// An attestation for this registry, cut down to what the law reads of it.
    Attestation {
        issuer: Did,
        key: Arc<AccreditableKey>,
        attested: Attested,
    },
    StatusRoot(StatusRoot),
}

/// What the law lets take effect.
enum Judged<'o> {
    Statement(&'o Authentic<Statement>, Authorised),
    Attestation(Moment, attestation::Decision),
    StatusRoot(StatusRoot),
}

impl Content {
    /// As little of a statement, which this key signed, as a State of this registry needs.
    pub(crate) fn least(statement: Authentic<Statement>, key: &Arc<AccreditableKey>, registry: &Origin) -> Self {
        if let Statement::Attestation(attestation) = &*statement
            && attestation.registry == *registry
        {
            let issuer = attestation.issuer.clone();
            return Self::Attestation { issuer, key: Arc::clone(key), attested: attestation.into() };
        }
        Self::Statement(Box::new(statement))
    }
}

impl Opened {
    pub(crate) const fn new(index: u64, received_at: Option<Timestamp>, content: Result<Content, Ignored>) -> Self {
        Self { index, received_at, content }
    }

    /// The statement, where [`State::open`] found one that is well formed and whose signature verifies.
    pub fn statement(&self) -> Option<&Authentic<Statement>> {
        match &self.content {
            Ok(Content::Statement(statement)) => Some(statement),
            Ok(Content::Attestation { .. } | Content::StatusRoot(_)) | Err(_) => None,
        }
    }

    pub(crate) const fn received_at(&self) -> Option<Timestamp> {
        self.received_at
    }

    pub(crate) const fn index(&self) -> u64 {
        self.index
    }

    /// Whether the issuer, or its key, was not known.
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self.content, Err(Ignored::UnknownIssuer(_)))
    }
}

impl State {
    /// Folds the next entry.
    pub fn fold(&mut self, entry: &[u8]) -> Folded {
        self.fold_at(self.size, entry)
    }

    /// Folds the entry with this index, leaving out those between; entries come in ascending order.
    ///
    /// With the entries that [`State::relevant_entries`] names this gives the standing of one attestation as the whole log gives it,
    /// where the registry kept to the law. A part of a log proves neither that nothing was kept back, nor that the times of
    /// receipt never went back, nor that a change was good for the other targets that it names: only the whole log does.
    pub fn fold_at(&mut self, index: u64, entry: &[u8]) -> Folded {
        self.fold_opened_at(index, &self.open(index, entry))
    }

    /// Reads the entry with this index and checks its signature. Changes nothing, so that many can be opened at once on several
    /// cores, with a State that has not reached them; [`State::fold_opened`] then does the rest in order.
    pub fn open(&self, index: u64, entry: &[u8]) -> Opened {
        match token(self.policy(), index, entry, Token::parse) {
            Ok((received_at, token)) => {
                let key = self.signing_key(&token, index).map_err(Ignored::UnknownIssuer);
                let opened = key.and_then(|key| token.open(&key).map_err(ignored));
                let content = opened.map(|statement| Content::Statement(Box::new(statement)));
                Opened::new(index, Some(received_at), content)
            }
            Err(opened) => opened,
        }
    }

    /// Folds the next entry, opened before. `entry` is the same bytes: they are opened again, in place, where the issuer was not
    /// known yet.
    pub fn fold_opened(&mut self, entry: &[u8], opened: &mut Opened) -> Folded {
        // A thumbprint names one key for ever and a signature verifies for ever; only "not known" can have changed.
        if opened.is_unknown() || opened.index != self.size {
            *opened = self.open(self.size, entry);
        }
        self.fold_opened_at(self.size, opened)
    }

    /// [`State::fold_at`] of an entry that was opened at this index, by this State.
    pub fn fold_opened_at(&mut self, index: u64, opened: &Opened) -> Folded {
        let Some(next) = index.checked_add(1).filter(|_| index >= self.size && index == opened.index) else {
            return Folded::Ignored(Ignored::OutOfOrder);
        };
        self.has_gaps |= index > self.size;
        self.size = index;
        let judged = opened.content.as_ref().map_err(Ignored::clone).and_then(|content| {
            let received_at = opened.received_at.ok_or(Ignored::UnknownFormat)?;
            let moment = self.moment(received_at).map_err(Ignored::Refused)?;
            self.judge(moment, content).map_err(Ignored::Refused)
        });
        if let Some(received_at) = opened.received_at {
            if !matches!(judged, Ok(Judged::StatusRoot(_))) {
                self.note_statement(index, received_at);
            }
            self.take_time(index, received_at);
        }
        self.size = next;
        match judged {
            Ok(Judged::Statement(statement, authorised)) => Folded::Applied(rules::apply(self, authorised, statement)),
            Ok(Judged::Attestation(moment, decision)) => Folded::Applied(attestation::apply(self, moment, decision)),
            Ok(Judged::StatusRoot(root)) => {
                self.note_root(index, root);
                Folded::Rooted(root)
            }
            Err(reason) => {
                self.count(&reason);
                Folded::Ignored(reason)
            }
        }
    }

    fn judge<'o>(&mut self, moment: Moment, content: &'o Content) -> Result<Judged<'o>, Refusal> {
        match content {
            Content::Statement(statement) => {
                let authorised = rules::judge(self, moment, statement)?;
                Ok(Judged::Statement(statement, authorised))
            }
            Content::Attestation { issuer, key, attested } => {
                attestation::judge(self, moment, (issuer, key), *attested)
                    .map(|decision| Judged::Attestation(moment, decision))
            }
            Content::StatusRoot(root) => self.judge_root(*root).map(Judged::StatusRoot),
        }
    }

    const fn count(&mut self, reason: &Ignored) {
        let counts = &mut self.counts;
        match reason {
            Ignored::UnknownFormat => counts.unknown_format += 1,
            Ignored::Malformed(_) => counts.malformed += 1,
            Ignored::UnknownKind => counts.unknown_kind += 1,
            Ignored::UnknownIssuer(_) => counts.unknown_issuer += 1,
            Ignored::BadSignature => counts.bad_signature += 1,
            Ignored::Refused(_) => counts.refused += 1,
            Ignored::UnsupportedRules => counts.unsupported += 1,
            Ignored::OutOfOrder => {}
        }
    }
}

/// An entry's time of receipt and token; or the entry opened, where that takes no key.
pub(crate) fn token<'e>(
    policy: &Policy,
    index: u64,
    entry: &'e [u8],
    parse: impl FnOnce(&'e [u8]) -> Result<Token<'e>, Error>,
) -> Result<(Timestamp, Token<'e>), Opened> {
    let is_unsupported = policy.first_unsupported().is_some_and(|first| first <= index);
    let root = StatusRoot::decode(entry).filter(|_| policy.binds_status_at(index));
    if let Some(root) = root {
        let content = if is_unsupported { Err(Ignored::UnsupportedRules) } else { Ok(Content::StatusRoot(root)) };
        return Err(Opened { index, received_at: Some(root.received_at), content });
    }
    let entry = Entry::decode(entry).ok().filter(|entry| fits(entry.received_at));
    let token = if is_unsupported {
        Err(Ignored::UnsupportedRules)
    } else {
        entry.ok_or(Ignored::UnknownFormat).and_then(|entry| {
            let token = parse(entry.jws).map_err(ignored)?;
            if token.kind() == Kind::Unknown { Err(Ignored::UnknownKind) } else { Ok((entry.received_at, token)) }
        })
    };
    token.map_err(|reason| Opened::new(index, entry.map(|entry| entry.received_at), Err(reason)))
}

pub(crate) fn ignored(error: Error) -> Ignored {
    if error == Error::BadSignature {
        Ignored::BadSignature
    } else if let Error::UnknownKind(_) = error {
        Ignored::UnknownKind
    } else {
        Ignored::Malformed(error)
    }
}
