//! Reports of concerns: taken from anybody, kept sealed, given to the accreditor that they are for.
//!
//! Nobody is asked who they are, and nothing is kept that could tell: no address, no time of day. What is kept is encrypted, on the sender's
//! device or here before it is stored, so that neither the operator nor who takes the disk reads it. The sender gets a receipt code, of
//! which only a hash is kept.
//!
//! Writes go one after the other, under one lock, in a blocking task that goes on when the client hangs up: a report that nobody has a
//! receipt for is kept all the same, since it may be about a child.

mod addressees;
mod form_token;
mod hotlines;
mod kept;
mod rate;
mod record;
mod refusals;
pub(crate) mod seal;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use concern::{Concern, Receipt, Sealed};
use primitives::Day;
use statement::{Authentic, Did, ReportId, ReportProgress, Statement, Token};
use store::Private;
use tokio::sync::Mutex;
use verify::TrustedRegistry;

use addressees::Addressees;
use form_token::{FormToken, FormTokens};
pub(crate) use hotlines::Hotlines;
use kept::{Kept, Place};
use rate::Rate;
use record::Open;
pub(crate) use record::{Sealer, Stage};

use crate::app::App;
use crate::limits::REPORTS_PAGE;
use crate::problem::Problem;

/// How old or early an accreditor's request may be: what is captured is not of use for long.
const FRESH_SECONDS: u64 = 300;

/// The reports of the registry.
pub(crate) struct Reports {
    addressees: Addressees,
    tokens: FormTokens,
    rate: Rate,
    kept: Arc<Mutex<Kept>>,
    /// What [`Kept::len`] and [`Kept::bytes`] say, for whoever does not wait for the lock.
    count: Arc<AtomicU64>,
    started: Instant,
}

/// What a form is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportForm {
    /// Age recipients: all of them, for the script that seals on the device.
    pub(crate) recipients: Vec<String>,
    pub(crate) token: String,
    /// Contacts for whom it must not wait.
    pub(crate) hotlines: Vec<Hotlines>,
}

/// What was sent.
#[derive(Debug)]
pub(crate) enum Submission {
    /// To be sealed here.
    Plain(Concern),
    /// Sealed on the device, armored.
    Sealed(String),
}

/// A report that is kept.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) receipt: Receipt,
    pub(crate) by: Sealer,
}

/// A report as an accreditor gets it.
pub(crate) struct Listed {
    pub(crate) id: ReportId,
    pub(crate) day: Day,
    /// How far this accreditor was with it before it asked.
    pub(crate) stage: Stage,
    pub(crate) by: Sealer,
    /// Armored age file.
    pub(crate) sealed: String,
}

/// A page of the list.
pub(crate) struct Page {
    pub(crate) reports: Vec<Listed>,
    /// Where the next one begins; `None` on the last.
    pub(crate) next: Option<String>,
}

impl std::fmt::Debug for Reports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reports").finish_non_exhaustive()
    }
}

impl Reports {
    /// Reads back what is known of each report.
    ///
    /// # Errors
    /// Where the trust file names a recipient that is none, or a record is not as it was written.
    pub(crate) fn open(private: Arc<Private>, registry: &TrustedRegistry) -> anyhow::Result<Self> {
        let addressees = Addressees::of(registry)?;
        let kept = Kept::open(private)?;
        Ok(Self {
            addressees,
            tokens: FormTokens::new(random()?),
            rate: Rate::default(),
            count: Arc::new(AtomicU64::new(kept.len() as u64)),
            kept: Arc::new(Mutex::new(kept)),
            started: Instant::now(),
        })
    }

    /// Reports that are not closed.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Milliseconds since the start: a clock that is set does not age a form.
    fn now_millis(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Works on what is kept, in a task of its own.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Kept) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (mut kept, count) = (Arc::clone(&self.kept).lock_owned().await, Arc::clone(&self.count));
        let work = move || {
            let done = work(&mut kept);
            count.store(kept.len() as u64, Ordering::Relaxed);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
    }
}

fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map(|()| bytes)
}

impl App {
    /// What the form's page needs. `label` is the text or serial number of the label that it is about, if one is known.
    ///
    /// # Errors
    /// `reports_closed` where no accreditor takes reports.
    pub(crate) fn report_form(&self, label: Option<&str>) -> Result<ReportForm, Problem> {
        let (reports, published) = (&self.own()?.reports, self.log().published());
        let addressee = reports.addressees.of_label(label.unwrap_or_default(), &published.view);
        let addressed = reports.addressees.select(addressee).ok_or_else(Problem::reports_closed)?;
        Ok(ReportForm {
            recipients: addressed.iter().map(|one| one.recipient.to_string()).collect(),
            token: reports.tokens.issue(reports.now_millis(), random().map_err(Problem::internal)?, addressee),
            hotlines: hotlines::of(&published.view, self.now()),
        })
    }

    /// Keeps a report, sealed; `Ok` once it outlives the power. The token is used up only then: what is refused can be sent again.
    ///
    /// # Errors
    /// `reports_closed`, `form_…`, `bad_sealed_report`, `reports_busy`, `reports_full`, `unavailable`.
    pub(crate) async fn take_report(&self, submission: Submission, token: &str) -> Result<Taken, Problem> {
        let (reports, limits) = (&self.own()?.reports, &self.limits.reports);
        let now = reports.now_millis();
        let token = reports.tokens.check(token, now, limits).map_err(Problem::form_token)?;
        let addressee = match &submission {
            Submission::Plain(concern) => reports.addressees.of_label(&concern.label, &self.log().published().view),
            Submission::Sealed(_) => token.addressee,
        };
        let addressed = reports.addressees.select(addressee).ok_or_else(Problem::reports_closed)?;
        let sealed = match &submission {
            Submission::Plain(_) => None,
            Submission::Sealed(armor) => Some(Sealed::from_armor(armor, addressed.len()).map_err(Problem::bad_sealed)?),
        };
        if !reports.rate.take(now, limits) {
            return Err(Problem::reports_busy());
        }
        let (keys, dids): (Vec<_>, Vec<_>) = addressed.iter().map(|one| (one.key.clone(), one.did.clone())).unzip();
        let (by, sealed) = match (submission, sealed) {
            (Submission::Plain(concern), _) => {
                let sealing = move || seal::seal(&concern, keys.iter());
                let sealed = tokio::task::spawn_blocking(sealing).await.map_err(Problem::internal)?;
                (Sealer::Server, sealed.map_err(Problem::internal)?)
            }
            (Submission::Sealed(_), Some(sealed)) => (Sealer::Device, sealed),
            (Submission::Sealed(_), None) => return Err(Problem::internal("a sealed report was not read")),
        };
        let (id, receipt) = (random().map_err(Problem::internal)?, random().map_err(Problem::internal)?);
        let (id, receipt, day) = (ReportId(id), Receipt::new(receipt), self.now().day());
        let to = dids.into_iter().map(|did| (did, Stage::Received)).collect();
        let report = Open { by, receipt: receipt.hash(), day, to };
        reports.keep(id, report, sealed, token, limits.clone()).await?;
        Ok(Taken { receipt, by })
    }

    /// How far the report of a receipt code is; `None` where there is none of this code.
    pub(crate) async fn report_status(&self, code: &str) -> Option<Stage> {
        let receipt = Receipt::parse(code)?;
        self.own().ok()?.reports.kept.lock().await.stage_of(&receipt.hash())
    }

