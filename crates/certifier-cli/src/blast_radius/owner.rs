//! Whose key it is.

use primitives::{PublicKey, Thumbprint};
use registry::{Accreditor, AccreditorKey, KeyRecord, Party, State};

/// A key's owner, with what the log or the trust file says of the key.
pub(super) enum Owner<'s> {
    /// A certifier, customs office or auditor.
    Party { party: &'s Party, key: &'s KeyRecord },
    /// An accreditor of the trust file.
    Accreditor { accreditor: &'s Accreditor, key: &'s AccreditorKey },
}

impl<'s> Owner<'s> {
    /// `None` where nobody has it.
    pub(super) fn of(state: &'s State, name: &Thumbprint) -> Option<Self> {
        let accreditors = state.policy().accreditors.iter();
        let mut listed =
            accreditors.flat_map(|accreditor| accreditor.keys.iter().map(move |listed| (accreditor, listed)));
        if let Some((accreditor, key)) = listed.find(|(_, listed)| listed.key.thumbprint() == *name) {
            return Some(Self::Accreditor { accreditor, key });
        }
        let key = state.key(name)?;
        Some(Self::Party { party: state.party_numbered(key.party)?, key })
    }

    pub(super) fn key(&self) -> PublicKey {
        match self {
            Self::Party { key, .. } => key.key,
            Self::Accreditor { key, .. } => key.key,
        }
    }

    pub(super) fn did(&self) -> String {
        match self {
            Self::Party { party, .. } => party.did.to_string(),
            Self::Accreditor { accreditor, .. } => accreditor.did.to_string(),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Party { party, .. } => party.accreditation().map_or("", |accreditation| &accreditation.name),
            Self::Accreditor { accreditor, .. } => &accreditor.name,
        }
    }

    pub(super) fn role(&self) -> &'static str {
        match self {
            Self::Party { party, .. } => {
                party.accreditation().map_or("party", |accreditation| accreditation.role.code())
            }
            Self::Accreditor { .. } => "accreditor",
        }
    }
}
