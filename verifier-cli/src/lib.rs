//! The customs officer's and the auditor's command line.
