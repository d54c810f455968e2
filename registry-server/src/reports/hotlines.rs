//! Contacts for people who saw something and should not wait: those that accreditations name, never others.

use std::collections::{BTreeMap, BTreeSet};

use primitives::{Country, Timestamp};
use registry::State;

/// The contacts of one country in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hotlines {
    pub(crate) country: Country,
    /// BCP 47, such as `ne`.
    pub(crate) language: String,
    pub(crate) contacts: Vec<String>,
}

/// The hotlines of all parties whose accreditation is in force, under neither suspension nor withdrawal.
pub(crate) fn of(state: &State, now: Timestamp) -> Vec<Hotlines> {
    let (now, mut groups) = (now.max(state.last_received_at()), BTreeMap::<(Country, &str), BTreeSet<&str>>::new());
    for party in state.parties().filter(|party| party.hold_at(now).is_none()) {
        let in_force = party
            .accreditation()
            .filter(|accreditation| (accreditation.first_day..=accreditation.last_day).contains(&now.day()));
        for hotline in in_force.iter().flat_map(|accreditation| &accreditation.hotlines) {
            groups.entry((hotline.country, &hotline.language)).or_default().insert(&hotline.contact);
        }
    }
    let group = |((country, language), contacts): ((Country, &str), BTreeSet<&str>)| Hotlines {
        country,
        language: language.to_owned(),
        contacts: contacts.into_iter().map(str::to_owned).collect(),
    };
    groups.into_iter().map(group).collect()
}
