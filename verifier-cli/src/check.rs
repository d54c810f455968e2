//! `verifier check`.

use client::{Memory, Shelf};
use verify::{Outcome, Verdict};

use crate::cli::CheckOptions;
use crate::confirm::{self, Shown};
use crate::evidence::{Desk, now};
use crate::failure::{Failure, say};
use crate::input::{self, Input};
use crate::kept;
use crate::options::TRUST_HINT;
use crate::shipment::registries::Registries;
use crate::{report, screen};

/// Exit status where not every input was judged, or not every verdict read.
const INCOMPLETE: u8 = 2;

pub(crate) fn run(options: &CheckOptions) -> Result<u8, Failure> {
    let trust = options.trust.load()?;
    let shown = options.evidence.iter().map(|path| Shown::read(path)).collect::<Result<Vec<_>, _>>()?;
    let (inputs, failures) = input::labels(&options.inputs)?;
    let state = options.state.folder();
    let judged = if options.offline {
        let shelf = Shelf::new(options.snapshots.clone().unwrap_or_else(client::default_snapshot_folder));
        let registries = Registries::new(&trust, shelf, Memory::new(&state)).with_clearances(&state);
        let judged = judge(&|text| registries.judge_alone(text, now().into()), inputs, options)?;
        registries.warn();
        judged
    } else {
        let desk = Desk::new(&trust, &state);
        judge(&|text| desk.judge(text), inputs, options)?
    };
    let Some(judged) = judged else { return Ok(INCOMPLETE) };
    let confirmed = confirm::confirm(&shown, judged.iter().map(|(_, verdict)| verdict));
    let kept = kept::warn_of(&trust, &options.state, judged.iter().map(|(_, verdict)| verdict));
    let status = if failures.is_empty() {
        let labels = judged.iter().map(|(_, verdict)| verdict.outcome);
        Outcome::exit_code_of_many(labels.chain(confirm::outcomes(&confirmed)))
    } else {
        INCOMPLETE
    };
    if judged.is_empty() {
        // Nothing is no document: the failures say why.
    } else if options.json {
        crate::print(report::document(&judged, &confirmed, &kept, status).as_bytes())?;
    } else {
        crate::print(confirm::lines(&confirmed).as_bytes())?;
        if judged.len() > 1 {
            crate::print(screen::summary(judged.iter().map(|(_, verdict)| verdict.outcome)).as_bytes())?;
        }
    }
    if trust.registries.is_empty() && !judged.is_empty() {
        say("hint", TRUST_HINT);
    }
    // Last, where they are not scrolled away by the verdicts.
    failures.iter().for_each(Failure::print);
    Ok(status)
}

/// Judges one label after the other, and shows each verdict at once; `None` where the reader has gone away.
fn judge(
    verdict: &dyn Fn(&str) -> Verdict,
    inputs: Vec<Input>,
    options: &CheckOptions,
) -> Result<Option<Vec<(Input, Verdict)>>, Failure> {
    let mut judged = Vec::with_capacity(inputs.len());
    for input in inputs {
        let verdict = verdict(&input.text);
        if !options.json && !crate::show(screen::verdict(&input, &verdict, options.verbose).as_bytes())? {
            return Ok(None);
        }
        judged.push((input, verdict));
    }
    Ok(Some(judged))
}
