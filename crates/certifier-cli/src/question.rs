//! A question before what cannot be taken back.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Whether a question can be read and answered.
pub(crate) fn is_somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Shows the question, and goes on only where the answer is yes. The caller has made the text harmless for a terminal.
pub(crate) fn confirm(question: &str) -> Result<(), Failure> {
    let asked = std::io::stderr().write_all(format!("{question}This is for ever. Type yes to go on: ").as_bytes());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if asked.and(read).is_ok() && answer.trim() == "yes" {
        return Ok(());
    }
    Err(Failure::refused("not confirmed: nothing was signed").hint("--yes asks nothing"))
}
