//! Headers that were read before: a log of a million tokens has no more headers than keys.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use super::{Signed, header};
use crate::Error;
use crate::json::Room;

/// Headers that are kept; with one more, all are forgotten. Whoever makes the tokens decides how many there are.
const MOST: usize = 4_096;
/// Longest header that is kept, in bytes of base64url: longer than any that names a DID of ordinary length.
const LONGEST: usize = 512;

/// What headers say, by their bytes: equal bytes say the same; and the memory in which the last token was read. For [`Token::parse_among`](super::Token::parse_among).
#[derive(Debug, Clone, Default)]
pub struct Headers {
    read: BTreeMap<Box<[u8]>, Arc<Signed>>,
    /// Room of the last document that was done with.
    pub(super) room: Room,
}

impl Headers {
    pub(super) fn read(&mut self, part: &[u8]) -> Result<Arc<Signed>, Error> {
        if let Some(signed) = self.read.get(part) {
            return Ok(Arc::clone(signed));
        }
        let signed = header::read(part)?;
        if part.len() <= LONGEST {
            if self.read.len() == MOST {
                self.read.clear();
            }
            self.read.insert(part.into(), Arc::clone(&signed));
        }
        Ok(signed)
    }
}
