//! Query strings: `name=value` pairs as HTML forms send them (WHATWG URL §5.1), read strictly.
//!
//! A name twice, a broken escape or bytes that are not UTF-8 are refused: two readers that pick different values from
//! one query are how a check is walked around.

use label::percent::{self, Place};

use crate::problem::Problem;

/// Values of the named parameters, in the order of `names`. Parameters with other names are left alone.
pub(crate) fn parameters<const N: usize>(
    query: Option<&str>,
    names: [&str; N],
) -> Result<[Option<String>; N], Problem> {
    let mut values = [const { None }; N];
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name).ok_or_else(|| Problem::bad_query("a parameter's name is not well-formed"))?;
        for (slot, wanted) in values.iter_mut().zip(names) {
            if name == wanted {
                let value = decode(value)
                    .ok_or_else(|| Problem::bad_query(format!("parameter {wanted} is not percent-encoded UTF-8")))?;
                if slot.replace(value).is_some() {
                    return Err(Problem::bad_query(format!("parameter {wanted} is there twice")));
                }
            }
        }
    }
    Ok(values)
}

/// Undoes `application/x-www-form-urlencoded`, once.
fn decode(text: &str) -> Option<String> {
    String::from_utf8(percent::decode(text, Place::Query).ok()?.into_owned()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_once() {
        let [label, other] = parameters(Some("x=1&label=HTTPS%3A%2F%2Fa%252F+b&&flag"), ["label", "flag"]).unwrap();
        assert_eq!(label.as_deref(), Some("HTTPS://a%2F b"));
        assert_eq!(other.as_deref(), Some(""));
        assert_eq!(parameters(None, ["label"]).unwrap(), [None]);
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        for (query, detail) in [
            ("label=a&label=a", "twice"),
            ("label=a&la%62el=b", "twice"),
            ("label=%", "percent-encoded"),
            ("label=%4", "percent-encoded"),
            ("label=%4g", "percent-encoded"),
            ("label=%ff", "percent-encoded"),
            ("label=%c0%af", "percent-encoded"),
            ("%=a", "name"),
        ] {
            let problem = parameters(Some(query), ["label"]).unwrap_err();
            assert_eq!(problem.code, "bad_query");
            assert!(problem.detail.contains(detail), "{query}: {}", problem.detail);
        }
    }
}
