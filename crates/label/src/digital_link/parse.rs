//! Reading a GS1 Digital Link (URI Syntax §4, uncompressed).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::dictionary::{self, Ai};
use super::element::Name;
use super::{DigitalLink, DigitalLinkError as Error, Element, MAX_URI_LEN, Options};
use crate::percent::{self, Place};

impl DigitalLink {
    /// Reads a URI. The primary key is the rightmost one after which only AIs and values follow; what stands before it
    /// is the stem. Query parameters whose names are not digits are kept aside; the fragment is dropped.
    ///
    /// # Errors
    /// [`DigitalLinkError`](Error): the first thing wrong, from left to right where there is an order.
    pub fn parse(uri: &str, options: &Options) -> Result<Self, Error> {
        if uri.len() > MAX_URI_LEN {
            return Err(Error::TooLong { length: uri.len(), limit: MAX_URI_LEN });
        }
        if let Some((position, character)) = uri.char_indices().find(|&(_, c)| !is_uri_character(c)) {
            return Err(Error::IllegalCharacter { character, position });
        }
        let path_at = path_start(uri)?;
        let (before, _fragment) = uri.split_once('#').unwrap_or((uri, ""));
        let (before, query) = before.split_once('?').unwrap_or((before, ""));
        let (authority, path) = before.split_at_checked(path_at).ok_or(Error::NoPath)?;

        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let key_at = primary_key_at(&segments, options).ok_or(Error::NoPrimaryKey)?;
        let (stem, pairs) = segments.split_at(key_at);
        let path = read_path(pairs, options)?;
        let (attributes, ignored) = read_query(query, options)?;
        check_attributes(&path, &attributes, options)?;

        let stem = core::iter::once(authority).chain(stem.iter().copied()).collect::<Vec<_>>().join("/");
        Ok(Self { stem, path, attributes, ignored })
    }
}

/// Where the path begins, after a scheme and a host have been found in order.
fn path_start(uri: &str) -> Result<usize, Error> {
    let scheme = ["https://", "HTTPS://", "http://", "HTTP://"].into_iter().find(|scheme| uri.starts_with(scheme));
    let scheme = scheme.ok_or(Error::Scheme)?;
    let rest = uri.strip_prefix(scheme).unwrap_or_default();
    let host_len = rest.find('/').ok_or(Error::NoPath)?;
    let host = rest.get(..host_len).unwrap_or_default();
    if host.is_empty() {
        return Err(Error::NoHost);
    }
    // The forms of hosts are left to who resolves them; what could hide another host is not.
    if let Some(character) = host.chars().find(|&c| "_~?#@!$&'()*+,;=%".contains(c)) {
        return Err(Error::BadHost(character));
    }
    Ok(scheme.len() + host_len)
}

/// RFC 3986 §2: reserved, unreserved and `%`.
fn is_uri_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

/// Walks AI-value pairs leftwards from the end, as long as they are such, to the first primary key.
fn primary_key_at(segments: &[&str], options: &Options) -> Option<usize> {
    let mut end = segments.len();
    loop {
        end = end.checked_sub(2)?;
        let name = lookup(segments.get(end)?, options)?;
        if dictionary::is_primary_key(name.code()) {
            return Some(end);
        }
    }
}

fn lookup(segment: &str, options: &Options) -> Option<Name> {
    let known =
        Ai::of_code(segment).or_else(|| options.permit_convenience_alphas.then(|| Ai::of_alpha(segment)).flatten());
    let unknown = || {
        let looks_like_one = (2..=4).contains(&segment.len()) && is_digits(segment);
        (options.permit_unknown_ais && looks_like_one).then(|| Name::Unknown(segment.into()))
    };
    known.map(Name::Known).or_else(unknown)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn read_path(pairs: &[&str], options: &Options) -> Result<Vec<Element>, Error> {
    let mut elements = Vec::with_capacity(pairs.len() / 2);
    for pair in pairs.chunks_exact(2) {
        let &[segment, value] = pair else { continue };
        let name = lookup(segment, options).ok_or(Error::NoPrimaryKey)?;
        elements.push(element(name, value, Place::Path, options)?);
    }
    if dictionary::is_sequence(elements.iter().map(Element::ai)) {
        return Ok(elements);
    }
    let codes: Vec<&str> = elements.iter().map(Element::ai).collect();
    Err(Error::BadSequence(codes.join(" ")))
}

fn element(name: Name, text: &str, place: Place, options: &Options) -> Result<Element, Error> {
    let ai = name.code().to_string();
    let value = match percent::decode(text, place) {
        Ok(value) => value.into_owned(),
        Err(source) => return Err(Error::BadEscape { ai, source }),
    };
    Element::new(name, value, options.permit_zero_suppressed_gtin).map_err(|source| Error::Value { ai, source })
}

fn read_query(query: &str, options: &Options) -> Result<(Vec<Element>, Vec<String>), Error> {
    let (mut attributes, mut ignored) = (Vec::new(), Vec::new());
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some((name, value)) if is_digits(name) => {
                let name = lookup(name, options).ok_or_else(|| Error::UnknownAi(name.into()))?;
                attributes.push(element(name, value, Place::Query, options)?);
            }
            _ => ignored.push(parameter.into()),
        }
    }
    Ok((attributes, ignored))
}

fn check_attributes(path: &[Element], attributes: &[Element], options: &Options) -> Result<(), Error> {
    for (at, attribute) in attributes.iter().enumerate() {
        let ai = attribute.ai();
        if path.iter().chain(attributes.iter().take(at)).any(|earlier| earlier.ai() == ai) {
            return Err(Error::Duplicate(ai.into()));
        }
        if !attribute.known().map_or(options.unknown_ais_are_attributes, |known| known.attribute) {
            return Err(Error::NotAnAttribute(ai.into()));
        }
        let codes = || path.iter().map(Element::ai);
        let fits = |place| dictionary::is_sequence(codes().take(place).chain([ai]).chain(codes().skip(place)));
        if (1..=path.len()).any(fits) {
            return Err(Error::BelongsInPath(ai.into()));
        }
    }
    Ok(())
}
