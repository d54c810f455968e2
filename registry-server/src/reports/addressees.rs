//! Whom reports are for: the accreditors that the trust file names a recipient for.

use anyhow::{anyhow, ensure};
use concern::MAX_RECIPIENTS;
use label::Label;
use registry::State;
use statement::{Did, Serial};
use verify::{ReportRecipient, TrustedRegistry};

use super::form_token::FormToken;
use super::seal;

/// An accreditor that takes reports.
pub(crate) struct Addressee {
    pub(crate) did: Did,
    pub(crate) recipient: ReportRecipient,
    pub(crate) key: age::x25519::Recipient,
}

/// All of them, in the order of their DIDs.
pub(crate) struct Addressees(Vec<Addressee>);

impl Addressees {
    /// Those of a trust file.
    ///
    /// # Errors
    /// Where a recipient's checksum is wrong: nobody could ever read what is sealed to it.
    pub(crate) fn of(registry: &TrustedRegistry) -> anyhow::Result<Self> {
        // So many DIDs also fit in the first piece of a record.
        ensure!(registry.reports.len() <= MAX_RECIPIENTS, "more than {MAX_RECIPIENTS} accreditors take reports");
        let addressee = |(did, recipient): (&Did, &ReportRecipient)| {
            let key = seal::to_age(recipient).map_err(|why| anyhow!("trust file, accreditor {did}: {why}"))?;
            Ok(Addressee { did: did.clone(), recipient: recipient.clone(), key })
        };
        registry.reports.iter().map(addressee).collect::<anyhow::Result<_>>().map(Self)
    }

    /// The accreditor of the certifier that attested what this text or serial number is of; all, where that is not known or takes none.
    ///
    /// The label's signature does not matter: about a forged one, too, the accreditor of whom it names should hear.
    pub(crate) fn of_label(&self, label: &str, state: &State) -> u16 {
        let label = label.trim();
        let index = match Label::parse(label) {
            Ok(label) => Some(label.index()).filter(|_| *label.origin() == state.policy().origin),
            Err(_) => Serial::parse(label).ok().and_then(|serial| serial.index()),
        };
        let issuer = index.and_then(|index| state.row(index)).and_then(|row| state.issuer_of(row));
        let place = issuer.and_then(|party| self.0.iter().position(|one| one.did == party.accreditor));
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or(FormToken::ALL)
    }

    /// Those that a number stands for; `None` where there is none.
    pub(crate) fn select(&self, number: u16) -> Option<&[Addressee]> {
        let some = match number {
            FormToken::ALL => self.0.as_slice(),
            place => std::slice::from_ref(self.0.get(usize::from(place))?),
        };
        (!some.is_empty()).then_some(some)
    }
}
