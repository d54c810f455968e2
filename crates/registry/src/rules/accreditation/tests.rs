//! Limits that a log reaches only after years: the State is filled by hand.

use alloc::vec;

use primitives::{SecretKey, Signer, Timestamp};
use statement::Origin;
use statement::sample::{self, did};

use super::*;
use crate::policy::{Accreditor, AccreditorKey, Policy};

fn public(number: u8) -> PublicKey {
    SecretKey::from_seed(&[number; 32]).public_key()
}

fn state() -> State {
    let key = AccreditorKey { key: public(1), first_index: 0, last_index: None };
    let accreditor =
        Accreditor { did: did("did:web:accreditor.example"), name: "Accreditor".into(), threshold: 1, keys: vec![key] };
    let origin = Origin::parse("registry.example").unwrap();
    State::new(Policy { origin, accreditors: vec![accreditor], rules: vec![(0, 1)] })
}

fn accreditation(subject: &str, keys: &[u8]) -> Accreditation {
    let (valid_from, valid_until) = (Timestamp::from_seconds(1), Timestamp::from_seconds(90_000));
    Accreditation {
        issuer: did("did:web:accreditor.example"),
        subject: did(subject),
        keys: keys.iter().map(|number| public(*number)).collect(),
        compromised: vec![],
        first_day: valid_from.day(),
        last_day: valid_until.day(),
        valid_from,
        valid_until,
        ..sample::accreditation()
    }
}

fn accredit(state: &mut State, said: &Accreditation) -> Result<Effect, Refusal> {
    let moment = state.moment(Timestamp::from_seconds(9))?;
    let decision = judge(state, moment, &public(1), Hash::of(b""), said)?;
    Ok(apply(state, moment, decision, Hash::of(b""), said))
}

#[test]
fn the_last_key_number_is_given_and_no_further_one() {
    let mut state = state();
    let mut record = KeyRecord::new(0, public(2), 0, 0);
    for number in 0..u16::MAX - 1 {
        record.number = number;
        state.parties.keys.insert(number, record.clone());
    }
    let full = Err(Refusal::TooManyKeys(65_535));
    assert_eq!(accredit(&mut state, &accreditation("did:web:a.example", &[3, 4])), full);
    assert_eq!(accredit(&mut state, &accreditation("did:web:a.example", &[3])), Ok(Effect::Accredited { party: 0 }));
    assert_eq!(state.parties.key_named(&public(3).thumbprint()).unwrap().number, u16::MAX - 1);
    assert_eq!(accredit(&mut state, &accreditation("did:web:b.example", &[4])), full);
}

#[test]
fn the_last_party_number_is_given_and_no_further_one() {
    let mut state = state();
    accredit(&mut state, &accreditation("did:web:a.example", &[3])).unwrap();
    let party = state.parties.parties.get(&0).unwrap().clone();
    for number in 1..u16::MAX - 1 {
        state.parties.parties.insert(number, party.clone());
    }
    let last = accreditation("did:web:b.example", &[4]);
    assert_eq!(accredit(&mut state, &last), Ok(Effect::Accredited { party: u16::MAX - 1 }));
    let full = Err(Refusal::TooManyParties(65_535));
    assert_eq!(accredit(&mut state, &accreditation("did:web:c.example", &[5])), full);
}
