//! What people sign: strict compact JWS over Verifiable Credentials 2.0, and the kinds of statement.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod accreditation;
mod attestation;
mod authentic;
mod claims;
mod did;
mod entry;
mod error;
mod gtin;
mod hs_code;
mod lot;
mod origin;
mod serial;
mod status_change;
mod status_slot;
mod token;
mod unit;

pub use accreditation::{Accreditation, Compromised, Hotline, Role, Scope};
pub use attestation::{Attestation, Facility, Maker, Scheme};
pub use authentic::Authentic;
pub use claims::{Claims, UnknownClaim};
pub use did::{Did, DidError};
pub use entry::{Entry, UnknownFormat};
pub use error::Error;
pub use gtin::{Gtin, GtinError};
pub use hs_code::{HsCode, HsCodeError};
pub use lot::{Lot, LotError};
pub use origin::{Origin, OriginError};
pub use serial::{Serial, SerialError};
pub use status_change::{Action, Reason, StatusChange, Target};
pub use status_slot::StatusSlot;
pub use token::{Credential, Kid, Kind, Statement, Token, sign};
pub use unit::Unit;
