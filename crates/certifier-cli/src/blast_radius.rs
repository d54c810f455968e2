//! `certifier blast-radius`: what a key has touched, and what it would mean that others had it.
//!
//! Which entries a key signed comes from the log, folded up to its newest entry; what they say is fetched, each with the proof that it is
//! in the log, and opened with the key. What was printed under the key comes from the print book of this device, and from nowhere else.
//!
//! | file | what |
//! |---|---|
//! | `owner` | whose key it is |
//! | `touched` | the entries that it signed |
//! | `listing` | how they are told: lines, JSON, CSV |

mod listing;
mod owner;
mod touched;

use primitives::Timestamp;

use crate::cli::BlastRadiusOptions;
use crate::desk::Desk;
use crate::exposure::Exposure;
use crate::failure::Failure;
use crate::{clock, labels, ledger, which_key};
use listing::Listing;
use owner::Owner;
use touched::Touched;

pub(crate) fn run(options: &BlastRadiusOptions) -> Result<(), Failure> {
    let name = which_key::thumbprint(&options.key)?;
    let desk = Desk::open(&options.registry)?;
    let state = ledger::state(&desk, options.registry.state.as_deref())?;
    let owner = Owner::of(&state, &name).ok_or_else(|| {
        Failure::refused(format!(
            "the log of {} knows no key {name}: it was never accredited, and signed nothing",
            desk.origin()
        ))
        .hint(
            "--registry ORIGIN names another registry of the trust file; certifier key inspect KEY says what a key is",
        )
    })?;
    let now = clock::now();
    if let Some(since) = options.since.filter(|since| *since > now) {
        return Err(Failure::input(format!("--since {since} is still to come"))
            .hint("say since when others may have had the key"));
    }
    let exposure = match &owner {
        Owner::Party { key, .. } => {
            let since: Option<Timestamp> = options.since.or(key.compromised.map(|known| known.since));
            since.map(|since| Exposure::of(&state, key, since))
        }
        Owner::Accreditor { .. } => None,
    };
    let listing = Listing {
        desk: &desk,
        state: &state,
        name,
        owner: &owner,
        // An accreditor's key is judged by the trust file alone.
        asked: options.since.filter(|_| matches!(owner, Owner::Party { .. })),
        exposure,
        touched: Touched::of(&desk, &state, &owner, now)?,
        printed: labels::printed_under(name, &desk)?,
    };
    if options.json {
        listing.print_json()
    } else if options.csv {
        listing.print_csv()
    } else {
        listing.print()
    }
}
