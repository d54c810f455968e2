//! Verdicts: about one label, or up to a thousand.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;
use verify::{Outcome, Verdict};

use crate::answers::Style;
use crate::app::App;
use crate::http::body;
use crate::http::negotiation::{Form, preferred};
use crate::http::query::parameters;
use crate::http::response::{self, JSON, LINKSET, NO_STORE, With};
use crate::limits::{BATCH_BYTES, BATCH_LABELS};
use crate::linkset;
use crate::page::{self, Frame};
use crate::problem::{Problem, ProblemBody};

/// How many of a batch came out how.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct Summary {
    labels: usize,
    verified: usize,
    caution: usize,
    refused: usize,
    undecided: usize,
}

#[derive(Serialize)]
struct BatchBody<'a> {
    summary: Summary,
    verdicts: &'a [Verdict],
}

/// Judge one label.
#[utoipa::path(get, path = "/v1/verify", tag = "verify",
    params(("label" = String, Query, description = "The text of the label's code")),
    responses(
        (status = 200, description = "The verdict, good or bad", content(
            (ref("#/components/schemas/Verdict") = "application/json"),
            (str = "text/html"),
        )),
        (status = 400, description = "No parameter `label`, or two", body = ProblemBody, content_type = "application/problem+json"),
        (status = 406, description = "None of these", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn one(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let [label] = parameters(request.uri().query(), ["label"])?;
    let label = label.ok_or_else(|| Problem::bad_query("there is no parameter label"))?;
    let form = preferred(request.headers(), &[Form::Json, Form::Html]).ok_or_else(Problem::not_acceptable)?;
    let (label, headers, uri) = (label.trim(), request.headers(), request.uri());
    verdict(&app, label, form, || Frame::of(headers, uri).keeping(&[("label", label)])).await
}

/// The verdict about a label in one of its forms. `frame` is that of a page: programs have no language to be negotiated.
pub(crate) async fn verdict(
    app: &App,
    label: &str,
    form: Form,
    frame: impl FnOnce() -> Frame,
) -> Result<Response, Problem> {
    let style = Style::for_programs(form);
    Ok(match form {
        Form::Html => {
            let frame = &frame();
            let style = Style {
                form,
                language: Some(frame.t.language),
                is_chosen: !frame.lang.is_empty(),
                is_query: !frame.query.is_empty(),
            };
            let render = |verdict: &Verdict, published: &_| {
                page::verdict::render(frame, label, verdict, published, app.cosigned_or(published).as_deref())
            };
            page::verdict::answer(frame, app.answer(label, style, render).await?)
        }
        Form::Json => {
            let body = app.answer(label, style, |verdict, _| json(verdict)).await?;
            response::bytes(JSON, NO_STORE, body).varies_by_accept()
        }
        Form::Linkset => {
            let linkset = |verdict: &Verdict, _: &_| json(&linkset::of_label(&app.origin, label, verdict));
            response::bytes(LINKSET, NO_STORE, app.answer(label, style, linkset).await?)
                .for_any_site()
                .varies_by_accept()
        }
    })
}

fn json(value: &impl Serialize) -> Result<Bytes, Problem> {
    response::json_bytes(value).map(Bytes::from)
}

/// Judge up to 1,000 labels, each for itself.
#[utoipa::path(post, path = "/v1/verify", tag = "verify",
    request_body(description = "At most 1,000 labels: an array of strings, or one a line", content(
        (Vec<String> = "application/json"),
        (str = "text/plain"),
    )),
    responses(
        (status = 200, description = "A verdict for each label, in order", body = ref("#/components/schemas/Verdicts"), content_type = "application/json"),
        (status = 400, description = "No labels", body = ProblemBody, content_type = "application/problem+json"),
        (status = 406, description = "Not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "More than 1,000 labels, or 512 KiB", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Too many batches in work", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(crate) async fn many(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (head, body) = request.into_parts();
    let form = BatchForm::of(body::media_type(&head.headers))?;
    preferred(&head.headers, &[Form::Json]).ok_or_else(Problem::not_acceptable)?;
    let body = body::read(&head.headers, body, BATCH_BYTES, app.limits.body_time).await?;
    let labels = form.labels(&body)?;
    // Once it is all there: whoever sends slowly must not keep the others from being judged.
    let _room = app.batches.try_acquire().map_err(|_| Problem::overloaded())?;
    let mut verdicts = Vec::with_capacity(labels.len());
    let mut summary = Summary { labels: labels.len(), ..Summary::default() };
    for label in &labels {
        let verdict = app.judge(label.trim()).await;
        summary.add(verdict.outcome);
        verdicts.push(verdict);
        // A label may cost a signature check: let other requests come in between.
        tokio::task::yield_now().await;
    }
    response::json(&BatchBody { summary, verdicts: &verdicts })
}

impl Summary {
    const fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Verified => self.verified += 1,
            Outcome::Caution => self.caution += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Undecided => self.undecided += 1,
        }
    }
}

/// The form of a batch.
#[derive(Clone, Copy)]
enum BatchForm {
    Json,
    Lines,
}

impl BatchForm {
    fn of(media_type: &str) -> Result<Self, Problem> {
        let is = |name: &str| media_type.eq_ignore_ascii_case(name);
        match () {
            () if is("application/json") => Ok(Self::Json),
            () if is("text/plain") => Ok(Self::Lines),
            () => Err(Problem::unsupported_media_type("application/json or text/plain")),
        }
    }

    fn labels(self, body: &[u8]) -> Result<Vec<String>, Problem> {
        // What Windows puts before a text.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let labels: Vec<String> = match self {
            Self::Json => serde_json::from_slice(body)
                .map_err(|_| Problem::bad_batch("the body is not a JSON array of strings"))?,
            Self::Lines => {
                let text = std::str::from_utf8(body).map_err(|_| Problem::bad_batch("the body is not UTF-8"))?;
                text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
            }
        };
        match labels.len() {
            0 => Err(Problem::bad_batch("the batch is empty")),
            1..=BATCH_LABELS => Ok(labels),
            _ => Err(Problem::too_many_labels(BATCH_LABELS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(media_type: &'static str, body: &[u8]) -> Result<Vec<String>, &'static str> {
        BatchForm::of(media_type).and_then(|form| form.labels(body)).map_err(|problem| problem.code)
    }

    #[test]
    fn a_batch_is_an_array_or_lines() {
        assert_eq!(read("application/json", br#"["a","b"]"#), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(read("text/plain", b"a\r\n\n b\n"), Ok(vec!["a".into(), " b".into()]));
        assert_eq!(read("Text/Plain", b"\xef\xbb\xbfa"), Ok(vec!["a".into()]));
    }

    #[test]
    fn other_bodies_are_refused_with_their_reason() {
        let deep = "[".repeat(10_000);
        let many = format!("[{}\"\"]", "\"\",".repeat(BATCH_LABELS));
        for (media_type, body, code) in [
            ("application/json", "", "bad_batch"),
            ("application/json", "[]", "bad_batch"),
            ("application/json", r#"["a",1]"#, "bad_batch"),
            ("application/json", r#"{"labels":[]}"#, "bad_batch"),
            ("application/json", r#"["a"]["b"]"#, "bad_batch"),
            ("application/json", deep.as_str(), "bad_batch"),
            ("application/json", many.as_str(), "too_many_labels"),
            ("text/plain", " \n\r\n", "bad_batch"),
            ("application/x-www-form-urlencoded", "label=a", "unsupported_media_type"),
            ("", "a", "unsupported_media_type"),
        ] {
            assert_eq!(read(media_type, body.as_bytes()), Err(code), "{media_type} {}", &body[..body.len().min(20)]);
        }
        assert_eq!(read("text/plain", b"\xff"), Err("bad_batch"));
    }
}
