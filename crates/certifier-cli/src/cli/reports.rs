//! `certifier reports`: its commands and flags.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use key_file::PassphraseSource;
use statement::ReportId;

use super::SignOptions;

#[derive(Debug, Args)]
pub(crate) struct ReportsOptions {
    #[command(subcommand)]
    pub(crate) command: ReportsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportsCommand {
    /// Make a key for reports: they are encrypted to its public half
    Keygen(ReportsKeygenOptions),
    /// Fetch the reports to this accreditor, and read them here
    List(ReportsListOptions),
    /// Read reports that were kept with `list --out`, without a network
    Read(ReportsReadOptions),
    /// Say that reports are being looked into
    Progress(ReportsUpdateOptions),
    /// Say that reports are finished with: the registry erases them
    Close(ReportsUpdateOptions),
}

#[derive(Debug, Args)]
pub(crate) struct ReportsKeygenOptions {
    /// The new identity file (age)
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Encrypt the file with a passphrase; it is asked for, or comes from one of the two below
    #[arg(long)]
    pub(crate) encrypt: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// Check everything, and make and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What opens reports.
#[derive(Debug, Args)]
pub(crate) struct IdentityOptions {
    /// The identity file of the key for reports (age; encrypted ones ask for their passphrase)
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// Read the identity file's passphrase from the first line of this file
    #[arg(long, value_name = "PATH")]
    pub(crate) identity_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportsListOptions {
    #[command(flatten)]
    pub(crate) identity: IdentityOptions,
    /// Keep each report as it came, sealed, in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
}

#[derive(Debug, Args)]
pub(crate) struct ReportsReadOptions {
    /// Sealed reports (.age)
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) identity: IdentityOptions,
    /// Print one JSON document instead
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportsUpdateOptions {
    /// Ids of reports, as `certifier reports list` prints them
    #[arg(value_name = "ID", required = true, value_parser = report_id)]
    pub(crate) reports: Vec<ReportId>,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
}

fn report_id(text: &str) -> Result<ReportId, String> {
    ReportId::parse(text).map_err(|error| error.to_string())
}
