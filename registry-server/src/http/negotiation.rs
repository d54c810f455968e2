//! Which of a resource's forms a client prefers (RFC 9110 §12.5.1).

use axum::http::header::{self, HeaderMap};

/// A form that an answer can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// `text/html`.
    Html,
    /// `application/json`.
    Json,
    /// `application/linkset+json` (RFC 9264).
    Linkset,
}

impl Form {
    const fn range(self) -> (&'static str, &'static str) {
        match self {
            Self::Html => ("text", "html"),
            Self::Json => ("application", "json"),
            Self::Linkset => ("application", "linkset+json"),
        }
    }
}

/// The form that the `Accept` fields rate highest; of equals, the one offered first. Without such a field, the first.
/// `None` when none of the forms is acceptable.
pub(crate) fn preferred(headers: &HeaderMap, offered: &[Form]) -> Option<Form> {
    let mut ratings = [0_u16; 3];
    let mut asked = false;
    for (form, rating) in offered.iter().zip(&mut ratings) {
        let mut specificity = 0;
        for field in headers.get_all(header::ACCEPT) {
            // A field that is not ASCII says nothing that could be matched.
            let Ok(field) = field.to_str() else { continue };
            for range in field.split(',').map(str::trim).filter(|range| !range.is_empty()) {
                asked = true;
                if let Some((found, quality)) = rate(range, *form)
                    && found > specificity
                {
                    (specificity, *rating) = (found, quality);
                }
            }
        }
    }
    if !asked {
        return offered.first().copied();
    }
    // `max_by_key` keeps the last of equals, so the offers are walked backwards.
    let best = offered.iter().zip(ratings).rev().max_by_key(|(_, quality)| *quality)?;
    (best.1 > 0).then_some(*best.0)
}

/// Whether the client rates HTML above JSON: a browser, by its own word.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ACCEPT) && preferred(headers, &[Form::Json, Form::Html]) == Some(Form::Html)
}

/// How specifically a media range names the form (1 to 3), and the quality it gives it in thousandths.
fn rate(range: &str, form: Form) -> Option<(u8, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let (form_kind, form_subtype) = form.range();
    let specificity = match (kind, subtype) {
        ("*", "*") => 1,
        (kind, "*") if kind.eq_ignore_ascii_case(form_kind) => 2,
        (kind, subtype) if kind.eq_ignore_ascii_case(form_kind) && subtype.eq_ignore_ascii_case(form_subtype) => 3,
        _ => return None,
    };
    Some((specificity, quality(parts)))
}

/// The quality among a range's parameters, in thousandths; all of it where none is given, nothing where it is not well-formed.
pub(crate) fn quality<'a>(parameters: impl Iterator<Item = &'a str>) -> u16 {
    parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .map_or(1000, |(_, value)| thousandths(value.trim()).unwrap_or(0))
}

/// A `qvalue`: `0` or `1` with up to three decimals, at most 1.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
    let fraction = fraction.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Form::{Html, Json, Linkset};
    use super::*;

    fn choose(accept: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        preferred(&headers, &[Html, Json, Linkset])
    }

    #[test]
    fn the_highest_quality_wins_and_the_most_specific_range_sets_it() {
        for (accept, form) in [
            ("*/*", Some(Html)),
            ("", Some(Html)),
            ("application/json", Some(Json)),
            ("APPLICATION/JSON", Some(Json)),
            ("application/linkset+json", Some(Linkset)),
            ("text/html;q=0.5, application/json;q=0.6", Some(Json)),
            ("text/html; Q=0.5 , application/json ; q=0.500", Some(Html)),
            ("application/*, text/html;q=0.9", Some(Json)),
            ("text/html;q=0, */*", Some(Json)),
            ("*/*;q=0.1, application/linkset+json;q=0.2", Some(Linkset)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Html)),
            ("image/png", None),
            ("text/html;q=0", None),
            ("text/html;q=1.5, application/json;q=0.1", Some(Json)),
            ("text/html;q=x, application/json;q=0.001", Some(Json)),
            ("text/html;q=0.1234", None),
            ("html, application/json", Some(Json)),
            (",,,application/json,,", Some(Json)),
        ] {
            assert_eq!(choose(accept), form, "{accept:?}");
        }
    }

    #[test]
    fn without_a_wish_the_first_offer_stands() {
        assert_eq!(preferred(&HeaderMap::new(), &[Json, Html]), Some(Json));
        assert!(!prefers_html(&HeaderMap::new()));
    }

    #[test]
    fn a_wish_may_come_in_several_fields() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, "text/html;q=0.2".parse().unwrap());
        headers.append(header::ACCEPT, "application/json;q=0.3".parse().unwrap());
        assert_eq!(preferred(&headers, &[Html, Json]), Some(Json));
        assert!(!prefers_html(&headers));
    }
}
