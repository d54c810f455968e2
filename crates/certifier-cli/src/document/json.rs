//! JSON (RFC 8259) as a tree with places, which `serde_json` does not give. Strict: no name twice, nothing after the value.

use super::{Entry, Fault, Node, Value};

/// The files that are read here nest three deep.
const MAX_DEPTH: usize = 16;

/// Reads a document, up to its first syntax error.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.value(0)?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.fault("more after the end of the value"));
    }
    if !matches!(node.value, Value::Table(_)) {
        return Err(Fault { at: node.span.start, error: "not an object in braces".into(), hint: None });
    }
    Ok(node)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fault(&self, error: &str) -> Fault {
        self.fault_at(self.at, error)
    }

    fn fault_at(&self, at: usize, error: &str) -> Fault {
        let error = if at >= self.text.len() { "the file ends too early" } else { error };
        Fault { at, error: format!("not JSON: {error}"), hint: None }
    }

    /// Takes the byte, white space before it.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        self.space();
        let start = self.at;
        if depth > MAX_DEPTH {
            return Err(self.fault("nested too deep"));
        }
        let value = match self.peek() {
            Some(b'{') => self.table(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: start..self.at, value })
    }

    fn word(&mut self) -> Result<Value, Fault> {
        for (word, value) in
            [("true", Value::Boolean(true)), ("false", Value::Boolean(false)), ("null", Value::Other("null"))]
        {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("expected a value"))
    }

    fn table(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        if self.take(b'}') {
            return Ok(Value::Table(entries));
        }
        loop {
            self.space();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("expected a name in double quotes"));
            }
            let name = self.string()?;
            let name_span = start..self.at;
            if entries.iter().any(|entry| entry.name == name) {
                return Err(self.fault_at(start, &format!("{name:?} stands here twice")));
            }
            if !self.take(b':') {
                return Err(self.fault("expected a colon"));
            }
            let node = self.value(depth + 1)?;
            entries.push(Entry { name, name_span, node });
            if self.take(b'}') {
                return Ok(Value::Table(entries));
            }
            if !self.take(b',') {
                return Err(self.fault("expected a comma or }"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            if !self.take(b',') {
                return Err(self.fault("expected a comma or ]"));
            }
        }
    }

    /// A string, its escapes read by `serde_json`: only where it ends is found here.
    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let mut escaped = false;
        let inner = self.rest().bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let Some(inner) = inner else { return Err(self.fault("a text that does not end")) };
        self.at = start + inner + 2;
        let text = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(text)
            .map_err(|_| self.fault_at(start, "a text with a line break, control character or unknown escape in it"))
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let length =
            self.rest().bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        self.at += length.count();
        let digits = self.text.get(start..self.at).unwrap_or_default();
        if serde_json::from_str::<serde_json::Number>(digits).is_err() {
            return Err(self.fault_at(start, "a number with a leading zero, or none"));
        }
        let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        Ok(if is_integer { Value::Integer(digits.to_owned()) } else { Value::Other("a number with a fraction") })
    }
}
