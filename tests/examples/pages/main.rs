//! A real registry with a page of each kind, for a browser to look at. Prints where they are, as one line of JSON, and serves
//! until its standard input closes.
//!
//! ```text
//! { "url": …, "origin": …,
//!   "pages": [{ "name", "path", "outcome": null | "verified" | …, "hostile": bool, "shows": [text] }],
//!   "short": { "code", "product" },
//!   "corpus": [{ "name", "field", "text", "mayStand": bool, "refused": null | code }] }
//! ```
//! `shows` are texts that the page must show as they are. `corpus` says what became of each hostile text in each field of a
//! statement: what the registry refuses needs no page.

mod cast;
mod hostile;
mod outcomes;
mod site;

use std::io::{Read as _, Write as _};

use site::Site;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = Site::start(folder.path());
    let mut pages = outcomes::guides();
    let (short, of_outcomes) = outcomes::pages(&site);
    let (corpus, of_hostile) = hostile::pages(&site);
    pages.extend(of_outcomes);
    pages.extend(of_hostile);
    let world = serde_json::json!({
        "url": site.server.url(), "origin": site.server.origin(), "pages": pages, "short": short, "corpus": corpus,
    });
    let mut out = std::io::stdout();
    writeln!(out, "{world}").and_then(|()| out.flush()).expect("somebody reads");
    // Whoever started this holds the other end; when it is gone, however it went, so is the registry.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
