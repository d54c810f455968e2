//! `certifier relabel`: the labels of an attestation once more, with the same serials, signed by another key.
//!
//! A label carries no time: once a key is exposed, a label under it may be its certifier's or a thief's, and both are amber. Labels of the
//! same attestation under a key that is sound are green, so that those printed anew are told from all that were printed before. The
//! attestation itself stays as it is; keys that its certifier got later may sign its labels (the law's rule 10).

use primitives::Thumbprint;
use registry::{LabelKeyTrust, State};

use super::book::{Again, Book, Run};
use super::{Attested, Bench, Serials};
use crate::cli::RelabelOptions;
use crate::failure::{Failure, say};

pub(crate) fn run(options: &RelabelOptions) -> Result<(), Failure> {
    let bench = Bench::open(&options.print, &options.sign, options.reason.as_deref())?;
    let Bench { desk, identity, .. } = &bench;
    let (evidence, lot, now) = bench.witnessed(options.attestation)?;
    // What is found here is held against the book again, once it is locked.
    let book = Book::open(desk.state(), desk.origin(), true)?;
    let key = identity.public.thumbprint().to_string();
    if options.print.resume {
        let serials = options.serials.clone().or_else(|| book.cut_off(options.attestation, &key));
        let serials = serials.unwrap_or_else(|| Serials::all(lot.facts.labels));
        return bench.print(&lot, &serials, Again::Resume);
    }
    let exposed = exposed(evidence.knowledge(now).state, &lot);
    let earlier = Earlier::of(&book, options, &key);
    let reason = match &options.reason {
        Some(reason) => reason.clone(),
        None => reason(&lot, &exposed, &earlier)?,
    };
    let serials = earlier.serials(options, &lot)?;
    earlier.same_serials(options)?;
    if earlier.runs.is_empty()
        && exposed.iter().all(|exposed| exposed.key != lot.signer)
        && lot.signer == identity.public
    {
        return Err(Failure::input(format!(
            "attestation {} was signed with this key, and no label of it was printed under another: they would be the same",
            lot.facts.index
        ))
        .hint("certifier labels --reprint --reason TEXT prints them again"));
    }
    let replaces: Vec<u64> = earlier.runs.iter().map(|run| run.number()).collect();
    let again = Again::Relabel { reason: &reason, replaces: &replaces };
    bench.print(&lot, &serials, again)
}

/// A key of the attestation's certifier under which labels are amber.
struct Exposed {
    key: primitives::PublicKey,
    name: Thumbprint,
    since: primitives::Timestamp,
}

fn exposed(state: &State, lot: &Attested) -> Vec<Exposed> {
    let party = state.issuer_of(&lot.row);
    let keys = party.into_iter().flat_map(|party| state.keys_of(party));
    keys.filter_map(|record| {
        let mut trusted = state.label_keys(lot.facts.index, record.label_key_id);
        match trusted.find(|other| other.record.number == record.number)?.trust {
            LabelKeyTrust::Exposed(compromise) => {
                Some(Exposed { key: record.key, name: record.thumbprint, since: compromise.since })
            }
            LabelKeyTrust::Sound | LabelKeyTrust::Compromised(_) => None,
        }
    })
    .collect()
}

/// What the print book knows of the labels that are to be replaced.
struct Earlier<'b> {
    /// Runs under other keys, or under keys that the book does not name.
    runs: Vec<&'b Run>,
    /// All that was printed in them.
    printed: Option<Serials>,
    /// What was printed under the new key already.
    replaced: Option<Serials>,
}

impl<'b> Earlier<'b> {
    fn of(book: &'b Book, options: &RelabelOptions, key: &str) -> Self {
        let wanted =
            |run: &&Run| options.serials.as_ref().is_none_or(|serials| serials.first_shared(&run.labels()).is_some());
        let (replaced, runs): (Vec<_>, Vec<_>) =
            book.of_attestation(options.attestation).filter(wanted).partition(|run| run.is_under(key));
        let all = |runs: &[&Run]| runs.iter().map(|run| run.labels()).reduce(|all, labels| all.union(&labels));
        Self { printed: all(&runs), replaced: all(&replaced), runs }
    }

    /// Which labels: those asked for, or those printed before and not replaced yet.
    fn serials(&self, options: &RelabelOptions, lot: &Attested) -> Result<Serials, Failure> {
        let (index, labels) = (lot.facts.index, lot.facts.labels);
        let (None, Some(printed)) = (&options.serials, &self.printed) else {
            if self.printed.is_none() {
                say(
                    "note",
                    &format!("the print book here names no earlier print of these labels of attestation {index}"),
                );
            }
            return Ok(options.serials.clone().unwrap_or_else(|| Serials::all(labels)));
        };
        let left = self.replaced.as_ref().map_or(Some(printed.clone()), |replaced| printed.minus(replaced));
        left.ok_or_else(|| {
            Failure::input(format!(
                "all labels of attestation {index} that were printed are replaced already: {printed}"
            ))
            .hint("--serials LIST names others; --resume goes on with a run that was cut off")
        })
    }

    /// The same serials as before, character by character: the old label and the new one are of one piece of goods.
    fn same_serials(&self, options: &RelabelOptions) -> Result<(), Failure> {
        let is_short = options.print.short_serials;
        let Some(other) = self.runs.iter().find(|run| run.has_short_serials() != is_short) else { return Ok(()) };
        let (how, flag) =
            if is_short { ("with", "leave --short-serials out") } else { ("without", "say --short-serials") };
        Err(Failure::input(format!(
            "labels {} of attestation {} were printed in run {} {how} the index in their serials",
            other.labels(),
            options.attestation,
            other.number()
        ))
        .hint(format!(
            "{flag}, so that the new labels have the serials of the old; --serials LIST names those printed so"
        )))
    }
}

/// Why they are printed anew, where an exposed key is reason enough.
fn reason(lot: &Attested, exposed: &[Exposed], earlier: &Earlier<'_>) -> Result<String, Failure> {
    let index = lot.facts.index;
    let ways = "--reason TEXT prints them anew all the same, and the print book keeps why";
    if exposed.is_empty() {
        return Err(Failure::input(format!(
            "no key that may have signed labels of attestation {index} is exposed: they are good"
        ))
        .hint(ways));
    }
    let has_signed = |exposed: &&Exposed| {
        let name = exposed.name.to_string();
        // Where the book does not say which key it was, it was the attestation's own, or may have been.
        exposed.key == lot.signer || earlier.runs.iter().any(|run| run.is_under(&name))
    };
    let touched: Vec<String> = exposed
        .iter()
        .filter(has_signed)
        .map(|exposed| format!("key {} is exposed: compromised since {}", exposed.name, exposed.since))
        .collect();
    if touched.is_empty() {
        let names: Vec<String> = exposed.iter().map(|exposed| exposed.name.to_string()).collect();
        return Err(Failure::input(format!(
            "attestation {index} was not signed with an exposed key ({}), and no label of it was printed here under one",
            names.join(", ")
        ))
        .hint(ways));
    }
    Ok(touched.join("; "))
}
