//! A secret key that can sign: in memory, or in a token.

#[cfg(feature = "pkcs11")]
use key_token::TokenKey;
use primitives::{PublicKey, SecretKey, SignError, Signature, Signer};

/// A secret key, unlocked. One in memory is wiped when it is dropped; one in a token never leaves it.
#[derive(Debug)]
pub enum UnlockedKey {
    /// From a file.
    Memory(Box<SecretKey>),
    /// In a token.
    #[cfg(feature = "pkcs11")]
    Token(Box<TokenKey>),
}

impl UnlockedKey {
    /// The key itself; nothing where it is in a token.
    pub fn into_memory(self) -> Option<Box<SecretKey>> {
        match self {
            Self::Memory(key) => Some(key),
            #[cfg(feature = "pkcs11")]
            Self::Token(_) => None,
        }
    }
}

impl Signer for UnlockedKey {
    fn public_key(&self) -> PublicKey {
        match self {
            Self::Memory(key) => key.public_key(),
            #[cfg(feature = "pkcs11")]
            Self::Token(key) => key.public_key(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        match self {
            Self::Memory(key) => key.sign(message),
            #[cfg(feature = "pkcs11")]
            Self::Token(key) => key.sign(message),
        }
    }
}
