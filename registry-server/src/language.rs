//! The languages of the pages, and which one a reader gets (RFC 9110 §12.5.4, RFC 4647).

use std::sync::LazyLock;

use axum::http::Uri;
use axum::http::header::{self, HeaderMap};
use fluent_langneg::{LanguageIdentifier, NegotiationStrategy, negotiate_languages};

use crate::http::negotiation::quality;
use crate::http::query::parameters;

macro_rules! languages {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $tag:literal $direction:literal;)+) => {
        /// A language of the pages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Language {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Language {
            /// All, in the order of their codes.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name in addresses (BCP 47), and of its file of texts.
            pub(crate) const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// BCP 47, with the script where the code alone leaves it open.
            pub(crate) const fn tag(self) -> &'static str {
                match self { $(Self::$name => $tag,)+ }
            }

            /// `ltr` or `rtl`.
            pub(crate) const fn direction(self) -> &'static str {
                match self { $(Self::$name => $direction,)+ }
            }

            /// The file of its texts.
            pub(crate) const fn source(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../texts/", $code, ".ftl")),)+ }
            }
        }
    };
}

// The six of the United Nations, and six of countries where many of the goods are made and sold.
languages! {
    /// Arabic.
    Arabic "ar" "ar" "rtl";
    /// Bengali.
    Bengali "bn" "bn" "ltr";
    /// English.
    English "en" "en" "ltr";
    /// Spanish.
    Spanish "es" "es" "ltr";
    /// French.
    French "fr" "fr" "ltr";
    /// Hindi.
    Hindi "hi" "hi" "ltr";
    /// Nepali.
    Nepali "ne" "ne" "ltr";
    /// Portuguese.
    Portuguese "pt" "pt" "ltr";
    /// Russian.
    Russian "ru" "ru" "ltr";
    /// Turkish.
    Turkish "tr" "tr" "ltr";
    /// Urdu.
    Urdu "ur" "ur" "rtl";
    /// Chinese in simplified characters.
    Chinese "zh" "zh-Hans" "ltr";
}

/// The language of one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader {
    /// The language.
    pub(crate) language: Language,
    /// Chosen in the address: links lead on in it. Nothing else remembers it.
    pub(crate) is_chosen: bool,
}

static OFFERED: LazyLock<Vec<LanguageIdentifier>> =
    LazyLock::new(|| Language::ALL.iter().filter_map(|language| language.tag().parse().ok()).collect());

impl Reader {
    /// By the parameter `lang` of the address, else by `Accept-Language`, else English.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let [chosen] = parameters(uri.query(), ["lang"]).unwrap_or_default();
        if let Some(language) = chosen.and_then(|code| Language::of_code(&code)) {
            return Self { language, is_chosen: true };
        }
        let wished = headers.get(header::ACCEPT_LANGUAGE).and_then(|field| field.to_str().ok()).unwrap_or_default();
        Self { language: negotiated(wished), is_chosen: false }
    }

    /// The query with which links lead on: empty, or `?lang=ar`.
    pub(crate) fn query(self) -> String {
        if self.is_chosen { format!("?lang={}", self.language.code()) } else { String::new() }
    }
}

impl Language {
    fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.code() == code)
    }

    /// The same number as the one in [`Language::ALL`].
    pub(crate) const fn number(self) -> usize {
        self as usize
    }
}

/// A language range and its quality in thousandths.
fn weighed(range: &str) -> (u16, &str) {
    let (range, parameters) = range.split_once(';').unwrap_or((range, ""));
    (quality(parameters.split(';')), range.trim())
}

/// The offer that suits a wish best.
fn negotiated(wished: &str) -> Language {
    const MOST: usize = 512; // Nobody reads fifty languages.
    let mut wished: Vec<(u16, &str)> = wished.get(..MOST).unwrap_or(wished).split(',').map(weighed).collect();
    wished.retain(|(quality, _)| *quality > 0);
    wished.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    let wished: Vec<LanguageIdentifier> = wished.iter().filter_map(|(_, range)| range.parse().ok()).collect();
    let found = negotiate_languages(&wished, &OFFERED, None, NegotiationStrategy::Lookup);
    let number = found.first().and_then(|found| OFFERED.iter().position(|offered| offered == *found));
    number.and_then(|number| Language::ALL.get(number)).copied().unwrap_or(Language::English)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn reader(accept: &str, uri: &str) -> (&'static str, bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(accept.as_bytes()).unwrap());
        let reader = Reader::of(&headers, &uri.parse().unwrap());
        (reader.language.code(), reader.is_chosen)
    }

    #[test]
    fn the_address_decides_then_the_browser() {
        assert_eq!(OFFERED.len(), Language::ALL.len());
        for (accept, uri, expected) in [
            ("fr-CH, fr;q=0.9, en;q=0.8", "/", ("fr", false)),
            ("fr", "/?lang=ar", ("ar", true)),
            ("fr", "/?lang=xx", ("fr", false)),
            ("fr", "/?lang=ar&lang=fr", ("fr", false)),
            ("de, ne;q=0.5", "/", ("ne", false)),
            ("zh-TW", "/", ("zh", false)),
            ("zh-CN", "/", ("zh", false)),
            ("pt-BR", "/", ("pt", false)),
            ("ur-PK;q=0.9, hi;q=0.8", "/", ("ur", false)),
            ("en;q=0.1, tr", "/", ("tr", false)),
            ("de", "/", ("en", false)),
            ("*", "/", ("en", false)),
            ("", "/", ("en", false)),
            (";;q=,,é", "/", ("en", false)),
        ] {
            assert_eq!(reader(accept, uri), expected, "{accept} {uri}");
        }
    }
}
