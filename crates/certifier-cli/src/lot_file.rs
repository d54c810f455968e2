//! The file that `certifier attest` reads: one lot. `examples/data/lot.toml` shows every member.

use std::path::Path;

use primitives::{Country, Day};
use statement::{
    Attestation, Claims, Did, EvidenceFile, Facility, Gtin, GtinError, HsCode, Lot, MAX_EVIDENCE, MAX_NAME, MAX_REGION,
    Maker, Origin, Scheme, StatusSlot, Unit,
};

use crate::clock;
use crate::document::{Fault, Node, Source};
use crate::failure::Failure;
use crate::form::{Faults, Field, Form};

const MEMBERS: [&str; 18] = [
    "product",
    "gtin",
    "lot",
    "country",
    "hs-code",
    "claims",
    "labels",
    "scan-days",
    "quantity",
    "unit",
    "assessment-day",
    "first-day",
    "last-day",
    "issuer-name",
    "maker",
    "facility",
    "scheme",
    "evidence",
];

/// A lot to be attested: well formed, not yet anybody's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LotFile {
    pub(crate) product: String,
    pub(crate) gtin: Option<Gtin>,
    pub(crate) lot: Lot,
    country: Country,
    hs_code: HsCode,
    claims: Claims,
    labels: u32,
    scan_days: Option<u16>,
    quantity: u32,
    unit: Unit,
    assessment_day: Day,
    first_day: Day,
    last_day: Day,
    /// The certifier's name, where the file gives it.
    issuer_name: Option<String>,
    pub(crate) maker: MakerPart,
    facility: Facility,
    scheme: Scheme,
    evidence: Vec<EvidenceFile>,
}

/// Who made the lot, and whether it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MakerPart {
    /// By name.
    Named { id: String, name: String },
    /// Only a salted hash of this name is said.
    Withheld { name: String },
}

/// What an attestation needs beside the file.
#[derive(Debug)]
pub(crate) struct Issue<'a> {
    pub(crate) id: String,
    pub(crate) issuer: &'a Did,
    /// The name where the file has none.
    pub(crate) issuer_name: &'a str,
    pub(crate) registry: &'a Origin,
    pub(crate) slot: StatusSlot,
    /// For a withheld maker.
    pub(crate) salt: &'a [u8; 32],
}

impl LotFile {
    /// Reads the file, and names every mistake in it. Files of evidence are named from `folder`.
    pub(crate) fn read(source: &Source, folder: &Path, today: Day) -> Result<Self, Failure> {
        let tree = source.parse()?;
        if tree.has("subject") && !tree.has("lot") {
            return Err(source.of_another_command("describes a party, not a lot", "accredit"));
        }
        let faults = Faults::new(source);
        let read = Form::root(&faults, &tree, &MEMBERS).and_then(|form| read(&form, folder, today));
        faults.finish(read)
    }

    /// Reads a lot from a row of a table, given as the tree that a file would have; the mistakes are told with the row.
    pub(crate) fn of_row(source: &Source, tree: &Node, folder: &Path, today: Day) -> Result<Self, Vec<Fault>> {
        let faults = Faults::new(source);
        let read = Form::root(&faults, tree, &MEMBERS).and_then(|form| read(&form, folder, today));
        faults.list(read)
    }

    /// The attestation.
    pub(crate) fn attestation(&self, issue: &Issue<'_>) -> Result<Attestation, Failure> {
        let (valid_from, valid_until) = statement::instants(self.first_day, self.last_day)
            .ok_or_else(|| Failure::input("the calendar ends on 2149-06-06").hint("choose an earlier last-day"))?;
        let maker = match &self.maker {
            MakerPart::Named { id, name } => Maker::Named { id: id.clone(), name: name.clone() },
            MakerPart::Withheld { name } => Maker::withheld(issue.salt, name),
        };
        Ok(Attestation {
            id: issue.id.clone(),
            issuer: issue.issuer.clone(),
            issuer_name: self.issuer_name.clone().unwrap_or_else(|| issue.issuer_name.to_owned()),
            registry: issue.registry.clone(),
            gtin: self.gtin,
            lot: self.lot.clone(),
            product_name: self.product.clone(),
            maker,
            facility: self.facility.clone(),
            country: self.country,
            hs_code: self.hs_code.clone(),
            claims: self.claims,
            labels: self.labels,
            quantity: self.quantity,
            unit: self.unit,
            scan_days: self.scan_days,
            slot: issue.slot,
            first_day: self.first_day,
            last_day: self.last_day,
            valid_from,
            valid_until,
            scheme: self.scheme.clone(),
            assessment_date: self.assessment_day,
            evidence: self.evidence.clone(),
        })
    }
}

