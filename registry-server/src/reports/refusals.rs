//! Why a report, or a request for reports, is not taken. Nothing that was reported is in any of these words.

use axum::http::StatusCode;
use concern::{ConcernError, SealedError};

use super::form_token::TokenFault;
use super::kept::UpdateFault;
use crate::problem::Problem;

impl Problem {
    pub(crate) fn reports_closed() -> Self {
        let detail = "this registry takes no reports: its accreditor has published no key for them";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "reports_closed", detail)
    }

    pub(crate) fn reports_busy() -> Self {
        let detail = "more reports are coming in than the registry takes in a minute; nothing was kept";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "reports_busy", detail);
        Self { retry_after: Some(60), ..problem }
    }

    pub(crate) fn reports_full() -> Self {
        let detail = "the registry keeps as many reports as it can; nothing was kept";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "reports_full", detail);
        Self { retry_after: Some(3600), ..problem }
    }

    pub(crate) fn bad_form(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_form", detail)
    }

    pub(crate) fn bad_cursor() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_cursor", "`after` is not the `next` of a page")
    }

    pub(crate) fn bad_sealed(error: SealedError) -> Self {
        let status = match error {
            SealedError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            SealedError::Armor(_)
            | SealedError::Version
            | SealedError::Header
            | SealedError::Recipients
            | SealedError::Count { .. }
            | SealedError::Padding => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, "bad_sealed_report", error.to_string())
    }

    pub(crate) fn bad_concern(error: ConcernError) -> Self {
        let (status, code) = match error {
            ConcernError::NoText => (StatusCode::UNPROCESSABLE_ENTITY, "report_text_missing"),
            ConcernError::TooLong { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "report_too_long"),
            ConcernError::Kind | ConcernError::Form | ConcernError::Version(_) => (StatusCode::BAD_REQUEST, "bad_form"),
        };
        Self::new(status, code, error.to_string())
    }

    pub(super) fn form_token(fault: TokenFault) -> Self {
        let (status, code, detail) = match fault {
            TokenFault::Unknown => (StatusCode::FORBIDDEN, "form_unknown", "the form was not made by this server"),
            TokenFault::TooFast => {
                (StatusCode::FORBIDDEN, "form_too_fast", "the form was sent faster than anybody writes")
            }
            TokenFault::TooOld => (StatusCode::FORBIDDEN, "form_too_old", "the form was made too long ago"),
            TokenFault::Used => (StatusCode::CONFLICT, "form_used", "the form was sent before"),
        };
        Self::new(status, code, detail)
    }

    pub(super) fn report_update(fault: UpdateFault) -> Self {
        match fault {
            UpdateFault::Unknown(id) => {
                let detail = format!("no report {id} is to this accreditor; nothing was noted");
                Self::new(StatusCode::NOT_FOUND, "unknown_report", detail)
            }
            UpdateFault::Closed(id) => {
                let detail = format!("report {id} was closed, and is erased; nothing was noted");
                Self::new(StatusCode::CONFLICT, "report_closed", detail)
            }
            UpdateFault::Private(error) => Self::unavailable(error),
        }
    }
}
