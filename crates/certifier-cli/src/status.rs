//! `certifier suspend`, `reinstate` and `withdraw`.

use std::collections::BTreeMap;

use client::Registry;
use client::terminal::clean;
use primitives::Timestamp;
use statement::{Action, Did, MAX_TARGETS, MAX_TEXT, Statement, StatusChange, Target, Token};

use crate::cli::StatusOptions;
use crate::desk::Desk;
use crate::failure::{Failure, say};
use crate::identity::Identity;
use crate::public::Told;
use crate::sending::{Draft, conclude};
use crate::{clock, probe, question, random};

mod selection;

/// Attestations by the log index of their last status entry: each group is one statement, for a statement has one `after`.
type Groups = BTreeMap<Option<u64>, Vec<u64>>;

pub(crate) fn run(action: Action, options: &StatusOptions) -> Result<(), Failure> {
    if let Some(why) = Some(&options.text).filter(|text| !text.is_empty()).and_then(|text| probe::text(text, MAX_TEXT))
    {
        return Err(Failure::input(format!("--text {why}")));
    }
    let asks = action == Action::Withdraw && !options.sign.dry_run && !options.yes;
    if asks && !question::is_somebody_there() {
        return Err(Failure::input("a withdrawal is for ever, and there is no terminal to ask on: nothing was signed")
            .hint("--yes withdraws without a question; --dry-run shows what would be signed"));
    }
    let desk = Desk::open(&options.sign.registry)?;
    let identity = Identity::of(&options.sign.secret)?;
    let now = clock::now();
    let from = options.from.unwrap_or_else(|| Timestamp::from_seconds(now.seconds()));
    let mut shown = Vec::new();
    let groups = if options.party.is_some() {
        Groups::new()
    } else if options.attestations.is_empty() {
        let selected = selection::select(&desk, options, &identity.did, action)?;
        if selected.left_out > 0 {
            say("note", &format!("{} attestations are as they would become: left out", selected.left_out));
        }
        shown = selected.shown;
        selected.groups
    } else {
        groups(&desk.registry(), &options.attestations, action, now, &mut shown)?
    };
    let change = |target: Target, after: Option<u64>| -> Result<StatusChange, Failure> {
        Ok(StatusChange {
            id: random::urn()?,
            issuer: identity.did.clone(),
            registry: desk.origin().clone(),
            action,
            target,
            reason: options.reason,
            text: options.text.clone(),
            after,
            effective_from: from,
        })
    };
    if asks {
        confirm(options, &shown)?;
    }
    if let Some(party) = &options.party {
        return of_party(&desk, &identity, options, party, &change);
    }
    let mut drafts = Vec::new();
    for (after, targets) in &groups {
        for part in targets.chunks(MAX_TARGETS) {
            let first = part.first().copied().unwrap_or_default();
            drafts.push(draft(&change(Target::Attestations(part.to_vec()), *after)?, &first.to_string())?);
        }
    }
    conclude(&desk, &identity, &drafts, &options.sign, &options.send).map(drop)
}

fn draft(change: &StatusChange, of: &str) -> Result<Draft, Failure> {
    let payload = change.to_payload();
    probe::statement(&payload, &change.issuer).map_err(Failure::input)?;
    Ok(Draft { payload, told: Told::status_change(change), name: format!("{}-{of}", change.action.code()) })
}

