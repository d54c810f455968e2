#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod accreditation;
mod attestation;
mod authentic;
mod claims;
mod clearance;
mod context;
mod credential;
mod did;
mod entry;
mod error;
mod fault;
mod gtin;
mod hs_code;
mod json;
mod lot;
mod member;
mod origin;
mod reports;
mod rotation;
#[cfg(any(test, feature = "testing"))]
pub mod sample;
mod serial;
mod status_change;
mod status_slot;
mod text;
mod token;
mod unit;
mod uri;

pub use accreditation::{
    Accreditation, Compromised, Hotline, MAX_COMPROMISED, MAX_CONTACT, MAX_COUNTRIES, MAX_HOTLINES, MAX_KEYS,
    MAX_LANGUAGE, Role, Scope,
};
pub use attestation::{Attestation, EvidenceFile, Facility, MAX_EVIDENCE, MAX_REGION, Maker, Scheme};
pub use authentic::Authentic;
pub use claims::{Claims, UnknownClaim};
pub use clearance::{
    Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods, ClearedQuantity, MAX_GOODS, MAX_RANGES,
    MAX_UNDO_REASON, SerialRange, SupplementRequest,
};
pub use context::{CONTEXT_V1, url as context_url};
pub use credential::{MAX_NAME, check_name, days, instants};
pub use did::{Did, DidError};
pub use entry::{Entry, UnknownFormat};
pub use error::{Error, Part, SigningError};
pub use fault::Fault;
pub use gtin::{Gtin, GtinError};
pub use hs_code::{HsCode, HsCodeError};
pub use json::{JsonError, MAX_DEPTH};
pub use lot::{Lot, LotError};
pub use origin::{Origin, OriginError};
pub use reports::{MAX_UPDATES, NoReportId, ReportId, ReportProgress, ReportUpdate, ReportsRequest};
pub use rotation::KeyRotationRequest;
pub use serial::{Serial, SerialError};
pub use status_change::{Action, MAX_TARGETS, MAX_TEXT, Reason, StatusChange, Target};
pub use status_slot::StatusSlot;
pub use token::{
    Credential, Headers, Kid, Kind, MAX_CREDENTIAL, MAX_STATEMENT, Statement, Token, Unverified, sign, sign_credential,
};
pub use unit::Unit;
pub use uri::MAX_URI;
