//! What certifiers' attestations come to, counted for their pages.
//!
//! Counting walks over every attestation of the log, so one is counted at a time, and what was counted serves for a minute.

use std::collections::HashMap;
use std::sync::Arc;

use primitives::Timestamp;
use registry::State;
use sequencer::Published;
use statement::Did;
use tokio::sync::Mutex;

use crate::app::App;
use crate::page::Tally;
use crate::problem::Problem;

/// How long a tally serves.
const SECONDS: u64 = 60;
/// Tallies kept.
const MOST: usize = 1000;

/// The tallies by party.
#[derive(Default)]
pub(crate) struct Tallies(Arc<Mutex<HashMap<u16, Counted>>>);

/// A tally, and when it was counted.
struct Counted {
    at: Timestamp,
    tally: Arc<Tally>,
}

impl App {
    /// The tally of a party, at most a minute old.
    pub(crate) async fn tally(
        &self,
        published: &Arc<Published<State>>,
        did: &Did,
        at: Timestamp,
    ) -> Result<Arc<Tally>, Problem> {
        let number = published.view.party(did).ok_or_else(Problem::not_found)?.number;
        let mut tallies = Arc::clone(&self.tallies.0).lock_owned().await;
        if let Some(Counted { at: counted, tally }) = tallies.get(&number)
            && at.seconds().abs_diff(counted.seconds()) < SECONDS
        {
            return Ok(Arc::clone(tally));
        }
        let published = Arc::clone(published);
        // The lock goes along: a client that hangs up leaves the walk to end, and no other begins meanwhile.
        let count = move || {
            let state = &published.view;
            let party = state.party_numbered(number);
            let tally = Arc::new(party.map_or_else(Tally::default, |party| Tally::of(state, party, at)));
            if tallies.len() >= MOST {
                tallies.clear();
            }
            tallies.insert(number, Counted { at, tally: Arc::clone(&tally) });
            tally
        };
        tokio::task::spawn_blocking(count).await.map_err(Problem::internal)
    }
}

impl std::fmt::Debug for Tallies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tallies").finish_non_exhaustive()
    }
}
