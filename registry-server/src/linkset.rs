//! Link sets (RFC 9264): where a product's or label's verdict, attestation and evidence are found.
//!
//! Written so that the schemas of GS1's resolver and of UNTP accept them: each link has a title, each link context an item
//! description. Relation types are GS1's Web Vocabulary.

use std::collections::BTreeMap;

use label::percent::{Place, encode};
use serde::Serialize;
use statement::Origin;
use verify::Verdict;

use crate::lookup::Found;

const DEFAULT_LINK: &str = "https://gs1.org/voc/defaultLink";
const CERTIFICATION_INFO: &str = "https://gs1.org/voc/certificationInfo";

/// A document of `application/linkset+json`.
#[derive(Debug, Serialize)]
pub(crate) struct Linkset {
    linkset: [Context; 1],
}

/// The links of one thing.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    anchor: String,
    item_description: String,
    #[serde(flatten)]
    links: BTreeMap<&'static str, Vec<Link>>,
}

/// One link.
#[derive(Debug, Serialize)]
struct Link {
    href: String,
    title: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    hreflang: &'static [&'static str],
}

/// The links of a label.
pub(crate) fn of_label(origin: &Origin, label: &str, verdict: &Verdict) -> Linkset {
    let prefix = origin.url_prefix();
    let query = encode(label.as_bytes(), Place::Query);
    let mut certification = vec![link(format!("{prefix}/v1/verify?label={query}"), "Verdict about this label", JSON)];
    let mut description = String::from("A label that this registry cannot vouch for");
    if let Some(facts) = &verdict.attestation {
        description = format!("{}, lot {}", facts.product, facts.lot);
        certification.extend(of_attestation(&prefix, facts.index));
    }
    let page = Link { hreflang: &["en"], ..link(label.to_owned(), "What this label is worth", HTML) };
    linkset(label.to_owned(), description, page, certification)
}

/// The links of a product or lot.
pub(crate) fn of_product(origin: &Origin, path: &str, description: &str, found: &[Found]) -> Linkset {
    let prefix = origin.url_prefix();
    let anchor = format!("{prefix}{path}");
    let certification = found.iter().flat_map(|found| of_attestation(&prefix, found.index)).collect();
    let page = Link { hreflang: &["en"], ..link(anchor.clone(), "Attestations in the registry's log", HTML) };
    linkset(anchor, description.to_owned(), page, certification)
}

const JSON: &str = "application/json";
const HTML: &str = "text/html";

fn of_attestation(prefix: &str, index: u64) -> [Link; 2] {
    [
        link(format!("{prefix}/v1/statements/{index}"), "The signed attestation, with proof of its log entry", JSON),
        link(format!("{prefix}/v1/attestations/{index}/evidence"), "All that decides about the attestation", JSON),
    ]
}

fn link(href: String, title: &str, media_type: &'static str) -> Link {
    Link { href, title: title.to_owned(), r#type: media_type, hreflang: &[] }
}

fn linkset(anchor: String, item_description: String, page: Link, certification: Vec<Link>) -> Linkset {
    let mut links = BTreeMap::from([(DEFAULT_LINK, vec![page])]);
    if !certification.is_empty() {
        links.insert(CERTIFICATION_INFO, certification);
    }
    Linkset { linkset: [Context { anchor, item_description, links }] }
}
