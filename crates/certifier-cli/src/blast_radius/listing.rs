//! How it is told what a key touched.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use client::terminal::clean;
use primitives::{Thumbprint, Timestamp};
use registry::State;
use serde_json::{Value, json};

use super::owner::Owner;
use super::touched::{Attested, Touched};
use crate::desk::Desk;
use crate::exposure::{Exposure, Tally, counted};
use crate::failure::Failure;
use crate::labels::Serials;
use crate::render::csv_cell;
use crate::report;

const CSV_HEADER: &str = "\u{feff}kind,index,received_at,lot,gtin,product,labels,effect,holds,printed_here,about\r\n";

/// All of it.
pub(super) struct Listing<'l> {
    pub(super) desk: &'l Desk,
    pub(super) state: &'l State,
    pub(super) name: Thumbprint,
    pub(super) owner: &'l Owner<'l>,
    /// The time that the command line asks about.
    pub(super) asked: Option<Timestamp>,
    /// What a compromise touches; none where no time of one is known.
    pub(super) exposure: Option<Exposure>,
    pub(super) touched: Touched,
    /// Labels printed under the key, by attestation.
    pub(super) printed: BTreeMap<u64, Serials>,
}

impl Listing<'_> {
    /// `key_compromised`: refused. `key_exposed`: its labels under this key are amber. Nothing, where no compromise is known.
    fn effect(&self, attested: &Attested) -> Option<&'static str> {
        let exposure = self.exposure.as_ref()?;
        Some(if attested.row.received_at() >= exposure.since { "key_compromised" } else { "key_exposed" })
    }

    fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.touched.attested.iter().for_each(|attested| total.add(&attested.row));
        total
    }

    /// What has to be said of the key itself, lines for people.
    fn head(&self) -> String {
        let owner = self.owner;
        let (name, role, did) = (clean(owner.name()), owner.role(), owner.did());
        let key = owner.key();
        let mut head = format!("key {}, label key id {}\n  {role}: {did}, {name}\n", self.name, key.label_key_id());
        match owner {
            Owner::Party { key, .. } => {
                let retired = match key.retired_at {
                    Some(entry) => format!("; retired at entry {entry}"),
                    None => String::new(),
                };
                let _ = writeln!(head, "  accredited since entry {}{retired}", key.added_at);
                let _ = match key.compromised {
                    Some(known) => {
                        writeln!(head, "  compromised since {}, reported at entry {}", known.since, known.entry)
                    }
                    None => writeln!(head, "  not declared compromised"),
                };
            }
            Owner::Accreditor { key, .. } => {
                let last = key.last_index.map(|last| format!(" to {last}")).unwrap_or_default();
                let _ = writeln!(
                    head,
                    "  signs from entry {}{last}, by the trust file; it is ended there",
                    key.first_index
                );
            }
        }
        let _ = writeln!(head, "  by {} entries of {}", self.state.size(), self.desk.origin());
        head
    }

    pub(super) fn print(&self) -> Result<(), Failure> {
        let mut out = self.head();
        if let Owner::Party { .. } = self.owner {
            let _ = writeln!(out, "\nAttested under it: {}", self.total().in_words());
        }
        for attested in &self.touched.attested {
            let row = &attested.row;
            let gtin = attested.gtin.as_ref().map(|gtin| format!(", GTIN {gtin}")).unwrap_or_default();
            let told: Vec<&str> = self.effect(attested).into_iter().chain(attested.holds.iter().copied()).collect();
            let told = if told.is_empty() { String::new() } else { format!(" [{}]", told.join(", ")) };
            let _ = writeln!(
                out,
                "  {:>8}  {}  lot {}, {}{gtin}, {}{told}",
                row.index(),
                row.received_at(),
                clean(&attested.lot),
                clean(&attested.product),
                counted(row.labels().into(), "label"),
            );
        }
        let _ = writeln!(out, "\nOther statements under it: {}", self.touched.others.len());
        for other in &self.touched.others {
            let _ =
                writeln!(out, "  {:>8}  {}  {} {}", other.index, other.received_at, other.kind, clean(&other.about));
        }
        if self.owner.role() == "customs-office" {
            out.push_str("  not listed: its commitments to clearances, which the log's state does not name\n");
        }
        if let Owner::Party { .. } = self.owner {
            out.push_str("\nLabels printed under it here, by the print book of this device:\n");
            for (attestation, labels) in &self.printed {
                let _ = writeln!(out, "  {attestation:>8}  labels {labels}");
            }
            if self.printed.is_empty() {
                out.push_str("  none\n");
            }
        }
        out.push_str(&self.meaning());
        crate::print(&out)
    }

    fn meaning(&self) -> String {
        match (&self.exposure, self.asked) {
            (Some(exposure), Some(asked)) if exposure.since == asked => format!(
                "\nIf it is declared compromised since {asked} (nothing was declared now):\n{}\
                 To declare it, the accreditor runs: certifier accredit --compromised {} --compromised-since {asked} --key FILE\n",
                exposure.lines(),
                self.name,
            ),
            (Some(exposure), Some(asked)) => format!(
                "\nDeclared compromised since {asked}, nothing would change: it is since {} already\n{}",
                exposure.since,
                exposure.lines(),
            ),
            (Some(exposure), None) => format!("\nCompromised since {}:\n{}", exposure.since, exposure.lines()),
            (None, _) if matches!(self.owner, Owner::Party { .. }) => {
                "\nWhat would be refused and what would turn amber: --since TIME, since when others may have had it\n"
                    .to_owned()
            }
            (None, _) => String::new(),
        }
    }

    pub(super) fn print_csv(&self) -> Result<(), Failure> {
        let mut out = CSV_HEADER.to_owned();
        let mut row = |cells: [&str; 11]| {
            let cells: Vec<String> = cells.into_iter().map(csv_cell).collect();
            let _ = write!(out, "{}\r\n", cells.join(","));
        };
        let printed = |index: u64| self.printed.get(&index).map(ToString::to_string).unwrap_or_default();
        for attested in &self.touched.attested {
            let (index, at) = (attested.row.index(), attested.row.received_at());
            row([
                "attestation",
                &index.to_string(),
                &at.to_string(),
                &attested.lot,
                attested.gtin.as_deref().unwrap_or_default(),
                &attested.product,
                &attested.row.labels().to_string(),
                self.effect(attested).unwrap_or_default(),
                &attested.holds.join(" "),
                &printed(index),
                "",
            ]);
        }
        for other in &self.touched.others {
            let (index, at) = (other.index.to_string(), other.received_at.to_string());
            row([other.kind, &index, &at, "", "", "", "", "", "", "", &other.about]);
        }
        for (index, labels) in self.printed_beside() {
            row(["labels", &index.to_string(), "", "", "", "", "", "", "", &labels.to_string(), ""]);
        }
        crate::print(&out)
    }

    /// Labels under the key of attestations that other keys signed.
    fn printed_beside(&self) -> impl Iterator<Item = (u64, &Serials)> {
        let own = |index: u64| self.touched.attested.iter().any(|attested| attested.row.index() == index);
        self.printed.iter().map(|(index, labels)| (*index, labels)).filter(move |(index, _)| !own(*index))
    }

    pub(super) fn print_json(&self) -> Result<(), Failure> {
        let tally = |tally: Tally| json!({"attestations": tally.attestations, "labels": tally.labels});
        let attestations: Vec<Value> = self
            .touched
            .attested
            .iter()
            .map(|attested| {
                json!({
                    "index": attested.row.index(),
                    "receivedAt": attested.row.received_at().to_string(),
                    "lot": attested.lot,
                    "gtin": attested.gtin,
                    "product": attested.product,
                    "labels": attested.row.labels(),
                    "effect": self.effect(attested),
                    "holds": attested.holds,
                })
            })
            .collect();
        let statements = self.touched.others.iter().map(|other| {
            json!({
                "index": other.index, "receivedAt": other.received_at.to_string(), "kind": other.kind, "about": other.about,
            })
        });
        let printed = self
            .printed
            .iter()
            .map(|(attestation, labels)| json!({"attestation": attestation, "labels": labels.to_string()}));
        let (listed, last, retired, compromised) = match self.owner {
            Owner::Party { key, .. } => (
                key.added_at,
                None,
                key.retired_at,
                key.compromised.map(|known| json!({"since": known.since.to_string(), "entry": known.entry})),
            ),
            Owner::Accreditor { key, .. } => (key.first_index, key.last_index, None, None),
        };
        let exposure = self.exposure.map(|exposure| {
            json!({
                "since": exposure.since.to_string(),
                "refused": tally(exposure.after),
                "exposed": tally(exposure.before),
                "underOtherKeys": tally(exposure.beside),
            })
        });
        report::print_json(vec![json!({
            "format": "ethical-label-blast-radius/v1",
            "registry": self.desk.origin().to_string(),
            "size": self.state.size(),
            "key": self.name.to_string(),
            "labelKeyId": self.owner.key().label_key_id().to_string(),
            "party": self.owner.did(),
            "name": self.owner.name(),
            "role": self.owner.role(),
            "firstEntry": listed,
            "lastEntry": last,
            "retiredAt": retired,
            "compromised": compromised,
            "askedSince": self.asked.map(|asked| asked.to_string()),
            "attestations": attestations,
            "statements": statements.collect::<Vec<_>>(),
            "printedHere": printed.collect::<Vec<_>>(),
            "totals": tally(self.total()),
            "exposure": exposure,
        })])
    }
}