/// Each member is read before any is missed, so that all mistakes are found.
fn read(form: &Form<'_>, folder: &Path, today: Day) -> Option<LotFile> {
    let product = form.need("product", "\"Hand-knotted wool carpet\"").and_then(|field| field.text(MAX_NAME));
    let gtin = form.find("gtin").map(|field| field.parse(Gtin::parse, gtin_hint));
    let lot = form.need("lot", "\"KTM-2026\"").and_then(|field| {
        field
            .parse(Lot::parse, |_, _| Some("letters, digits, - and . keep the code small, such as KTM-2026".to_owned()))
    });
    let country = form.need("country", "\"NP\"").and_then(|field| field.country());
    let hs_code = form.need("hs-code", "\"570110\"").and_then(|field| hs_code(&field));
    let claims = form.need("claims", "[\"no-child-labour\"]").and_then(|field| match field.claims()? {
        claims if claims.is_empty() => field.fault("claims nothing", field.example("[\"no-child-labour\"]")),
        claims => Some(claims),
    });
    let labels = form.need("labels", "100").and_then(|field| field.number(1, u32::MAX));
    let quantity = form.need("quantity", "100").and_then(|field| field.number(1, u32::MAX));
    let scan_days = form.find("scan-days").map(|field| field.number(1, u16::MAX.into()));
    let unit = form.need("unit", "\"C62\"").and_then(|field| unit(&field));
    let assessment_day = form.need("assessment-day", &format!("\"{today}\"")).and_then(|field| match field.day()? {
        day if day > today => {
            field.fault(format_args!("is {day}, after today, {today}"), "attest after the assessment".to_owned())
        }
        day => Some(day),
    });
    let days = days(form, today, 1);
    let issuer_name = form.find("issuer-name").map(|field| field.text(MAX_NAME));
    let maker = form.need("maker", "{ id = \"https://maker.example\", name = \"…\" }").and_then(|field| maker(&field));
    let facility = form
        .need("facility", "{ id = \"https://maker.example/3\", country = \"NP\", region = \"Bagmati\" }")
        .and_then(|field| facility(&field));
    let scheme = form
        .need("scheme", "{ id = \"https://scheme.example\", name = \"…\" }")
        .and_then(|field| named(&field.table(&["id", "name"])?))
        .map(|(id, name)| Scheme { id, name });
    let evidence = form.find("evidence").map(|field| evidence(&field, folder));
    let (first_day, last_day) = days?;
    Some(LotFile {
        product: product?,
        gtin: transpose(gtin)?,
        lot: lot?,
        country: country?,
        hs_code: hs_code?,
        claims: claims?,
        labels: labels?,
        quantity: quantity?,
        unit: unit?,
        scan_days: transpose(scan_days)?.and_then(|days| u16::try_from(days).ok()),
        assessment_day: assessment_day?,
        first_day,
        last_day,
        issuer_name: transpose(issuer_name)?,
        maker: maker?,
        facility: facility?,
        scheme: scheme?,
        evidence: transpose(evidence)?.unwrap_or_default(),
    })
}

/// `None` where a member is there and wrong.
pub(crate) fn transpose<T>(member: Option<Option<T>>) -> Option<Option<T>> {
    match member {
        None => Some(None),
        Some(None) => None,
        Some(Some(value)) => Some(Some(value)),
    }
}

/// First and last day: today where the first is left out, and so many years less a day after it.
pub(crate) fn days(form: &Form<'_>, today: Day, years: i32) -> Option<(Day, Day)> {
    let first = match form.find("first-day") {
        None => Some(today),
        Some(field) => field.day(),
    };
    let field = form.find("last-day");
    let last = field.as_ref().map(Field::day);
    let first = first?;
    let last = match last {
        Some(last) => last?,
        None => match clock::last_day_of_years(first, years) {
            Some(last) => last,
            None => return form.fault(format!("first-day is {first}, too near the calendar's end, 2149-06-06")),
        },
    };
    match field {
        Some(field) if last < first => field.fault(format_args!("is {last}, before the first day, {first}"), None),
        Some(field) if last < today => field.fault(format_args!("is {last}, which is past: today is {today}"), None),
        Some(_) | None => Some((first, last)),
    }
}

