//! A page to keep: one file that checks labels without a network, from a disk or a stick.
//!
//! It carries its script, its style and the registry's keys as they were when it was saved.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use axum::http::header::{self, HeaderValue};
use primitives::{Hash, Timestamp};
use verify::TrustedRegistry;

use super::{Frame, Script, render};
use crate::http::response::{MINUTES, With as _};
use crate::texts::Text as T;

const SCRIPT: &str = include_str!("../../web/dist/offline.js");

/// What the page allows itself, wherever it is opened: its own script and style, pictures that are picked, and no network at all.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let (styles, script) = (super::style_hashes(), Hash::of(SCRIPT.as_bytes()).to_base64());
    format!(
        "default-src 'none'; style-src {styles}; script-src 'sha256-{script}'; img-src blob: data:; base-uri 'none'; \
        form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
});

#[derive(Template)]
#[template(path = "offline.html")]
struct Page<'a> {
    frame: &'a Frame,
    policy: &'a str,
    intro: String,
    trust: String,
}

/// The page, to be saved on this day.
pub(crate) fn offline(frame: &Frame, registry: &TrustedRegistry, at: Timestamp) -> Response<Body> {
    let t = frame.t;
    let origin = registry.policy.origin.as_str();
    let intro = [("origin", origin.into()), ("date", t.day(&at.day().to_string()).into())];
    let trust = crate::trust::document(registry).to_string();
    let page = Page { frame, policy: &POLICY, intro: t.with(T::OfflineIntro, &intro), trust };
    render(frame, Script::None, MINUTES, &page)
        .header(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&POLICY).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        )
        .header(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"verify.html\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_can_stand_in_a_page() {
        assert!(!SCRIPT.to_lowercase().contains("</script") && !SCRIPT.contains("<!--"));
        assert!(POLICY.contains("script-src 'sha256-") && !POLICY.contains("connect-src"));
    }
}
