//! Credential: the members that every Verifiable Credential 2.0 has, and those that every statement has.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Day, Timestamp};

use crate::error::{Error, Part};
use crate::fault::Fault;
use crate::json::{Document, Value, Writer};
use crate::member::{Member, Object, check_text};
use crate::{Did, Kind, Origin, context, text};

/// Longest name of a party, product, scheme or statement, in characters.
pub const MAX_NAME: usize = 200;

/// Whether a text can be a name in a statement: 1 to [`MAX_NAME`] characters without white space around them, and none that
/// acts on a terminal or is not seen as it is.
///
/// # Errors
/// [`Fault::EmptyText`], [`Fault::TextTooLong`], [`Fault::PaddedText`], [`Fault::ForbiddenCharacter`].
pub fn check_name(name: &str) -> Result<(), Fault> {
    check_text(name, MAX_NAME)?;
    match name.chars().find(|character| !text::is_allowed(*character)) {
        Some(character) => Err(Fault::ForbiddenCharacter(u32::from(character))),
        None => Ok(()),
    }
}

const VC_CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
/// The context of UNTP 0.7.0, which all its credentials share.
pub(crate) const UNTP_0_7: &str = "https://vocabulary.uncefact.org/untp/0.7.0/context/";
const VC_TYPE: &str = "VerifiableCredential";

/// Reads what every credential has, whoever made it; its issuer has to be the party of the header's `kid`.
pub(crate) fn envelope(document: &Document, kid: &Did) -> Result<Kind, Error> {
    let root = document.root();
    if !root.is_object() {
        return Err(Error::NotAnObject(Part::Payload));
    }
    if let Some(claim) = JWT_CLAIMS.into_iter().find(|claim| root.member(claim).is_some()) {
        return Err(Error::JwtClaim(claim));
    }
    let object = Object::root(root);
    let member = object.member("issuer")?;
    let inner = if member.as_string().is_some() { None } else { Some(member.object()?) };
    let member = inner.as_ref().map_or(Ok(member), |issuer| issuer.member("id"))?;
    let issuer = member.string()?;
    // What is equal to a DID is one.
    let other = if issuer == kid.as_str() { None } else { Some(member.did()?) };
    if let Some(iss) = object.find("iss")
        && iss.string()? != issuer
    {
        return Err(Error::IssNotIssuer);
    }
    let member = object.member("type")?;
    if member.as_string().is_none() {
        member.items(MAX_TYPES, |item| item.string().map(drop))?;
    }
    match other {
        Some(issuer) => Err(Error::KidNotIssuer { kid: kid.clone(), issuer }),
        None => Ok(kind(root)),
    }
}

/// Claims of a JWT that would say once more, or otherwise, what the credential says.
const JWT_CLAIMS: [&str; 4] = ["exp", "nbf", "vc", "vp"];

/// Types of a credential that are read.
const MAX_TYPES: usize = 16;

/// The `type` values of a payload that [`envelope`] has read.
pub(crate) fn types(root: Value<'_>) -> Vec<String> {
    type_values(root).map(ToOwned::to_owned).collect()
}

fn type_values<'d>(root: Value<'d>) -> impl Iterator<Item = &'d str> {
    let value = root.member("type");
    let single = value.and_then(Value::string);
    single.into_iter().chain(value.and_then(Value::items).into_iter().flatten().filter_map(Value::string))
}

fn kind(root: Value<'_>) -> Kind {
    let mut kinds = type_values(root).filter_map(|name| match name {
        "DigitalIdentityAnchor" => Some(Kind::Accreditation),
        "DigitalConformityCredential" => Some(Kind::Attestation),
        "LabelStatusChange" => Some(Kind::StatusChange),
        "ClearanceCommitment" => Some(Kind::ClearanceCommitment),
        "LabelClearance" => Some(Kind::Clearance),
        "SupplementRequest" => Some(Kind::SupplementRequest),
        "ReportsRequest" => Some(Kind::ReportsRequest),
        "KeyRotationRequest" => Some(Kind::KeyRotationRequest),
        _ => None,
    });
    match (kinds.next(), kinds.next()) {
        (Some(kind), None) => kind,
        _ => Kind::Unknown,
    }
}

/// What every statement says of itself.
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) issuer: Did,
    /// Only where the issuer is an object.
    pub(crate) issuer_name: Option<String>,
    pub(crate) registry: Origin,
}

