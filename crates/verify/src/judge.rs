//! The one function that judges a label (design §7).
//!
//! It is pure: evidence, trust and a time in, a verdict out. Server, page, browser and laptop call it with evidence of
//! different origin and get the same answer from the same facts.

use alloc::borrow::Cow;
use alloc::format;

use label::{Error, Label, Malformed};
use primitives::Timestamp;
use registry::{Cause, Hold, Holder, LabelKeyTrust, ProductDigest, Row, Standing};

use crate::findings::Findings;
use crate::{
    Attested, CLOCK_TOLERANCE_MILLIS, Check, Complete, Evidence, Found, Knowledge, Known, LabelFacts, Outcome, Reason,
    SignatureCheck, Source, Trust, TrustedRegistry, Verdict, When,
};

const MILLIS_PER_DAY: u64 = 86_400_000;
/// A device's clock that is this far past everything known is more likely wrong than a year without news.
const CLOCK_IS_WRONG_AFTER_DAYS: u64 = 366;

/// Judges one label at a time.
///
/// Any hard failure gives `refused`; else anything unknown that had to be known, `undecided`; else anything odd,
/// `caution`; else `verified`. Every check leaves a finding, whatever the ones before it found.
pub fn verify(evidence: &Evidence<'_>, trust: &Trust, when: impl Into<When>) -> Verdict {
    let when = when.into();
    let mut findings = Findings::new();
    let parsed = Label::parse(evidence.label);
    let attestation = judge(&parsed, evidence.known, evidence.signatures, trust, when, &mut findings);
    let (outcome, reasons, findings) = findings.sum();
    let label = parsed.as_ref().ok().map(LabelFacts::of);
    Verdict { outcome, reasons, at: when.at, label, attestation: attestation.map(Attested), findings }
}

/// The same judgement without what only a reader needs: outcome and reasons are those that [`verify`] gives. For a million
/// labels, of which few will be read.
pub(crate) fn brief<'a>(
    parsed: &Result<Label, Error>,
    known: impl FnOnce(&Label) -> Known<'a>,
    signatures: &dyn SignatureCheck,
    trust: &Trust,
    when: When,
) -> (Outcome, alloc::vec::Vec<Reason>) {
    let mut findings = Findings::brief();
    judge(parsed, known, signatures, trust, when, &mut findings);
    let (outcome, reasons, _) = findings.sum();
    (outcome, reasons)
}

/// Makes every check; gives what the attestation says, where that is at hand.
fn judge<'a>(
    parsed: &Result<Label, Error>,
    known: impl FnOnce(&Label) -> Known<'a>,
    signatures: &dyn SignatureCheck,
    trust: &Trust,
    when: When,
    findings: &mut Findings,
) -> Option<alloc::sync::Arc<crate::Facts>> {
    let label = match parsed {
        Ok(label) => label,
        Err(error) => {
            unreadable(findings, error, trust);
            return None;
        }
    };
    findings.pass(Check::Format, Source::Label, None, || "well formed");
    let registry = trusted(findings, label, trust)?;
    match known(label) {
        Known::Missing(reason) => {
            let detail = || "nothing is known of this registry's log";
            findings.not_pass(Check::Log, reason, Source::Trust, None, detail);
            None
        }
        Known::State(known) => {
            let freshness = freshness(findings, &known, registry.snapshot_max_age_days, when);
            // Honest clocks lie apart: what the log holds already has happened. A past day that was asked for stays that day.
            let newest = known.state.last_received_at();
            let at = if when.is_now() { when.at.max(newest) } else { when.at };
            // A past day ages no more, but keys are judged by the newest knowledge: without any, they cannot be.
            let keys =
                if when.is_now() { Ok(()) } else { in_time(&known, registry.snapshot_max_age_days, when.now.into()) };
            Case { label, known: &known, freshness, keys, at }.judge(findings, signatures);
            if !when.is_now() {
                today(findings, label, &known, registry.snapshot_max_age_days, when.now);
            }
            known.attestation
        }
    }
}

fn unreadable(findings: &mut Findings, error: &Error, trust: &Trust) {
    let (check, reason) = match error {
        Error::Unsupported(_) => (Check::Format, Reason::Unsupported),
        Error::Malformed(Malformed::HostNotAscii { .. }) if trust.registries.is_empty() => {
            (Check::Registry, Reason::NoTrust)
        }
        // A host that only looks like a known one is a foreign one, and is shown in Punycode.
        Error::Malformed(Malformed::HostNotAscii { .. }) => (Check::Registry, Reason::ForeignOrigin),
        Error::Malformed(_) => (Check::Format, Reason::Malformed),
    };
    findings.not_pass(check, reason, Source::Label, None, || format!("{error}"));
}

