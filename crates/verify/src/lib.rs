#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod bundle;
mod clearance_book;
mod cleared;
mod evidence;
mod facts;
mod findings;
mod judge;
mod many;
mod misbehaviour;
mod reason;
mod report_recipient;
mod serial_set;
mod shipment;
mod snapshot;
mod status_proof;
mod supplement;
mod trust;
mod verdict;
mod when;

pub use bundle::{Bundle, BundleEntry, BundleError, MAX_ENTRIES, OpenedBundle, check_proof, facts, open_checkpoint};
pub use clearance_book::{ClearanceBook, Overlap, UndoError};
pub use cleared::{Cleared, ClearedError, ClearedLot};
pub use evidence::{Evidence, Knowledge, Known, SignatureCheck, Strict};
pub use facts::{EvidenceFact, Facts, LabelFacts, claim_codes};
pub use judge::verify;
pub use many::{Judged, Keyring, WINDOW, verify_many};
pub use misbehaviour::{
    BadEntry, CLOCK_TOLERANCE_MILLIS, Confirmed, OtherRoot, TwoNotes, Unconfirmed, broken, misplaced,
};
pub use reason::{Outcome, Reason};
pub use report_recipient::{NoRecipient, ReportRecipient};
pub use shipment::{AttestedLot, Declared, Products, Remark, Shipment, ShipmentRegistry, Tally};
pub use snapshot::{OpenSnapshotError, OpenedSnapshot, open_head, open_index};
pub use status_proof::{Complete, NotBound, StatusProof};
pub use supplement::{MAX_SUPPLEMENT, OpenedSupplement, SUPPLEMENT_VERSION, SupplementError, sign_supplement};
pub use trust::{Trust, TrustError, TrustedRegistry};
pub use verdict::{Attested, Check, Finding, Found, Source, VERDICT_SCHEMA, Verdict};
pub use when::When;
