//! Reports: which accreditor may ask for those to it. The law knows nothing else of them: none is ever logged.

use statement::{Authentic, Statement};

use super::{Moment, accreditor};
use crate::refusal::Refusal;
use crate::state::State;

impl State {
    /// Whether this statement, which is not to be logged, comes from an accreditor of the policy, with a key that may sign the next
    /// entry, for this registry. One key is enough, whatever the threshold: what is asked for is encrypted to a key of its own.
    ///
    /// # Errors
    /// [`Refusal`], the first rule broken.
    pub fn check_accreditor(&self, statement: &Authentic<Statement>) -> Result<(), Refusal> {
        let (found, expected) = (statement.registry(), &self.policy().origin);
        if found != expected {
            return Err(Refusal::WrongRegistry { found: found.clone(), expected: expected.clone() });
        }
        let next = Moment { index: u32::try_from(self.size).unwrap_or(u32::MAX), received_at: self.clock };
        let found = accreditor(self, next, statement.issuer(), statement.key())?;
        found.map(drop).ok_or_else(|| Refusal::NotAnAccreditor(statement.issuer().clone()))
    }
}