/// The registry that the label names, if the trust file names it too.
fn trusted<'t>(findings: &mut Findings, label: &Label, trust: &'t Trust) -> Option<&'t TrustedRegistry> {
    let origin = label.origin();
    if trust.registries.is_empty() {
        let detail = || "the trust file names no registry";
        findings.not_pass(Check::Registry, Reason::NoTrust, Source::Trust, None, detail);
        return None;
    }
    let registry = trust.registry(origin);
    if registry.is_some() {
        findings.pass(Check::Registry, Source::Trust, None, || format!("{origin} is trusted"));
    } else {
        let detail = || format!("{origin} is not a registry that the trust file names");
        findings.not_pass(Check::Registry, Reason::ForeignOrigin, Source::Trust, None, detail);
    }
    registry
}

/// Whether what depends on time can be told; else why not.
fn freshness(findings: &mut Findings, known: &Knowledge<'_>, max_age_days: u16, when: When) -> Result<(), Reason> {
    let mut doubt = |reason, detail: &dyn Fn() -> Cow<'static, str>| {
        findings.not_pass(Check::Log, reason, known.source, Some(known.as_of), detail);
    };
    let mut fresh = Ok(());
    if let Some(index) = unsupported_from(known) {
        // Entries that cannot be read may have changed whatever the log can change.
        let detail = || format!("entries from index {index} on follow rules that this program lacks").into();
        doubt(Reason::Unsupported, &detail);
        fresh = Err(Reason::Unsupported);
    }
    if !known.quorum_met {
        doubt(Reason::NoQuorum, &|| "fewer witnesses than the trust file asks for have seen this log".into());
    }
    if let Err(reason) = in_time(known, max_age_days, when) {
        let detail = || match known.good_until.filter(|until| *until < when.at) {
            _ if reason == Reason::Clock => {
                let (now, as_of) = (when.now, known.as_of);
                format!("the device says that it is {now}, what is known of the log is of {as_of}").into()
            }
            Some(until) => format!("the registry stood by this snapshot until {until}").into(),
            None => format!("older than {max_age_days} days").into(),
        };
        doubt(reason, &detail);
        fresh = Err(reason);
    }
    if known.quorum_met && fresh.is_ok() {
        findings.pass(Check::Log, known.source, Some(known.as_of), || format!("log of {} entries", known.size));
    }
    let complete = known.complete;
    if !complete.reaches(known.as_of) {
        // The device's clock is what says so, where no witness does.
        let told = || format!("{}; this is of {}", told_until(complete), known.as_of);
        findings.not_pass(Check::Complete, Reason::NoStatus, known.source, Some(known.as_of), told);
        return fresh.and(Err(Reason::NoStatus));
    }
    if complete != Complete::Given {
        findings.pass(Check::Complete, known.source, Some(known.as_of), || told_until(complete));
    }
    fresh
}

/// How far nothing is missing, in plain words.
fn told_until(complete: Complete) -> Cow<'static, str> {
    match complete {
        Complete::Given => Cow::from("nothing to prove"),
        Complete::Until { index, time } => {
            format!("no change up to {time} was left out: entry {index} binds it").into()
        }
        Complete::Unproved => Cow::from("the registry does not prove that no change was left out"),
    }
}

impl Knowledge<'_> {
    /// Whether what is known decides about what changes with time: it is of the time asked about, enough witnesses have seen the log,
    /// and no entry is under rules that this program lacks.
    ///
    /// # Errors
    /// A reason whose outcome is `undecided`.
    pub fn decides(&self, registry: &TrustedRegistry, when: impl Into<When>) -> Result<(), Reason> {
        if unsupported_from(self).is_some() {
            return Err(Reason::Unsupported);
        }
        if !self.quorum_met {
            return Err(Reason::NoQuorum);
        }
        if !self.complete.reaches(self.as_of) {
            return Err(Reason::NoStatus);
        }
        in_time(self, registry.snapshot_max_age_days, when.into())
    }
}