fn gtin_hint(text: &str, error: &GtinError) -> Option<String> {
    let proposed = match error {
        GtinError::CheckDigit { expected, .. } => {
            let body = text.get(..13)?;
            return Some(format!("a digit is wrong; if the first thirteen are right, write \"{body}{expected}\""));
        }
        GtinError::Length(8..=13) if text.bytes().all(|byte| byte.is_ascii_digit()) => format!("{text:0>14}"),
        GtinError::Length(_) | GtinError::NotADigit => {
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>()
        }
    };
    Some(match Gtin::parse(&proposed) {
        Ok(gtin) => format!("write \"{gtin}\""),
        Err(_) => "fourteen digits, the last a check digit; leave the member out where the product has none".to_owned(),
    })
}

fn hs_code(field: &Field<'_>) -> Option<HsCode> {
    field.parse(HsCode::parse, |text, _| {
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        Some(match HsCode::parse(&digits) {
            Ok(code) => format!("without dots: {}", field.example(&format!("\"{code}\""))),
            Err(_) => "2 to 10 digits of the Harmonized System, such as 570110".to_owned(),
        })
    })
}

fn unit(field: &Field<'_>) -> Option<Unit> {
    let code = field.raw()?;
    Unit::from_code(code).or_else(|| {
        let meant = Unit::all().find(|unit| unit.code().eq_ignore_ascii_case(code) || unit.symbol() == code);
        let hint = match meant {
            Some(unit) => format!("write {}", field.example(&format!("\"{unit}\""))),
            None => {
                let list: Vec<_> = Unit::all().map(|unit| format!("{unit} ({})", unit.symbol())).collect();
                format!("one of: {}", list.join(", "))
            }
        };
        field.fault(format_args!("is {code:?}, which is no unit of the table (UN/ECE Recommendation 20)"), hint)
    })
}

fn maker(field: &Field<'_>) -> Option<MakerPart> {
    let form = field.table(&["id", "name", "withheld"])?;
    let withheld = match form.find("withheld") {
        Some(withheld) => withheld.boolean()?,
        None => false,
    };
    if !withheld {
        let (id, name) = named(&form)?;
        return Some(MakerPart::Named { id, name });
    }
    let name = form.need("name", "\"…\"").and_then(|name| name.text(MAX_NAME));
    if let Some(id) = form.find("id") {
        return id.fault("has no place beside withheld = true", "take it out: it would name the maker".to_owned());
    }
    Some(MakerPart::Withheld { name: name? })
}

fn facility(field: &Field<'_>) -> Option<Facility> {
    let form = field.table(&["id", "country", "region"])?;
    let id = form.need("id", "\"https://maker.example/3\"").and_then(|field| field.uri());
    let country = form.need("country", "\"NP\"").and_then(|field| field.country());
    let region = form.need("region", "\"Bagmati\"").and_then(|field| field.text(MAX_REGION));
    Some(Facility { id: id?, country: country?, region: region? })
}

/// Files that are hashed here, and stay here.
fn evidence(field: &Field<'_>, folder: &Path) -> Option<Vec<EvidenceFile>> {
    let items = field.list()?;
    if items.len() > MAX_EVIDENCE {
        return field.fault(format_args!("names {} files, expected at most {MAX_EVIDENCE}", items.len()), None);
    }
    let files: Vec<Option<EvidenceFile>> = items.iter().map(|item| evidence_file(item, folder)).collect();
    files.into_iter().collect()
}

fn evidence_file(field: &Field<'_>, folder: &Path) -> Option<EvidenceFile> {
    let form = field.table(&["file", "name", "url"])?;
    let digest = form.need("file", "\"audit-report.pdf\"").and_then(|file| {
        let path = folder.join(file.raw()?);
        client::file_digest(&path)
            .map_or_else(|error| file.fault(format_args!("cannot be read, {}: {error}", path.display()), None), Some)
    });
    let name = form.need("name", "\"Audit report\"").and_then(|name| name.text(MAX_NAME));
    let url = form.find("url").map(|url| url.uri());
    Some(EvidenceFile { name: name?, url: transpose(url)?, digest: digest? })
}

fn named(form: &Form<'_>) -> Option<(String, String)> {
    let id = form.need("id", "\"https://name.example\"").and_then(|field| field.uri());
    let name = form.need("name", "\"…\"").and_then(|field| field.text(MAX_NAME));
    Some((id?, name?))
}

#[cfg(test)]
mod tests;
