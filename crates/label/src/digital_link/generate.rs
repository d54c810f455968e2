//! Writing a GS1 Digital Link from AIs and values.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::dictionary::{self, Ai};
use super::{CANONICAL_STEM, DigitalLink, DigitalLinkError as Error, Options};
use crate::percent::{self, Place};

impl DigitalLink {
    /// Builds a link from AIs and values in any order.
    ///
    /// The first primary key among them leads; of its qualifier lists, the one of which most are there goes into the
    /// path, the rest into the query, values of predefined length first. A pair given twice counts once. What was built
    /// is read back, so a link that cannot be read is never given out.
    ///
    /// # Errors
    /// [`DigitalLinkError`](Error), as for reading.
    pub fn from_elements(stem: Option<&str>, pairs: &[(&str, &str)], options: &Options) -> Result<Self, Error> {
        let mut uri = String::from(stem.unwrap_or(CANONICAL_STEM).trim_end_matches('/'));
        let mut left: Vec<(&str, &str)> = Vec::new();
        for pair in pairs {
            if pair.0.is_empty() || !pair.0.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::UnknownAi(pair.0.into()));
            }
            if !left.contains(pair) {
                left.push(*pair);
            }
        }
        let (key, _) =
            left.iter().copied().find(|(ai, _)| dictionary::is_primary_key(ai)).ok_or(Error::NoPrimaryKey)?;
        for ai in core::iter::once(key).chain(qualifiers(key, &left).iter().copied()) {
            if let Some(at) = left.iter().position(|(other, _)| *other == ai) {
                let (ai, value) = left.remove(at);
                uri.push_str(&format!("/{ai}/{}", percent::encode(value.as_bytes(), Place::Path)));
            }
        }
        let (fixed, variable): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|(ai, _)| Ai::of_code(ai).is_some_and(|ai| ai.predefined));
        for (at, (ai, value)) in fixed.into_iter().chain(variable).enumerate() {
            let separator = if at == 0 { '?' } else { '&' };
            uri.push_str(&format!("{separator}{ai}={}", percent::encode(value.as_bytes(), Place::Query)));
        }
        Self::parse(&uri, options)
    }

    /// The link as a URI, values encoded canonically, ignored parameters left out.
    pub fn to_uri(&self) -> String {
        let mut uri = self.stem.clone();
        for element in &self.path {
            uri.push_str(&format!("/{}/{}", element.ai(), percent::encode(element.value().as_bytes(), Place::Path)));
        }
        for (at, element) in self.attributes.iter().enumerate() {
            let separator = if at == 0 { '?' } else { '&' };
            uri.push_str(&format!(
                "{separator}{}={}",
                element.ai(),
                percent::encode(element.value().as_bytes(), Place::Query)
            ));
        }
        uri
    }
}

/// The key's qualifier list of which most are there; the first listed of equals.
fn qualifiers(key: &str, pairs: &[(&str, &str)]) -> &'static [&'static str] {
    let mut best: (usize, &'static [&'static str]) = (0, &[]);
    for (_, list) in dictionary::SEQUENCES.iter().filter(|(start, _)| *start == key) {
        let matches = list.iter().filter(|ai| pairs.iter().any(|(other, _)| other == *ai)).count();
        if matches > best.0 {
            best = (matches, list);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ai_with_two_values_is_refused() {
        let pairs = [("01", "09521234543213"), ("10", "A"), ("99", "X"), ("99", "Y")];
        assert_eq!(DigitalLink::from_elements(None, &pairs, &Options::default()), Err(Error::Duplicate("99".into())));
    }

    #[test]
    fn an_ai_that_would_break_out_of_its_place_is_refused() {
        for ai in ["", "99=A&98", "10/A/21"] {
            let pairs = [("01", "09521234543213"), (ai, "X")];
            assert_eq!(DigitalLink::from_elements(None, &pairs, &Options::default()), Err(Error::UnknownAi(ai.into())));
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let pairs = [("10", "A/B+1"), ("01", "09521234543213"), ("98", "x y"), ("99", "100%"), ("17", "271231")];
        let link =
            DigitalLink::from_elements(Some("https://example.com/shop/"), &pairs[..2], &Options::default()).unwrap();
        assert_eq!(link.to_uri(), "https://example.com/shop/01/09521234543213/10/A%2FB%2B1");
        assert_eq!(link.stem(), "https://example.com/shop");
        let with_space = DigitalLink::from_elements(None, &pairs, &Options::default()).unwrap_err();
        assert_eq!(with_space.code(), "value_charset", "a space is not of character set 82");
        let link = DigitalLink::from_elements(None, &[pairs[1], pairs[3], pairs[4]], &Options::default()).unwrap();
        assert_eq!(link.to_uri(), "https://id.gs1.org/01/09521234543213?17=271231&99=100%25");
        assert_eq!(DigitalLink::parse(&link.to_uri(), &Options::default()), Ok(link));
    }
}