/// Whether the time asked about is one that is known of.
fn in_time(known: &Knowledge<'_>, max_age_days: u16, when: When) -> Result<(), Reason> {
    let newest = known.state.last_received_at();
    let newest = known.produced_at.map_or(newest, |produced| newest.max(produced));
    if when.is_now() && when.now.millis() + CLOCK_TOLERANCE_MILLIS < newest.millis() {
        return Err(Reason::Clock);
    }
    if known.source == Source::Registry {
        return Ok(());
    }
    let days_later = |days: u64| Timestamp::from_millis(known.as_of.millis().saturating_add(days * MILLIS_PER_DAY));
    let until = days_later(max_age_days.into()).min(known.good_until.unwrap_or(Timestamp::from_millis(u64::MAX)));
    if when.at <= until {
        Ok(())
    } else if when.is_now() && when.now > days_later(CLOCK_IS_WRONG_AFTER_DAYS).max(until) {
        Err(Reason::Clock)
    } else {
        Err(Reason::StaleSnapshot)
    }
}

/// What became of the attestation since the day that was asked about: told beside the verdict, which is about that day.
fn today(findings: &mut Findings, label: &Label, known: &Knowledge<'_>, max_age_days: u16, now: Timestamp) {
    let Some(standing) = known.state.standing(label.index(), now.max(known.state.last_received_at())) else { return };
    let fresh = in_time(known, max_age_days, When::from(now)).is_ok() && unsupported_from(known).is_none();
    let (outcome, cause) = match standing.causes().next() {
        Some(cause) => (Found::Caution, Some(cause)),
        None if fresh => (Found::Pass, None),
        None => (Found::Unknown, None),
    };
    findings.remark(Check::Today, outcome, known.source, known.as_of, || match cause {
        Some(cause) => format!("on {now}: {}", told(cause)).into(),
        None if fresh => format!("on {now}: still stands").into(),
        None => Cow::from("whether it still stands today cannot be told"),
    });
}

/// The index from which on the log's entries are under rules that this program lacks. Evidence ends before the log does, so that its
/// own size says nothing.
fn unsupported_from(known: &Knowledge<'_>) -> Option<u64> {
    known.state.policy().unsupported_from(known.size)
}

/// One label against one state of its registry's log.
struct Case<'a> {
    label: &'a Label,
    known: &'a Knowledge<'a>,
    freshness: Result<(), Reason>,
    /// Whether the newest knowledge about keys is at hand.
    keys: Result<(), Reason>,
    /// The time judged; not before the log's newest entry, since honest clocks lie apart.
    at: Timestamp,
}