/// Reads `@context`, `type`, `id` and `registry`, and the name of the issuer, which [`envelope`] has read. `untp` are the UNTP
/// contexts that may stand second.
pub(crate) fn head(root: &Object<'_, '_>, issuer: &Did, type_name: &str, untp: &[&str]) -> Result<Head, Error> {
    let registry = root.member("registry")?;
    let registry = Origin::parse(registry.string()?).map_err(|error| registry.fault(Fault::Origin(error)))?;
    let member = root.member("@context")?;
    let contexts = member.items(3, |item| item.string())?;
    match *contexts.as_slice() {
        [VC_CONTEXT, second, third] if untp.contains(&second) && context::is_url(third, &registry) => {}
        _ => {
            let (second, ours) = (untp.first().copied().unwrap_or_default(), context::url(&registry));
            return Err(member.fault(Fault::NotExpected(format!("{VC_CONTEXT}, {second}, {ours}"))));
        }
    }
    let types = root.member("type")?;
    match *types.items(2, |item| item.string())?.as_slice() {
        [VC_TYPE, name] | [name, VC_TYPE] if name == type_name => {}
        _ => return Err(types.fault(Fault::NotExpected(format!("{type_name}, {VC_TYPE}")))),
    }
    let issuer_member = root.member("issuer")?;
    let issuer_name = if issuer_member.as_string().is_some() {
        None
    } else {
        let object = issuer_member.object()?;
        object.only(&["type", "id", "name", "issuerAlsoKnownAs"])?;
        object.find("name").map(|name| name.text(MAX_NAME)).transpose()?.map(ToOwned::to_owned)
    };
    Ok(Head { id: root.member("id")?.uri()?.to_owned(), issuer: issuer.clone(), issuer_name, registry })
}

/// Writes what [`head`] reads, up to and with the issuer.
pub(crate) fn write_head(
    json: &mut Writer,
    type_name: &str,
    id: &str,
    registry: &Origin,
    issuer: &Did,
    name: Option<&str>,
) {
    json.array("@context", |json| {
        json.string_item(VC_CONTEXT);
        json.string_item(UNTP_0_7);
        json.string_item(&context::url(registry));
    });
    json.array("type", |json| {
        json.string_item(type_name);
        json.string_item(VC_TYPE);
    });
    json.string("id", id);
    json.string("registry", registry.as_str());
    match name {
        Some(name) => json.object("issuer", |json| {
            json.string("id", issuer.as_str());
            json.string("name", name);
        }),
        None => json.string("issuer", issuer.as_str()),
    }
}

/// When a statement is valid.
pub(crate) struct Period {
    pub(crate) valid_from: Timestamp,
    pub(crate) valid_until: Timestamp,
    pub(crate) first_day: Day,
    pub(crate) last_day: Day,
}

/// Reads `validFrom` and `validUntil`.
pub(crate) fn period(root: &Object<'_, '_>) -> Result<Period, Error> {
    let valid_from = root.member("validFrom")?.instant()?;
    let until = root.member("validUntil")?;
    let valid_until = until.instant()?;
    let (first_day, last_day) = days(valid_from, valid_until).ok_or_else(|| until.fault(Fault::EmptyPeriod))?;
    Ok(Period { valid_from, valid_until, first_day, last_day })
}

/// First and last day of a validity: the UTC day of `valid_from`, and that of the last second before `valid_until`.
/// `None` where the validity lasts less than a second.
///
/// ```
/// use primitives::Timestamp;
/// let at = |text| Timestamp::parse_rfc3339(text).unwrap();
/// let (first, last) = statement::days(at("2026-01-15T08:00:00Z"), at("2027-01-15T00:00:00Z")).unwrap();
/// assert_eq!((first.to_string(), last.to_string()), ("2026-01-15".into(), "2027-01-14".into()));
/// ```
pub fn days(valid_from: Timestamp, valid_until: Timestamp) -> Option<(Day, Day)> {
    let last = Timestamp::from_seconds(valid_until.seconds().checked_sub(1)?);
    (valid_from <= last).then(|| (valid_from.day(), last.day()))
}

/// The validity of whole days, from the first instant of `first` to the first instant after `last`; `None` where `last`
/// is before `first`, or the last day that there is.
pub fn instants(first: Day, last: Day) -> Option<(Timestamp, Timestamp)> {
    (first <= last).then_some((first.first_instant(), last.next()?.first_instant()))
}

/// An object with `id` and `name` and nothing else but its `type`.
pub(crate) fn named<'d>(member: Member<'d, '_>) -> Result<(&'d str, &'d str), Error> {
    let object = member.object()?;
    object.only(&["type", "id", "name"])?;
    Ok((object.member("id")?.uri()?, object.member("name")?.text(MAX_NAME)?))
}
