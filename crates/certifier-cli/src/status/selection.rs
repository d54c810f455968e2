//! Which attestations a change of status is about, where they are not named by index: those of listed lots, of a facility, or all.

use std::path::Path;

use registry::{Holder, State};
use statement::{Action, Attestation, Did, Gtin, Lot};

use super::Groups;
use crate::cli::StatusOptions;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::issued::{self, Issued};
use crate::{files, ledger};

/// A lot list is text that people write: more is a mistake.
const MAX_LIST: usize = 16 << 20;

/// What was selected.
pub(super) struct Selected {
    pub(super) groups: Groups,
    /// A line for each.
    pub(super) shown: Vec<String>,
    /// Attestations for which there is nothing to do.
    pub(super) left_out: usize,
}

/// A line of a lot list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    line: usize,
    lot: Lot,
    gtin: Option<Gtin>,
}

impl Listed {
    /// Whether the line means this attestation: of the lot, and of the product where it says which.
    fn names(&self, attestation: &Attestation) -> bool {
        self.lot == attestation.lot && (self.gtin.is_none() || self.gtin == attestation.gtin)
    }
}

/// Finds them in the log's state: what the registry left out of an answer would be left out of the change.
pub(super) fn select(desk: &Desk, options: &StatusOptions, signer: &Did, action: Action) -> Result<Selected, Failure> {
    let listed = options.lots.as_deref().map(read).transpose()?;
    let state = ledger::state(desk, options.sign.registry.state.as_deref())?;
    let party = options.of.as_ref().unwrap_or(signer);
    let issued = issued::by(desk, &state, party)?;
    if let (Some(listed), Some(file)) = (&listed, &options.lots) {
        all_known(listed, &issued, file, party)?;
    }
    let wanted = |issued: &&Issued| {
        let attestation = &issued.attestation;
        let of_list = |listed: &Vec<Listed>| listed.iter().any(|one| one.names(attestation));
        listed.as_ref().is_none_or(of_list)
            && options.facility.as_ref().is_none_or(|facility| attestation.facility.id == *facility)
    };
    let wanted: Vec<&Issued> = issued.iter().filter(wanted).collect();
    if wanted.is_empty() {
        let what =
            options.facility.as_deref().map(|facility| format!(" of the facility {facility}")).unwrap_or_default();
        return Err(Failure::input(format!("{party} attested nothing{what}: nothing was signed"))
            .hint("certifier list --json shows what it attested, and where"));
    }
    let mut selected = Selected { groups: Groups::new(), shown: Vec::new(), left_out: 0 };
    let is_accreditor = state.policy().accreditor(signer).is_some();
    for issued in wanted {
        let (row, attestation) = (&issued.row, &issued.attestation);
        if !has_effect(&state, row.index(), action, is_accreditor) {
            selected.left_out += 1;
            continue;
        }
        let last = state.status_events(row.index()).last().map(|event| event.entry);
        selected.groups.entry(last).or_default().push(row.index());
        selected.shown.push(format!("{}: {}, lot {}", row.index(), attestation.product_name, attestation.lot));
    }
    if selected.groups.is_empty() {
        return Err(Failure::refused(format!(
            "each of these {} attestations is as it would become: nothing was signed",
            selected.left_out
        )));
    }
    Ok(selected)
}

/// Whether the action changes anything for the signer: each lifts its own hold alone, and a withdrawal is final.
fn has_effect(state: &State, index: u64, action: Action, is_accreditor: bool) -> bool {
    let events = state.status_events(index);
    if events.iter().any(|event| event.action == Action::Withdraw) {
        return false;
    }
    // A hold that is announced is there to be lifted, too: the newest event of the signer's own decides, whenever it takes effect.
    let signer = if is_accreditor { Holder::Accreditor } else { Holder::Certifier };
    let own = events.iter().rev().find(|event| event.by == signer);
    let is_held = own.is_some_and(|event| event.action == Action::Suspend);
    match action {
        Action::Suspend => !is_held,
        Action::Reinstate => is_held,
        Action::Withdraw => true,
    }
}

/// Every lot of the list was attested, or nothing is done: a typing error must not leave a lot out.
fn all_known(listed: &[Listed], issued: &[Issued], file: &Path, party: &Did) -> Result<(), Failure> {
    let is_known = |one: &&Listed| issued.iter().any(|issued| one.names(&issued.attestation));
    let told = listed.iter().filter(|one| !is_known(one)).map(|one| {
        let gtin = one.gtin.map(|gtin| format!(", GTIN {gtin},")).unwrap_or_default();
        (format!("{}:{}: lot {}{gtin} was not attested by {party}", file.display(), one.line, one.lot), None)
    });
    let told: Vec<(String, Option<String>)> = told.collect();
    if told.is_empty() { Ok(()) } else { Err(Failure::inputs(told.into_iter())) }
}

/// One lot a line, with its GTIN after a comma where the lot's number alone would be unsure; `#` begins a remark.
fn read(file: &Path) -> Result<Vec<Listed>, Failure> {
    let text = files::read_text(file, MAX_LIST)?;
    let (mut listed, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (lot, gtin) =
            line.split_once([',', ';', '\t']).map_or((line, None), |(lot, gtin)| (lot.trim(), Some(gtin.trim())));
        let parsed = Lot::parse(lot).map_err(|error| error.to_string()).and_then(|lot| {
            let gtin =
                gtin.filter(|gtin| !gtin.is_empty()).map(Gtin::parse).transpose().map_err(|error| error.to_string())?;
            Ok(Listed { line: number + 1, lot, gtin })
        });
        match parsed {
            Ok(one) => listed.push(one),
            Err(why) => wrong.push((format!("{}:{}: {why}", file.display(), number + 1), None)),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::inputs(wrong.into_iter()));
    }
    if listed.is_empty() {
        return Err(Failure::input(format!("{} lists no lot", file.display())).hint("one lot a line, such as KTM-2026"));
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_lot_a_line_and_each_mistake_has_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lots.txt");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read(&path)
        };
        let lot = |text: &str| Lot::parse(text).unwrap();
        let gtin = Gtin::parse("09521234543213").ok();
        let listed =
            read("\u{feff}KTM-2026\r\n\r\n# all of March\nKTM-2027 ; 09521234543213 # the red ones\n").unwrap();
        let expected =
            [Listed { line: 1, lot: lot("KTM-2026"), gtin: None }, Listed { line: 4, lot: lot("KTM-2027"), gtin }];
        assert_eq!(listed, expected);
        let told = read("KTM-2026\nKTM 2027\n..\nA,9521234543213\n").unwrap_err().text();
        for line in [2, 3, 4] {
            assert!(told.contains(&format!("lots.txt:{line}: ")), "{told}");
        }
        assert!(read("# nothing\n").unwrap_err().text().contains("lists no lot"));
        assert!(read("").unwrap_err().text().contains("is empty"));
    }
}
