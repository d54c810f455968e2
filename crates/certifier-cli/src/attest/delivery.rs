//! Sends what a job holds, several statements at a time, and writes their receipts.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use client::Registry;
use indicatif::ProgressBar;
use statement::{Gtin, Lot};

use super::job::{Job, Registered, Signed};
use super::signing::Signer;
use crate::book::Book;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::outbox::{Delivered, Outbox};
use crate::refusal;

/// Statements on their way at once: the registry commits what arrives together at the price of one.
const WORKERS: usize = 8;
/// Waits before another try where the registry is away or busy, so that a restart of it passes.
const PATIENCE: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// Slots that are tried for one lot.
const MOST_SLOTS: usize = 32;

/// What the workers share.
pub(super) struct Delivery<'d> {
    pub(super) desk: &'d Desk,
    pub(super) folder: &'d Path,
    pub(super) signer: Signer<'d>,
    pub(super) job: Mutex<Job>,
    /// The job lay about: a lot may have been attested meanwhile, from another folder.
    pub(super) looks_first: bool,
    /// Rows that are not registered yet.
    pub(super) queue: Mutex<VecDeque<u64>>,
    /// What ends it, once it is there.
    pub(super) stopped: Mutex<Option<Failure>>,
}

impl Delivery<'_> {
    /// Sends until nothing is left or something stops it; gives the job back.
    pub(super) fn run(self, bar: &ProgressBar) -> (Job, Option<Failure>) {
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| self.work(bar));
            }
        });
        let mut job = self.job.into_inner().unwrap_or_else(PoisonError::into_inner);
        let stopped = self.stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
        let flushed = job.flush().err();
        (job, stopped.or(flushed))
    }

    fn work(&self, bar: &ProgressBar) {
        let registry = self.desk.registry();
        while locked(&self.stopped).is_none() {
            let Some(row) = locked(&self.queue).pop_front() else { return };
            match self.deliver(&registry, row) {
                Ok(()) => bar.inc(1),
                // The first one: the others come of the same.
                Err(failure) => drop(locked(&self.stopped).get_or_insert(failure)),
            }
        }
    }

    fn deliver(&self, registry: &Registry<'_>, row: u64) -> Result<(), Failure> {
        let mut signed = locked(&self.job).signed(row)?;
        if self.looks_first {
            self.refuse_second(registry, &signed)?;
        }
        let (mut slots, book) = (1, Book::of(self.desk));
        loop {
            book.note(&signed.jws)?;
            let outbox = Outbox::of_held(self.folder, super::segment(&signed.lot));
            match self.send(&outbox, registry, &signed.jws) {
                Ok(delivered) => return self.file(&outbox, &signed, delivered),
                Err(client::Error::Refused(refused)) if refused.code == "status_index_taken" && slots < MOST_SLOTS => {
                    slots += 1;
                    // The law's refusal of these very bytes, which nobody will ever take: only now another may be signed.
                    let mut job = locked(&self.job);
                    let anew = self.signer.sign_anew(&signed)?;
                    job.refused(row, &refused.code)?;
                    job.hold(std::slice::from_ref(&anew))?;
                    signed = anew;
                }
                Err(error) => {
                    if let client::Error::Refused(refused) = &error
                        && refusal::is_final(&error)
                    {
                        locked(&self.job).refused(row, &refused.code)?;
                    }
                    return Err(Failure::from(error).within(&format!("row {row}, lot {}", signed.lot)));
                }
            }
        }
    }

    fn refuse_second(&self, registry: &Registry<'_>, signed: &Signed) -> Result<(), Failure> {
        let Ok(lot) = Lot::parse(&signed.lot) else { return Ok(()) };
        let gtin = signed.gtin.as_deref().and_then(|gtin| Gtin::parse(gtin).ok());
        let found = super::earlier(registry, gtin.as_ref(), &lot, self.signer.issuer(), Some(&signed.jws))?;
        match found {
            Some(index) => Err(Failure::refused(format!(
                "row {}, lot {lot} was attested meanwhile by another statement, at index {index}",
                signed.row
            ))
            .hint("what this job has signed is not needed any more: delete the job; --again sends it all the same")),
            None => Ok(()),
        }
    }

    /// Sends, again where that may help: the same bytes are registered once.
    fn send(&self, outbox: &Outbox, registry: &Registry<'_>, jws: &str) -> Result<Delivered, client::Error> {
        let mut waits = PATIENCE.iter();
        loop {
            let error = match outbox.send(registry, jws) {
                Ok(delivered) => return Ok(delivered),
                Err(error) => error,
            };
            let is_busy = matches!(&error, client::Error::Refused(refused) if refusal::is_passing(refused));
            let is_passing = is_busy || matches!(error, client::Error::Network { .. });
            match waits.next().filter(|_| is_passing && locked(&self.stopped).is_none()) {
                Some(wait) => thread::sleep(*wait),
                None => return Err(error),
            }
        }
    }

    /// The receipt, the salt of a withheld maker, and only then the word that all of it is there.
    fn file(&self, outbox: &Outbox, signed: &Signed, delivered: Delivered) -> Result<(), Failure> {
        const STATEMENT_AND_PROOF: usize = 2;
        let Delivered { receipt, mut files } = delivered;
        if files.len() < STATEMENT_AND_PROOF {
            let (row, index) = (signed.row, receipt.index);
            return Err(Failure::refused(format!(
                "row {row} is registered at index {index}, and its receipt is not written"
            )));
        }
        if let Some(salt) = &signed.salt {
            let path = outbox.path(&format!("{}-{}.salt", super::segment(&signed.lot), receipt.index));
            let text = format!("{salt}\n");
            // A run that was cut off may have written it.
            if !std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
                files::create(&path, text.as_bytes(), Readers::Owner)?;
            }
            files.push(path);
        }
        let files = files.iter().map(|path| path.display().to_string()).collect();
        let registered = Registered { row: signed.row, index: receipt.index, received_at: receipt.received_at, files };
        locked(&self.job).registered(registered)
    }
}

/// What a thread that panicked held is still what it was before or after: each change is one call.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
