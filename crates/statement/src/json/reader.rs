//! The reader: one pass, no recursion; open containers are kept in an array of [`MAX_DEPTH`].

use alloc::string::String;
use alloc::vec::Vec;

use super::{Document, JsonError, MAX_DEPTH, Node};
use crate::text;

/// Reads one value; `text` may be at most 4 GiB, which the limits on tokens keep far away.
pub(super) fn read(text: String, mut unescaped: String, mut nodes: Vec<Node>) -> Result<Document, JsonError> {
    unescaped.clear();
    nodes.clear();
    // A value takes two bytes or more of text, most take many.
    nodes.reserve(text.len() / 12 + 4);
    let mut reader = Reader { bytes: text.as_bytes(), text: &text, at: 0, nodes, unescaped };
    reader.document()?;
    let Reader { nodes, unescaped, .. } = reader;
    Ok(Document { text, unescaped, nodes })
}

struct Reader<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    nodes: Vec<Node>,
    unescaped: String,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), JsonError> {
        // The nodes of the containers that are open, outermost first.
        let mut open = [0_usize; MAX_DEPTH];
        let mut depth = 0_usize;
        loop {
            // A value is expected here.
            self.white_space();
            let node = self.nodes.len();
            let container = match self.peek() {
                Some(b'{') => Some(Node::Object(0)),
                Some(b'[') => Some(Node::Array(0)),
                _ => None,
            };
            if let Some(container) = container {
                let slot = open.get_mut(depth).ok_or(JsonError::TooDeep(self.at))?;
                *slot = node;
                depth += 1;
                self.at += 1;
                self.nodes.push(container);
                self.white_space();
                match (container, self.peek()) {
                    (Node::Object(_), Some(b'}')) | (Node::Array(_), Some(b']')) => {} // empty: closed below
                    (Node::Object(_), _) => {
                        self.member_name()?;
                        continue;
                    }
                    _ => continue,
                }
            } else {
                self.scalar()?;
            }
            // A value has ended: go on in its container, or close what ends here.
            loop {
                let Some(&container) = depth.checked_sub(1).and_then(|last| open.get(last)) else {
                    self.white_space();
                    return if self.at == self.bytes.len() { Ok(()) } else { Err(JsonError::TrailingBytes(self.at)) };
                };
                self.white_space();
                let object = matches!(self.nodes.get(container), Some(Node::Object(_)));
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if object {
                            self.white_space();
                            self.member_name()?;
                        }
                        break;
                    }
                    Some(b'}') if object => self.close(container, Node::Object)?,
                    Some(b']') if !object => self.close(container, Node::Array)?,
                    _ => return Err(JsonError::Syntax(self.at)),
                }
                depth -= 1;
            }
        }
    }

    /// Closes the container at node `at`; in objects, member names must differ.
    fn close(&mut self, at: usize, kind: fn(u32) -> Node) -> Result<(), JsonError> {
        let end = self.nodes.len();
        let node = kind(narrow(end));
        if let Some(slot) = self.nodes.get_mut(at) {
            *slot = node;
        }
        if matches!(node, Node::Object(_)) {
            self.unique_names(at)?;
        }
        self.at += 1;
        Ok(())
    }

    /// Compares each name with each other one; sorts first where there are many, so that 7,000 members of a hostile
    /// object take no 25 million comparisons.
    fn unique_names(&self, object: usize) -> Result<(), JsonError> {
        const FEW: usize = 24;
        let mut few = [&[][..]; FEW];
        let mut many: Vec<&[u8]> = Vec::new();
        // A bit for each mark that was there: most names are the first with theirs.
        let mut marks = 0_u64;
        for (count, name) in self.names(object).enumerate() {
            if let Some(slot) = few.get_mut(count) {
                *slot = name;
                let mark = 1 << mark(name);
                if marks & mark != 0 && few.iter().take(count).any(|earlier| *earlier == name) {
                    return Err(JsonError::DuplicateMember(self.at));
                }
                marks |= mark;
            } else {
                many.push(name);
            }
        }
        if !many.is_empty() {
            many.extend(few);
            many.sort_unstable();
            if many.windows(2).any(|pair| pair.first() == pair.last()) {
                return Err(JsonError::DuplicateMember(self.at));
            }
        }
        Ok(())
    }

    fn names(&self, object: usize) -> impl Iterator<Item = &[u8]> {
        let end = self.nodes.len();
        let mut at = object + 1;
        core::iter::from_fn(move || {
            let name = match *self.nodes.get(at)? {
                Node::Plain(start, end) => self.bytes.get(start as usize..end as usize)?,
                Node::Unescaped(start, end) => self.unescaped.as_bytes().get(start as usize..end as usize)?,
                Node::Null | Node::Boolean(_) | Node::Number(..) | Node::Array(_) | Node::Object(_) => return None,
            };
            at = match self.nodes.get(at + 1) {
                Some(Node::Array(next) | Node::Object(next)) => *next as usize,
                Some(_) => at + 2,
                None => end,
            };
            Some(name)
        })
    }

    fn member_name(&mut self) -> Result<(), JsonError> {
        if self.peek() != Some(b'"') {
            return Err(JsonError::Syntax(self.at));
        }
        self.string()?;
        self.white_space();
        if self.peek() != Some(b':') {
            return Err(JsonError::Syntax(self.at));
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true", Node::Boolean(true)),
            Some(b'f') => self.literal(b"false", Node::Boolean(false)),
            Some(b'n') => self.literal(b"null", Node::Null),
            _ => Err(JsonError::Syntax(self.at)),
        }
    }

    fn literal(&mut self, word: &[u8], node: Node) -> Result<(), JsonError> {
        if !self.rest().starts_with(word) {
            return Err(JsonError::Syntax(self.at));
        }
        self.at += word.len();
        self.nodes.push(node);
        Ok(())
    }

    /// RFC 8259 §6.
    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.nodes.push(Node::Number(narrow(start), narrow(self.at)));
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(JsonError::Syntax(self.at)) } else { Ok(()) }
    }

    /// RFC 8259 §7; the opening quotation mark is at `self.at`.
    fn string(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        let start = self.at;
        let unescaped_start = self.unescaped.len();
        // Where the text begins that is not yet in `unescaped`; meaningless until the first escape.
        let mut run = start;
        let mut escaped = false;
        loop {
            self.at += plain(self.rest());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.unescaped.push_str(self.text.get(run..self.at).unwrap_or_default());
                    let character = self.escape()?;
                    self.unescaped.push(character);
                    escaped = true;
                    run = self.at;
                }
                Some(_) => {
                    let character = self.text.get(self.at..).and_then(|rest| rest.chars().next());
                    let character = character.ok_or(JsonError::Syntax(self.at))?;
                    allowed(character, self.at)?;
                    self.at += character.len_utf8();
                }
                None => return Err(JsonError::Syntax(self.at)),
            }
        }
        let node = if escaped {
            self.unescaped.push_str(self.text.get(run..self.at).unwrap_or_default());
            Node::Unescaped(narrow(unescaped_start), narrow(self.unescaped.len()))
        } else {
            Node::Plain(narrow(start), narrow(self.at))
        };
        self.at += 1;
        self.nodes.push(node);
        Ok(())
    }

    /// A backslash and what it stands for.
    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        let letter = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        let character = match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.code_point(start)?,
            _ => return Err(JsonError::Syntax(start)),
        };
        allowed(character, start)?;
        Ok(character)
    }

    /// The digits after `\u`, and a second escape for characters beyond U+FFFF.
    fn code_point(&mut self, start: usize) -> Result<char, JsonError> {
        let first = self.four_hex_digits(start)?;
        let code = match first {
            0xd800..=0xdbff => {
                if !self.rest().starts_with(b"\\u") {
                    return Err(JsonError::LoneSurrogate(start));
                }
                self.at += 2;
                let second = self.four_hex_digits(start)?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(JsonError::LoneSurrogate(start));
                }
                0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            code => code,
        };
        char::from_u32(code).ok_or(JsonError::LoneSurrogate(start))
    }

    fn four_hex_digits(&mut self, start: usize) -> Result<u32, JsonError> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(JsonError::Syntax(start))?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(JsonError::Syntax(start));
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| JsonError::Syntax(start))
    }

    fn white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

