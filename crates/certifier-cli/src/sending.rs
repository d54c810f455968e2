//! From a payload to its receipt, the same for every command: show, unlock, sign, send, report.

use serde_json::Value;

use crate::book::Book;
use crate::cli::{SendOptions, SignOptions};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::identity::Identity;
use crate::outbox::{Delivered, Outbox};
use crate::public::Told;
use crate::report::{self, Progress};

/// A statement that is to be signed, and how its files are called.
pub(crate) struct Draft {
    pub(crate) payload: Vec<u8>,
    /// What becomes public; empty where it was told before.
    pub(crate) told: Told,
    pub(crate) name: String,
}

/// What became of one statement.
pub(crate) enum Outcome {
    /// Signed, and left for `certifier submit`.
    Signed(std::path::PathBuf),
    /// In the log.
    Registered(Delivered),
}

/// Shows drafts as a dry run does.
pub(crate) fn show(drafts: &[Draft], json: bool) -> Result<(), Failure> {
    if json {
        return report::print_json(
            drafts.iter().map(|draft| report::json(&draft.payload, &Progress::DryRun, &[])).collect(),
        );
    }
    drafts.iter().try_for_each(|draft| crate::print(&report::dry_run(&draft.payload, &draft.told)))
}

/// Signs all drafts, then sends them one after the other. Nothing is sent before everything is signed.
pub(crate) fn conclude(
    desk: &Desk,
    identity: &Identity,
    drafts: &[Draft],
    sign: &SignOptions,
    send: &SendOptions,
) -> Result<Vec<Outcome>, Failure> {
    if sign.dry_run {
        show(drafts, sign.json)?;
        return Ok(Vec::new());
    }
    let outboxes =
        drafts.iter().map(|draft| Outbox::open(&send.out, draft.name.clone())).collect::<Result<Vec<_>, _>>()?;
    let secret = identity.unlock(&sign.secret)?;
    let signed = |draft: &Draft| {
        statement::sign(&draft.payload, &identity.did, secret)
            .map_err(|error| Failure::input(error).hint("nothing was signed or sent"))
    };
    let signed = drafts.iter().map(signed).collect::<Result<Vec<_>, _>>()?;
    let mut outcomes = Vec::new();
    let mut documents: Vec<Value> = Vec::new();
    for ((draft, outbox), jws) in drafts.iter().zip(&outboxes).zip(&signed) {
        if !sign.json && !draft.told.is_empty() {
            crate::print(&draft.told.lines())?;
        }
        let outcome = deliver(desk, outbox, jws, send.no_send)?;
        match &outcome {
            Outcome::Signed(path) if sign.json => {
                documents.push(report::json(&draft.payload, &Progress::Signed(path), &[]))
            }
            Outcome::Signed(path) => {
                crate::print(&format!("signed, not sent: certifier submit {} sends it\n", path.display()))?;
            }
            Outcome::Registered(delivered) if sign.json => {
                documents.push(report::json(&draft.payload, &Progress::Registered(delivered), &[]));
            }
            Outcome::Registered(delivered) => crate::print(&report::registered(delivered))?,
        }
        outcomes.push(outcome);
    }
    if sign.json {
        report::print_json(documents)?;
    }
    Ok(outcomes)
}

fn deliver(desk: &Desk, outbox: &Outbox, jws: &str, no_send: bool) -> Result<Outcome, Failure> {
    let path = outbox.hold(jws, &Book::of(desk))?;
    if no_send {
        return Ok(Outcome::Signed(path));
    }
    outbox.send(&desk.registry(), jws).map(Outcome::Registered).map_err(|error| outbox.failure(error))
}
