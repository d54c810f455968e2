//! JSON, strictly (RFC 8259, with I-JSON's rule that member names are unique: RFC 7493 §2.3).
//!
//! A signature covers bytes, and what the bytes mean must not depend on who reads them. Parsers differ on duplicate
//! members (the first or the last wins), on lone surrogates, on bytes after the value; all of that is refused here, and
//! so are characters that change what people see. Numbers are kept as written: the fields that need an integer take
//! plain digits and no `1e2`, `1.0` or `-0`, so that no reader's floating point has a say.
//!
//! The reader makes one pass without recursion, and a document is three allocations however hostile it is.

mod reader;
mod writer;

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

use thiserror::Error;

pub(crate) use writer::Writer;

/// Nesting that is read, counting the outermost object.
pub const MAX_DEPTH: usize = 32;

/// Why bytes are not read as JSON. Offsets count bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JsonError {
    /// The bytes are no UTF-8.
    #[error("not UTF-8 at byte {0}")]
    NotUtf8(usize),
    /// Against the grammar of RFC 8259.
    #[error("not JSON at byte {0}")]
    Syntax(usize),
    /// Two members of one name in the object that ends here.
    #[error("member name is repeated in the object that ends at byte {0}")]
    DuplicateMember(usize),
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} at byte {0}")]
    TooDeep(usize),
    /// Something after the value.
    #[error("more bytes after the JSON value at byte {0}")]
    TrailingBytes(usize),
    /// A control, bidi or invisible character in a string or member name.
    #[error("character U+{code:04X} at byte {at} is a control, bidi or invisible character")]
    ForbiddenCharacter {
        /// Where.
        at: usize,
        /// Its code point.
        code: u32,
    },
    /// `\uD800`–`\uDFFF` without its other half.
    #[error("half of a surrogate pair at byte {0}")]
    LoneSurrogate(usize),
}

/// One value of a document. Containers are followed by what they hold.
#[derive(Debug, Clone, Copy)]
enum Node {
    Null,
    Boolean(bool),
    /// Digits as written: a range of the text.
    Number(u32, u32),
    /// A string without escapes: a range of the text.
    Plain(u32, u32),
    /// A string that had escapes: a range of the unescaped text.
    Unescaped(u32, u32),
    /// The node after the last item.
    Array(u32),
    /// The node after the last member; members are a string node and a value.
    Object(u32),
}

/// A JSON text with its values in the order of the text.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    text: String,
    unescaped: String,
    nodes: Vec<Node>,
}

/// One value of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'d> {
    document: &'d Document,
    at: usize,
}

/// The memory of a document, to read another one in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Room {
    bytes: Vec<u8>,
    unescaped: String,
    nodes: Vec<Node>,
}

impl Room {
    /// For the text that is to be read.
    pub(crate) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl Document {
    /// Reads one JSON value and nothing after it.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, JsonError> {
        Self::parse_in(Room { bytes, ..Room::default() })
    }

    /// The same of the bytes that lie there.
    pub(crate) fn parse_in(room: Room) -> Result<Self, JsonError> {
        let Room { bytes, unescaped, nodes } = room;
        let text = String::from_utf8(bytes).map_err(|error| JsonError::NotUtf8(error.utf8_error().valid_up_to()))?;
        reader::read(text, unescaped, nodes)
    }

    /// The memory, once the document is done with.
    pub(crate) fn into_room(self) -> Room {
        Room { bytes: self.text.into_bytes(), unescaped: self.unescaped, nodes: self.nodes }
    }

    /// The text as it came.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The outermost value.
    pub(crate) fn root(&self) -> Value<'_> {
        Value { document: self, at: 0 }
    }

    /// Whether the node at `at` is this string.
    fn is(&self, at: usize, text: &str) -> bool {
        let (from, start, end) = match self.node(at) {
            Node::Plain(start, end) => (&self.text, start as usize, end as usize),
            Node::Unescaped(start, end) => (&self.unescaped, start as usize, end as usize),
            Node::Null | Node::Boolean(_) | Node::Number(..) | Node::Array(_) | Node::Object(_) => return false,
        };
        end - start == text.len() && from.as_bytes().get(start..end) == Some(text.as_bytes())
    }

    fn node(&self, at: usize) -> Node {
        self.nodes.get(at).copied().unwrap_or(Node::Null)
    }

    fn string(&self, at: usize) -> Option<&str> {
        match self.node(at) {
            Node::Plain(start, end) => self.text.get(start as usize..end as usize),
            Node::Unescaped(start, end) => self.unescaped.get(start as usize..end as usize),
            Node::Null | Node::Boolean(_) | Node::Number(..) | Node::Array(_) | Node::Object(_) => None,
        }
    }

    /// The node after the value at `at` and all that it holds.
    fn after(&self, at: usize) -> usize {
        match self.node(at) {
            Node::Array(end) | Node::Object(end) => end as usize,
            Node::Null | Node::Boolean(_) | Node::Number(..) | Node::Plain(..) | Node::Unescaped(..) => at + 1,
        }
    }
}

