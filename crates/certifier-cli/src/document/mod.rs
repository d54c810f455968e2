//! A TOML or JSON file as a tree whose every value knows its place.
//!
//! Both languages give the same tree, so that everything above names file, line and column in the same way. A row of a spreadsheet is
//! a tree as well: there a place is the number of a column.

mod json;
mod toml;

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;

use crate::failure::Failure;

/// Larger than any statement can be: 48 KiB signed.
const MAX_SIZE: u64 = 256 << 10;

/// Mistakes that are told at once: a screen full.
const MAX_TOLD: usize = 20;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    language: Language,
    /// In which column of a table a member stands, from 0.
    columns: Vec<(&'static str, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Toml,
    Json,
    /// Rows of a table.
    Rows,
}

/// The place of what a row lacks and no column is for.
pub(crate) const WHOLE_ROW: usize = usize::MAX;

/// A value and the bytes of the text that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

/// What a file can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string.
    Text(String),
    /// A day or instant without quotes, as only TOML has it.
    Date(String),
    /// Digits as written, a sign before them perhaps.
    Integer(String),
    /// True or false.
    Boolean(bool),
    /// A list.
    List(Vec<Node>),
    /// Named values.
    Table(Vec<Entry>),
    /// Anything else, named for people.
    Other(&'static str),
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) name_span: Range<usize>,
    pub(crate) node: Node,
}

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) error: String,
    pub(crate) hint: Option<String>,
}

impl Source {
    /// Reads a file; its name decides about the language: `.json`, or else TOML.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let failed = |error: std::io::Error| Failure::input(format!("cannot read {name}: {error}"));
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_SIZE {
            return Err(Failure::input(format!("{name} is larger than {MAX_SIZE} bytes")));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            Failure::input(format!("{name}:{line}: the text is not UTF-8")).hint("save the file as UTF-8")
        })?;
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        Ok(Self::new(name, text, is_json))
    }

    pub(crate) fn new(name: String, mut text: String, is_json: bool) -> Self {
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        let language = if is_json { Language::Json } else { Language::Toml };
        Self { name, text, language, columns: Vec::new() }
    }

    /// A table, whose rows are trees that somebody else builds: places are columns from 0, or [`WHOLE_ROW`].
    pub(crate) fn of_rows(name: String, columns: Vec<(&'static str, usize)>) -> Self {
        Self { name, text: String::new(), language: Language::Rows, columns }
    }

    /// The place of a member that is missing, where it has one though it is: a table's column.
    pub(crate) fn place_of_missing(&self, member: &str) -> Option<usize> {
        let member = member.replace("[0]", "");
        self.columns.iter().find(|(name, _)| *name == member).map(|(_, column)| *column)
    }

    /// The tree, whose root is a table.
    pub(crate) fn parse(&self) -> Result<Node, Failure> {
        match self.language {
            Language::Toml => toml::parse(&self.text),
            Language::Json => json::parse(&self.text).map_err(|fault| vec![fault]),
            Language::Rows => Err(Vec::new()),
        }
        .map_err(|faults| self.failure(faults))
    }

    /// The faults of the file, from its first line to its last. Of a run of the same ones the first is told: the others come of it.
    pub(crate) fn failure(&self, mut faults: Vec<Fault>) -> Failure {
        faults.sort_by_key(|fault| fault.at);
        faults.dedup_by(|next, first| next.error == first.error && self.is_one_line(first.at, next.at));
        let untold = faults.len().saturating_sub(MAX_TOLD);
        faults.truncate(MAX_TOLD);
        let told = faults.into_iter().map(|fault| (format!("{}: {}", self.place(fault.at), fault.error), fault.hint));
        let more = (untold > 0).then(|| (format!("{}: {untold} more mistakes further down", self.name), None));
        Failure::inputs(told.chain(more))
    }

    fn is_one_line(&self, start: usize, end: usize) -> bool {
        !self.text.get(start..end).is_some_and(|between| between.contains('\n'))
    }

    /// `file:line:column`, counted from 1, in characters.
    pub(crate) fn place(&self, at: usize) -> String {
        let before = self.text.get(..at.min(self.text.len())).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.name)
    }

    /// The file is one that another command reads.
    pub(crate) fn of_another_command(&self, what: &str, command: &str) -> Failure {
        Failure::input(format!("{} {what}", self.name)).hint(format!("certifier {command} {}", self.name))
    }

    /// How a member is written in this file's language; `value` as both languages write it.
    pub(crate) fn example(&self, name: &str, value: &str) -> String {
        match self.language {
            Language::Toml => format!("{name} = {value}"),
            Language::Json => format!("\"{name}\": {value}"),
            Language::Rows => value.replace(['"', '[', ']'], ""),
        }
    }
}

impl Node {
    /// Whether a table has a member of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        matches!(&self.value, Value::Table(entries) if entries.iter().any(|entry| entry.name == name))
    }
}

impl Value {
    /// What it is, for people.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::Integer(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

#[cfg(test)]
mod tests;
