//! New keys, made in the token and never outside it.

use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use primitives::Signer as _;
use zeroize::Zeroizing;

use crate::token::{Access, Named, Token};
use crate::{Confinement, PinRequest, TokenError, TokenKey, TokenUri};

/// Ed25519 as `CKA_EC_PARAMS`: the object identifier of RFC 8410, then the name that PKCS#11 3.0 §2.3.5 has too. Tokens know one,
/// the other or both.
const CURVES: [&[u8]; 2] = [&[0x06, 0x03, 0x2b, 0x65, 0x70], b"\x13\x0cedwards25519"];
/// What a new key signs first.
const PROBE: &[u8] = b"ethical-label key check";

/// Makes a key in the token: sensitive, not extractable, for signatures only. The URI names its token and label; `id` is the key's id,
/// where the URI has none.
///
/// What the token made is looked at before it is used: one that can be taken out, or that does not sign, is destroyed again.
///
/// # Errors
/// [`TokenError`], and what `pin` fails with.
pub fn generate<E: From<TokenError>>(
    uri: &TokenUri,
    id: [u8; 16],
    pin: impl FnOnce(&PinRequest<'_>) -> Result<Zeroizing<String>, E>,
) -> Result<TokenKey, E> {
    let label = uri.object.clone().ok_or(TokenError::NoLabel)?;
    let id = uri.id.clone().unwrap_or(id.to_vec());
    let token = Token::open(uri, Access::Write)?;
    token.need(MechanismType::EDDSA, "Ed25519 signatures (CKM_EDDSA)")?;
    token.need(MechanismType::ECC_EDWARDS_KEY_PAIR_GEN, "Ed25519 keys (CKM_EC_EDWARDS_KEY_PAIR_GEN)")?;
    token.login(pin)?;
    refuse_taken(&token, &label, &id)?;
    let (public, secret) = pair(&token, &label, &id)?;
    let named = Named { handle: secret, label: Some(label), id };
    let public_half = match token.public_half(&named) {
        Ok(public_half) => public_half,
        Err(error) => return Err(undo(&token, [secret, public], error).into()),
    };
    let key = TokenKey::new(token, named, public_half);
    match check(&key) {
        Ok(()) => Ok(key),
        Err(error) => Err(undo(&key.token(), [secret, public], error).into()),
    }
}

/// Takes a key away that was no good. A token that is gone keeps it; nobody was given its public half.
fn undo(token: &Token, objects: [ObjectHandle; 2], error: TokenError) -> TokenError {
    for object in objects {
        let _ = token.session.destroy_object(object);
    }
    error
}

/// Nothing of this label or id may be there, of whatever kind: who asks for it later would not know which is meant.
fn refuse_taken(token: &Token, label: &str, id: &[u8]) -> Result<(), TokenError> {
    for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
        for named in [Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())] {
            let template = [Attribute::Token(true), Attribute::Class(class), named];
            if let Some(found) = token.objects(&template)?.first() {
                return Err(TokenError::Taken { token: token.label(), found: found.shown() });
            }
        }
    }
    Ok(())
}

fn pair(token: &Token, label: &str, id: &[u8]) -> Result<(ObjectHandle, ObjectHandle), TokenError> {
    let named = [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())];
    let mut secret = named.to_vec();
    secret.extend([
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::Decrypt(false),
        Attribute::Unwrap(false),
        Attribute::Derive(false),
    ]);
    let mut last = Error::NotSupported;
    for curve in CURVES {
        let mut public = named.to_vec();
        public.extend([Attribute::Private(false), Attribute::Verify(true), Attribute::EcParams(curve.to_vec())]);
        match token.session.generate_key_pair(&Mechanism::EccEdwardsKeyPairGen, &public, &secret) {
            Ok(pair) => return Ok(pair),
            Err(error) if is_about_the_curve(&error) => last = error,
            Err(error) => return Err(token.failure(&error)),
        }
    }
    Err(token.failure(&last))
}

const fn is_about_the_curve(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::AttributeValueInvalid
                | RvError::CurveNotSupported
                | RvError::DomainParamsInvalid
                | RvError::TemplateInconsistent
                | RvError::GeneralError
                | RvError::FunctionFailed,
            _
        )
    )
}

fn check(key: &TokenKey) -> Result<(), TokenError> {
    match key.confinement()? {
        Confinement { sensitive: true, extractable: false, .. } => {}
        Confinement { .. } => return Err(TokenError::Extractable { token: key.public_half().token }),
    }
    let token = key.public_half().token;
    key.sign(PROBE).map(drop).map_err(|error| TokenError::Failed { token, why: error.0 })
}