/// Asks the registry for proof of each attestation's status.
fn groups(
    registry: &Registry<'_>,
    attestations: &[u64],
    action: Action,
    now: Timestamp,
    shown: &mut Vec<String>,
) -> Result<Groups, Failure> {
    let mut targets = attestations.to_vec();
    targets.sort_unstable();
    targets.dedup();
    let mut groups = Groups::new();
    let mut failures: Option<Failure> = None;
    for index in targets {
        let evidence = registry.evidence(index)?;
        let state = evidence.knowledge(now).state;
        let Some(facts) = evidence.attestation() else {
            let failure = Failure::refused(format!("entry {index} is no attestation that took effect"));
            failures = Some(join(failures, failure.hint("name the index that `certifier attest` printed")));
            continue;
        };
        let last = state.status_events(index).last();
        match (last.map(|event| event.action), action) {
            (Some(Action::Withdraw), _) => {
                let failure = Failure::refused(format!("attestation {index} is withdrawn already, for ever"));
                failures = Some(join(failures, failure.hint("attest the lot anew, and print new labels")));
            }
            (None, Action::Reinstate) => {
                let failure = Failure::refused(format!("attestation {index} was never suspended"));
                failures = Some(join(failures, failure.hint("`verifier check` shows how its labels stand")));
            }
            _ => {
                shown.push(format!("{index}: {}, lot {}", facts.product, facts.lot));
                groups.entry(last.map(|event| event.entry)).or_default().push(index);
            }
        }
    }
    match failures {
        Some(failure) => Err(failure),
        None => Ok(groups),
    }
}

fn join(failures: Option<Failure>, failure: Failure) -> Failure {
    match failures {
        Some(earlier) => earlier.join(failure),
        None => failure,
    }
}

/// No proof of a party's status can be asked for. So the first try says that there is no status entry yet; a registry that knows
/// better names the last one, which is fetched, proved to be in the log and found to be about this party before the second try
/// names it.
fn of_party(
    desk: &Desk,
    identity: &Identity,
    options: &StatusOptions,
    party: &Did,
    change: &dyn Fn(Target, Option<u64>) -> Result<StatusChange, Failure>,
) -> Result<(), Failure> {
    if desk.trusted().policy.accreditor(&identity.did).is_none() {
        return Err(Failure::input(format!(
            "only its accreditor changes the status of {party}; the key is of {}",
            identity.did
        ))
        .hint("--key FILE names the accreditor's key"));
    }
    let name: String = party.as_str().rsplit(':').next().unwrap_or_default().replace('%', "_");
    let attempt = |after| {
        let mut draft = draft(&change(Target::Party(party.clone()), after)?, &name)?;
        if after.is_some() {
            // The first try told it.
            draft.told = Told::default();
        }
        let drafts = [draft];
        conclude(desk, identity, &drafts, &options.sign, &options.send).map(drop)
    };
    match attempt(None) {
        Err(failure) => match failure.stale_after() {
            Some(entry) if is_about(desk, entry, party)? => attempt(Some(entry)),
            Some(_) | None => Err(failure),
        },
        Ok(()) => Ok(()),
    }
}

/// Whether a log entry changes the status of this party, signed by an accreditor of the trust file.
fn is_about(desk: &Desk, entry: u64, party: &Did) -> Result<bool, Failure> {
    let stored = desk.registry().statement(entry)?;
    let Ok(token) = Token::parse(stored.statement.as_bytes()) else { return Ok(false) };
    let accreditor = desk.trusted().policy.accreditor(token.issuer());
    let mut keys = accreditor.into_iter().flat_map(|accreditor| &accreditor.keys);
    let opened = keys.find_map(|listed| token.open(&listed.key).ok());
    Ok(opened.is_some_and(|opened| match &*opened {
        Statement::StatusChange(change) => change.target == Target::Party(party.clone()),
        Statement::Accreditation(_)
        | Statement::Attestation(_)
        | Statement::ClearanceCommitment(_)
        | Statement::Clearance(_)
        | Statement::SupplementRequest(_)
        | Statement::ReportsRequest(_)
        | Statement::KeyRotationRequest(_) => false,
    }))
}

/// A withdrawal cannot be taken back: it is asked about.
fn confirm(options: &StatusOptions, shown: &[String]) -> Result<(), Failure> {
    let mut question = match &options.party {
        Some(party) => format!("Withdraw {party} with all that it attested:\n"),
        None => format!("Withdraw {} attestations:\n", shown.len()),
    };
    question.extend(shown.iter().map(|line| format!("  {}\n", clean(line))));
    question::confirm(&question)
}
