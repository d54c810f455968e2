//! Requests with limits: an endless, slow or redirecting answer ends in an error, not in a hanging program.

use std::io::Read as _;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Error, NO_CODE, Refused};

/// Time to connect.
const CONNECT: Duration = Duration::from_secs(5);
/// Time for one request and its answer in all.
const WHOLE: Duration = Duration::from_secs(30);
/// Largest JSON answer: evidence of an attestation with 500 entries of 48 KiB fits.
const JSON_LIMIT: u64 = 32 << 20;
/// Largest tile, entry bundle or checkpoint: 256 entries of 64 KiB.
pub(crate) const TILE_LIMIT: u64 = 256 * (65_536 + 2);
/// Longest sentence of a refusal that is shown.
const DETAIL_LIMIT: usize = 400;

/// A connection pool for one registry.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    agent: ureq::Agent,
    base: String,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    code: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    index: Option<u64>,
}

impl Http {
    pub(crate) fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent("ethical-label/1")
            .build();
        Self { agent: config.into(), base: base.to_owned() }
    }

    pub(crate) fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let body = self.get(path, "application/json", JSON_LIMIT)?;
        self.read_json(path, &body)
    }

    pub(crate) fn get(&self, path: &str, accept: &str, limit: u64) -> Result<Vec<u8>, Error> {
        let url = self.url(path);
        let answer = self.agent.get(&url).header("Accept", accept).call();
        Ok(self.read(path, answer, limit)?.1)
    }

    /// Reads into a buffer that is used again and again; gives how many of its bytes are the answer. What it held is written over.
    pub(crate) fn get_into(
        &self,
        path: &str,
        accept: &str,
        limit: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<usize, Error> {
        /// Room for a full bundle of statements of ordinary length; what of it is not written to costs nothing.
        const LEAST: usize = 1 << 20;
        let url = self.url(path);
        let network = |why: String| Error::Network { url: url.clone(), why };
        let answer = self.agent.get(&url).header("Accept", accept).call();
        let mut answer = match answer {
            Ok(answer) if answer.status().as_u16() == 200 => answer,
            // Refusals are short.
            answer => {
                return self.read(path, answer, limit as u64).map(|(_, bytes)| {
                    *buffer = bytes;
                    buffer.len()
                });
            }
        };
        // The limit is kept here: a byte more than it tells an answer of that size from an endless one.
        let mut body = answer.body_mut().with_config().limit(u64::MAX).reader();
        let mut length = 0;
        while length <= limit {
            if buffer.is_empty() {
                *buffer = vec![0; LEAST.min(limit + 1)];
            } else if length == buffer.len() {
                buffer.resize((2 * length).min(limit + 1), 0);
            }
            match body.read(buffer.get_mut(length..).unwrap_or_default()) {
                Ok(0) => return Ok(length),
                Ok(read) => length += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(network(error.to_string())),
            }
        }
        Err(Error::Answer { url, why: format!("more than {limit} bytes") })
    }

    /// A range of what is at a path, at most `length` bytes from `start` on; at least one.
    pub(crate) fn get_range(&self, path: &str, start: u64, length: u64) -> Result<Vec<u8>, Error> {
        let url = self.url(path);
        let range = format!("bytes={start}-{}", start + length - 1);
        let answer = self.agent.get(&url).header("Accept", "application/octet-stream").header("Range", range).call();
        let why = match self.read(path, answer, length)? {
            (206, bytes) if !bytes.is_empty() => return Ok(bytes),
            (206, _) => "an empty range",
            _ => "the whole where a range was asked for",
        };
        Err(Error::Answer { url, why: why.into() })
    }

    /// Posts a body; gives status and JSON answer.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        media_type: &str,
        body: &[u8],
    ) -> Result<(u16, T), Error> {
        let url = self.url(path);
        let request = self.agent.post(&url).header("Content-Type", media_type).header("Accept", "application/json");
        let (status, body) = self.read(path, request.send(body), JSON_LIMIT)?;
        Ok((status, self.read_json(path, &body)?))
    }

    /// Posts a body; gives the answer as it came, at most `limit` bytes.
    pub(crate) fn post_for_bytes(
        &self,
        path: &str,
        media_type: &str,
        body: &[u8],
        limit: u64,
    ) -> Result<Vec<u8>, Error> {
        let request = self.agent.post(self.url(path)).header("Content-Type", media_type);
        Ok(self.read(path, request.header("Accept", "application/octet-stream").send(body), limit)?.1)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn read_json<T: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(body).map_err(|error| Error::Answer { url: self.url(path), why: error.to_string() })
    }

    fn read(
        &self,
        path: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
        limit: u64,
    ) -> Result<(u16, Vec<u8>), Error> {
        let network = |error: ureq::Error| Error::Network { url: self.url(path), why: error.to_string() };
        let mut answer = answer.map_err(network)?;
        let status = answer.status().as_u16();
        // One byte more than the limit tells an answer of exactly that size from an endless one.
        let body = answer.body_mut().with_config().limit(limit + 1).read_to_vec();
        let body = match body {
            Ok(body) if body.len() as u64 <= limit => body,
            Ok(_) | Err(ureq::Error::BodyExceedsLimit(_)) => {
                return Err(Error::Answer { url: self.url(path), why: format!("more than {limit} bytes") });
            }
            Err(error) => return Err(network(error)),
        };
        match status {
            200 | 201 | 206 => Ok((status, body)),
            300..400 => Err(Error::Answer { url: self.url(path), why: "a redirect, which is not followed".into() }),
            _ => Err(refusal(status, &body).into()),
        }
    }
}

fn refusal(status: u16, body: &[u8]) -> Refused {
    let problem: Option<Problem> = serde_json::from_slice(body).ok();
    let clean = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(DETAIL_LIMIT).collect() };
    match problem {
        Some(Problem { code, title, detail, index }) if !code.is_empty() => {
            let detail = if detail.is_empty() { title } else { detail };
            Refused { status, code: clean(&code), detail: clean(&detail), index }
        }
        Some(_) | None => {
            let (code, detail) = (NO_CODE.into(), "the answer is a bare refusal, which no registry gives".into());
            Refused { status, code, detail, index: None }
        }
    }
}
