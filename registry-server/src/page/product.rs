//! What the registry knows of a product or lot that was asked for without a label.

use askama::Template;
use axum::body::Body;
use axum::http::Response;

use super::{Frame, Script, render, words};
use crate::http::response::NO_STORE;
use crate::lookup::Found;
use crate::texts::Text as T;

#[derive(Template)]
#[template(path = "product.html")]
struct Page<'a> {
    frame: &'a Frame,
    product: &'a str,
    lots: Vec<Lot<'a>>,
}

/// One attestation.
struct Lot<'a> {
    found: &'a Found,
    period: String,
    entry: String,
    /// Why it does not count.
    reasons: Vec<T>,
}

/// The page of a product; `product` is its name and lot, or its numbers.
pub(crate) fn product<'a>(frame: &'a Frame, product: &'a str, found: &'a [Found]) -> Response<Body> {
    let t = frame.t;
    let lot = |found: &'a Found| {
        let Found { index, attestation, reasons, .. } = found;
        let period = attestation.as_ref().map_or_else(String::new, |facts| {
            let (first, last) = (t.day(&facts.first_day), t.day(&facts.last_day));
            t.with(T::AttestedPeriod, &[("from", first.into()), ("until", last.into())])
        });
        let reasons = reasons.iter().map(words::reason).collect();
        Lot { found, period, entry: t.with(T::ProofEntry, &[("index", index.to_string().into())]), reasons }
    };
    render(frame, Script::None, NO_STORE, &Page { frame, product, lots: found.iter().map(lot).collect() })
}
