//! The classes of goods in EPCIS quantities: a Digital Link of GTIN and lot, or the URN of the same.

use label::percent::{self, Place};
use statement::{Gtin, Lot};

use super::super::cell;
use super::super::columns::is_link;
use super::super::fault::Reason;

const LGTIN: &str = "urn:epc:class:lgtin:";
const PATTERN: &str = "urn:epc:idpat:sgtin:";

/// Reads a class: the GTIN, where the product has one, and the lot.
pub(super) fn read(class: &str) -> Result<(Option<Gtin>, Lot), Reason> {
    match class.strip_prefix(LGTIN) {
        Some(rest) => lgtin(rest),
        None if class.starts_with(PATTERN) => Err(Reason::LotMissing),
        None => link(class),
    }
}

/// `…/01/<GTIN>/10/<LOT>`, or `…/10/<LOT>` for a product without a GTIN.
fn link(class: &str) -> Result<(Option<Gtin>, Lot), Reason> {
    if !is_link(class) {
        return Err(Reason::ClassInvalid);
    }
    let path = class.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.rsplit('/');
    let mut pair = || Some((parts.next()?, parts.next()?));
    match (pair(), pair()) {
        (Some((text, "10")), Some((number, "01"))) => Ok((Some(cell::gtin(number)?), lot(text)?)),
        (Some((text, "10")), _) => Ok((None, lot(text)?)),
        (Some((_, "01")), _) => Err(Reason::LotMissing),
        _ => Err(Reason::ClassInvalid),
    }
}

/// `urn:epc:class:lgtin:<company prefix>.<indicator and item reference>.<lot>` (GS1 TDS §6.3.15): the indicator goes
/// before the prefix, and the check digit, which the URN leaves out, behind.
fn lgtin(rest: &str) -> Result<(Option<Gtin>, Lot), Reason> {
    let mut parts = rest.splitn(3, '.');
    let mut part = || parts.next().ok_or(Reason::ClassInvalid);
    let (prefix, item, text) = (part()?, part()?, part()?);
    let (indicator, item) = item.split_at_checked(1).ok_or(Reason::ClassInvalid)?;
    let body = format!("{indicator}{prefix}{item}");
    if body.len() != 13 {
        return Err(Reason::ClassInvalid);
    }
    // The one digit that fits; where there is none, the body has other characters in it.
    let fits = ('0'..='9').find_map(|check| Gtin::parse(&format!("{body}{check}")).ok());
    Ok((Some(fits.ok_or(Reason::ClassInvalid)?), lot(text)?))
}

fn lot(text: &str) -> Result<Lot, Reason> {
    let bytes = percent::decode(text, Place::Path).map_err(|_| Reason::ClassInvalid)?;
    cell::lot(str::from_utf8(&bytes).map_err(|_| Reason::ClassInvalid)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_urns_name_the_same_class() {
        for class in [
            "https://id.gs1.org/01/09521234543213/10/KTM-2026",
            "HTTPS://REGISTRY.EXAMPLE/01/09521234543213/10/KTM-2026?17=271231#x",
            "https://id.gs1.org/01/09521234543213/10/KTM%2D2026",
            "urn:epc:class:lgtin:9521234.054321.KTM-2026",
        ] {
            let (gtin, lot) = read(class).unwrap();
            assert_eq!((gtin.unwrap().as_str(), lot.as_str()), ("09521234543213", "KTM-2026"), "{class}");
        }
        let (gtin, lot) = read("https://registry.example/10/A%2F1").unwrap();
        assert_eq!((gtin, lot.as_str()), (None, "A/1"));
    }

    #[test]
    fn other_classes_are_refused_for_their_reasons() {
        for (class, code) in [
            ("https://id.gs1.org/01/09521234543213", "lot_missing"),
            ("urn:epc:idpat:sgtin:9521234.054321.*", "lot_missing"),
            ("https://id.gs1.org/01/09521234543214/10/A", "gtin_invalid"),
            ("https://id.gs1.org/01/09521234543213/10/A%20B", "lot_invalid"),
            ("https://id.gs1.org/01/09521234543213/10/A%2", "class_invalid"),
            ("https://id.gs1.org/00/106141412345678908", "class_invalid"),
            ("urn:epc:class:lgtin:9521234.054321", "class_invalid"),
            ("urn:epc:class:lgtin:952123é.05432.A", "class_invalid"),
            ("urn:epc:class:lgtin:9521234..A", "class_invalid"),
            ("KTM-2026", "class_invalid"),
        ] {
            assert_eq!(read(class).unwrap_err().code(), code, "{class}");
        }
    }
}
