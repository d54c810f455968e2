//! `certifier list`: what a party attested, how it stands today, and what ends soon.

use std::fmt::Write as _;

use client::terminal::clean;
use primitives::Timestamp;
use registry::State;
use serde_json::{Value, json};

use crate::cli::ListOptions;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::issued::{self, Issued};
use crate::render::csv_cell;
use crate::{clock, ledger, report};

const CSV_HEADER: &str = "\u{feff}index,lot,gtin,product,facility,labels,first_day,last_day,days_left,standing\r\n";

/// An attestation as it stands now.
struct Line {
    issued: Issued,
    /// `valid`, or why it does not count: the verdict's reason codes, the gravest first.
    standing: String,
    /// From today to its last day; negative once it is past.
    days_left: i32,
}

pub(crate) fn run(options: &ListOptions) -> Result<(), Failure> {
    let party = options.who.did()?;
    let desk = Desk::open(&options.registry)?;
    let state = ledger::state(&desk, options.registry.state.as_deref())?;
    let now = clock::now();
    let issued = issued::by(&desk, &state, &party)?;
    let all = issued.len();
    let mut lines: Vec<Line> = issued.into_iter().map(|issued| line(issued, &state, now)).collect();
    if let Some(days) = options.expiring {
        // What was withdrawn ended already, and what is past does not end any more.
        lines.retain(|line| (0..=i32::from(days)).contains(&line.days_left) && !line.standing.starts_with("withdrawn"));
        lines.sort_by_key(|line| line.days_left);
    }
    if options.json {
        return report::print_json(vec![json!({
            "format": "ethical-label-list/v1",
            "registry": desk.origin().to_string(),
            "size": state.size(),
            "party": party.to_string(),
            "at": now.to_string(),
            "attestations": lines.iter().map(Line::json).collect::<Vec<_>>(),
        })]);
    }
    if options.csv {
        return crate::print(&lines.iter().fold(CSV_HEADER.to_owned(), |out, line| out + &line.csv()));
    }
    crate::print(&told(&lines, all, options.expiring, &format!("{party} at {}", desk.origin())))
}

fn line(issued: Issued, state: &State, now: Timestamp) -> Line {
    let standing = state.standing(issued.row.index(), now);
    let causes: Vec<_> = standing.iter().flat_map(registry::Standing::causes).map(|cause| cause.code()).collect();
    let days_left = i32::from(issued.row.last_day().days()) - i32::from(now.day().days());
    Line { issued, standing: if causes.is_empty() { "valid".to_owned() } else { causes.join(" ") }, days_left }
}

fn told(lines: &[Line], all: usize, expiring: Option<u16>, of: &str) -> String {
    let mut out = String::new();
    if !lines.is_empty() {
        let _ = writeln!(
            out,
            "{:>8}  {:<20}  {:<14}  {:<10}  {:>9}  standing",
            "index", "lot", "GTIN", "last day", "labels"
        );
    }
    for Line { issued, standing, days_left } in lines {
        let soon = if expiring.is_some() { format!(", {days_left} days left") } else { String::new() };
        let _ = writeln!(
            out,
            "{:>8}  {:<20}  {:<14}  {}  {:>9}  {standing}{soon}",
            issued.row.index(),
            clean(issued.attestation.lot.as_str()),
            issued.attestation.gtin.map(|gtin| gtin.to_string()).unwrap_or_default(),
            issued.row.last_day(),
            issued.row.labels(),
        );
    }
    let valid = lines.iter().filter(|line| line.standing == "valid").count();
    let _ = match expiring {
        Some(days) => writeln!(out, "{} of {all} attestations of {of} end within {days} days", lines.len()),
        None => writeln!(out, "{all} attestations of {of}, {valid} of them valid today"),
    };
    out
}

impl Line {
    fn json(&self) -> Value {
        let Issued { row, attestation } = &self.issued;
        json!({
            "index": row.index(),
            "receivedAt": row.received_at().to_string(),
            "lot": attestation.lot.as_str(),
            "gtin": attestation.gtin.map(|gtin| gtin.to_string()),
            "product": attestation.product_name,
            "facility": attestation.facility.id,
            "labels": row.labels(),
            "firstDay": row.first_day().to_string(),
            "lastDay": row.last_day().to_string(),
            "daysLeft": self.days_left,
            "standing": self.standing.split(' ').collect::<Vec<_>>(),
        })
    }

    fn csv(&self) -> String {
        let Issued { row, attestation } = &self.issued;
        let gtin = attestation.gtin.map(|gtin| gtin.to_string()).unwrap_or_default();
        let numbers = [row.index().to_string(), row.labels().to_string()];
        let days = [row.first_day().to_string(), row.last_day().to_string(), self.days_left.to_string()];
        let [index, labels] = &numbers;
        let [first, last, left] = &days;
        let cells = [
            index,
            attestation.lot.as_str(),
            &gtin,
            &attestation.product_name,
            &attestation.facility.id,
            labels,
            first,
            last,
            left,
            &self.standing,
        ];
        format!("{}\r\n", cells.map(csv_cell).join(","))
    }
}
