//! A key in a token that signs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use primitives::{PublicKey, SignError, Signature, Signer};
use zeroize::Zeroizing;

use crate::token::{Access, Named, Token};
use crate::{Confinement, PinRequest, PublicHalf, TokenError, TokenUri};

/// An Ed25519 key that stays in its token: the token signs, this only asks it to.
#[derive(Debug)]
pub struct TokenKey {
    /// A session signs one message at a time, whoever asks.
    token: Mutex<Token>,
    key: Named,
    public: PublicKey,
    /// The token is gone: it is not asked again, so that nothing is signed by a token that comes back half-way.
    lost: AtomicBool,
}

impl TokenKey {
    /// Finds the key, logs in and reads its public half; `pin` is asked for only where the token needs it.
    ///
    /// # Errors
    /// [`TokenError`], and what `pin` fails with.
    pub fn open<E: From<TokenError>>(
        uri: &TokenUri,
        pin: impl FnOnce(&PinRequest<'_>) -> Result<Zeroizing<String>, E>,
    ) -> Result<Self, E> {
        let token = Token::open(uri, Access::Read)?;
        token.need(MechanismType::EDDSA, "Ed25519 signatures (CKM_EDDSA)")?;
        token.login(pin)?;
        let key = token.key(ObjectClass::PRIVATE_KEY, uri)?;
        let asks = token.attributes(key.handle, &[AttributeType::AlwaysAuthenticate])?;
        if asks.iter().any(|attribute| matches!(attribute, Attribute::AlwaysAuthenticate(true))) {
            return Err(TokenError::AsksEachTime { token: token.label(), key: key.shown() }.into());
        }
        let public = token.public_half(&key)?;
        Ok(Self::new(token, key, public))
    }

    pub(crate) const fn new(token: Token, key: Named, public: PublicKey) -> Self {
        Self { token: Mutex::new(token), key, public, lost: AtomicBool::new(false) }
    }

    pub(crate) fn token(&self) -> MutexGuard<'_, Token> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the token says of the secret half.
    ///
    /// # Errors
    /// [`TokenError::Lost`], [`TokenError::Failed`].
    pub fn confinement(&self) -> Result<Confinement, TokenError> {
        let wanted = [
            AttributeType::Sensitive,
            AttributeType::Extractable,
            AttributeType::AlwaysSensitive,
            AttributeType::NeverExtractable,
        ];
        let has = self.token().attributes(self.key.handle, &wanted)?;
        let says = |wanted: fn(&Attribute) -> bool| has.iter().any(wanted);
        Ok(Confinement {
            sensitive: says(|attribute| matches!(attribute, Attribute::Sensitive(true))),
            // What a token does not say is held against it.
            extractable: !says(|attribute| matches!(attribute, Attribute::Extractable(false))),
            always: says(|attribute| matches!(attribute, Attribute::AlwaysSensitive(true)))
                && says(|attribute| matches!(attribute, Attribute::NeverExtractable(true))),
        })
    }

    /// The public half, and what it is called.
    pub fn public_half(&self) -> PublicHalf {
        half(&self.token(), &self.key, self.public)
    }

    fn try_sign(&self, message: &[u8]) -> Result<Signature, TokenError> {
        let held = self.token();
        let token = held.label();
        if self.lost.load(Ordering::Relaxed) {
            return Err(TokenError::Lost { token, why: "it was lost before".to_owned() });
        }
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519));
        let bytes = held.session.sign(&mechanism, self.key.handle, message).map_err(|error| {
            let failure = held.failure(&error);
            self.lost.store(matches!(failure, TokenError::Lost { .. }), Ordering::Relaxed);
            failure
        })?;
        let wrong = || TokenError::WrongSignature { token: token.clone() };
        let signature = Signature::from_bytes(bytes.try_into().map_err(|_| wrong())?);
        // A token may be broken, or hold another secret half than its public one says.
        self.public.verify_strict(message, &signature).map_err(|_| wrong())?;
        Ok(signature)
    }
}

impl Signer for TokenKey {
    fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        self.try_sign(message).map_err(|error| SignError(error.to_string()))
    }
}

impl PublicHalf {
    /// Reads the public half without a PIN, where the token shows it to everybody.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn read(uri: &TokenUri) -> Result<Self, TokenError> {
        let token = Token::open(uri, Access::Read)?;
        let key = token.key(ObjectClass::PUBLIC_KEY, uri)?;
        let public = token.point(&key)?;
        Ok(half(&token, &key, public))
    }
}

fn half(token: &Token, key: &Named, public: PublicKey) -> PublicHalf {
    let info = &token.info;
    PublicHalf {
        token: token.label(),
        serial: info.serial_number().to_owned(),
        model: format!("{} {}", info.manufacturer_id(), info.model()),
        key: key.shown(),
        public,
    }
}
