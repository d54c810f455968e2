//! Request bodies: read whole, within a bound on bytes and on time.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{self, HeaderMap};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::problem::Problem;

/// The whole body.
///
/// A `content-length` over the bound is refused before a byte is read; a body without one is cut off where it passes it.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize, time: Duration) -> Result<Bytes, Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return Err(Problem::body_too_large(limit));
    }
    timeout(time, collect(body, limit)).await.map_err(|_| Problem::slow_body())?
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Problem::broken_body())?.into_data() else { continue };
        if first.len() + more.len() + data.len() > limit {
            return Err(Problem::body_too_large(limit));
        }
        // Most bodies arrive in one piece, which is then passed on without a copy.
        if first.is_empty() && more.is_empty() {
            first = data;
        } else {
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&data);
        }
    }
    Ok(if more.is_empty() { first } else { more.freeze() })
}

/// The media type of the body, without its parameters; empty where there is none, where there are two, and where the body is
/// coded (RFC 9110 §8.4): what is read here is read as it was sent.
pub(crate) fn media_type(headers: &HeaderMap) -> &str {
    let mut fields = headers.get_all(header::CONTENT_TYPE).iter();
    match (fields.next(), fields.next()) {
        (Some(field), None) if !headers.contains_key(header::CONTENT_ENCODING) => {
            field.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim()
        }
        (Some(_) | None, _) => "",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;

    use super::*;

    /// A body in pieces, which ends or hangs after the last one.
    struct Pieces {
        left: VecDeque<&'static str>,
        hangs: bool,
    }

    impl hyper::body::Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.left.pop_front() {
                Some(piece) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece.as_bytes()))))),
                None if self.hangs => Poll::Pending,
                None => Poll::Ready(None),
            }
        }
    }

    fn pieces(left: &[&'static str], hangs: bool) -> Body {
        Body::new(Pieces { left: left.iter().copied().collect(), hangs })
    }

    #[tokio::test]
    async fn the_pieces_of_a_body_make_the_whole() {
        for (parts, whole) in [(&[][..], ""), (&["abc"], "abc"), (&["", "a", "", "bc", "d"], "abcd")] {
            let read = read(&HeaderMap::new(), pieces(parts, false), 4, Duration::MAX).await.unwrap();
            assert_eq!(read, whole);
        }
    }

    #[tokio::test]
    async fn a_body_is_cut_off_where_it_passes_the_bound() {
        let problem = read(&HeaderMap::new(), pieces(&["abc", "de"], true), 4, Duration::MAX).await.unwrap_err();
        assert_eq!(problem.code, "body_too_large");
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, "5".parse().unwrap());
        let problem = read(&headers, pieces(&[], true), 4, Duration::MAX).await.unwrap_err();
        assert_eq!(problem.code, "body_too_large");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_is_given_up() {
        let problem = read(&HeaderMap::new(), pieces(&["a"], true), 4, Duration::from_secs(10)).await.unwrap_err();
        assert_eq!(problem.code, "slow_body");
    }

    #[test]
    fn parameters_are_no_part_of_the_media_type() {
        let mut headers = HeaderMap::new();
        assert_eq!(media_type(&headers), "");
        headers.insert(header::CONTENT_TYPE, "text/plain ; charset=utf-8".parse().unwrap());
        assert_eq!(media_type(&headers), "text/plain");
    }
}
