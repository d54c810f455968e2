//! A failure, for a browser.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::{Frame, Script, render};
use crate::http::response::{NO_STORE, With};
use crate::problem::Problem;
use crate::texts::Text as T;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    frame: &'a Frame,
    what: T,
    /// English, for whoever is asked for help.
    detail: String,
    status: u16,
    code: &'a str,
}

/// The page of a failure.
pub(crate) fn problem(frame: &Frame, problem: &Problem) -> Response<Body> {
    let what = match problem.status {
        _ if problem.code == "reports_closed" => T::ReportClosed,
        StatusCode::NOT_FOUND => T::ProblemNotFound,
        StatusCode::PAYLOAD_TOO_LARGE => T::ProblemTooLarge,
        status if status.is_client_error() => T::ProblemBadRequest,
        _ => T::ProblemBusy,
    };
    let page =
        Page { frame, what, detail: capital(&problem.detail), status: problem.status.as_u16(), code: problem.code };
    render(frame, Script::None, NO_STORE, &page).status(problem.status)
}

/// A sentence as it stands alone.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
