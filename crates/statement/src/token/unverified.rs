//! Many statements at once: each is read while its bytes are at hand, then all signatures are verified together.

use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::batch::{self, Signed};
use primitives::{AccreditableKey, Signature};

use super::{Headers, Statement, Token};
use crate::{Authentic, Error};

/// A statement that was read under a key, and whose signature is not verified yet: nothing of it can be had before it is.
///
/// `T` is what its reader keeps of it.
#[derive(Debug)]
pub struct Unverified<'a, T> {
    signed: &'a [u8],
    signature: Signature,
    key: Arc<AccreditableKey>,
    read: Result<T, Error>,
}

impl<'a> Token<'a> {
    /// Reads the payload, for [`Unverified::verify`], which gives what `keep` makes of it. `headers` are those of
    /// [`Token::parse_among`], or any.
    ///
    /// # Errors
    /// What [`Token::open`] refuses before it looks at the signature.
    pub fn unverified<T>(
        self,
        key: &Arc<AccreditableKey>,
        headers: &mut Headers,
        keep: impl FnOnce(Authentic<Statement>) -> T,
    ) -> Result<Unverified<'a, T>, Error> {
        let thumbprint = key.thumbprint();
        self.check_name(&thumbprint)?;
        let read = self.read(&thumbprint).map(|statement| keep(self.authentic(statement, ***key)));
        headers.room = self.document.into_room();
        Ok(Unverified { signed: self.signed, signature: self.signature, key: Arc::clone(key), read })
    }
}

impl<T> Unverified<'_, T> {
    /// Verifies the signatures in a batch; the answers stand in the order of the questions, and each is the one that
    /// [`Token::open`] gives. How likely that is, and what it costs: [`batch`], which says what `seed` has to be.
    pub fn verify(all: Vec<Self>, seed: &[u8; 32]) -> Vec<Result<T, Error>> {
        let questions = all.iter().map(|one| Signed { key: &one.key, message: one.signed, signature: &one.signature });
        let verdicts = batch::verify(&questions.collect::<Vec<_>>(), seed);
        let judged = all.into_iter().zip(verdicts);
        judged.map(|(one, verdict)| verdict.map_err(|_| Error::BadSignature).and(one.read)).collect()
    }
}
