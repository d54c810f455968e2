//! What all pages have: the reader's language, the way to the other languages, the links between the pages.

use std::sync::LazyLock;

use axum::http::Uri;
use axum::http::header::HeaderMap;
use label::percent::{self, Place};

use crate::language::{Language, Reader};
use crate::texts::{Text, Texts};

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The texts of the reader's language.
    pub(crate) t: &'static Texts,
    /// What links to other pages end in: `?lang=ar` where the reader chose a language, else nothing.
    pub(crate) lang: String,
    /// What the links to other languages keep of this page's query: `label=…&`, or nothing.
    pub(crate) query: String,
}

/// A link to the page in another language.
pub(crate) struct Other {
    pub(crate) code: &'static str,
    /// Its name in itself.
    pub(crate) name: String,
}

static OTHERS: LazyLock<Vec<Other>> = LazyLock::new(|| {
    let other =
        |language: &Language| Other { code: language.code(), name: Texts::of(*language).plain(Text::LanguageName) };
    Language::ALL.iter().map(other).collect()
});

const LINKS: [(&str, Text); 6] = [
    ("/", Text::NavCheck),
    ("/scan", Text::NavScan),
    ("/report", Text::NavReport),
    ("/meaning", Text::NavMeaning),
    ("/log", Text::NavLog),
    ("/check", Text::NavVerify),
];

impl Frame {
    /// The frame for who asks so.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let reader = Reader::of(headers, uri);
        Self { t: Texts::of(reader.language), lang: reader.query(), query: String::new() }
    }

    /// The same, of a page that its query decides.
    pub(crate) fn keeping(self, parameters: &[(&str, &str)]) -> Self {
        let mut query = String::new();
        push(&mut query, parameters);
        Self { query, ..self }
    }

    /// The address of another page with these parameters, in the reader's language.
    pub(crate) fn address(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let mut address = format!("{path}?");
        push(&mut address, parameters);
        address.push_str(self.lang.strip_prefix('?').unwrap_or_default());
        address.truncate(address.trim_end_matches(['&', '?']).len());
        address
    }

    /// The page of a party. A DID may hold a `%`, which must not be undone on the way.
    pub(crate) fn party(&self, did: &str) -> String {
        format!("/certifiers/{}{}", percent::encode(did.as_bytes(), Place::Path), self.lang)
    }

    pub(crate) fn languages(&self) -> impl Iterator<Item = &'static Other> {
        let code = self.t.language.code();
        OTHERS.iter().filter(move |other| other.code != code)
    }

    /// A language's name in itself, where it is one of ours; else its tag.
    #[expect(clippy::unused_self, reason = "templates reach what they need through the frame")]
    pub(crate) fn language_name<'n>(&self, tag: &'n str) -> &'n str {
        OTHERS.iter().find(|other| other.code == tag).map_or(tag, |other| &other.name)
    }

    #[expect(clippy::unused_self, reason = "templates reach what they need through the frame")]
    pub(crate) fn links(&self) -> &'static [(&'static str, Text)] {
        &LINKS
    }
}

fn push(query: &mut String, parameters: &[(&str, &str)]) {
    for (name, value) in parameters {
        query.push_str(name);
        query.push('=');
        percent::push(query, value.as_bytes(), Place::Query);
        query.push('&');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_chosen_language_and_what_the_page_is_about() {
        let frame = Frame::of(&HeaderMap::new(), &"/?lang=ar".parse().unwrap()).keeping(&[("label", "a&b")]);
        assert_eq!((frame.lang.as_str(), frame.query.as_str()), ("?lang=ar", "label=a%26b&"));
        assert_eq!(frame.address("/report", &[("label", "x y")]), "/report?label=x+y&lang=ar");
        assert_eq!(frame.address("/scan", &[]), "/scan?lang=ar");
        let frame = Frame::of(&HeaderMap::new(), &"/".parse().unwrap());
        assert_eq!((frame.lang.as_str(), frame.address("/scan", &[]).as_str()), ("", "/scan"));
        let party = frame.party("did:web:a.example%3A8443");
        assert_eq!(party, "/certifiers/did%3Aweb%3Aa.example%253A8443");
        assert_eq!(frame.languages().count(), Language::ALL.len() - 1);
    }
}
