//! What went wrong, and what caused it, in one line.
//!
//! Some errors say their cause themselves, and others leave that to whoever shows them; either way a cause is told once.

use std::error::Error;

/// The error and its causes, each after a colon, but for those that are told already.
pub(crate) fn told(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_error::FollowError;
    use crate::log_source::SourceError;

    #[test]
    fn each_cause_is_told_once() {
        let bundle = tlog::Bundle::decode(b"x", 1).unwrap_err();
        let damaged = || SourceError::Bundle { place: "tile/entries/000".into(), source: bundle };
        let expected = format!("tile/entries/000 is no entry bundle: {bundle}");
        assert_eq!(told(&FollowError::from(damaged())), expected);
        let within = anyhow::Error::from(damaged()).context("the mirror").context("restore");
        assert_eq!(told(within.as_ref()), format!("restore: the mirror: {expected}"));
        let io = FollowError::Io { file: "data/x".into(), source: std::io::Error::other("no room") };
        assert_eq!(told(&io), "data/x: no room");
    }
}
