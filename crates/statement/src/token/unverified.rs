//! Many statements at once: each is read while its bytes are at hand, then all signatures are verified together.

use alloc::boxed::Box;
use alloc::vec::Vec;

use primitives::batch::{self, Signed};
use primitives::{AccreditableKey, Signature};

use super::{Headers, Statement, Token};
use crate::{Authentic, Error};

/// A statement that was read under a key, and whose signature is not verified yet: nothing of it can be had before it is.
#[derive(Debug)]
pub struct Unverified<'a> {
    signed: &'a [u8],
    signature: Signature,
    key: AccreditableKey,
    read: Result<Box<Authentic<Statement>>, Error>,
}

impl<'a> Token<'a> {
    /// Reads the payload, for [`Unverified::verify`]. `headers` are those of [`Token::parse_among`], or any.
    ///
    /// # Errors
    /// What [`Token::open`] refuses before it looks at the signature.
    pub fn unverified(self, key: &AccreditableKey, headers: &mut Headers) -> Result<Unverified<'a>, Error> {
        let thumbprint = key.thumbprint();
        self.check_name(&thumbprint)?;
        let read = self.read(&thumbprint).map(|statement| Box::new(self.authentic(statement, **key)));
        headers.room = self.document.into_room();
        Ok(Unverified { signed: self.signed, signature: self.signature, key: *key, read })
    }
}

impl Unverified<'_> {
    /// Verifies the signatures in a batch; the answers stand in the order of the questions, and each is the one that
    /// [`Token::open`] gives. How likely that is, and what it costs: [`batch`], which says what `seed` has to be.
    pub fn verify(all: Vec<Self>, seed: &[u8; 32]) -> Vec<Result<Box<Authentic<Statement>>, Error>> {
        let questions = all.iter().map(|one| Signed { key: &one.key, message: one.signed, signature: &one.signature });
        let verdicts = batch::verify(&questions.collect::<Vec<_>>(), seed);
        let judged = all.into_iter().zip(verdicts);
        judged.map(|(one, verdict)| verdict.map_err(|_| Error::BadSignature).and(one.read)).collect()
    }
}
