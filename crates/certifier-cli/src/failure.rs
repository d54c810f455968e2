//! What ends a command: what is wrong, the way out, and the exit status.

use std::fmt::Display;
use std::io::Write as _;

use client::terminal::clean;
use key_file::KeyFileError;

use crate::refusal;

/// Wrong usage or input.
const INPUT: u8 = 2;
/// Refused by the registry, or not done for another reason.
const REFUSED: u8 = 1;
/// The registry cannot be reached, or is too busy: trying again may help.
const NETWORK: u8 = 3;

/// Errors for the person who typed the command, each with a hint perhaps. At least one.
#[derive(Debug)]
pub(crate) struct Failure {
    told: Vec<(String, Option<String>)>,
    status: u8,
    /// The status entry that a statement should have named.
    stale_after: Option<u64>,
}

impl Failure {
    /// Wrong usage or input.
    pub(crate) fn input(error: impl Display) -> Self {
        Self { told: vec![(error.to_string(), None)], status: INPUT, stale_after: None }
    }

    /// Several mistakes in the input, each with its hint.
    pub(crate) fn inputs(told: impl Iterator<Item = (String, Option<String>)>) -> Self {
        Self { told: told.collect(), status: INPUT, stale_after: None }
    }

    /// Not done, though what was typed was right.
    pub(crate) fn refused(error: impl Display) -> Self {
        Self { status: REFUSED, ..Self::input(error) }
    }

    /// The registry could not be asked.
    pub(crate) fn network(error: impl Display) -> Self {
        Self { status: NETWORK, ..Self::input(error) }
    }

    /// Adds a hint to the last error.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some((_, last)) = self.told.last_mut() {
            *last = Some(hint.into());
        }
        self
    }

    /// Adds a hint to the last error, unless it has one.
    pub(crate) fn or_hint(self, hint: impl Into<String>) -> Self {
        if self.told.last().is_some_and(|(_, hint)| hint.is_some()) { self } else { self.hint(hint) }
    }

    /// Says before the first error what it is about.
    pub(crate) fn within(mut self, what: &str) -> Self {
        if let Some((first, _)) = self.told.first_mut() {
            *first = format!("{what}: {first}");
        }
        self
    }

    /// The input's mistakes, then these errors: it is the input that has to be put right first.
    pub(crate) fn join_input(self, input: Self) -> Self {
        Self { status: INPUT, ..input.join(self) }
    }

    /// Adds the other's errors to these.
    pub(crate) fn join(mut self, other: Self) -> Self {
        self.told.extend(other.told);
        self.status = self.status.min(other.status);
        self
    }

    /// Whether trying again may help.
    pub(crate) fn is_passing(&self) -> bool {
        self.status == NETWORK
    }

    pub(crate) fn status(&self) -> u8 {
        self.status
    }

    /// The log index that the registry says a status change should have named, where that is what is wrong.
    pub(crate) fn stale_after(&self) -> Option<u64> {
        self.stale_after
    }

    pub(crate) fn print(&self) {
        for (error, hint) in &self.told {
            say("error", error);
            if let Some(hint) = hint {
                say("hint", hint);
            }
        }
    }
}

/// Tells a person something beside the output: `what` is `error`, `warning`, `note` or `hint`.
pub(crate) fn say(what: &str, text: &str) {
    // Where nobody can be told, there is nobody to tell that.
    let _ = writeln!(anstream::stderr(), "certifier: {what}: {}", clean(text));
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Self {
        let refused = if let client::Error::Refused(refused) = &error { Some(refused) } else { None };
        let hint = refused.and_then(refusal::hint).map(Into::into).or_else(|| error.hint());
        let mut failure = match refused {
            Some(refused) if refusal::is_passing(refused) => Self::network(&error),
            // It says itself that it is a refusal.
            Some(refused) if refused.code == client::NO_CODE => Self::refused(&error),
            Some(_) => Self::refused(format!("the registry refuses: {error}")),
            None if matches!(error, client::Error::Network { .. }) => Self::network(&error),
            None => Self::refused(&error),
        };
        if let client::Error::Refused(refused) = &error {
            failure.stale_after = refused.index.filter(|_| refused.code == "stale_status");
        }
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        let failure = Self::input(&error);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

#[cfg(test)]
impl Failure {
    /// Every error with its hint, one a line.
    pub(crate) fn text(&self) -> String {
        let line = |(error, hint): &(String, Option<String>)| match hint {
            Some(hint) => format!("{error} | {hint}"),
            None => error.clone(),
        };
        self.told.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
