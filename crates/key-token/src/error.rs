//! Why a token gave no key, or no signature.

use std::path::PathBuf;

use primitives::KeyError;
use thiserror::Error;

use crate::UriError;

/// What went wrong with a token, each with a stable [`code`](Self::code).
#[derive(Debug, Error)]
pub enum TokenError {
    /// The URI itself.
    #[error(transparent)]
    Uri(#[from] UriError),
    /// The program was built without the feature `pkcs11`.
    #[error("this program was built without support for tokens (PKCS#11)")]
    NotBuiltIn,
    /// The URI does not say which module knows the token.
    #[error("the URI names no module-path")]
    NoModulePath,
    /// The module cannot be loaded, or does not start.
    #[error("cannot use the PKCS#11 module {path}: {why}")]
    Module {
        /// The module's file.
        path: PathBuf,
        /// The loader's or the module's reason.
        why: String,
    },
    /// No token fits the URI.
    #[error("no token fits the URI; {}", listed("there is", found))]
    NoToken {
        /// The tokens that are there.
        found: Vec<String>,
    },
    /// More than one token fits the URI.
    #[error("several tokens fit the URI: {}", found.join(", "))]
    SeveralTokens {
        /// Those that fit.
        found: Vec<String>,
    },
    /// No Ed25519 key in the token fits the URI.
    #[error("no Ed25519 key in token {token} fits the URI; {}", listed("there is", found))]
    NoKey {
        /// The token.
        token: String,
        /// The Ed25519 keys that are there.
        found: Vec<String>,
    },
    /// More than one key fits the URI.
    #[error("several keys in token {token} fit the URI: {}", found.join(", "))]
    SeveralKeys {
        /// The token.
        token: String,
        /// Those that fit.
        found: Vec<String>,
    },
    /// The token has the secret half alone.
    #[error("token {token} has no public half of {key}, or several that differ")]
    NoPublicKey {
        /// The token.
        token: String,
        /// The key.
        key: String,
    },
    /// The public half is none of Ed25519.
    #[error("the public half of {key} is no Ed25519 key: CKA_EC_POINT has {found} bytes")]
    Point {
        /// The key.
        key: String,
        /// Length of what the token gave.
        found: usize,
    },
    /// The public half is no key that anybody may sign with.
    #[error("the public half of {key} cannot be used: {source}")]
    PublicKey {
        /// The key.
        key: String,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The token cannot do what is asked of it.
    #[error("token {token} cannot do {mechanism}")]
    Mechanism {
        /// The token.
        token: String,
        /// The mechanism, in PKCS#11's words.
        mechanism: &'static str,
    },
    /// The PIN is wrong.
    #[error("wrong PIN for token {token}{}", tries.words())]
    WrongPin {
        /// The token.
        token: String,
        /// What the token says about further tries.
        tries: Tries,
    },
    /// The token takes no PIN any more.
    #[error("the PIN of token {token} is locked")]
    PinLocked {
        /// The token.
        token: String,
    },
    /// The token has no user's PIN yet, or wants another one first.
    #[error("the PIN of token {token} has to be set first")]
    PinNotSet {
        /// The token.
        token: String,
    },
    /// The token or its session is gone.
    #[error("token {token} is no longer there ({why})")]
    Lost {
        /// The token.
        token: String,
        /// The module's word for it.
        why: String,
    },
    /// What the token signed does not verify under its own public key.
    #[error("token {token} gave a signature that does not verify under its own public key")]
    WrongSignature {
        /// The token.
        token: String,
    },
    /// The token asks for the PIN at each signature (`CKA_ALWAYS_AUTHENTICATE`).
    #[error("{key} in token {token} asks for the PIN at each signature, which is not supported")]
    AsksEachTime {
        /// The token.
        token: String,
        /// The key.
        key: String,
    },
    /// A new key has to have a name.
    #[error("the URI names no object: a new key needs a label")]
    NoLabel,
    /// A new key would be mistaken for one that is there.
    #[error("token {token} has {found} already, and a key is never overwritten")]
    Taken {
        /// The token.
        token: String,
        /// The object that has the label or id.
        found: String,
    },
    /// Nothing can be written to the token.
    #[error("token {token} is write-protected")]
    WriteProtected {
        /// The token.
        token: String,
    },
    /// The token made a key that can be taken out of it.
    #[error("token {token} made a key that can be taken out of it: it was destroyed again")]
    Extractable {
        /// The token.
        token: String,
    },
    /// Anything else that a module answers.
    #[error("token {token}: {why}")]
    Failed {
        /// The token.
        token: String,
        /// The function and its return value.
        why: String,
    },
}

/// What a token says about further tries of its PIN (PKCS#11 §3.2, the flags of `CK_TOKEN_INFO`). It never says a number above one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tries {
    /// Nothing.
    Unknown,
    /// A wrong PIN was entered since the last right one (`CKF_USER_PIN_COUNT_LOW`).
    Fewer,
    /// The next wrong PIN locks it (`CKF_USER_PIN_FINAL_TRY`).
    One,
}

impl Tries {
    fn words(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Fewer => ": fewer tries are left than before",
            Self::One => ": one try is left, then it locks",
        }
    }
}

