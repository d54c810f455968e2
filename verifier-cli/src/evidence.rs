//! What registries can prove about labels: fetched once for each attestation, kept for the run.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use client::{Memory, MemoryError, Registry};
use label::Label;
use primitives::Timestamp;
use verify::{Evidence, Known, OpenedBundle, Reason, Strict, Trust, Verdict};

use crate::failure::say;

/// What is known of one attestation: a bundle, or why there is none.
type Fetched = Rc<Result<OpenedBundle, Reason>>;

/// Asks registries that the trust file names, and no other.
pub(crate) struct Desk<'t> {
    trust: &'t Trust,
    memory: Memory,
    fetched: RefCell<HashMap<(String, u64), Fetched>>,
    /// Registries of which nothing can be said now: asked once, not once a label.
    unreachable: RefCell<HashMap<String, Reason>>,
}

impl<'t> Desk<'t> {
    pub(crate) fn new(trust: &'t Trust, state: &Path) -> Self {
        let memory = Memory::new(state).warning(unwritten);
        Self { trust, memory, fetched: RefCell::default(), unreachable: RefCell::default() }
    }

    /// Judges one label now.
    pub(crate) fn judge(&self, text: &str) -> Verdict {
        let now = now();
        let fetched = Label::parse(text).ok().and_then(|label| self.fetch(&label));
        let known = |_: &Label| match fetched.as_deref() {
            Some(Ok(bundle)) => Known::State(bundle.knowledge(now)),
            Some(Err(reason)) => Known::Missing(*reason),
            None => Known::Missing(Reason::NoStatus),
        };
        verify::verify(&Evidence { label: text, known: &known, signatures: &Strict }, self.trust, now)
    }

    /// `None` for a registry that is not trusted: it is never contacted.
    fn fetch(&self, label: &Label) -> Option<Fetched> {
        let trusted = self.trust.registry(label.origin())?;
        let origin = label.origin().to_string();
        if let Some(reason) = self.unreachable.borrow().get(&origin) {
            return Some(Rc::new(Err(*reason)));
        }
        let key = (origin.clone(), label.index());
        if let Some(fetched) = self.fetched.borrow().get(&key) {
            return Some(Rc::clone(fetched));
        }
        let answer = Registry::new(trusted, self.memory.clone()).evidence(label.index()).map_err(|error| {
            say("warning", &error.to_string());
            if let Some(hint) = error.hint() {
                say("hint", &hint);
            }
            if matches!(
                error,
                client::Error::Network { .. }
                    | client::Error::Inconsistent { .. }
                    | client::Error::RolledBack { .. }
                    | client::Error::Remembered { .. }
                    | client::Error::Memory(_)
            ) {
                self.unreachable.borrow_mut().insert(origin, error.reason());
            }
            error.reason()
        });
        let fetched = Rc::new(answer);
        self.fetched.borrow_mut().insert(key, Rc::clone(&fetched));
        Some(fetched)
    }
}

/// What is not remembered cannot be held against the registry another time; the verdict of now is as good without it.
fn unwritten(error: &MemoryError) {
    say("warning", &format!("{error}: that a registry shows an older log next time will not be noticed"));
    say("hint", "--state DIR names a folder where what is seen is remembered");
}

/// This device's clock. Before 1970 it is the epoch: the verdict then says `clock`.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
