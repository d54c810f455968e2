//! Every command and flag.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use key_file::{KeyArguments, KeyPlace, PassphraseSource};
use primitives::Timestamp;
use statement::{Did, Origin, Reason};

use crate::failure::Failure;
use crate::jwk::Jwk;

mod key;
mod labels;
mod reports;
pub(crate) use key::{
    BackupOptions, InspectOptions, KeyCommand, KeyOptions, NewPassphraseSource, PassphraseOptions, RotateOptions,
};
pub(crate) use labels::{LabelsOptions, PrintOptions, RelabelOptions};
pub(crate) use reports::{
    IdentityOptions, ReportsCommand, ReportsKeygenOptions, ReportsListOptions, ReportsOptions, ReportsReadOptions,
    ReportsUpdateOptions,
};

const AFTER_HELP: &str = "\
Exit status:
  0  done
  1  refused by the registry, or not done
  2  wrong usage or input; nothing was signed
  3  the registry cannot be reached; what was signed is kept

Examples:
  certifier attest lots.xlsx --key certifier.key --out lots
  certifier labels --attestation 94567 --out labels --key certifier.key
  certifier withdraw 94567 --reason child_found_at_work --key certifier.key";

/// Signs accreditations, attestations, labels and changes of status, and sends them to a registry.
#[derive(Debug, Parser)]
#[command(name = "certifier", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a key in an encrypted file or a token, and write its public half
    Keygen(KeygenOptions),
    /// Write the public half of a key again
    Public(PublicOptions),
    /// Inspect, back up or rotate a key, or change its passphrase
    Key(KeyOptions),
    /// Accredit a party: a certifier, customs office or auditor
    Accredit(AccreditOptions),
    /// Attest a lot, or every lot of a spreadsheet
    Attest(AttestOptions),
    /// Write an empty spreadsheet of lots, and tell what its columns are for
    Template {
        /// The new file (.xlsx or .csv); without one, only tell
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Say whether a file, such as an audit report, is one that an attestation rests on
    Evidence(EvidenceOptions),
    /// Sign and print the labels of an attested lot
    Labels(LabelsOptions),
    /// Print labels anew under another key, after the first one was exposed
    Relabel(RelabelOptions),
    /// List what a party attested, how it stands, and what ends soon
    List(ListOptions),
    /// Follow the log, and tell what was signed in a party's name and not by its own hand
    Monitor(MonitorOptions),
    /// Suspend attestations, or a party with all that it attested
    Suspend(StatusOptions),
    /// Lift one's own suspension
    Reinstate(StatusOptions),
    /// Withdraw for ever
    Withdraw(StatusOptions),
    /// Send statements that were signed earlier
    Submit(SubmitOptions),
    /// List what a key signed and printed, and what it would mean that others had it
    BlastRadius(BlastRadiusOptions),
    /// What people reported: read it, and say what became of it; for accreditors
    Reports(ReportsOptions),
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page (roff)
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct KeygenOptions {
    /// Whose key it is, such as did:web:certifier.example
    #[arg(long, value_name = "DID", value_parser = did)]
    pub(crate) did: Did,
    /// The party's name, written into the public file
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The new key file, or the pkcs11: URI of a new key in a token, which never leaves it
    #[arg(long, value_name = "KEY", value_parser = KeyPlace::parser())]
    pub(crate) out: KeyPlace,
    /// The file for the public half [default: beside the key file, or LABEL.jwk for a token]
    #[arg(long, value_name = "FILE")]
    pub(crate) jwk: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// Check everything, and make and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PublicOptions {
    /// Whose key it is
    #[arg(long, value_name = "DID", value_parser = did)]
    pub(crate) did: Did,
    /// The party's name
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) secret: KeyArguments,
    /// Show what would be written, and stop
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Which registry.
#[derive(Debug, Args)]
pub(crate) struct RegistryOptions {
    /// The trust file: which registries and keys to believe
    #[arg(long, value_name = "FILE", env = client::TRUST_VARIABLE, hide_env_values = true)]
    pub(crate) trust: Option<PathBuf>,
    /// Which registry, where the trust file names several
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) registry: Option<Origin>,
    /// Where the newest checkpoint of each registry is remembered
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

/// Who signs.
#[derive(Debug, Args)]
pub(crate) struct SignOptions {
    #[command(flatten)]
    pub(crate) registry: RegistryOptions,
    #[command(flatten)]
    pub(crate) secret: KeyArguments,
    /// Show what would be signed and become public, and stop
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON document instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// What becomes of a signed statement.
#[derive(Debug, Args)]
pub(crate) struct SendOptions {
    /// Where the receipt goes: the statement and its proof
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Sign, and leave the sending to `certifier submit`
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) no_send: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AccreditOptions {
    /// The party, as TOML or JSON
    #[arg(value_name = "FILE", required_unless_present_any = ["approve", "rotation", "compromised"])]
    pub(crate) file: Option<PathBuf>,
    /// Instead: sign this payload too, which another key of the accreditor signed first
    #[arg(long, value_name = "PAYLOAD", conflicts_with_all = ["file", "rotation", "compromised"])]
    pub(crate) approve: Option<PathBuf>,
    /// Instead: list the key that this request asks for (`certifier key rotate`), and leave all else as it is
    #[arg(long, value_name = "REQUEST", conflicts_with_all = ["file", "compromised"])]
    pub(crate) rotation: Option<PathBuf>,
    /// Leave the key that signed the request out: it is retired
    #[arg(long, requires = "rotation")]
    pub(crate) retire: bool,
    /// Instead: declare a key of a party compromised, by thumbprint or file; may be repeated
    // Thumbprints may begin with a hyphen.
    #[arg(
        long,
        value_name = "KEY",
        value_parser = KeyPlace::parser(),
        allow_hyphen_values = true,
        conflicts_with = "file",
        requires = "compromised_since"
    )]
    pub(crate) compromised: Vec<KeyPlace>,
    /// Since when others may have used it; what was logged since is refused, however dated
    #[arg(long, value_name = "TIME", value_parser = second, requires = "compromised")]
    pub(crate) compromised_since: Option<Timestamp>,
    /// Ask nothing; needed to declare a key compromised without a terminal
    #[arg(long, requires = "compromised")]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
    #[command(flatten)]
    pub(crate) send: SendOptions,
}

