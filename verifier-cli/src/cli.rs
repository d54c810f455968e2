//! Every command and flag.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use key_file::{KeyPlace, PassphraseSource};
use primitives::Timestamp;
use statement::Unit;

use crate::manifest::Columns;
use crate::options::{OfficeOption, ShelfOption, StateOption, TrustOption};

const AFTER_HELP: &str = "\
Exit status:
  0  every label is verified
  1  a label is refused, or genuine but needs eyes (caution)
  2  wrong usage or input; what could be read was judged
  3  nothing worse than undecided: it could not be told here and now

Examples:
  verifier check labels/17.png
  verifier check 'HTTPS://REGISTRY.EXAMPLE/AEAT…/01/09521234543213/10/KTM-2026/21/17'
  verifier check --json - < labels.txt
  verifier inspect photo.jpg";

/// Judges labels that say how goods were made, and trusts neither the label nor the registry.
#[derive(Debug, Parser)]
#[command(name = "verifier", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge labels: asks each label's registry for proof and checks it here
    Check(CheckOptions),
    /// Judge a whole shipment by the snapshots on this device: no network is asked
    Shipment(ShipmentOptions),
    /// Sign what an office let pass, and hand it to the registry; alone, send what was signed without a network
    Clear(ClearOptions),
    /// Fetch the snapshots of all trusted registries, to judge without a network
    Sync(SyncOptions),
    /// Replay a registry's whole log, and hold all that it signed against it
    Audit(AuditOptions),
    /// Whether two checkpoints of one log, from two people, can both be true
    CompareCheckpoints(CompareOptions),
    /// Confirm what was kept as evidence against a registry, without a network
    Evidence {
        #[command(subcommand)]
        command: EvidenceCommand,
    },
    /// Say what is missing to decide, and the command that mends it
    Doctor(DoctorOptions),
    /// Show what a label, picture, statement, proof or checkpoint says, without judging it
    Inspect(InspectOptions),
    /// Check a COSE receipt (RFC 9942): that a key vouches for a statement being in its log
    Receipt(ReceiptOptions),
    /// Print the JSON Schema of `check --json` or `shipment --json`
    Schema {
        /// Of which command
        #[arg(value_enum, default_value_t = SchemaOf::Check)]
        of: SchemaOf,
    },
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// A command with a schema.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum SchemaOf {
    Check,
    Shipment,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Labels as text, pictures (PNG, JPEG), files with a label a line, or `-` for standard input
    #[arg(required = true, value_name = "LABEL|FILE")]
    pub(crate) inputs: Vec<String>,
    /// Also say whether this file, such as an audit report, is one that the attestation rests on; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    /// Ask no network: judge by the snapshots that `sync` fetched
    #[arg(long)]
    pub(crate) offline: bool,
    /// Folder of the snapshots
    #[arg(long, value_name = "DIR", requires = "offline")]
    pub(crate) snapshots: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) state: StateOption,
    /// Print one JSON document instead (see `verifier schema`)
    #[arg(long)]
    pub(crate) json: bool,
    /// Show every finding, not only those that decide
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReceiptOptions {
    /// The receipt, as the registry gives it at /v1/statements/<index>/receipt
    pub(crate) receipt: PathBuf,
    /// The statement: a file with the compact JWS alone
    pub(crate) statement: PathBuf,
    /// The registry's DID document, from /.well-known/did.json, or the key in it that signs receipts (JWK or PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ShipmentOptions {
    /// CSV, .xlsx, EPCIS 2.0 JSON, a list of labels, a folder of photos, or `-` for standard input
    pub(crate) manifest: String,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    #[command(flatten)]
    pub(crate) shelf: ShelfOption,
    #[command(flatten)]
    pub(crate) state: StateOption,
    /// Columns by header, letter or number: label=B,gtin=EAN,lot=Charge,origin=…,hs=…,quantity=…,unit=…
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    pub(crate) columns: Option<Columns>,
    /// Judge by the standing of this day (its end) or time, RFC 3339
    #[arg(long, value_name = "DAY", value_parser = crate::shipment::instant)]
    pub(crate) as_of: Option<Timestamp>,
    /// How many lines to show that need a decision
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) open: usize,
    /// Write a report for the case file: one HTML page, for A4
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Sign the verdicts with this key, a file or a pkcs11: URI: a JWS that `verifier inspect` opens
    #[arg(long, value_name = "KEY", value_parser = KeyPlace::parser())]
    pub(crate) sign: Option<KeyPlace>,
    /// Where the signed verdicts go [default: the report's or manifest's name and .jws]
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub(crate) signed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// Accept a key file that is not encrypted (for tests: whoever reads the file can sign)
    #[arg(long, requires = "sign")]
    pub(crate) allow_unencrypted_key: bool,
    /// Print one JSON document about the shipment (see `verifier schema shipment`)
    #[arg(long, conflicts_with_all = ["jsonl", "csv"])]
    pub(crate) json: bool,
    /// Print every line as JSON, one a line; the summary goes to standard error
    #[arg(long, conflicts_with = "csv")]
    pub(crate) jsonl: bool,
    /// Print every line as CSV; the summary goes to standard error
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ClearOptions {
    /// Clear the verified labels of this manifest: CSV, .xlsx, EPCIS, a list, a folder of photos
    #[arg(conflicts_with_all = ["attestation", "undo"])]
    pub(crate) manifest: Option<String>,
    /// Of a manifest, clear the labels that need eyes, too
    #[arg(long, requires = "manifest")]
    pub(crate) include_caution: bool,
    /// Columns by header, letter or number: label=B,…
    #[arg(long, value_name = "FIELD=COLUMN,…", requires = "manifest")]
    pub(crate) columns: Option<Columns>,
    /// Clear goods of this attestation, by its log index
    #[arg(long, value_name = "INDEX", conflicts_with = "undo")]
    pub(crate) attestation: Option<u64>,
    /// Serial numbers: 1-50,77
    #[arg(long, value_name = "RANGES", requires = "attestation")]
    pub(crate) serials: Option<String>,
    /// A quantity, in whole units
    #[arg(long, value_name = "N", requires = "attestation", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) quantity: Option<u32>,
    /// Unit of the quantity (UN/ECE Recommendation 20) [default: C62, pieces]
    #[arg(long, value_name = "CODE", requires = "quantity", value_parser = unit)]
    pub(crate) unit: Option<Unit>,
    /// Undo this office's clearance whose commitment has this log index
    #[arg(long, value_name = "INDEX", requires = "reason")]
    pub(crate) undo: Option<u64>,
    /// Why it is undone
    #[arg(long, value_name = "TEXT", requires = "undo")]
    pub(crate) reason: Option<String>,
    /// Which registry, where the trust file names several
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) registry: Option<String>,
    #[command(flatten)]
    pub(crate) office: OfficeOption,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    #[command(flatten)]
    pub(crate) shelf: ShelfOption,
    #[command(flatten)]
    pub(crate) state: StateOption,
    /// Sign and keep; the next `verifier clear` sends it
    #[arg(long)]
    pub(crate) offline: bool,
    /// Say what would be signed, and sign and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl ClearOptions {
    /// Whether there is something to sign.
    pub(crate) const fn is_new(&self) -> bool {
        self.manifest.is_some() || self.attestation.is_some() || self.undo.is_some()
    }
}

