//! A whole token as received.
#![no_main]

use libfuzzer_sys::fuzz_target;
use statement::Token;
use fuzz::key;
use primitives::Signer as _;

fuzz_target!(|data: &[u8]| {
    if let Ok(token) = Token::parse(data) {
        let _ = (token.kid_thumbprint(), token.kind(), token.open(&key().public_key()));
    }
    let _ = Token::parse_credential(data);
});
