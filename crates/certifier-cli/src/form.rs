//! Typed reading of a file's tree. Nothing stops at the first mistake: each is noted with its place and a way out, and the
//! reader goes on with what is left.

use std::cell::RefCell;
use std::fmt::Display;

use primitives::{Country, Day, Timestamp};
use statement::Claims;

use crate::document::{Entry, Fault, Node, Source, Value};
use crate::failure::Failure;
use crate::probe;

/// The mistakes of a file, as they are found.
#[derive(Debug)]
pub(crate) struct Faults<'s> {
    source: &'s Source,
    list: RefCell<Vec<Fault>>,
}

/// A table that is being read.
#[derive(Debug, Clone)]
pub(crate) struct Form<'s> {
    faults: &'s Faults<'s>,
    /// Name of the table with a dot, or nothing for the file itself.
    prefix: String,
    at: usize,
    entries: &'s [Entry],
}

/// A value that is being read.
#[derive(Debug, Clone)]
pub(crate) struct Field<'s> {
    faults: &'s Faults<'s>,
    name: String,
    node: &'s Node,
}

impl<'s> Faults<'s> {
    pub(crate) fn new(source: &'s Source) -> Self {
        Self { source, list: RefCell::default() }
    }

    pub(crate) fn note(&self, at: usize, error: String, hint: Option<String>) {
        self.list.borrow_mut().push(Fault { at, error, hint });
    }

    /// What was read, if nothing was wrong with it.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, Failure> {
        let source = self.source;
        self.list(read).map_err(|list| source.failure(list))
    }

    /// The same, with the mistakes as they are.
    pub(crate) fn list<T>(self, read: Option<T>) -> Result<T, Vec<Fault>> {
        let list = self.list.into_inner();
        match read {
            Some(read) if list.is_empty() => Ok(read),
            Some(_) | None => Err(list),
        }
    }
}

impl<'s> Form<'s> {
    /// The file itself.
    pub(crate) fn root(faults: &'s Faults<'s>, root: &'s Node, known: &[&str]) -> Option<Self> {
        Field { faults, name: String::new(), node: root }.table(known)
    }

    /// Notes a mistake of the table.
    pub(crate) fn fault<T>(&self, error: String) -> Option<T> {
        self.faults.note(self.at, error, None);
        None
    }

    /// The value of this name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<Field<'s>> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        Some(Field { faults: self.faults, name: format!("{}{name}", self.prefix), node: &entry.node })
    }

    /// The value of this name, which has to be there; `example` is how one could look.
    pub(crate) fn need(&self, name: &str, example: &str) -> Option<Field<'s>> {
        let found = self.find(name);
        if found.is_none() {
            let source = self.faults.source;
            let (member, hint) = (format!("{}{name}", self.prefix), format!("add {}", source.example(name, example)));
            let at = source.place_of_missing(&member).unwrap_or(self.at);
            self.faults.note(at, format!("{member} is missing"), Some(hint));
        }
        found
    }
}

impl<'s> Field<'s> {
    /// Notes a mistake of this value.
    pub(crate) fn fault<T>(&self, error: impl Display, hint: impl Into<Option<String>>) -> Option<T> {
        self.faults.note(self.node.span.start, format!("{} {error}", self.name), hint.into());
        None
    }

    /// How this value would be written.
    pub(crate) fn example(&self, value: &str) -> String {
        let name = self.name.rsplit('.').next().unwrap_or(&self.name);
        self.faults.source.example(name, value)
    }

    fn wrong_kind<T>(&self, expected: &str, hint: impl Into<Option<String>>) -> Option<T> {
        self.fault(format_args!("is {}, expected {expected}", self.node.value.kind()), hint)
    }

