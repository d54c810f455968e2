//! A verdict: what it comes to, why, and every check that led to it.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use primitives::Timestamp;
use registry::Hold;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::{Facts, LabelFacts, Outcome, Reason};

/// JSON Schema (2020-12) of a serialised [`Verdict`]: the one that the API and the command line publish.
pub const VERDICT_SCHEMA: &str = include_str!("../schema/verdict.schema.json");

/// The answer about one label. Serialises as [`VERDICT_SCHEMA`] says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// Why it is not `verified`: worst first, each once.
    pub reasons: Vec<Reason>,
    /// The time that was judged.
    #[serde(serialize_with = "display")]
    pub at: Timestamp,
    /// What the label says, if it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelFacts>,
    /// What the attestation says, if it is at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attested>,
    /// Each check that was made, in order.
    pub findings: Vec<Finding>,
}

/// The facts of an attestation, shared: a server keeps them for many labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested(pub Arc<Facts>);

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How it came out.
    pub outcome: Found,
    /// Why, where it did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What was found, in a few plain words.
    pub detail: Cow<'static, str>,
    /// Who suspended or withdrew what was checked, where somebody did.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "hold")]
    pub hold: Option<Hold>,
    /// Whose word this is.
    pub source: Source,
    /// Up to when the source is complete; none where time does not matter.
    #[serde(serialize_with = "display_some", skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// As it should be.
    Pass,
    /// Genuine, but needs eyes.
    Caution,
    /// Not as it should be.
    Fail,
    /// Could not be checked.
    Unknown,
}

/// What a check looks at, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The label's form.
    Format,
    /// The registry is one that the trust file names.
    Registry,
    /// What is known of the registry's log, and how many witnesses saw it.
    Log,
    /// No entry that changed a status was left out: under the log's last status root. Only of log entries, where the rules ask for it.
    Complete,
    /// The log holds the attestation.
    Attestation,
    /// The key may sign labels of it.
    Key,
    /// The signature is that key's.
    Signature,
    /// The product and lot are the attested ones.
    Product,
    /// The claims are attested.
    Claims,
    /// The serial was issued.
    Serial,
    /// The days of validity.
    Validity,
    /// The attestation stands: in scope, not suspended, not withdrawn.
    Standing,
    /// The certifier's accreditation stands.
    Certifier,
    /// No key was stolen.
    Compromise,
    /// The label was not scanned on unusually many days. Only where somebody counts, and the certifier has said how many are usual.
    Scans,
    /// What became of it since the day that was judged. Decides nothing.
    Today,
}

/// Whose word a finding rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The label itself.
    Label,
    /// The trust file.
    Trust,
    /// The registry's own state: its word alone.
    Registry,
    /// Log entries whose inclusion this device checked; that none is missing is proved up to the last status root.
    Entries,
    /// A snapshot on this device.
    Snapshot,
}

impl Check {
    /// The stable snake_case name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Registry => "registry",
            Self::Log => "log",
            Self::Complete => "complete",
            Self::Attestation => "attestation",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Product => "product",
            Self::Claims => "claims",
            Self::Serial => "serial",
            Self::Validity => "validity",
            Self::Standing => "standing",
            Self::Certifier => "certifier",
            Self::Compromise => "compromise",
            Self::Scans => "scans",
            Self::Today => "today",
        }
    }
}

impl Source {
    /// Whose word it is, in plain words.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Label => "the label",
            Self::Trust => "the trust file",
            Self::Registry => "the registry's own word",
            Self::Entries => "log entries proved to this device",
            Self::Snapshot => "the snapshot on this device",
        }
    }
}

impl Serialize for Attested {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl core::ops::Deref for Attested {
    type Target = Facts;
    fn deref(&self) -> &Facts {
        &self.0
    }
}

/// `{"by":"certifier","since":"2026-11-02T10:00:00Z","reason":"fraud","final":false}`.
fn hold<S: Serializer>(hold: &Option<Hold>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(hold) = hold else { return serializer.serialize_none() };
    let mut members = serializer.serialize_struct("hold", 4)?;
    members.serialize_field("by", hold.by.name())?;
    members.serialize_field("since", &format_args!("{}", hold.since))?;
    members.serialize_field("reason", hold.reason.code())?;
    members.serialize_field("final", &hold.is_final)?;
    members.end()
}

fn display<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn display_some<T: fmt::Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
