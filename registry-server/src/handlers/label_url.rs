//! The address in a label's code: what a phone's camera opens.
//!
//! The label is rebuilt from the host and the path as they were sent, undecoded: a decoded path is another text, and two
//! texts must never be one label.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::http::header::{self, HeaderMap};
use axum::response::Response;

use super::verify::verdict;
use crate::app::App;
use crate::http::negotiation::{Form, preferred};
use crate::http::query::parameters;
use crate::page::Frame;
use crate::problem::{Problem, ProblemBody};

macro_rules! label_route {
    ($(#[$doc:meta])+ $name:ident, $path:literal, $(($parameter:literal, $description:literal)),+) => {
        $(#[$doc])+
        #[utoipa::path(get, path = $path, tag = "label",
            params($(($parameter = String, Path, description = $description),)+
                ("linkType" = Option<String>, Query, description = "`linkset` for an RFC 9264 link set"),
                ("lang" = Option<String>, Query, description = "Language of the page, instead of `Accept-Language`")),
            responses(
                (status = 200, description = "The verdict, good or bad", content(
                    (str = "text/html"),
                    (ref("#/components/schemas/Verdict") = "application/json"),
                    (ref("#/components/schemas/Linkset") = "application/linkset+json"),
                )),
                (status = 400, description = "No host, or two", body = ProblemBody, content_type = "application/problem+json"),
                (status = 406, description = "None of these", body = ProblemBody, content_type = "application/problem+json"),
            ))]
        pub(crate) async fn $name(app: State<Arc<App>>, request: Request) -> Result<Response, Problem> {
            answer(app, request).await
        }
    };
}

label_route!(
    /// The verdict about a label with a GTIN.
    with_gtin, "/{blob}/01/{gtin}/10/{lot}/21/{serial}",
    ("blob", "The signed part"), ("gtin", "GTIN-14"), ("lot", "Lot"), ("serial", "Serial")
);
label_route!(
    /// The verdict about a label of a product without a GTIN.
    without_gtin, "/{blob}/10/{lot}/21/{serial}", ("blob", "The signed part"), ("lot", "Lot"), ("serial", "Serial")
);

async fn answer(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (headers, uri) = (request.headers(), request.uri());
    let form = form(headers, uri)?;
    let label = label(&app, headers, uri)?;
    verdict(&app, &label, form, || Frame::of(headers, uri)).await
}

/// The form that is asked for: by the GS1 parameter `linkType`, else by `Accept`.
pub(crate) fn form(headers: &HeaderMap, uri: &Uri) -> Result<Form, Problem> {
    // The query is no part of a label: what somebody hung on to the address, however it is written, spoils no label.
    let [link_type] = parameters(uri.query(), ["linkType"]).unwrap_or_default();
    // `all` is how the parameter was written before GS1 Digital Link 1.2. Other types lead to the default link: the page.
    if matches!(link_type.as_deref(), Some("linkset" | "all")) {
        return Ok(Form::Linkset);
    }
    preferred(headers, &[Form::Html, Form::Json, Form::Linkset]).ok_or_else(Problem::not_acceptable)
}

/// The label's text, as the phone read it.
///
/// Under another host than the origin it is a label of that host: the page must not call a look-alike's link genuine.
fn label(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<String, Problem> {
    let host = host(headers, uri)?.to_ascii_lowercase();
    let default_port = if app.behind_tls { ":443" } else { ":80" };
    if host.strip_suffix(default_port).unwrap_or(&host) == app.origin.as_str() {
        return Ok(format!("{}{}", app.origin.url_prefix(), uri.path()));
    }
    app.metrics.foreign_host.inc();
    Ok(format!("https://{host}{}", uri.path()))
}

/// The host that the client asked (RFC 9110 §7.2): of the request's target if it has one, else of the one field.
fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Result<&'a str, Problem> {
    if let Some(authority) = uri.authority() {
        return Ok(authority.as_str());
    }
    // Anything else in it could be taken for a part of the label's path.
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    let mut fields = headers.get_all(header::HOST).iter();
    match (fields.next(), fields.next()) {
        (Some(host), None) => {
            let host = host.to_str().ok().filter(|host| !host.is_empty() && host.bytes().all(is_host));
            host.ok_or_else(Problem::bad_host)
        }
        (Some(_), Some(_)) | (None, _) => Err(Problem::bad_host()),
    }
}
