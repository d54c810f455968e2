//! Reading an accreditation: a Digital Identity Anchor of UNTP 0.7.0 with our terms.

use alloc::vec::Vec;

use primitives::{PublicKey, Thumbprint, base64};

use super::{
    Accreditation, Compromised, Hotline, MAX_COMPROMISED, MAX_CONTACT, MAX_COUNTRIES, MAX_HOTLINES, MAX_KEYS,
    MAX_LANGUAGE, ROLES, Role, Scope, TOPICS,
};
use crate::credential::{self, MAX_NAME, UNTP_0_7};
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::member::{Member, Object, push_new};
use crate::{Claims, Did};

impl Accreditation {
    /// Reads a verified payload.
    pub(crate) fn read(root: Value<'_>, issuer: &Did) -> Result<Self, Error> {
        let root = Object::root(root);
        root.only(&[
            "@context",
            "type",
            "id",
            "registry",
            "issuer",
            "iss",
            "validFrom",
            "validUntil",
            "name",
            "credentialSubject",
            "issuingSoftware",
        ])?;
        let head = credential::head(&root, issuer, "DigitalIdentityAnchor", &[UNTP_0_7])?;
        let issuer = root.member("issuer")?;
        let issuer_name = head.issuer_name.ok_or_else(|| issuer.fault(Fault::WrongType("an object with a name")))?;
        let period = credential::period(&root)?;
        root.member("name")?.text(MAX_NAME)?;

        let subject_member = root.member("credentialSubject")?;
        let subject = subject_member.object()?;
        subject.only(&[
            "type",
            "id",
            "registeredName",
            "registeredId",
            "registeredDate",
            "idScheme",
            "registerType",
            "accreditedAs",
            // Read over: links to where the party is registered.
            "publicInformation",
            "registrar",
        ])?;
        let did = subject.member("id")?.did()?;
        subject.member("registeredId")?.text(MAX_NAME)?;
        subject.member("registeredDate")?.day()?;
        credential::named(subject.member("idScheme")?)?;
        subject.member("registerType")?.exactly("accreditation")?;

        let terms_member = subject.member("accreditedAs")?;
        let terms = terms_member.object()?;
        terms.only(&["role", "keys", "compromised", "countries", "hsChapters", "topics", "hotlines"])?;
        let mut countries = Vec::new();
        terms
            .member("countries")?
            .items(MAX_COUNTRIES, |item| item.check(push_new(&mut countries, item.country()?)))?;
        let mut hs_chapters = Vec::new();
        terms.member("hsChapters")?.items(99, |item| {
            let chapter = u8::try_from(item.integer(1, 99)?).unwrap_or(99);
            item.check(push_new(&mut hs_chapters, chapter))
        })?;
        let mut topics = Claims::NONE;
        terms.member("topics")?.items(TOPICS.len(), |item| {
            let topic = item.one_of(&TOPICS)?;
            if topics.contains(topic) {
                return Err(item.fault(Fault::RepeatedItem));
            }
            topics = topics.union(topic);
            Ok(())
        })?;
        Ok(Self {
            id: head.id,
            issuer: head.issuer,
            issuer_name,
            registry: head.registry,
            subject: did,
            role: terms.member("role")?.one_of::<Role>(&ROLES)?,
            name: subject.member("registeredName")?.text(MAX_NAME)?.into(),
            keys: keys(terms.member("keys")?)?,
            compromised: optional(terms.find("compromised"), compromised)?,
            scope: Scope { countries, hs_chapters, topics },
            first_day: period.first_day,
            last_day: period.last_day,
            hotlines: optional(terms.find("hotlines"), hotlines)?,
            valid_from: period.valid_from,
            valid_until: period.valid_until,
        })
    }
}

/// A list that is left out where it is empty.
fn optional<'d, 'p, T>(
    member: Option<Member<'d, 'p>>,
    read: impl FnOnce(Member<'d, 'p>) -> Result<Vec<T>, Error>,
) -> Result<Vec<T>, Error> {
    let Some(member) = member else { return Ok(Vec::new()) };
    let list = read(member)?;
    if list.is_empty() { Err(member.fault(Fault::WrongCount("one item or more"))) } else { Ok(list) }
}

fn keys(member: Member<'_, '_>) -> Result<Vec<PublicKey>, Error> {
    let mut keys = Vec::new();
    member.items(MAX_KEYS, |item| item.check(push_new(&mut keys, jwk(item)?)))?;
    Ok(keys)
}

/// An Ed25519 public key as JWK (RFC 8037 §2): `kty`, `crv` and `x`, and nothing else.
pub(crate) fn jwk(member: Member<'_, '_>) -> Result<PublicKey, Error> {
    let object = member.object()?;
    if let Some(secret) = object.find("d") {
        return Err(secret.fault(Fault::PrivateKey));
    }
    object.only(&["kty", "crv", "x"])?;
    object.member("kty")?.exactly("OKP")?;
    object.member("crv")?.exactly("Ed25519")?;
    let x = object.member("x")?;
    let bytes = base64::url_decode_array::<32>(x.string()?);
    PublicKey::from_bytes(&bytes.ok_or_else(|| x.fault(Fault::Jwk))?).map_err(|error| x.fault(Fault::Key(error)))
}

fn compromised(member: Member<'_, '_>) -> Result<Vec<Compromised>, Error> {
    let mut keys = Vec::new();
    member.items(MAX_COMPROMISED, |item| {
        let object = item.object()?;
        object.only(&["key", "since"])?;
        let key = object.member("key")?;
        let thumbprint = Thumbprint::parse(key.string()?).ok_or_else(|| key.fault(Fault::Thumbprint))?;
        key.check(push_new(&mut keys, thumbprint))?;
        Ok(Compromised { key: thumbprint, since: object.member("since")?.whole_second()? })
    })
}

fn hotlines(member: Member<'_, '_>) -> Result<Vec<Hotline>, Error> {
    member.items(MAX_HOTLINES, |item| {
        let object = item.object()?;
        object.only(&["country", "language", "contact"])?;
        let language = object.member("language")?;
        let tag = language.string()?;
        if !is_language_tag(tag) {
            return Err(language.fault(Fault::Language));
        }
        Ok(Hotline {
            country: object.member("country")?.country()?,
            language: tag.into(),
            contact: object.member("contact")?.text(MAX_CONTACT)?.into(),
        })
    })
}

/// RFC 5646 §2.1, by form: a language of two or three lower-case letters, then subtags of 1 to 8 letters and digits.
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    tag.len() <= MAX_LANGUAGE
        && (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && subtags
            .all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