impl Case<'_> {
    fn judge(&self, findings: &mut Findings, signatures: &dyn SignatureCheck) {
        let index = self.label.index();
        let (Some(row), Some(standing)) = (self.known.state.row(index), self.known.state.standing(index, self.at))
        else {
            return self.no_attestation(findings, signatures);
        };
        self.pass(findings, Check::Attestation, || format!("entry {index} of the log"));
        self.key_and_signature(findings, signatures);
        self.product(findings, row);
        self.validity(findings, row);
        self.standing(findings, &standing);
        self.certifier(findings, row, &standing);
        self.scans(findings);
    }

    /// The log has no attestation with this index, or is not known that far.
    fn no_attestation(&self, findings: &mut Findings, signatures: &dyn SignatureCheck) {
        let (index, size) = (self.label.index(), self.known.size);
        if unsupported_from(self.known).is_some_and(|first| first <= index) && index < size {
            let detail = || format!("entry {index} follows rules that this program lacks");
            return self.fail(findings, Check::Attestation, Reason::Unsupported, detail);
        }
        if index < size || self.known.source != Source::Snapshot {
            let detail = || format!("entry {index} of the log is no attestation");
            return self.fail(findings, Check::Attestation, Reason::UnknownAttestation, detail);
        }
        let mut keys = self.known.state.keys_with_id(self.label.key_id()).peekable();
        let known_key = keys.peek().is_some();
        if known_key && keys.all(|record| signatures.check(self.label, &record.key).is_err()) {
            let detail = || "the signature is not that of the key which the label names";
            return self.fail(findings, Check::Signature, Reason::ForgedSignature, detail);
        }
        let detail = || format!("entry {index}, the snapshot ends before entry {size}");
        self.fail(findings, Check::Attestation, Reason::NewerThanSnapshot, detail);
    }

    fn key_and_signature(&self, findings: &mut Findings, signatures: &dyn SignatureCheck) {
        let mut keys = self.known.state.label_keys(self.label.index(), self.label.key_id()).peekable();
        if keys.peek().is_none() {
            if unsupported_from(self.known).is_some() {
                let detail = || format!("whether key {} may sign for it cannot be told", self.label.key_id());
                return self.fail(findings, Check::Key, Reason::Unsupported, detail);
            }
            let detail = || format!("no key {} of this certifier may sign for it", self.label.key_id());
            return self.fail(findings, Check::Key, Reason::UnknownCertifier, detail);
        }
        self.pass(findings, Check::Key, || format!("key {} of the certifier", self.label.key_id()));
        let Some(key) = keys.find(|key| signatures.check(self.label, &key.record.key).is_ok()) else {
            let detail = || "the signature is not that of the key which the label names";
            return self.fail(findings, Check::Signature, Reason::ForgedSignature, detail);
        };
        self.pass(findings, Check::Signature, || "signed by that key");
        match key.trust {
            LabelKeyTrust::Sound if self.keys.is_err() => {
                let detail = || "whether the key was stolen since cannot be told";
                self.fail(findings, Check::Compromise, self.keys.err().unwrap_or(Reason::StaleSnapshot), detail);
            }
            LabelKeyTrust::Sound => self.pass(findings, Check::Compromise, || "the key is not known to be stolen"),
            LabelKeyTrust::Exposed(compromise) => {
                let detail = || format!("the key is compromised since {}; a label carries no time", compromise.since);
                self.fail(findings, Check::Compromise, Reason::KeyExposed, detail);
            }
            LabelKeyTrust::Compromised(compromise) => {
                let detail = || format!("attested after the key was compromised, on {}", compromise.since);
                self.fail(findings, Check::Compromise, Reason::KeyCompromised, detail);
            }
        }
    }

    fn product(&self, findings: &mut Findings, row: &Row) {
        let (label, index) = (self.label, self.label.index());
        if ProductDigest::of(label.gtin(), label.lot()) == row.product() {
            self.pass(findings, Check::Product, || "the attested product and lot");
        } else {
            let detail = || format!("attestation {index} is for another product or lot");
            self.fail(findings, Check::Product, Reason::WrongProduct, detail);
        }
        if row.claims().contains(label.claims()) {
            self.pass(findings, Check::Claims, || "all attested");
        } else {
            self.fail(findings, Check::Claims, Reason::WrongClaims, || "the label claims what was not attested");
        }
        let (number, labels) = (label.serial().number(), row.labels());
        if number <= labels {
            self.pass(findings, Check::Serial, || format!("number {number} of {labels}"));
        } else {
            self.fail(findings, Check::Serial, Reason::SerialOutOfRange, || {
                format!("number {number}, of {labels} issued")
            });
        }
    }

    fn validity(&self, findings: &mut Findings, row: &Row) {
        let (first, last) = (row.first_day(), row.last_day().min(self.label.last_day()));
        let today = self.at.day();
        match self.freshness {
            Err(reason) => self.fail(findings, Check::Validity, reason, || "whether its days have come cannot be told"),
            Ok(()) if today < first => {
                self.fail(findings, Check::Validity, Reason::NotYetValid, || format!("valid from {first}"));
            }
            Ok(()) if today > last => {
                self.fail(findings, Check::Validity, Reason::Expired, || format!("valid until {last}"));
            }
            Ok(()) => self.pass(findings, Check::Validity, || format!("{first} to {last}")),
        }
    }

    fn standing(&self, findings: &mut Findings, standing: &Standing) {
        let mut stands = true;
        for cause in standing.causes() {
            let is_told = match cause {
                // Not by the device's clock: these are facts of the log's order, or final.
                Cause::Withdrawn(_) | Cause::NotYetLogged(_) | Cause::KeyCompromised(_) | Cause::OutOfScope(_) => true,
                Cause::Suspended(_) => self.freshness.is_ok(),
                // Told of by their own checks.
                Cause::CertifierSuspended(_) | Cause::NotYetValid(_) | Cause::Expired(_) => false,
            };
            if !is_told {
                continue;
            }
            stands = false;
            self.fail(findings, Check::Standing, cause.into(), || told(cause));
            if let Cause::Withdrawn(hold) | Cause::Suspended(hold) = cause {
                findings.held(hold);
            }
        }
        match self.freshness {
            Err(reason) if stands => {
                self.fail(findings, Check::Standing, reason, || "whether it still stands cannot be told");
            }
            Ok(()) if stands => self.pass(findings, Check::Standing, || "neither suspended nor withdrawn"),
            Ok(()) | Err(_) => {}
        }
    }

    fn certifier(&self, findings: &mut Findings, row: &Row, standing: &Standing) {
        let accreditation = self.known.state.issuer_of(row).and_then(|party| party.accreditation());
        let name = accreditation.map_or("", |accreditation| &accreditation.name);
        match (standing.party_hold, self.freshness) {
            (Some(hold), Ok(())) => {
                self.fail(findings, Check::Certifier, Reason::CertifierSuspended, || {
                    held("accreditation suspended", hold)
                });
                findings.held(hold);
            }
            (Some(hold), Err(_)) if hold.is_final => {
                self.fail(findings, Check::Certifier, Reason::CertifierSuspended, || {
                    held("accreditation withdrawn", hold)
                });
                findings.held(hold);
            }
            (_, Err(reason)) => {
                self.fail(findings, Check::Certifier, reason, || "whether its accreditation stands cannot be told");
            }
            (None, Ok(())) => self.pass(findings, Check::Certifier, || format!("accredited: {name}")),
        }
    }

    /// One piece is looked at by its seller, its buyer and some guests: a label that is scanned for weeks is on many pieces. How many
    /// days are usual is for the certifier to say, who knows the goods; where it has not, nothing is. On how many it was is not told:
    /// whoever asked every day would see on which days somebody else scanned it.
    fn scans(&self, findings: &mut Findings) {
        let usual = self.known.attestation.as_ref().and_then(|facts| facts.scan_days);
        let Some(usual) = usual else { return };
        // Whoever has a copy of the log alone has no counts, and no doubt for the want of them: they are kept for caution only.
        let Some(days) = self.known.scan_days else {
            let detail = || "scans are not counted here".into();
            return findings.remark(Check::Scans, Found::Unknown, self.known.source, self.known.as_of, detail);
        };
        if days > usual {
            self.fail(findings, Check::Scans, Reason::ManyScans, || "scanned on more days than is usual");
        } else {
            self.pass(findings, Check::Scans, || "not scanned on more days than is usual");
        }
    }

    fn pass<D: Into<Cow<'static, str>>>(&self, findings: &mut Findings, check: Check, detail: impl FnOnce() -> D) {
        findings.pass(check, self.known.source, Some(self.known.as_of), detail);
    }

    fn fail<D: Into<Cow<'static, str>>>(
        &self,
        findings: &mut Findings,
        check: Check,
        reason: Reason,
        detail: impl FnOnce() -> D,
    ) {
        findings.not_pass(check, reason, self.known.source, Some(self.known.as_of), detail);
    }
}

