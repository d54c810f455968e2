//! A payload under a good signature: reaches the readers of every kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use statement::{Did, Token};
use fuzz::key;
use primitives::Signer as _;

fuzz_target!(|data: &[u8]| {
    let issuer = Did::parse("did:web:certifier.example").expect("a DID");
    if let Ok(jws) = statement::sign(data, &issuer, &key()) {
        let opened = Token::parse(jws.as_bytes()).and_then(|token| token.open(&key().public_key()));
        assert!(opened.is_ok(), "what is signed opens");
    }
});
