//! Reporting a concern: the form, the receipt, and what became of a report.

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use zeroize::Zeroizing;

use super::{Frame, Script, render};
use crate::assets::{AGE, CONCERN};
use crate::handlers::reports::Typed;
use crate::http::response::NO_STORE;
use crate::problem::Problem;
use crate::reports::{ReportForm, Sealer, Stage, Taken};
use crate::texts::Text as T;

/// What one can have seen, by its code.
const KINDS: [(&str, T); 4] = [
    ("child", T::ReportKindChild),
    ("copied", T::ReportKindCopied),
    ("wrong", T::ReportKindWrong),
    ("other", T::ReportKindOther),
];

#[derive(Template)]
#[template(path = "report.html")]
struct Form<'a> {
    frame: &'a Frame,
    form: &'a ReportForm,
    typed: &'a Typed,
    recipients: String,
    /// Why it was not taken.
    refused: Option<T>,
    script: &'static str,
    age: &'static str,
}

#[derive(Template)]
#[template(path = "report_taken.html")]
struct Received<'a> {
    frame: &'a Frame,
    by: T,
    receipt: Zeroizing<String>,
}

#[derive(Template)]
#[template(path = "report_status.html")]
struct Status<'a> {
    frame: &'a Frame,
    answer: Option<T>,
}

/// The form; with what was typed and why it was not taken, where it comes back.
pub(crate) fn report_form(
    frame: &Frame,
    form: &ReportForm,
    typed: &Typed,
    problem: Option<&Problem>,
) -> Response<Body> {
    let page = Form {
        frame,
        form,
        typed,
        recipients: form.recipients.join(" "),
        refused: problem.map(refusal),
        script: CONCERN.path(),
        age: AGE.path(),
    };
    render(frame, Script::Own, NO_STORE, &page)
}

/// It is kept: the receipt.
pub(crate) fn report_taken(frame: &Frame, taken: &Taken) -> Response<Body> {
    let by = match taken.by {
        Sealer::Device => T::ReportByDevice,
        Sealer::Server => T::ReportByServer,
    };
    render(frame, Script::None, NO_STORE, &Received { frame, by, receipt: Zeroizing::new(taken.receipt.grouped()) })
}

/// What became of a report: the question, and the answer where a code was given. `Some(None)`: there is none of this code.
pub(crate) fn report_status(frame: &Frame, found: Option<Option<Stage>>) -> Response<Body> {
    let answer = found.map(|stage| match stage {
        None => T::ReportStatusUnknown,
        Some(Stage::Received) => T::ReportStatusReceived,
        Some(Stage::Read) => T::ReportStatusRead,
        Some(Stage::InProgress) => T::ReportStatusInProgress,
        Some(Stage::Closed) => T::ReportStatusClosed,
    });
    render(frame, Script::None, NO_STORE, &Status { frame, answer })
}

/// Why a report was not taken, for the sender.
fn refusal(problem: &Problem) -> T {
    match problem.code {
        "form_too_fast" | "form_too_old" | "form_unknown" | "form_used" => T::ReportTooFast,
        "reports_busy" | "reports_full" => T::ReportFull,
        "report_text_missing" => T::ReportMissing,
        "report_too_long" => T::ReportTooLong,
        _ => T::ProblemTitle,
    }
}
