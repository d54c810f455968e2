//! The one token that a URI names, and a session with it.

use std::sync::Arc;

use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::MechanismType;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;
use primitives::PublicKey;
use zeroize::Zeroizing;

use crate::module::{Module, said};
use crate::{PinRequest, TokenError, TokenUri, Tries, point};

/// A token with a session open. Fields are dropped in this order: the session ends before its module does.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) session: Session,
    pub(crate) module: Arc<Module>,
    slot: Slot,
    pub(crate) info: TokenInfo,
}

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// An object's label and id, for telling it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) handle: ObjectHandle,
    pub(crate) label: Option<String>,
    pub(crate) id: Vec<u8>,
}

impl Named {
    /// As people and URIs write it.
    pub(crate) fn shown(&self) -> String {
        let id: String = self.id.iter().map(|byte| format!("%{byte:02X}")).collect();
        format!("object={};id={id}", self.label.as_deref().unwrap_or_default())
    }
}

impl Token {
    /// Finds the token and opens a session; nobody has logged in yet.
    pub(crate) fn open(uri: &TokenUri, access: Access) -> Result<Self, TokenError> {
        let module = Module::load(uri.module.as_deref().ok_or(TokenError::NoModulePath)?)?;
        let failed = |error: Error| TokenError::Failed { token: named(uri), why: said(&error) };
        let (mut fitting, mut others) = (Vec::new(), Vec::new());
        for slot in module.library.get_slots_with_token().map_err(failed)? {
            // A token that was taken out this moment is one that is not there.
            let Ok(info) = module.library.get_token_info(slot) else { continue };
            if !info.token_initialized() {
                continue;
            }
            let shown = format!("{} (serial {}, slot-id {})", info.label(), info.serial_number(), slot.id());
            if fits(uri, slot, &info) {
                fitting.push((slot, info, shown));
            } else {
                others.push(shown);
            }
        }
        let (slot, info) = match (fitting.pop(), fitting.is_empty()) {
            (Some((slot, info, _)), true) => (slot, info),
            (Some(last), false) => {
                let found = fitting.into_iter().chain([last]).map(|(_, _, shown)| shown).collect();
                return Err(TokenError::SeveralTokens { found });
            }
            (None, _) => return Err(TokenError::NoToken { found: others }),
        };
        let session = match access {
            Access::Read => module.library.open_ro_session(slot),
            Access::Write if info.write_protected() => {
                return Err(TokenError::WriteProtected { token: info.label().to_owned() });
            }
            Access::Write => module.library.open_rw_session(slot),
        };
        let session = session.map_err(|error| failure(info.label(), &error))?;
        Ok(Self { session, module, slot, info })
    }

    pub(crate) fn label(&self) -> String {
        self.info.label().to_owned()
    }

    /// Whether the token can do something at all: known before a PIN is asked for.
    pub(crate) fn need(&self, mechanism: MechanismType, name: &'static str) -> Result<(), TokenError> {
        let list = self.module.library.get_mechanism_list(self.slot).map_err(|error| self.failure(&error))?;
        if list.contains(&mechanism) {
            return Ok(());
        }
        Err(TokenError::Mechanism { token: self.label(), mechanism: name })
    }