#[derive(Debug, Args)]
pub(crate) struct AttestOptions {
    /// The lot, as TOML or JSON; or a spreadsheet with one a row, .csv or .xlsx
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Attest lots that this certifier has attested before
    #[arg(long)]
    pub(crate) again: bool,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
    #[command(flatten)]
    pub(crate) send: SendOptions,
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceOptions {
    #[command(subcommand)]
    pub(crate) command: EvidenceCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Hold a file against what an attestation names
    Check(EvidenceCheckOptions),
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceCheckOptions {
    /// The file; it is hashed here and sent nowhere
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Index of the attestation
    #[arg(long, value_name = "INDEX")]
    pub(crate) attestation: u64,
    #[command(flatten)]
    pub(crate) registry: RegistryOptions,
    /// Print one JSON document instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// Whose statements: no key is needed to read them.
#[derive(Debug, Args)]
#[group(required = true)]
pub(crate) struct WhoOptions {
    /// The party
    #[arg(long, value_name = "DID", value_parser = did)]
    did: Option<Did>,
    /// The party that this public key says it is of: the .jwk beside a key
    #[arg(long, value_name = "FILE", conflicts_with = "did")]
    jwk: Option<PathBuf>,
}

impl WhoOptions {
    /// The party.
    pub(crate) fn did(&self) -> Result<Did, Failure> {
        match (&self.did, &self.jwk) {
            (Some(did), _) => Ok(did.clone()),
            (None, Some(file)) => Jwk::read(file).map_err(Failure::input)?.did.ok_or_else(|| {
                Failure::input(format!("{} does not say whose key it is", file.display()))
                    .hint("name the party with --did")
            }),
            (None, None) => Err(Failure::input("no party is named").hint("--did DID, or --jwk FILE")),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ListOptions {
    #[command(flatten)]
    pub(crate) who: WhoOptions,
    /// Only what ends within so many days, the next first
    #[arg(long, value_name = "DAYS", num_args = 0..=1, default_missing_value = "60")]
    pub(crate) expiring: Option<u16>,
    #[command(flatten)]
    pub(crate) registry: RegistryOptions,
    /// Print one JSON document instead
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print a line for each attestation as CSV instead
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MonitorOptions {
    #[command(flatten)]
    pub(crate) who: WhoOptions,
    /// Go on for ever, looking again every so many seconds
    #[arg(long)]
    pub(crate) follow: bool,
    /// How often
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) every: u32,
    /// Run this program for each statement that is not in the own book; it gets the event as JSON on its input
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) run: Option<PathBuf>,
    /// Take these entries into the own book: they were signed on another device
    #[arg(long, value_name = "INDEX", value_delimiter = ',', conflicts_with = "follow")]
    pub(crate) adopt: Vec<u64>,
    #[command(flatten)]
    pub(crate) registry: RegistryOptions,
    /// Print each event as a JSON document instead
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("targets").required(true))]
pub(crate) struct StatusOptions {
    /// Indexes of attestations
    #[arg(value_name = "INDEX", group = "targets")]
    pub(crate) attestations: Vec<u64>,
    /// Instead: every attestation of the lots in this file, one a line, perhaps with a comma and the GTIN
    #[arg(long, value_name = "FILE", group = "targets")]
    pub(crate) lots: Option<PathBuf>,
    /// Instead: every attestation of goods from this facility, by its URI
    #[arg(long, value_name = "URI", group = "targets")]
    pub(crate) facility: Option<String>,
    /// Instead: every attestation there is now
    #[arg(long, group = "targets")]
    pub(crate) all: bool,
    /// Instead: a party, with all that it attested and will attest; for its accreditor
    #[arg(long, value_name = "DID", value_parser = did, group = "targets")]
    pub(crate) party: Option<Did>,
    /// Whose lots, facility or all [default: the signer's]; for its accreditor
    #[arg(long, value_name = "DID", value_parser = did, conflicts_with_all = ["attestations", "party"])]
    pub(crate) of: Option<Did>,
    /// Why: child_found_at_work, audit_refused, fraud, error, expired_audit or other
    #[arg(long, value_name = "CODE", value_parser = reason)]
    pub(crate) reason: Reason,
    /// Why, in words; becomes public
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) text: String,
    /// From when on, such as 2026-12-01T00:00:00Z; at once where left out
    #[arg(long, value_name = "TIME", value_parser = second)]
    pub(crate) from: Option<Timestamp>,
    /// Ask nothing; needed to withdraw without a terminal
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
    #[command(flatten)]
    pub(crate) send: SendOptions,
}

#[derive(Debug, Args)]
pub(crate) struct SubmitOptions {
    /// Signed statements (.jws)
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Send an accreditation that lacks signatures; it takes effect with the last of them
    #[arg(long)]
    pub(crate) partial: bool,
    #[command(flatten)]
    pub(crate) registry: RegistryOptions,
    /// Check and show the statements, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print one JSON document instead
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BlastRadiusOptions {
    /// A thumbprint, a public key (.jwk, PEM), a key file with its .jwk beside it, or the pkcs11: URI of a key in a token
    // Thumbprints may begin with a hyphen.
    #[arg(value_name = "KEY", value_parser = KeyPlace::parser(), allow_hyphen_values = true)]
    pub(crate) key: KeyPlace,
    /// Count what it would do to declare the key compromised since then; nothing is declared
    #[arg(long, value_name = "TIME", value_parser = second)]
    pub(crate) since: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) registry: RegistryOptions,
    /// Print one JSON document instead
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print a line for each statement as CSV instead
    #[arg(long)]
    pub(crate) csv: bool,
}

fn did(text: &str) -> Result<Did, String> {
    Did::parse(text).map_err(|error| error.to_string())
}

fn origin(text: &str) -> Result<Origin, String> {
    Origin::parse(text).map_err(|error| error.to_string())
}

fn reason(text: &str) -> Result<Reason, String> {
    let codes = "child_found_at_work, audit_refused, fraud, error, expired_audit, other";
    Reason::from_code(text).ok_or_else(|| format!("expected one of: {codes}"))
}

fn second(text: &str) -> Result<Timestamp, String> {
    let time = Timestamp::parse_rfc3339(text).map_err(|error| error.to_string())?;
    if text.contains('.') { Err("expected whole seconds".to_owned()) } else { Ok(time) }
}

/// The completions of a shell.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "certifier", &mut out);
    out
}

/// The manual page of the program, its commands' after it.
pub(crate) fn man_page() -> Vec<u8> {
    let mut out = Vec::new();
    let mut program = Arguments::command();
    program.build();
    for command in with_subcommands(&program) {
        // Writing to memory does not fail.
        let _ = clap_mangen::Man::new(command).render(&mut out);
    }
    out
}

/// A command, then those below it, without `help`.
fn with_subcommands(command: &clap::Command) -> Vec<clap::Command> {
    let below = command.get_subcommands().filter(|below| below.get_name() != "help");
    std::iter::once(command.clone()).chain(below.flat_map(with_subcommands)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_that_begins_with_a_hyphen_is_no_flag() {
        let place = |name: &str| KeyPlace::File(name.into());
        let parse = |line: &[&str]| Arguments::try_parse_from(line).map_err(|error| error.to_string());
        for name in ["-a9pP_Me4BrmHgH9SHywXIBEdRj93NAlUxY1EX08Jgc", "--9pP_Me4BrmHgH9SHywXIBEdRj93NAlUxY1EX08Jgc"] {
            let line = parse(&["certifier", "blast-radius", name, "--json"]).unwrap();
            let Command::BlastRadius(options) = line.command else { panic!("another command") };
            assert!(options.key == place(name) && options.json);
            let since = ["--compromised-since", "2026-01-01T00:00:00Z", "--yes", "--key", "a.key"];
            let line = parse(&[&["certifier", "accredit", "--compromised", name], &since[..]].concat()).unwrap();
            let Command::Accredit(options) = line.command else { panic!("another command") };
            assert!(options.compromised == [place(name)] && options.yes);
        }
    }

    #[test]
    fn the_command_line_is_consistent_and_help_fits_on_a_screen() {
        Arguments::command().debug_assert();
        let mut program = Arguments::command();
        assert!(program.render_help().to_string().lines().count() <= 40);
        let commands = with_subcommands(&program);
        assert!(commands.iter().any(|command| command.get_name() == "close"));
        for mut command in commands {
            let lines = command.render_help().to_string().lines().count();
            assert!(lines <= 45, "{}: {lines}", command.get_name());
        }
    }
}
