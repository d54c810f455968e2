//! The file that `certifier accredit` reads: one party. `examples/data/accreditation.toml` shows every member.

use std::path::Path;

use primitives::{Country, Day, PublicKey, Thumbprint, Timestamp};
use statement::{
    Accreditation, Claims, Compromised, Did, Hotline, MAX_COMPROMISED, MAX_CONTACT, MAX_COUNTRIES, MAX_HOTLINES,
    MAX_KEYS, MAX_NAME, Origin, Role, Scope,
};

use crate::document::Source;
use crate::failure::Failure;
use crate::form::{Faults, Field, Form};
use crate::jwk::Jwk;
use crate::lot_file::{days, transpose};

const MEMBERS: [&str; 13] = [
    "subject",
    "name",
    "role",
    "registered-id",
    "registered-day",
    "first-day",
    "last-day",
    "countries",
    "hs-chapters",
    "claims",
    "keys",
    "hotlines",
    "compromised",
];
const ROLES: [(&str, Role); 3] =
    [("certifier", Role::Certifier), ("customs-office", Role::CustomsOffice), ("auditor", Role::Auditor)];
/// How long an accreditation is valid where the file does not say.
const YEARS: i32 = 3;

/// A party to be accredited: well formed, not yet anybody's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccreditationFile {
    pub(crate) subject: Did,
    pub(crate) name: String,
    role: Role,
    keys: Vec<PublicKey>,
    compromised: Vec<Compromised>,
    scope: Scope,
    first_day: Day,
    last_day: Day,
    hotlines: Vec<Hotline>,
    /// Members that statements have no place for yet, so that they are not signed.
    pub(crate) unsigned: Vec<&'static str>,
}

impl AccreditationFile {
    /// Reads the file, and names every mistake in it. Key files are named from `folder`.
    pub(crate) fn read(source: &Source, folder: &Path, today: Day) -> Result<Self, Failure> {
        let tree = source.parse()?;
        if tree.has("lot") && !tree.has("subject") {
            return Err(source.of_another_command("describes a lot, not a party", "attest"));
        }
        let faults = Faults::new(source);
        let read = Form::root(&faults, &tree, &MEMBERS).and_then(|form| read(&form, folder, today));
        faults.finish(read)
    }

    /// The accreditation. Valid from `now` where its first day is today: `validFrom` has to grow from one accreditation of a
    /// party to the next, and two may be of one day.
    pub(crate) fn accreditation(
        &self,
        id: String,
        issuer: &Did,
        issuer_name: &str,
        registry: &Origin,
        now: Timestamp,
    ) -> Result<Accreditation, Failure> {
        let (start, valid_until) = statement::instants(self.first_day, self.last_day)
            .ok_or_else(|| Failure::input("the calendar ends on 2149-06-06").hint("choose an earlier last-day"))?;
        let valid_from = if self.first_day == now.day() { Timestamp::from_seconds(now.seconds()) } else { start };
        Ok(Accreditation {
            id,
            issuer: issuer.clone(),
            issuer_name: issuer_name.to_owned(),
            registry: registry.clone(),
            subject: self.subject.clone(),
            role: self.role,
            name: self.name.clone(),
            keys: self.keys.clone(),
            compromised: self.compromised.clone(),
            scope: self.scope.clone(),
            first_day: self.first_day,
            last_day: self.last_day,
            hotlines: self.hotlines.clone(),
            valid_from,
            valid_until,
        })
    }
}

/// Each member is read before any is missed, so that all mistakes are found.
fn read(form: &Form<'_>, folder: &Path, today: Day) -> Option<AccreditationFile> {
    let subject = form.need("subject", "\"did:web:certifier.example\"").and_then(|field| {
        field.parse(Did::parse, |text, _| {
            let lower = text.to_ascii_lowercase();
            Some(match Did::parse(&lower) {
                Ok(did) => format!("write \"{did}\""),
                Err(_) => "did:web: and the party's host, such as did:web:certifier.example".to_owned(),
            })
        })
    });
    let name = form.need("name", "\"…\"").and_then(|field| field.text(MAX_NAME));
    let role = form.need("role", "\"certifier\"").and_then(|field| field.one_of(&ROLES));
    let registered_id = form.find("registered-id").map(|field| field.text(MAX_NAME));
    let registered_day = form.find("registered-day").map(|field| field.day());
    let days = days(form, today, YEARS);
    let countries =
        form.need("countries", "[\"NP\"]").and_then(|field| distinct(&field, MAX_COUNTRIES, |item| item.country()));
    let hs_chapters = form.need("hs-chapters", "[57]").and_then(|field| {
        distinct(&field, 99, |item| item.number(1, 99).and_then(|chapter| u8::try_from(chapter).ok()))
    });
    let topics = form.need("claims", "[\"no-child-labour\"]").and_then(|field| field.claims());
    let keys = form
        .need("keys", "[\"certifier.jwk\"]")
        .and_then(|field| distinct(&field, MAX_KEYS, |item| key(item, folder, subject.as_ref())));
    let compromised = form.find("compromised").map(|field| items(&field, MAX_COMPROMISED, compromised));
    let hotlines = form.find("hotlines").map(|field| items(&field, MAX_HOTLINES, hotline));
    let (first_day, last_day) = days?;
    let unsigned = [
        ("registered-id", transpose(registered_id)?.is_some()),
        ("registered-day", transpose(registered_day)?.is_some()),
    ];
    let unsigned = unsigned.into_iter().filter(|(_, found)| *found).map(|(name, _)| name).collect();
    Some(AccreditationFile {
        subject: subject?,
        name: name?,
        role: role?,
        keys: keys?,
        compromised: transpose(compromised)?.unwrap_or_default(),
        scope: Scope { countries: countries?, hs_chapters: hs_chapters?, topics: topics? },
        first_day,
        last_day,
        hotlines: transpose(hotlines)?.unwrap_or_default(),
        unsigned,
    })
}