/// Why an attestation does not count, in plain words.
fn told(cause: Cause) -> alloc::string::String {
    match cause {
        Cause::Withdrawn(hold) => held("withdrawn", hold),
        Cause::NotYetLogged(time) => format!("logged only on {time}"),
        Cause::KeyCompromised(compromise) => {
            format!("attested with a key compromised since {}", compromise.since)
        }
        Cause::OutOfScope(faults) => {
            let names = faults.names().collect::<alloc::vec::Vec<_>>().join(", ");
            format!("beyond the certifier's accreditation in: {names}")
        }
        Cause::Suspended(hold) => held("suspended", hold),
        Cause::CertifierSuspended(hold) => held("accreditation suspended", hold),
        Cause::NotYetValid(first) => format!("valid from {first}"),
        Cause::Expired(last) => format!("valid until {last}"),
    }
}

fn held(what: &str, hold: Hold) -> alloc::string::String {
    let by = match hold.by {
        Holder::Certifier => "the certifier",
        Holder::Accreditor => "the accreditor",
    };
    format!("{what} by {by} since {}: {}", hold.since, phrase(hold.reason))
}

/// A status change's reason in plain words.
const fn phrase(reason: statement::Reason) -> &'static str {
    match reason {
        statement::Reason::ChildFoundAtWork => "a child was found at work",
        statement::Reason::AuditRefused => "an audit was refused",
        statement::Reason::Fraud => "fraud",
        statement::Reason::Error => "a mistake in the statement",
        statement::Reason::ExpiredAudit => "the last audit is too old",
        statement::Reason::Other => "another reason",
    }
}

#[cfg(test)]
mod tests;
