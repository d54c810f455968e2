//! Claims in UNTP's words: the topic, the metric that counts incidents, the conventions that define them.
//!
//! Topics and metrics are those of UNTP's vocabulary 0.7.0 (02.07 and 07.08 for child labour, 02.06 and 07.09 for forced
//! labour), the conventions those that its scope notes name.

use crate::Claims;

/// One claim in UNTP's words.
pub(super) struct Claim {
    pub(super) bit: Claims,
    pub(super) topic: Concept,
    pub(super) metric: Concept,
    pub(super) conventions: [Convention; 2],
}

/// A term of a vocabulary.
pub(super) struct Concept {
    /// As UNTP's samples write it; this is what is written.
    pub(super) id: &'static str,
    /// As UNTP's vocabulary writes it: with a plural.
    pub(super) plural: &'static str,
    pub(super) name: &'static str,
}

/// A convention of the International Labour Organization.
pub(super) struct Convention {
    /// Such as `ILO C138`.
    pub(super) name: &'static str,
    /// The page in NORMLEX, the ILO's register; this is what is written.
    pub(super) id: &'static str,
    /// The register's other addresses of the same page: its former host, and its number for the instrument.
    pub(super) others: [&'static str; 3],
}

macro_rules! convention {
    ($code:literal, $instrument:literal) => {
        Convention {
            name: concat!("ILO ", $code),
            id: concat!("https://normlex.ilo.org/dyn/nrmlx_en/f?p=NORMLEXPUB:12100:0::NO::P12100_ILO_CODE:", $code),
            others: [
                concat!(
                    "https://normlex.ilo.org/dyn/nrmlx_en/f?p=NORMLEXPUB:12100:0::NO::P12100_INSTRUMENT_ID:",
                    $instrument
                ),
                concat!("https://www.ilo.org/dyn/normlex/en/f?p=NORMLEXPUB:12100:0::NO::P12100_ILO_CODE:", $code),
                concat!(
                    "https://www.ilo.org/dyn/normlex/en/f?p=NORMLEXPUB:12100:0::NO::P12100_INSTRUMENT_ID:",
                    $instrument
                ),
            ],
        }
    };
}

/// Every claim, in the order of the bits.
pub(super) static CLAIMS: [Claim; 2] = [
    Claim {
        bit: Claims::NO_CHILD_LABOUR,
        topic: Concept {
            id: "https://vocabulary.uncefact.org/conformity-topic/youth-protection",
            plural: "https://vocabulary.uncefact.org/conformity-topics/youth-protection",
            name: "Youth Protection",
        },
        metric: Concept {
            id: "https://vocabulary.uncefact.org/performance-metric/child-labor-incidents",
            plural: "https://vocabulary.uncefact.org/performance-metrics/child-labor-incidents",
            name: "Child Labor Incidents",
        },
        conventions: [convention!("C138", "312283"), convention!("C182", "312327")],
    },
    Claim {
        bit: Claims::NO_FORCED_LABOUR,
        topic: Concept {
            id: "https://vocabulary.uncefact.org/conformity-topic/forced-labor-elimination",
            plural: "https://vocabulary.uncefact.org/conformity-topics/forced-labor-elimination",
            name: "Forced Labor Elimination",
        },
        metric: Concept {
            id: "https://vocabulary.uncefact.org/performance-metric/forced-labor-incidents",
            plural: "https://vocabulary.uncefact.org/performance-metrics/forced-labor-incidents",
            name: "Forced Labor Incidents",
        },
        conventions: [convention!("C029", "312174"), convention!("C105", "312250")],
    },
];

impl Concept {
    /// Whether an identifier is this term's.
    pub(super) fn is(&self, id: &str) -> bool {
        self.id == id || self.plural == id
    }
}

impl Convention {
    /// Whether a criterion's identifier names this convention.
    pub(super) fn is_named_by(&self, id: &str) -> bool {
        self.id == id || self.others.contains(&id)
    }
}

/// The claims of a set in UNTP's words.
pub(super) fn each(claims: Claims) -> impl Iterator<Item = &'static Claim> {
    CLAIMS.iter().filter(move |claim| claims.contains(claim.bit))
}

/// What a set of claims says, for people.
pub(super) fn title(claims: Claims) -> &'static str {
    if claims == Claims::ALL {
        "Produced without child or forced labour"
    } else if claims == Claims::NO_FORCED_LABOUR {
        "Produced without forced labour"
    } else {
        "Produced without child labour"
    }
}
