//! What the pages say, in each language: messages of Project Fluent, dates and numbers of Unicode CLDR.
//!
//! A message without variables is looked up, parsed and escaped when the program starts; a page then only copies it.

mod countries;
mod dates;
mod messages;
#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use primitives::{Day, Timestamp};
use statement::Claims;

use crate::language::Language;
use dates::Formats;
pub(crate) use messages::Text;

/// The texts of one language.
pub(crate) struct Texts {
    pub(crate) language: Language,
    bundle: FluentBundle<FluentResource>,
    formats: Formats,
    /// Messages without variables, escaped for HTML; by number.
    ready: Vec<Box<str>>,
}

/// Text that is HTML already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ready<'a>(&'a str);

impl fmt::Display for Ready<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Escaped when it was made: only [`Texts::of`] makes one.
impl HtmlSafe for Ready<'_> {}

static ALL: LazyLock<Vec<Texts>> =
    LazyLock::new(|| Language::ALL.iter().map(|language| Texts::read(*language)).collect());

impl Texts {
    /// The texts of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        ALL.get(language.number()).expect("all languages are read")
    }

    fn read(language: Language) -> Self {
        // The files are part of the program, and a test reads each of them; a mistake in one is a bug that no request brings about.
        let resource = FluentResource::try_new(language.source().to_owned()).expect("the file of texts is well-formed");
        let tag = language.tag().parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.add_resource(resource).expect("each message is there once");
        let ready = messages::IDS.iter().map(|id| format(&bundle, id, None)).map(|text| escaped(&text)).collect();
        let formats = Formats::of(language).expect("dates and numbers of the language are part of the program");
        Self { language, bundle, formats, ready }
    }

    /// A message without variables.
    pub(crate) fn get(&self, text: impl Borrow<Text>) -> Ready<'_> {
        Ready(self.ready.get(*text.borrow() as usize).map_or("", |text| text))
    }

    /// A message without variables, unescaped: to stand in another one.
    pub(crate) fn plain(&self, text: Text) -> String {
        self.with(text, &[])
    }

    /// A message with its variables: unescaped, as they came.
    pub(crate) fn with<'a>(&self, text: Text, variables: &[(&'static str, FluentValue<'a>)]) -> String {
        let arguments: FluentArgs<'a> = variables.iter().cloned().collect();
        messages::IDS.get(text as usize).map_or_else(String::new, |id| format(&self.bundle, id, Some(&arguments)))
    }

    /// A day, `YYYY-MM-DD` or as it came, as the language writes it.
    pub(crate) fn day(&self, day: &str) -> String {
        Day::parse(day).map_or_else(|_| day.to_owned(), |day| self.formats.day(day))
    }

    /// A time, to the minute.
    pub(crate) fn time(&self, time: Timestamp) -> String {
        self.formats.time(time)
    }

    /// A month, `YYYY-MM`.
    pub(crate) fn month(&self, month: &str) -> String {
        self.formats.month(month)
    }

    /// A number.
    pub(crate) fn number(&self, number: impl Into<u64>) -> String {
        self.formats.number(number.into())
    }

    /// A country's name by its code.
    pub(crate) fn country<'a>(&self, code: &'a str) -> &'a str {
        countries::name(self.language, code)
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("language", &self.language).finish_non_exhaustive()
    }
}

/// How messages call a set of claims.
pub(crate) fn claims(claims: Claims) -> &'static str {
    match (claims.contains(Claims::NO_CHILD_LABOUR), claims.contains(Claims::NO_FORCED_LABOUR)) {
        (true, false) => "child",
        (false, true) => "forced",
        (true, true) | (false, false) => "both",
    }
}

fn format(bundle: &FluentBundle<FluentResource>, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else { return String::new() };
    bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned()
}

fn escaped(text: &str) -> Box<str> {
    askama::filters::escape(text, askama::filters::Html).map_or_else(|_| String::new(), |text| text.to_string()).into()
}
