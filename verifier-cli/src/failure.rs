//! What ends a command with exit status 2: wrong usage or input, with the way out.

use std::fmt::Display;

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
        anstream::eprintln!("verifier: error: {}", clean(&self.error));
        if let Some(hint) = &self.hint {
            anstream::eprintln!("verifier: hint: {}", clean(hint));
        }
    }
}

#[cfg(test)]
impl Failure {
    pub(crate) fn text(&self) -> &str {
        &self.error
    }
}
