//! Reports: an accreditor asks a registry for what people reported to it, and says what became of it.
//!
//! A report itself is no statement: nobody signs it, so that nobody can be found by it. Only the accreditor's request is signed. UNTP
//! has no credential for it; the type is ours.

mod id;
mod read;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use primitives::Timestamp;

pub use id::{NoReportId, ReportId};

use crate::{Did, Origin};

/// Reports whose progress one request can state.
pub const MAX_UPDATES: usize = 100;

/// An accreditor asks for the reports to it. Never logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportsRequest {
    /// The statement's URI, chosen by the issuer.
    pub id: String,
    /// The accreditor.
    pub issuer: Did,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// When it asks: a registry answers no old request. A whole second.
    pub asked_at: Timestamp,
    /// What became of reports; each report once.
    pub updates: Vec<ReportUpdate>,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportUpdate {
    /// Which report.
    pub report: ReportId,
    /// How far the accreditor is with it.
    pub progress: ReportProgress,
}

/// How far an accreditor is with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportProgress {
    /// It looks into it.
    InProgress,
    /// It has finished; the registry deletes what was reported.
    Closed,
}

const PROGRESS: [(&str, ReportProgress); 2] =
    [("in-progress", ReportProgress::InProgress), ("closed", ReportProgress::Closed)];

impl ReportProgress {
    /// The code in statements and answers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Closed => "closed",
        }
    }
}

#[cfg(test)]
mod tests;