fn unit(code: &str) -> Result<Unit, String> {
    let known = || Unit::all().map(Unit::code).collect::<Vec<_>>().join(", ");
    Unit::from_code(code).ok_or_else(|| format!("expected one of {}", known()))
}

#[derive(Debug, Args)]
pub(crate) struct SyncOptions {
    #[command(flatten)]
    pub(crate) office: OfficeOption,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    #[command(flatten)]
    pub(crate) shelf: ShelfOption,
    #[command(flatten)]
    pub(crate) state: StateOption,
}

#[derive(Debug, Args)]
pub(crate) struct AuditOptions {
    /// Which registry of the trust file, by its host or URL [default: all]
    #[arg(value_name = "HOST[:PORT]|URL")]
    pub(crate) registry: Option<String>,
    /// Go on for ever with what is new
    #[arg(long)]
    pub(crate) follow: bool,
    /// How often to look, with --follow
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) every: u32,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    #[command(flatten)]
    pub(crate) state: StateOption,
}

#[derive(Debug, Args)]
pub(crate) struct CompareOptions {
    /// A signed checkpoint, as `GET /checkpoint` gives it
    #[arg(value_name = "FILE")]
    pub(crate) one: PathBuf,
    /// Another one of the same log
    #[arg(value_name = "FILE")]
    pub(crate) other: PathBuf,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    #[command(flatten)]
    pub(crate) state: StateOption,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Confirm a file that check, sync, audit or compare-checkpoints kept; status 1 where it speaks against the registry
    Check(EvidenceCheckOptions),
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceCheckOptions {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) trust: TrustOption,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorOptions {
    #[command(flatten)]
    pub(crate) trust: TrustOption,
    #[command(flatten)]
    pub(crate) shelf: ShelfOption,
    #[command(flatten)]
    pub(crate) state: StateOption,
}

#[derive(Debug, Args)]
pub(crate) struct InspectOptions {
    /// A label as text, a file, or `-` for standard input
    #[arg(value_name = "LABEL|FILE")]
    pub(crate) input: String,
    /// Check signed verdicts under this public key: JWK or PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

/// The completions of a shell.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "verifier", &mut out);
    out
}

/// The manual page of the program, its commands' after it.
pub(crate) fn man_page() -> Vec<u8> {
    let mut out = Vec::new();
    let mut program = Arguments::command();
    program.build();
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help").cloned();
    for command in std::iter::once(program.clone()).chain(commands.collect::<Vec<_>>()) {
        // Writing to memory does not fail.
        let _ = clap_mangen::Man::new(command).render(&mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_help_fits_on_a_screen() {
        Arguments::command().debug_assert();
        let mut program = Arguments::command();
        assert!(program.render_help().to_string().lines().count() <= 40);
        for command in program.get_subcommands_mut() {
            let name = command.get_name().to_owned();
            assert!(command.render_help().to_string().lines().count() <= 40, "{name}");
        }
    }
}
