//! What a registry offers to accreditors: the reports to them, sealed, and a place to say what became of those.

use primitives::Day;
use serde::{Deserialize, Deserializer, de};
use statement::ReportId;

use crate::{Error, Registry};

/// A report as the registry keeps it. All but what is sealed is its word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SealedReport {
    /// Its id at the registry.
    #[serde(deserialize_with = "report_id")]
    pub id: ReportId,
    /// The day it came.
    #[serde(deserialize_with = "day")]
    pub received: Day,
    /// How far the accreditor was with it before it asked.
    pub status: ReportStatus,
    /// Where it was encrypted.
    pub by: SealedBy,
    /// An age file in ASCII armor. A stranger made it.
    pub sealed: String,
}

/// How far an accreditor is with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportStatus {
    /// Not fetched before.
    Received,
    /// Fetched before.
    Read,
    /// Looked into.
    InProgress,
}

/// Where a report was encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SealedBy {
    /// On the sender's device.
    Device,
    /// By the registry: for a moment it could have read it.
    Server,
}

/// A page of the reports to an accreditor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReportsPage {
    /// The reports, by day.
    pub reports: Vec<SealedReport>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

fn report_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ReportId, D::Error> {
    ReportId::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    Day::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

impl Registry<'_> {
    /// A page of the reports to the accreditor that signed `request_jws`, a [`statement::ReportsRequest`], within five minutes; at most
    /// `limit` of them, after the place where another page ended. What the request says became of reports is noted before.
    ///
    /// # Errors
    /// [`Error::Refused`] with the registry's reason: nothing was noted. [`Error::Answer`] where the pages lead in a circle.
    pub fn reports(&self, request_jws: &str, after: Option<&str>, limit: usize) -> Result<ReportsPage, Error> {
        let after_parameter = after.map(|after| format!("&after={}", place(after))).unwrap_or_default();
        let path = format!("/v1/reports?limit={limit}{after_parameter}");
        let (_, page): (u16, ReportsPage) = self.http().post(&path, "application/vc+jwt", request_jws.as_bytes())?;
        if !page.is_sound(after, limit) {
            let why = "a page that is too long, or from which there is no further one".into();
            return Err(Error::Answer { url: self.http().url(&path), why });
        }
        Ok(page)
    }
}

impl ReportsPage {
    /// Whether it has what was asked for, and leads on: a list that never ends is no list.
    fn is_sound(&self, after: Option<&str>, limit: usize) -> bool {
        let leads_on = self.next.as_deref().is_none_or(|next| Some(next) > after && !self.reports.is_empty());
        leads_on && self.reports.len() <= limit
    }
}

/// A place as a query value.
fn place(after: &str) -> String {
    label::percent::encode(after.as_bytes(), label::percent::Place::Query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_strictly() {
        let report = |id: &str, received: &str, status: &str, by: &str| {
            format!(
                r#"{{"reports":[{{"id":"{id}","received":"{received}","status":"{status}","by":"{by}","sealed":"x"}}],"next":null}}"#
            )
        };
        let id = "000102030405060708090a0b0c0d0e0f";
        let read = |text: &str| serde_json::from_str::<ReportsPage>(text);
        let page = read(&report(id, "2026-11-30", "in-progress", "device")).unwrap();
        assert_eq!((page.reports[0].status, page.reports[0].by), (ReportStatus::InProgress, SealedBy::Device));
        for other in [
            report("../../etc/passwd", "2026-11-30", "read", "device"),
            report(id, "yesterday", "read", "device"),
            report(id, "2026-11-30", "closed", "device"),
            report(id, "2026-11-30", "read", "nobody"),
        ] {
            assert!(read(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn pages_that_lead_in_a_circle_are_none() {
        let report = r#"{"id":"000102030405060708090a0b0c0d0e0f","received":"2026-11-30","status":"read","by":"server","sealed":""}"#;
        let page = |reports: usize, next: &str| {
            let reports = vec![report; reports].join(",");
            serde_json::from_str::<ReportsPage>(&format!(r#"{{"reports":[{reports}],"next":{next}}}"#)).unwrap()
        };
        assert!(page(2, "null").is_sound(None, 2) && page(0, "null").is_sound(Some("2026-11-30.a"), 0));
        assert!(page(2, "\"2026-11-30.b\"").is_sound(Some("2026-11-30.a"), 2));
        assert!(!page(3, "null").is_sound(None, 2));
        assert!(!page(2, "\"2026-11-30.a\"").is_sound(Some("2026-11-30.a"), 2));
        assert!(!page(2, "\"2026-11-29.b\"").is_sound(Some("2026-11-30.a"), 2));
        assert!(!page(0, "\"2026-11-30.b\"").is_sound(None, 2));
    }
}
