//! Evidence: a label, and what is known of the registries that it may name.

use alloc::sync::Arc;

use label::{Genuine, Label, NotGenuine};
use primitives::{PublicKey, Timestamp};
use registry::State;

use crate::{Complete, Facts, Reason, Source};

/// A label to be judged, and where to find what judging it needs.
pub struct Evidence<'a> {
    /// The text that the code held.
    pub label: &'a str,
    /// What is known of the registry that the label names. Asked once, and only for a registry that the trust file names.
    pub known: &'a dyn Fn(&Label) -> Known<'a>,
    /// How signatures are checked.
    pub signatures: &'a dyn SignatureCheck,
}

/// What is known of a registry.
pub enum Known<'a> {
    /// A state of its log.
    State(Knowledge<'a>),
    /// Nothing, and why: a reason whose outcome is `undecided`.
    Missing(Reason),
}

/// A state of a registry's log, whose word it is, and how fresh.
pub struct Knowledge<'a> {
    /// The state, whole or as far as it concerns the label.
    pub state: &'a State,
    /// Entries in the log when this was known: an index at or past it is newer.
    pub size: u64,
    /// Whose word it is.
    pub source: Source,
    /// Up to when it is complete.
    pub as_of: Timestamp,
    /// When it was put together, where that is later: no clock is right that says less.
    pub produced_at: Option<Timestamp>,
    /// From when on whoever put it together does not stand by it any more.
    pub good_until: Option<Timestamp>,
    /// Whether as many witnesses as the trust file asks for have seen the log.
    pub quorum_met: bool,
    /// What the attestation says, where its statement is at hand.
    pub attestation: Option<Arc<Facts>>,
    /// On how many days the label was scanned, where that is counted.
    pub scan_days: Option<u16>,
    /// How far it is known that nothing was left out.
    pub complete: Complete,
}

/// Checks label signatures. There is one way to do so, [`Strict`]; a server remembers what it has checked.
///
/// A [`Genuine`] is only ever built by the check itself, so no implementation can wave a label through.
pub trait SignatureCheck {
    /// Checks that `key` signed `label`.
    ///
    /// # Errors
    /// [`NotGenuine`].
    fn check<'l>(&'l self, label: &'l Label, key: &PublicKey) -> Result<Genuine<&'l Label>, NotGenuine>;
}

/// Checks each signature when it is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Strict;

impl SignatureCheck for Strict {
    fn check<'l>(&'l self, label: &'l Label, key: &PublicKey) -> Result<Genuine<&'l Label>, NotGenuine> {
        label.verify(key)
    }
}
