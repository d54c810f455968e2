//! What a token says, as values.

use primitives::PublicKey;

/// What a PIN is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinRequest<'a> {
    /// Label of the token, as the token says it: clean it before a terminal sees it.
    pub token: &'a str,
    /// A wrong PIN now locks the token (`CKF_USER_PIN_FINAL_TRY`).
    pub last_try: bool,
}

/// What a token says of the secret half of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confinement {
    /// It never leaves the token in the clear (`CKA_SENSITIVE`).
    pub sensitive: bool,
    /// It can be taken out, wrapped under another key (`CKA_EXTRACTABLE`).
    pub extractable: bool,
    /// It was made in the token and was never otherwise (`CKA_ALWAYS_SENSITIVE`, `CKA_NEVER_EXTRACTABLE`).
    pub always: bool,
}

/// The public half of a key in a token, and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicHalf {
    /// Label of the token.
    pub token: String,
    /// Serial number of the token.
    pub serial: String,
    /// Maker and model of the token.
    pub model: String,
    /// Label and id of the key, as URIs write them.
    pub key: String,
    /// The key.
    pub public: PublicKey,
}
