//! What ends a command with exit status 2: wrong usage or input, with the way out.

use std::fmt::Display;
use std::io::Write as _;

use client::terminal::clean;

/// An error for the person who typed the command.
#[derive(Debug)]
pub(crate) struct Failure {
    error: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(error: impl Display) -> Self {
        Self { error: error.to_string(), hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(crate) fn print(&self) {
        say("error", &self.error);
        if let Some(hint) = &self.hint {
            say("hint", hint);
        }
    }
}

/// Tells a person something beside the verdicts: `what` is `error`, `warning` or `hint`.
pub(crate) fn say(what: &str, text: &str) {
    // Where nobody can be told, there is nobody to tell that.
    let _ = writeln!(anstream::stderr(), "verifier: {what}: {}", clean(text));
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.error)
    }
}

#[cfg(test)]
impl Failure {
    pub(crate) fn text(&self) -> &str {
        &self.error
    }

    pub(crate) fn hint_text(&self) -> &str {
        self.hint.as_deref().unwrap_or_default()
    }
}