    /// Logs in. The PIN is asked for where the token needs one and has no pad of its own, and is wiped after its use.
    pub(crate) fn login<E: From<TokenError>>(
        &self,
        pin: impl FnOnce(&PinRequest<'_>) -> Result<Zeroizing<String>, E>,
    ) -> Result<(), E> {
        if !self.info.login_required() {
            return Ok(());
        }
        if self.info.user_pin_locked() {
            return Err(TokenError::PinLocked { token: self.label() }.into());
        }
        let answer = if self.info.protected_authentication_path() {
            self.session.login(UserType::User, None)
        } else {
            let request = PinRequest { token: self.info.label(), last_try: self.info.user_pin_final_try() };
            let pin = pin(&request)?;
            // From a slice, so that the copy is exactly as long as the PIN and is wiped whole.
            self.session.login(UserType::User, Some(&AuthPin::from(pin.as_str())))
        };
        match answer {
            Ok(()) => Ok(()),
            // Another key of this token is in use: a login is the whole program's (PKCS#11 §5.6.8).
            Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _)) => {
                Err(self.wrong_pin().into())
            }
            Err(Error::Pkcs11(RvError::PinLocked, _)) => Err(TokenError::PinLocked { token: self.label() }.into()),
            Err(Error::Pkcs11(RvError::UserPinNotInitialized | RvError::PinExpired, _)) => {
                Err(TokenError::PinNotSet { token: self.label() }.into())
            }
            Err(error) => Err(self.failure(&error).into()),
        }
    }

    /// What the token says of itself after a wrong PIN, not before.
    fn wrong_pin(&self) -> TokenError {
        let token = self.label();
        let tries = match self.module.library.get_token_info(self.slot) {
            Ok(info) if info.user_pin_locked() => return TokenError::PinLocked { token },
            Ok(info) if info.user_pin_final_try() => Tries::One,
            Ok(info) if info.user_pin_count_low() => Tries::Fewer,
            Ok(_) | Err(_) => Tries::Unknown,
        };
        TokenError::WrongPin { token, tries }
    }

    /// The one Ed25519 key of this class that fits the URI.
    pub(crate) fn key(&self, class: ObjectClass, uri: &TokenUri) -> Result<Named, TokenError> {
        let mut fitting = self.keys(class, uri.object.as_deref(), uri.id.as_deref())?;
        match (fitting.pop(), fitting.is_empty()) {
            (Some(key), true) => Ok(key),
            (Some(last), false) => {
                let found = fitting.iter().chain([&last]).map(Named::shown).collect();
                Err(TokenError::SeveralKeys { token: self.label(), found })
            }
            (None, _) => {
                let found = self.keys(class, None, None)?.iter().map(Named::shown).collect();
                Err(TokenError::NoKey { token: self.label(), found })
            }
        }
    }

    /// Every key on an Edwards curve of this class, label and id.
    pub(crate) fn keys(
        &self,
        class: ObjectClass,
        label: Option<&str>,
        id: Option<&[u8]>,
    ) -> Result<Vec<Named>, TokenError> {
        let mut template =
            vec![Attribute::Token(true), Attribute::Class(class), Attribute::KeyType(KeyType::EC_EDWARDS)];
        template.extend(label.map(|label| Attribute::Label(label.as_bytes().to_vec())));
        template.extend(id.map(|id| Attribute::Id(id.to_vec())));
        self.objects(&template)
    }

    /// Objects that fit a template.
    pub(crate) fn objects(&self, template: &[Attribute]) -> Result<Vec<Named>, TokenError> {
        let handles = self.session.find_objects(template).map_err(|error| self.failure(&error))?;
        handles.into_iter().map(|handle| self.named(handle)).collect()
    }

    fn named(&self, handle: ObjectHandle) -> Result<Named, TokenError> {
        let (mut label, mut id) = (None, Vec::new());
        for attribute in self.attributes(handle, &[AttributeType::Label, AttributeType::Id])? {
            if let Attribute::Label(bytes) = attribute {
                label = Some(String::from_utf8_lossy(&bytes).into_owned()).filter(|label| !label.is_empty());
            } else if let Attribute::Id(bytes) = attribute {
                id = bytes;
            }
        }
        Ok(Named { handle, label, id })
    }

    /// Those of the attributes that the object has and the token shows.
    pub(crate) fn attributes(
        &self,
        handle: ObjectHandle,
        wanted: &[AttributeType],
    ) -> Result<Vec<Attribute>, TokenError> {
        self.session.get_attributes(handle, wanted).map_err(|error| self.failure(&error))
    }

    /// The public half of a key: the public object of the same id, or of the same label where the key has no id.
    pub(crate) fn public_half(&self, key: &Named) -> Result<PublicKey, TokenError> {
        let missing = || TokenError::NoPublicKey { token: self.label(), key: key.shown() };
        let label = key.label.as_deref().filter(|_| key.id.is_empty());
        let id = Some(key.id.as_slice()).filter(|id| !id.is_empty());
        if label.is_none() && id.is_none() {
            return Err(missing());
        }
        let mut points = Vec::new();
        for object in self.keys(ObjectClass::PUBLIC_KEY, label, id)? {
            points.push(self.point(&object)?);
        }
        points.dedup();
        match points.as_slice() {
            [public] => Ok(*public),
            _ => Err(missing()),
        }
    }

    /// The public key that a public object holds.
    pub(crate) fn point(&self, object: &Named) -> Result<PublicKey, TokenError> {
        let attributes = self.attributes(object.handle, &[AttributeType::EcPoint])?;
        let point = attributes
            .into_iter()
            .find_map(|attribute| if let Attribute::EcPoint(point) = attribute { Some(point) } else { None });
        point::public_key(&point.unwrap_or_default(), &object.shown())
    }

    pub(crate) fn failure(&self, error: &Error) -> TokenError {
        failure(self.info.label(), error)
    }
}

/// What an error of the module means. A token that was pulled out is reported in many words.
fn failure(token: &str, error: &Error) -> TokenError {
    let (token, why) = (token.to_owned(), said(error));
    let lost = matches!(
        error,
        Error::Pkcs11(
            RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::TokenNotRecognized
                | RvError::SlotIdInvalid
                | RvError::SessionClosed
                | RvError::SessionHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::KeyHandleInvalid
                | RvError::UserNotLoggedIn,
            _,
        )
    );
    if lost { TokenError::Lost { token, why } } else { TokenError::Failed { token, why } }
}

fn fits(uri: &TokenUri, slot: Slot, info: &TokenInfo) -> bool {
    let is = |wanted: Option<&str>, found: &str| wanted.is_none_or(|wanted| wanted == found);
    is(uri.token.as_deref(), info.label())
        && is(uri.manufacturer.as_deref(), info.manufacturer_id())
        && is(uri.model.as_deref(), info.model())
        && is(uri.serial.as_deref(), info.serial_number())
        && uri.slot.is_none_or(|wanted| wanted == slot.id())
}

/// What the URI calls the token, for errors before it was found.
fn named(uri: &TokenUri) -> String {
    uri.token.clone().unwrap_or_else(|| "(any)".to_owned())
}