    /// A table with no other names than these.
    pub(crate) fn table(&self, known: &[&str]) -> Option<Form<'s>> {
        let Value::Table(entries) = &self.node.value else { return self.wrong_kind("a table", None) };
        let prefix = if self.name.is_empty() { String::new() } else { format!("{}.", self.name) };
        let mut listed = false;
        for entry in entries.iter().filter(|entry| !known.contains(&entry.name.as_str())) {
            let hint = match nearest(&entry.name, known) {
                Some(name) => Some(format!("did you mean {name}?")),
                None if listed => None,
                None => {
                    listed = true;
                    Some(format!("names here: {}", known.join(", ")))
                }
            };
            self.faults.note(entry.name_span.start, format!("{prefix}{} has no place here", entry.name), hint);
        }
        Some(Form { faults: self.faults, prefix, at: self.node.span.start, entries })
    }

    /// The items of a list.
    pub(crate) fn list(&self) -> Option<Vec<Self>> {
        let Value::List(items) = &self.node.value else {
            return self.wrong_kind("a list", "a list stands in square brackets, even with one item".to_owned());
        };
        let item = |(nth, node)| Self { faults: self.faults, name: format!("{}[{nth}]", self.name), node };
        Some(items.iter().enumerate().map(item).collect())
    }

    /// Any string, as it stands.
    pub(crate) fn raw(&self) -> Option<&'s str> {
        match &self.node.value {
            Value::Text(text) => Some(text),
            Value::Integer(digits) => {
                let hint =
                    format!("put it in quotes, so that leading zeros stay: {}", self.example(&format!("\"{digits}\"")));
                self.wrong_kind("a text", hint)
            }
            Value::Date(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_) | Value::Other(_) => {
                self.wrong_kind("a text", "texts stand in double quotes".to_owned())
            }
        }
    }

    /// Text for people.
    pub(crate) fn text(&self, limit: usize) -> Option<String> {
        let text = self.raw()?;
        match probe::text(text, limit) {
            None => Some(text.to_owned()),
            Some(why) => {
                let hint =
                    why.contains("U+").then(|| "type the text anew: such characters act or hide unseen".to_owned());
                self.fault(why, hint)
            }
        }
    }

    pub(crate) fn uri(&self) -> Option<String> {
        let uri = self.raw()?;
        match probe::uri(uri) {
            None => Some(uri.to_owned()),
            Some(why) => {
                self.fault(why, format!("write it in full, such as {}", self.example("\"https://maker.example\"")))
            }
        }
    }

    /// What `parse` reads, or its error with a hint of the text's own.
    pub(crate) fn parse<T, E: Display>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, E>,
        hint: impl FnOnce(&str, &E) -> Option<String>,
    ) -> Option<T> {
        let text = self.raw()?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let hint = hint(text, &error);
                self.fault(format_args!("is {text:?}: {error}"), hint)
            }
        }
    }

    pub(crate) fn country(&self) -> Option<Country> {
        self.parse(Country::parse, |text, _| match text.to_ascii_uppercase() {
            upper if Country::parse(&upper).is_ok() => Some(format!("write {}", self.example(&format!("\"{upper}\"")))),
            _ => Some("two letters as on https://www.iso.org/obp/ui, such as IN, NP, PK".to_owned()),
        })
    }

    /// A day, in quotes or, in TOML, without.
    pub(crate) fn day(&self) -> Option<Day> {
        let text = self.date_text()?;
        match Day::parse(text) {
            Ok(day) => Some(day),
            Err(error) => {
                self.fault(format_args!("is {text:?}: {error}"), "year, month and day, such as 2026-10-20".to_owned())
            }
        }
    }

    /// A whole second.
    pub(crate) fn second(&self) -> Option<Timestamp> {
        let text = self.date_text()?;
        let hint = "with time and zone, in whole seconds, such as 2026-10-20T08:00:00Z".to_owned();
        match Timestamp::parse_rfc3339(text) {
            Ok(_) if text.contains('.') => self.fault(format_args!("is {text:?}, expected whole seconds"), hint),
            Ok(second) => Some(second),
            Err(error) => self.fault(format_args!("is {text:?}: {error}"), hint),
        }
    }

    fn date_text(&self) -> Option<&'s str> {
        match &self.node.value {
            Value::Text(text) | Value::Date(text) => Some(text),
            Value::Integer(_) | Value::Boolean(_) | Value::List(_) | Value::Table(_) | Value::Other(_) => {
                self.wrong_kind("a date", "such as 2026-10-20".to_owned())
            }
        }
    }

    /// A whole number in a range.
    pub(crate) fn number(&self, least: u32, most: u32) -> Option<u32> {
        let Value::Integer(digits) = &self.node.value else {
            let hint = matches!(self.node.value, Value::Text(_)).then(|| "numbers stand without quotes".to_owned());
            return self.wrong_kind("a whole number", hint);
        };
        match digits.parse() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            Ok(_) | Err(_) => self.fault(format_args!("is {digits}, expected {least} to {most}"), None),
        }
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match &self.node.value {
            Value::Boolean(value) => Some(*value),
            Value::Text(_)
            | Value::Date(_)
            | Value::Integer(_)
            | Value::List(_)
            | Value::Table(_)
            | Value::Other(_) => self.wrong_kind("true or false", "without quotes".to_owned()),
        }
    }

    /// One text out of a list of names.
    pub(crate) fn one_of<T: Copy>(&self, list: &[(&str, T)]) -> Option<T> {
        let text = self.raw()?;
        let found = list.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.or_else(|| {
            let names: Vec<&str> = list.iter().map(|(name, _)| *name).collect();
            let hint = match nearest(text, &names) {
                Some(name) => format!("did you mean {name:?}?"),
                None => format!("one of: {}", names.join(", ")),
            };
            self.fault(format_args!("is {text:?}, which is not known"), hint)
        })
    }

    /// A set of claims. May be empty.
    pub(crate) fn claims(&self) -> Option<Claims> {
        let items = self.list()?;
        let count = items.len();
        let read: Vec<Claims> = items.iter().filter_map(|item| item.one_of(&CLAIMS)).collect();
        (read.len() == count).then(|| read.into_iter().fold(Claims::NONE, Claims::union))
    }
}

/// How claims are written in files.
pub(crate) const CLAIMS: [(&str, Claims); 2] =
    [("no-child-labour", Claims::NO_CHILD_LABOUR), ("no-forced-labour", Claims::NO_FORCED_LABOUR)];

/// The known name that was most likely meant.
pub(crate) fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let folded = name.to_ascii_lowercase().replace(['_', ' '], "-");
    let near = known.iter().map(|known| (distance(&folded, known), *known)).min()?;
    (near.0 <= 2 && near.0 < near.1.len().div_ceil(2)).then_some(near.1)
}

/// Levenshtein distance, in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, byte) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(b.bytes()) {
            let above = *cell;
            left = (diagonal + usize::from(byte != other)).min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_was_meant_is_found_and_no_other() {
        let known = ["hs-code", "labels", "lot", "gtin"];
        assert_eq!(nearest("hs_code", &known), Some("hs-code"));
        assert_eq!(nearest("HS-Code", &known), Some("hs-code"));
        assert_eq!(nearest("label", &known), Some("labels"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("no-child-labor", &["no-child-labour"]), Some("no-child-labour"));
    }

    #[test]
    fn distances_are_levenshtein() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("lot", "lot", 0), ("", "ab", 2)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