    /// A page of the reports to the accreditor that asks, after what became of others is noted.
    ///
    /// `after` is a page's [`Page::next`]. What is on the page counts as read.
    ///
    /// # Errors
    /// Where it may not ask, or an update is about no report of its own: then nothing is noted.
    pub(crate) async fn reports(&self, request: &[u8], after: Option<&str>, most: usize) -> Result<Page, Problem> {
        let after = after.map(|text| place(text).ok_or_else(Problem::bad_cursor)).transpose()?;
        let (accreditor, updates) = self.reports_request(request)?;
        let most = most.min(REPORTS_PAGE);
        let answer = move |kept: &mut Kept| {
            for (report, stage) in &updates {
                kept.check_update(&accreditor, *report, *stage).map_err(Problem::report_update)?;
            }
            let mut erased = false;
            for (report, stage) in updates {
                erased |= kept.update(&accreditor, report, stage).map_err(Problem::report_update)?;
            }
            if erased {
                kept.compact().map_err(Problem::unavailable)?;
            }
            page(kept, &accreditor, after, most)
        };
        self.own()?.reports.work(answer).await
    }

    /// Who asks, and what became of which reports.
    fn reports_request(&self, request: &[u8]) -> Result<(Did, Vec<(ReportId, Stage)>), Problem> {
        let (log, now) = (self.log(), self.now());
        log.clock().map_err(Problem::clock)?;
        let state = &log.published().view;
        let token = Token::parse(request)?;
        let asked: Authentic<Statement> = token.open(&state.issuer_key(&token)?)?;
        let Statement::ReportsRequest(said) = &*asked else {
            return Err(Problem::another_kind("the statement is no ReportsRequest"));
        };
        state.check_accreditor(&asked)?;
        if said.asked_at.seconds().abs_diff(now.seconds()) > FRESH_SECONDS {
            return Err(Problem::stale_request(now));
        }
        let stage = |said: ReportProgress| match said {
            ReportProgress::InProgress => Stage::InProgress,
            ReportProgress::Closed => Stage::Closed,
        };
        let updates = said.updates.iter().map(|update| (update.report, stage(update.progress))).collect();
        Ok((said.issuer.clone(), updates))
    }
}

impl Reports {
    async fn keep(
        &self,
        id: ReportId,
        report: Open,
        sealed: Sealed,
        token: FormToken,
        limits: crate::limits::ReportLimits,
    ) -> Result<(), Problem> {
        let mut kept = Arc::clone(&self.kept).lock_owned().await;
        let is_full = kept.len() >= limits.kept || kept.bytes() + sealed.as_bytes().len() as u64 > limits.kept_bytes;
        if is_full {
            return Err(Problem::reports_full());
        }
        self.tokens.spend(&token, self.now_millis(), &limits).map_err(Problem::form_token)?;
        let count = Arc::clone(&self.count);
        let put = move || {
            let put = kept.put(id, report, sealed.as_bytes().to_vec());
            count.store(kept.len() as u64, Ordering::Relaxed);
            put
        };
        tokio::task::spawn_blocking(put).await.map_err(Problem::internal)?.map_err(Problem::unavailable)
    }
}

fn page(kept: &mut Kept, accreditor: &Did, after: Option<Place>, most: usize) -> Result<Page, Problem> {
    // One more tells whether there is another page.
    let mut found = kept.list(accreditor, after, most + 1);
    let is_last = found.len() <= most;
    found.truncate(most);
    let next = found.last().filter(|_| !is_last).map(|(id, report, _)| format!("{}.{id}", report.day));
    let mut reports = Vec::with_capacity(found.len());
    for (id, report, stage) in found {
        let sealed = kept.sealed(id).map_err(Problem::unavailable)?.unwrap_or_default();
        if stage == Stage::Received {
            kept.update(accreditor, id, Stage::Read).map_err(Problem::report_update)?;
        }
        let (day, by) = (report.day, report.by);
        reports.push(Listed { id, day, stage, by, sealed: concern::enarmor(&sealed) });
    }
    Ok(Page { reports, next })
}

/// A page's end, as [`Page::next`] has it.
fn place(text: &str) -> Option<Place> {
    let (day, id) = text.split_once('.')?;
    Some((Day::parse(day).ok()?, ReportId::parse(id).ok()?))
}
