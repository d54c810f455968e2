use serde_json::json;

use super::*;
use crate::sample::{self, Change, changed};
use crate::{Authentic, Error, Statement};

fn open(payload: &[u8]) -> Result<Authentic<Statement>, Error> {
    sample::open(payload, &sample::did("did:web:accreditor.example"), &sample::accreditor_key())
}

#[test]
fn each_defect_has_its_reason() {
    let updates = "/credentialSubject/reports/updates";
    let path = "credentialSubject.reports.updates";
    let at = |rest: &str| -> &'static str { std::format!("{path}{rest}").leak() };
    let id = |n: u8| ReportId([n; 16]);
    let update = |n: u8| json!({"report": alloc::format!("{}", id(n)), "status": "closed"});
    let many: Vec<_> = (0..=100).map(update).collect();
    let cases: Vec<(Change, &str, &str)> = alloc::vec![
        (("/validUntil", Some(json!("2027-01-01T00:00:00Z"))), "unknown_member", "validUntil"),
        (("/validFrom", Some(json!("2026-03-03T00:00:00.5Z"))), "not_whole_second", "validFrom"),
        (("/credentialSubject/reports", None), "missing_member", "credentialSubject.reports"),
        (
            ("/credentialSubject/supplement", Some(json!("clearances"))),
            "unknown_member",
            "credentialSubject.supplement"
        ),
        ((updates, None), "missing_member", path),
        ((updates, Some(json!(many))), "too_many_items", path),
        ((updates, Some(json!([update(1), update(2), update(1)]))), "repeated_item", at("[2].report")),
        ((updates, Some(json!([{"report": "1", "status": "closed"}]))), "bad_report_id", at("[0].report")),
        ((updates, Some(json!([{"report": "+".repeat(32), "status": "closed"}]))), "bad_report_id", at("[0].report")),
        ((updates, Some(json!([{"report": "0".repeat(32), "status": "read"}]))), "unknown_value", at("[0].status")),
        ((updates, Some(json!([{"report": "0".repeat(32)}]))), "missing_member", at("[0].status")),
        (
            (updates, Some(json!([{"report": "0".repeat(32), "status": "closed", "why": 1}]))),
            "unknown_member",
            at("[0].why")
        ),
    ];
    for (change, code, path) in cases {
        let error = open(&changed(&sample::reports_request().to_payload(), change.clone())).unwrap_err();
        assert_eq!(error.code(), code, "{}: {error}", change.0);
        assert!(matches!(&error, Error::Member { path: found, .. } if found == path), "{}: {error}", change.0);
    }
}

#[test]
fn a_request_with_and_without_updates_is_read_back() {
    let all = (0..100_u8).map(|n| ReportUpdate { report: ReportId([n; 16]), progress: ReportProgress::InProgress });
    for updates in [Vec::new(), sample::reports_request().updates, all.collect()] {
        let request = ReportsRequest { updates, ..sample::reports_request() };
        assert_eq!(*open(&request.to_payload()).unwrap(), Statement::ReportsRequest(request));
    }
}
