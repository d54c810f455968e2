//! `certifier reports progress` and `close`: the sender sees it with the receipt code.

use serde_json::json;
use statement::{MAX_UPDATES, ReportProgress, ReportUpdate};

use super::desk::ReportsDesk;
use crate::cli::ReportsUpdateOptions;
use crate::failure::Failure;
use crate::report;

pub(crate) fn run(options: &ReportsUpdateOptions, progress: ReportProgress) -> Result<(), Failure> {
    let mut reports = options.reports.clone();
    reports.sort_unstable();
    reports.dedup();
    let desk = ReportsDesk::open(&options.sign)?;
    let mut done = Vec::new();
    for part in reports.chunks(MAX_UPDATES) {
        let updates: Vec<_> = part.iter().map(|report| ReportUpdate { report: *report, progress }).collect();
        if options.sign.dry_run {
            crate::print(&format!("{}\n\n", report::payload(&desk.payload(&updates)?)))?;
            continue;
        }
        // No page is asked for: what is on one counts as read.
        desk.ask(&updates, None, 0)?;
        done.extend(part.iter().map(ToString::to_string));
        if !options.sign.json {
            let what = match progress {
                ReportProgress::InProgress => "in progress",
                ReportProgress::Closed => "closed",
            };
            part.iter().try_for_each(|report| crate::print(&format!("{what}: {report}\n")))?;
        }
    }
    match (options.sign.dry_run, options.sign.json) {
        (true, _) => crate::print("Dry run: nothing was signed or sent.\n"),
        (false, true) => {
            let document = json!({ "format": "ethical-label-reports/v1", "outcome": progress.code(), "reports": done });
            report::print_json(vec![document])
        }
        (false, false) => Ok(()),
    }
}
