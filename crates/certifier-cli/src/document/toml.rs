//! TOML 1.1, by the crate `toml`, as a tree with places.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::{Entry, Fault, Node, Value};

/// Reads a document; every syntax error that the parser can tell apart is given.
pub(super) fn parse(text: &str) -> Result<Node, Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(Node { span: 0..0, value: Value::Table(entries(table.get_ref())) });
    }
    let fault = |error: &::toml::de::Error| Fault {
        at: error.span().map_or(0, |span| span.start),
        error: format!("not TOML: {}", error.message()),
        hint: hint(error.message()).map(Into::into),
    };
    Err(errors.iter().map(fault).collect())
}

fn hint(message: &str) -> Option<&'static str> {
    if message.contains("duplicate key") {
        Some("each name stands once; take one of the two lines out")
    } else if message.contains("string") || message.contains("expected `\"`") {
        Some("texts stand in double quotes, such as \"KTM-2026\"")
    } else {
        None
    }
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    let entry = |(name, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| Entry {
        name: name.get_ref().to_string(),
        name_span: name.span(),
        node: node(value),
    };
    table.iter().map(entry).collect()
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Value::Integer(number.as_str().to_owned()),
        DeValue::Integer(_) => Value::Other("a number that is not decimal"),
        DeValue::Float(_) => Value::Other("a number with a fraction"),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
    };
    Node { span, value }
}
