//! What answers the routes: take apart, make one call down, answer.

pub(crate) mod assets;
pub(crate) mod attestations;
pub(crate) mod certifiers;
pub(crate) mod checkpoints;
pub(crate) mod clearances;
pub(crate) mod code;
pub(crate) mod documents;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod label_url;
pub(crate) mod log;
pub(crate) mod product_url;
pub(crate) mod receipts;
pub(crate) mod reports;
pub(crate) mod snapshots;
pub(crate) mod statements;
pub(crate) mod status_lists;
pub(crate) mod verify;
pub(crate) mod witness;

use crate::problem::Problem;

/// The number at this place of the path, read from the path as it was sent: one spelling only.
fn index_in(path: &str, place: usize) -> Result<u64, Problem> {
    let text = path.split('/').nth(place).unwrap_or_default();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain).ok_or_else(Problem::bad_index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_has_one_spelling() {
        assert_eq!(index_in("/v1/statements/0", 3), Ok(0));
        assert_eq!(index_in("/v1/attestations/18446744073709551615/evidence", 3), Ok(u64::MAX));
        for text in ["", "00", "01", "+1", "-1", "1e3", "0x1", "%31", "18446744073709551616", "1 "] {
            let problem = index_in(&format!("/v1/statements/{text}"), 3).unwrap_err();
            assert_eq!(problem.code, "bad_index", "{text:?}");
        }
    }
}
