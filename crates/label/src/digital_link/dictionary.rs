//! The application identifiers known here, after the GS1 Barcode Syntax Dictionary.

/// Which characters a value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// `0`–`9`.
    Numeric,
    /// GS1 AI encodable character set 82.
    Cset82,
}

/// One application identifier (GS1 General Specifications §3).
#[derive(Debug, PartialEq, Eq)]
pub struct Ai {
    /// The digits, such as `414`.
    pub code: &'static str,
    /// The title of the GS1 General Specifications.
    pub title: &'static str,
    /// The name of the standard's first version, such as `gln`.
    pub alpha: Option<&'static str>,
    /// What values are made of.
    pub charset: Charset,
    /// The fewest characters of a value.
    pub min: usize,
    /// The most characters of a value.
    pub max: usize,
    /// Whether values end in GS1's modulo-10 check digit.
    pub check_digit: bool,
    /// Whether values are a day, YYMMDD, where day `00` means the whole month.
    pub day: bool,
    /// Whether a scanner leaves out FNC1 after the value: its length is predefined (General Specifications §7.8.5).
    pub predefined: bool,
    /// Whether the AI may stand in a Digital Link's query.
    pub attribute: bool,
}

/// The key-qualifier sequences: a primary key, then its qualifiers in order, each of which may be left out.
pub(super) const SEQUENCES: [(&str, &[&str]); 4] =
    [("00", &[]), ("01", &["22", "10", "21"]), ("01", &["235"]), ("414", &["254"])];

const TEXT: Ai = Ai {
    code: "",
    title: "",
    alpha: None,
    charset: Charset::Cset82,
    min: 1,
    max: 20,
    check_digit: false,
    day: false,
    predefined: false,
    attribute: true,
};
const NO_ATTRIBUTE: Ai = Ai { attribute: false, ..TEXT };
const NUMBER: Ai = Ai { charset: Charset::Numeric, ..TEXT };
const FIXED: Ai = Ai { predefined: true, ..NUMBER };
const KEY: Ai = Ai { check_digit: true, ..FIXED };
const GTIN: Ai = Ai { min: 14, max: 14, ..KEY };
const DAY: Ai = Ai { min: 6, max: 6, day: true, ..FIXED };
const INTERNAL: Ai = Ai { max: 90, ..TEXT };

static KNOWN: [Ai; 26] = [
    Ai { code: "00", title: "SSCC", alpha: Some("sscc"), min: 18, max: 18, ..KEY },
    Ai { code: "01", title: "GTIN", alpha: Some("gtin"), ..GTIN },
    Ai { code: "02", title: "CONTENT", ..GTIN },
    Ai { code: "10", title: "BATCH/LOT", alpha: Some("lot"), ..TEXT },
    Ai { code: "11", title: "PROD DATE", ..DAY },
    Ai { code: "15", title: "BEST BEFORE or BEST BY", ..DAY },
    Ai { code: "17", title: "USE BY or EXPIRY", ..DAY },
    Ai { code: "21", title: "SERIAL", alpha: Some("ser"), ..NO_ATTRIBUTE },
    Ai { code: "22", title: "CPV", alpha: Some("cpv"), ..NO_ATTRIBUTE },
    Ai { code: "235", title: "TPX", max: 28, ..NO_ATTRIBUTE },
    Ai { code: "254", title: "GLN EXTENSION COMPONENT", alpha: Some("glnx"), ..NO_ATTRIBUTE },
    Ai { code: "37", title: "COUNT", max: 8, ..NUMBER },
    Ai { code: "3103", title: "NET WEIGHT (kg)", min: 6, max: 6, ..FIXED },
    Ai { code: "3922", title: "PRICE", max: 15, ..NUMBER },
    Ai { code: "414", title: "LOC No.", alpha: Some("gln"), min: 13, max: 13, ..KEY },
    Ai { code: "8200", title: "PRODUCT URL", max: 70, ..NO_ATTRIBUTE },
    Ai { code: "90", title: "INTERNAL", max: 30, ..TEXT },
    Ai { code: "91", title: "INTERNAL", ..INTERNAL },
    Ai { code: "92", title: "INTERNAL", ..INTERNAL },
    Ai { code: "93", title: "INTERNAL", ..INTERNAL },
    Ai { code: "94", title: "INTERNAL", ..INTERNAL },
    Ai { code: "95", title: "INTERNAL", ..INTERNAL },
    Ai { code: "96", title: "INTERNAL", ..INTERNAL },
    Ai { code: "97", title: "INTERNAL", ..INTERNAL },
    Ai { code: "98", title: "INTERNAL", ..INTERNAL },
    Ai { code: "99", title: "INTERNAL", ..INTERNAL },
];

impl Ai {
    /// Every AI that this reader knows.
    pub fn known() -> &'static [Ai] {
        &KNOWN
    }

    /// The AI with these digits.
    pub fn of_code(code: &str) -> Option<&'static Ai> {
        KNOWN.iter().find(|ai| ai.code == code)
    }

    /// The AI with this convenience name.
    pub fn of_alpha(alpha: &str) -> Option<&'static Ai> {
        KNOWN.iter().find(|ai| ai.alpha == Some(alpha))
    }
}

/// Whether the AI begins a Digital Link's path.
pub(super) fn is_primary_key(code: &str) -> bool {
    SEQUENCES.iter().any(|(key, _)| *key == code)
}

/// Whether the AIs are a primary key and some of its qualifiers, in order.
pub(super) fn is_sequence<'a>(codes: impl Iterator<Item = &'a str> + Clone) -> bool {
    SEQUENCES.iter().any(|(key, qualifiers)| {
        let mut codes = codes.clone();
        let mut allowed = qualifiers.iter();
        codes.next() == Some(key) && codes.all(|code| allowed.any(|qualifier| *qualifier == code))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_keep_their_order() {
        for (codes, valid) in [
            ("00", true),
            ("01", true),
            ("01 22 10 21", true),
            ("01 22 21", true),
            ("01 235", true),
            ("414 254", true),
            ("01 21 10", false),
            ("01 10 10", false),
            ("01 22 235", false),
            ("01 254", false),
            ("10", false),
            ("00 10", false),
            ("", false),
        ] {
            assert_eq!(is_sequence(codes.split(' ')), valid, "{codes}");
        }
    }
}