/// A list's items, if each could be read.
fn items<T>(field: &Field<'_>, limit: usize, read: impl Fn(&Field<'_>) -> Option<T>) -> Option<Vec<T>> {
    let items = field.list()?;
    if items.len() > limit {
        return field.fault(format_args!("has {} items, expected at most {limit}", items.len()), None);
    }
    let read: Vec<Option<T>> = items.iter().map(read).collect();
    read.into_iter().collect()
}

/// A list's items, if each could be read and none stands twice.
fn distinct<T: PartialEq>(field: &Field<'_>, limit: usize, read: impl Fn(&Field<'_>) -> Option<T>) -> Option<Vec<T>> {
    let read = items(field, limit, read)?;
    let twice = read.iter().enumerate().find(|(nth, item)| read.iter().take(*nth).any(|earlier| earlier == *item));
    match (twice, field.list()) {
        (Some((nth, _)), Some(list)) => list.get(nth)?.fault("stands in the list twice", "take one out".to_owned()),
        _ => Some(read),
    }
}

fn key(field: &Field<'_>, folder: &Path, subject: Option<&Did>) -> Option<PublicKey> {
    let path = folder.join(field.raw()?);
    let jwk = match Jwk::read(&path) {
        Ok(jwk) => jwk,
        Err(error) => {
            let hint = "name the .jwk that `certifier keygen` wrote, from this file's folder".to_owned();
            return field.fault(format_args!("cannot be used: {error}"), hint);
        }
    };
    match (jwk.did, subject) {
        (Some(did), Some(subject)) if did != *subject => field.fault(
            format_args!("is a key of {did}, expected one of {subject}"),
            "a key belongs to one party".to_owned(),
        ),
        _ => Some(jwk.key),
    }
}

fn compromised(field: &Field<'_>) -> Option<Compromised> {
    let form = field.table(&["key", "since"])?;
    let key = form.need("key", "\"<thumbprint>\"").and_then(|field| {
        let read = |text: &str| Thumbprint::parse(text).ok_or("not 43 characters of base64url");
        field.parse(read, |_, _| Some("the thumbprint is the kid in the key's .jwk".to_owned()))
    });
    let since = form.need("since", "\"2026-10-20T08:00:00Z\"").and_then(|field| field.second());
    Some(Compromised { key: key?, since: since? })
}

fn hotline(field: &Field<'_>) -> Option<Hotline> {
    let form = field.table(&["country", "language", "contact"])?;
    let country = form.need("country", "\"NP\"").and_then(|field| field.country());
    let language = form.need("language", "\"ne\"").and_then(|field| language(&field));
    let contact = form.need("contact", "\"https://…\"").and_then(|field| field.text(MAX_CONTACT));
    Some(Hotline { country: country?, language: language?, contact: contact? })
}

fn language(field: &Field<'_>) -> Option<String> {
    let tag = field.raw()?;
    match crate::probe::language(tag) {
        None => Some(tag.to_owned()),
        Some(why) => field.fault(why, "a tag of BCP 47, such as ne, hi or pt-BR".to_owned()),
    }
}

/// How a role, countries and claims are told to people.
pub(crate) fn scope_in_words(scope: &Scope) -> String {
    let countries: Vec<&str> = scope.countries.iter().map(Country::as_str).collect();
    let chapters: Vec<String> = scope.hs_chapters.iter().map(ToString::to_string).collect();
    let none = |list: String| if list.is_empty() { "none".to_owned() } else { list };
    format!(
        "countries {}; HS chapters {}; {}",
        none(countries.join(", ")),
        none(chapters.join(", ")),
        none(claims_in_words(scope.topics))
    )
}

/// Claims, told to people.
pub(crate) fn claims_in_words(claims: Claims) -> String {
    let word = |claim| if claim == Claims::NO_CHILD_LABOUR { "no child labour" } else { "no forced labour" };
    claims.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