impl<'d> Value<'d> {
    /// Whether it is `null`.
    pub(crate) fn is_null(self) -> bool {
        matches!(self.document.node(self.at), Node::Null)
    }

    /// Whether it is an object.
    pub(crate) fn is_object(self) -> bool {
        matches!(self.document.node(self.at), Node::Object(_))
    }

    /// The truth value.
    pub(crate) fn boolean(self) -> Option<bool> {
        match self.document.node(self.at) {
            Node::Boolean(value) => Some(value),
            Node::Null
            | Node::Number(..)
            | Node::Plain(..)
            | Node::Unescaped(..)
            | Node::Array(_)
            | Node::Object(_) => None,
        }
    }

    /// The string.
    pub(crate) fn string(self) -> Option<&'d str> {
        self.document.string(self.at)
    }

    /// The number as written.
    pub(crate) fn number(self) -> Option<&'d str> {
        match self.document.node(self.at) {
            Node::Number(start, end) => self.document.text.get(start as usize..end as usize),
            Node::Null
            | Node::Boolean(_)
            | Node::Plain(..)
            | Node::Unescaped(..)
            | Node::Array(_)
            | Node::Object(_) => None,
        }
    }

    /// The items of an array; `None` for other values.
    pub(crate) fn items(self) -> Option<impl Iterator<Item = Value<'d>>> {
        match self.document.node(self.at) {
            Node::Array(end) => {
                let (document, mut at) = (self.document, self.at + 1);
                Some(core::iter::from_fn(move || {
                    let item = (at < end as usize).then_some(Value { document, at })?;
                    at = document.after(at);
                    Some(item)
                }))
            }
            Node::Null
            | Node::Boolean(_)
            | Node::Number(..)
            | Node::Plain(..)
            | Node::Unescaped(..)
            | Node::Object(_) => None,
        }
    }

    /// The members of an object in the order of the text; nothing for other values.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'d str, Value<'d>)> {
        let document = self.document;
        self.names().map(move |at| (document.string(at).unwrap_or_default(), Value { document, at: at + 1 }))
    }

    /// The member of this name.
    pub(crate) fn member(self, name: &str) -> Option<Value<'d>> {
        let mut names = self.names();
        let at = names.find(|at| self.document.is(*at, name))?;
        Some(Value { document: self.document, at: at + 1 })
    }

    /// The member of this name, looked for from `next` on, and then in front of it. `next` is a place among this object's members, or 0;
    /// it becomes that of the member after the one found: whoever reads members in their order finds each at once.
    pub(crate) fn member_from(self, name: &str, next: &Cell<usize>) -> Option<Value<'d>> {
        let from = next.get();
        let behind = self.names_from(from.max(self.at + 1));
        let at = behind.chain(self.names().take_while(|at| *at < from)).find(|at| self.document.is(*at, name))?;
        next.set(self.document.after(at + 1));
        Some(Value { document: self.document, at: at + 1 })
    }

    /// The first name of a member that is none of these.
    pub(crate) fn other_member(self, names: &[&str]) -> Option<&'d str> {
        // Most stand in the order of the list: what comes after the last one found is tried first.
        let mut next = 0;
        let mut is_known = |at: usize| {
            let mut places = (next..names.len()).chain(0..next);
            let found = places.find(|place| names.get(*place).is_some_and(|name| self.document.is(at, name)));
            next = found.map_or(next, |place| place + 1);
            found.is_some()
        };
        let at = self.names().find(|at| !is_known(*at))?;
        Some(self.document.string(at).unwrap_or_default())
    }

    /// The nodes of the names of an object's members.
    fn names(self) -> impl Iterator<Item = usize> + use<'d> {
        self.names_from(self.at + 1)
    }

    /// The same, from one of them on, or their end.
    fn names_from(self, at: usize) -> impl Iterator<Item = usize> + use<'d> {
        let end = match self.document.node(self.at) {
            Node::Object(end) => end as usize,
            Node::Null
            | Node::Boolean(_)
            | Node::Number(..)
            | Node::Plain(..)
            | Node::Unescaped(..)
            | Node::Array(_) => 0,
        };
        let (document, mut at) = (self.document, at);
        core::iter::from_fn(move || {
            let name = (at < end).then_some(at)?;
            at = document.after(at + 1);
            Some(name)
        })
    }
}

#[cfg(test)]
mod tests;
