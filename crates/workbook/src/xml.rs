//! XML of a workbook, tag by tag. No entity is expanded but the five of XML itself, and characters by number.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use crate::error::WorkbookError;
use crate::package::{Inflating, unpacking};

/// The longest tag or text, in bytes, because the parser holds it; a cell has at most 32,767 characters.
pub(crate) const MAX_EVENT: u64 = 1 << 20;
const BUFFER: usize = 32 << 10;

/// A part of a workbook.
pub(crate) struct Xml<'a> {
    reader: Reader<Part<'a>>,
    buffer: Vec<u8>,
}

/// What a part consists of.
pub(crate) enum Node<'a> {
    /// The start of an element, and whether it ends with that.
    Start(BytesStart<'a>, bool),
    End(BytesEnd<'a>),
    Text(Cow<'a, str>),
    /// Comments and what stands before the document.
    Other,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(inner: Inflating<'a>) -> Self {
        let part = Part { inner: BufReader::with_capacity(BUFFER, inner), event: 0 };
        Self { reader: Reader::from_reader(part), buffer: Vec::new() }
    }

    /// What comes next; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'_>>, WorkbookError> {
        self.buffer.clear();
        self.reader.get_mut().event = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return Err(unpacking(&error)),
            Err(error) => return Err(damaged(&error)),
        };
        Ok(Some(match event {
            Event::Start(tag) => Node::Start(tag, false),
            Event::Empty(tag) => Node::Start(tag, true),
            Event::End(tag) => Node::End(tag),
            Event::Text(text) => Node::Text(text.into_inner()),
            Event::CData(text) => Node::Text(text.into_inner()),
            Event::GeneralRef(name) => Node::Text(match name.resolve_char_ref() {
                Ok(Some(character)) => character.to_string().into(),
                Ok(None) => resolve_predefined_entity(&name).unwrap_or_default().into(),
                Err(error) => return Err(damaged(&error)),
            }),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Node::Other,
            Event::Eof => return Ok(None),
        }))
    }

    /// Adds the text inside of the element whose start was read last, and passes its end. Elements in it, which there should
    /// be none of, count as text-free.
    pub(crate) fn add_text(&mut self, text: &mut String) -> Result<(), WorkbookError> {
        self.inside(|part| text.push_str(part))
    }

    /// Passes over the element whose start was read last.
    pub(crate) fn skip(&mut self) -> Result<(), WorkbookError> {
        self.inside(|_| ())
    }

    fn inside(&mut self, mut take: impl FnMut(&str)) -> Result<(), WorkbookError> {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.next()? {
                Some(Node::Start(_, is_empty)) => depth += u32::from(!is_empty),
                Some(Node::End(_)) => depth -= 1,
                Some(Node::Text(part)) if depth == 1 => take(&part),
                Some(Node::Text(_) | Node::Other) => {}
                None => return Err(WorkbookError::Damaged { what: "a part ends too early".to_owned() }),
            }
        }
        Ok(())
    }
}

/// A part whose reader holds no more than [`MAX_EVENT`] of it.
pub(crate) struct Part<'a> {
    inner: BufReader<Inflating<'a>>,
    /// Bytes since the event that is being read began.
    event: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.event > MAX_EVENT {
            return Err(io::Error::other(WorkbookError::Bomb { limit: MAX_EVENT, unit: "bytes a tag" }));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.event += amount as u64;
        self.inner.consume(amount);
    }
}

/// An attribute, by its name without prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, WorkbookError> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| damaged(&error))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(|error| damaged(&error))?.into_owned()));
        }
    }
    Ok(None)
}

fn damaged(error: &dyn std::fmt::Display) -> WorkbookError {
    WorkbookError::Damaged { what: error.to_string() }
}
