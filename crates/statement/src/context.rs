//! The JSON-LD context of our terms (JSON-LD 1.1), the third of every statement's contexts.
//!
//! The text is the same at every registry and frozen: statements in a log refer to it for ever. A registry serves it at
//! `/contexts/v1` as `application/ld+json`.

use alloc::format;
use alloc::string::String;

use crate::Origin;

/// The context's text.
pub const CONTEXT_V1: &str = include_str!("../contexts/v1.jsonld");

const PATH: &str = "/contexts/v1";

/// Where a registry serves [`CONTEXT_V1`].
pub fn url(origin: &Origin) -> String {
    format!("{}{PATH}", origin.url_prefix())
}

/// Whether a text is [`url`].
pub(crate) fn is_url(text: &str, origin: &Origin) -> bool {
    origin.path_in(text) == Some(PATH)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use primitives::Hash;

    use super::*;

    #[test]
    fn the_text_is_frozen() {
        assert_eq!(
            Hash::of(CONTEXT_V1.as_bytes()).to_string(),
            "1176931ddf5864b755244e2c927f2ca3eb878587c617c115056c72f3f9c62913",
            "statements refer to this text for ever; new terms need a context v2"
        );
    }

    #[test]
    fn it_is_a_json_ld_context_of_no_registry_in_particular() {
        let context: serde_json::Value = serde_json::from_str(CONTEXT_V1).unwrap();
        assert_eq!(context["@context"]["@protected"], true);
        for term in [
            "registry",
            "lot",
            "accreditedAs",
            "statusChange",
            "LabelStatusChange",
            "clearance",
            "clearanceHash",
            "reports",
            "keyRotation",
        ] {
            assert!(!context["@context"][term].is_null(), "{term}");
        }
        assert!(!CONTEXT_V1.contains("example"));
    }
}
