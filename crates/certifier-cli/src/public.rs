//! What a statement says to everybody, for ever: told before it is signed.

use std::fmt::Write as _;

use client::terminal::clean;
use statement::{Accreditation, Attestation, Maker, StatusChange, Target};

use crate::accreditation_file::{claims_in_words, scope_in_words};

/// Names and values, two columns.
#[derive(Debug, Default)]
pub(crate) struct Told(Vec<(&'static str, String)>);

impl Told {
    fn row(&mut self, name: &'static str, value: String) {
        self.0.push((name, value));
    }

    /// Whether nothing is told.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines for people, under a heading.
    pub(crate) fn lines(&self) -> String {
        let mut out = "Becomes public, for ever:\n".to_owned();
        for (name, value) in &self.0 {
            let _ = writeln!(out, "  {name:<11} {}", clean(value));
        }
        out
    }

    pub(crate) fn attestation(attestation: &Attestation) -> Self {
        let mut told = Self::default();
        let gtin = attestation.gtin.map(|gtin| format!(", GTIN {gtin}")).unwrap_or_default();
        told.row("product", format!("{}{gtin}", attestation.product_name));
        told.row("lot", attestation.lot.to_string());
        told.row("claims", claims_in_words(attestation.claims));
        let (unit, symbol) = (attestation.unit, attestation.unit.symbol());
        told.row("amount", format!("{} {unit} ({symbol}), labels 1 to {}", attestation.quantity, attestation.labels));
        told.row("origin", format!("{}, HS {}", attestation.country, attestation.hs_code));
        told.row(
            "maker",
            match &attestation.maker {
                Maker::Named { id, name } => format!("{name}, {id}"),
                Maker::Withheld { salted_hash } => format!("withheld; only the salted hash {salted_hash}"),
            },
        );
        let facility = &attestation.facility;
        told.row("facility", format!("{}, {}, {}", facility.id, facility.region, facility.country));
        told.row("scheme", format!("{}, {}", attestation.scheme.name, attestation.scheme.id));
        told.row("assessed", attestation.assessment_date.to_string());
        for file in &attestation.evidence {
            let at = file.url.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
            told.row("evidence", format!("{}{at}: only the SHA-256 {}", file.name, file.digest));
        }
        told.row("valid", format!("{} to {}", attestation.first_day, attestation.last_day));
        told.row("by", format!("{}, {}", attestation.issuer_name, attestation.issuer));
        told.row("registry", attestation.registry.to_string());
        told
    }

    pub(crate) fn accreditation(accreditation: &Accreditation) -> Self {
        let mut told = Self::default();
        told.row("party", format!("{}, {}", accreditation.name, accreditation.subject));
        told.row("role", accreditation.role.code().to_owned());
        told.row("scope", scope_in_words(&accreditation.scope));
        for key in &accreditation.keys {
            told.row("key", key.thumbprint().to_string());
        }
        if accreditation.keys.is_empty() {
            told.row("key", "none: all keys of the party are retired".to_owned());
        }
        for compromised in &accreditation.compromised {
            told.row("compromised", format!("{} since {}", compromised.key, compromised.since));
        }
        for hotline in &accreditation.hotlines {
            told.row("hotline", format!("{} ({}, {})", hotline.contact, hotline.country, hotline.language));
        }
        told.row("valid", format!("{} to {}", accreditation.first_day, accreditation.last_day));
        told.row("by", format!("{}, {}", accreditation.issuer_name, accreditation.issuer));
        told.row("registry", accreditation.registry.to_string());
        told
    }

    pub(crate) fn status_change(change: &StatusChange) -> Self {
        let mut told = Self::default();
        told.row("action", change.action.code().to_owned());
        told.row(
            "of",
            match &change.target {
                Target::Attestations(indexes) => {
                    let list: Vec<_> = indexes.iter().map(ToString::to_string).collect();
                    format!("attestation {}", list.join(", "))
                }
                Target::Party(did) => format!("{did}, with all that it attested"),
            },
        );
        told.row("reason", change.reason.code().to_owned());
        if !change.text.is_empty() {
            told.row("text", change.text.clone());
        }
        told.row("from", change.effective_from.to_string());
        told.row("by", change.issuer.to_string());
        told.row("registry", change.registry.to_string());
        told
    }
}