fn listed(there_is: &str, found: &[String]) -> String {
    if found.is_empty() { format!("{there_is} none") } else { format!("{there_is} {}", found.join(", ")) }
}

impl TokenError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Uri(error) => error.code(),
            Self::NotBuiltIn => "tokens_not_built_in",
            Self::NoModulePath => "token_module_missing",
            Self::Module { .. } => "token_module_unusable",
            Self::NoToken { .. } => "no_token",
            Self::SeveralTokens { .. } => "several_tokens",
            Self::NoKey { .. } => "no_token_key",
            Self::SeveralKeys { .. } => "several_token_keys",
            Self::NoPublicKey { .. } => "token_key_without_public",
            Self::Point { .. } => "token_key_other_algorithm",
            Self::PublicKey { .. } => "token_key_unusable",
            Self::Mechanism { .. } => "token_mechanism_missing",
            Self::WrongPin { .. } => "wrong_pin",
            Self::PinLocked { .. } => "pin_locked",
            Self::PinNotSet { .. } => "pin_not_set",
            Self::Lost { .. } => "token_lost",
            Self::WrongSignature { .. } => "token_signature_wrong",
            Self::AsksEachTime { .. } => "token_asks_each_time",
            Self::NoLabel => "token_key_without_label",
            Self::Taken { .. } => "token_key_exists",
            Self::WriteProtected { .. } => "token_write_protected",
            Self::Extractable { .. } => "token_key_extractable",
            Self::Failed { .. } => "token_failed",
        }
    }

    /// What the key's owner can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Uri(error) => error.hint(),
            Self::NotBuiltIn => Some("build it with the feature `pkcs11`, or sign with a key file"),
            Self::NoModulePath => Some(
                "add ?module-path=/PATH, the token's own module or that of OpenSC; for SoftHSM it is /usr/lib/softhsm/libsofthsm2.so",
            ),
            Self::Module { .. } => Some("module-path names the file of a PKCS#11 module for this machine's processor"),
            Self::NoToken { .. } => Some("put the token in, or correct token=, serial= or slot-id= in the URI"),
            Self::SeveralTokens { .. } => Some("add serial= or slot-id= to the URI"),
            Self::NoKey { .. } => {
                Some("correct object= or id= in the URI; `certifier keygen --out URI` makes a key in the token")
            }
            Self::SeveralKeys { .. } => Some("add id= to the URI, each byte as % and two digits"),
            Self::NoPublicKey { .. } => Some("import the public half into the token, with the same id"),
            Self::Mechanism { .. } => {
                Some("the token needs Ed25519 (PKCS#11 3.0); many older ones have only RSA and NIST curves")
            }
            Self::WrongPin { tries: Tries::One, .. } => {
                Some("find the right PIN before you try again: whoever initialised the token can reset it, perhaps")
            }
            Self::PinLocked { .. } => Some("whoever initialised the token unlocks it with its SO PIN or PUK"),
            Self::PinNotSet { .. } => Some("set it with the token's own tool, such as `pkcs11-tool --init-pin`"),
            Self::Lost { .. } => {
                Some("put the token in again and run the command anew: what it had not finished was not kept")
            }
            Self::WrongSignature { .. } => {
                Some("nothing of it was used; the token or its module is broken, or not what it seems")
            }
            Self::AsksEachTime { .. } => {
                Some("make a key without CKA_ALWAYS_AUTHENTICATE: `certifier keygen --out URI`")
            }
            Self::NoLabel => Some("add object=LABEL to the URI"),
            Self::Taken { .. } => Some("choose another object= or id="),
            Self::Extractable { .. } => Some("choose another token"),
            Self::Point { .. }
            | Self::PublicKey { .. }
            | Self::WrongPin { tries: Tries::Unknown | Tries::Fewer, .. }
            | Self::WriteProtected { .. }
            | Self::Failed { .. } => None,
        }
    }
}