/// A number below 64 that tells most names of an object apart at a glance.
fn mark(name: &[u8]) -> u8 {
    let at = |place: usize| name.get(place).copied().unwrap_or_default();
    let ends = at(0).wrapping_mul(7) ^ at(name.len() / 2).wrapping_mul(13) ^ at(name.len().wrapping_sub(1));
    (ends ^ name.len().to_le_bytes()[0].wrapping_mul(29)) & 63
}

/// How many bytes at the beginning stand for themselves in a string.
///
/// Eight are looked at together, as the lanes of a number: strings are most of a document.
pub(super) fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (place, word) in words.iter().enumerate() {
        let stops = stops(u64::from_le_bytes(*word));
        if stops != 0 {
            return place * 8 + stops.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + rest.iter().take_while(|byte| is_plain(**byte)).count()
}

/// The highest bit of the lowest lane that is not [`is_plain`]; lanes above it say nothing. 0 where all are.
const fn stops(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    /// Lanes below `limit`, up to 128: the subtraction borrows into the highest bit.
    const fn below(word: u64, limit: u64) -> u64 {
        word.wrapping_sub(ONES * limit) & !word
    }
    let quotes = below(word ^ (ONES * b'"' as u64), 1);
    let escapes = below(word ^ (ONES * b'\\' as u64), 1);
    let deletes = below(word ^ (ONES * 0x7f), 1);
    // Beyond ASCII is its own highest bit.
    (below(word, 0x20) | quotes | escapes | deletes | word) & HIGH
}

/// ASCII that stands for itself in a string.
pub(super) const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~')
}

fn allowed(character: char, at: usize) -> Result<(), JsonError> {
    if text::is_allowed(character) {
        Ok(())
    } else {
        Err(JsonError::ForbiddenCharacter { at, code: u32::from(character) })
    }
}

/// Tokens are far below 4 GiB: see the limits in [`crate::token`].
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
