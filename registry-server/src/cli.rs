//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use key_file::{KeyPlace, PassphraseSource};
use statement::{Did, Origin};
use tracing_subscriber::EnvFilter;
use verify::ReportRecipient;

use crate::log_key::{LogKeyPlace, socket};
use crate::reports::seal;

/// Run a registry of ethical labels: its log, its API, and the page behind each label.
#[derive(Debug, Parser)]
#[command(name = "registry-server", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a registry: its keys and its trust file
    Init(Init),
    /// Run a registry that was made with `init`
    Serve(Serve),
    /// Keep the log key in a process of its own, which signs one history only
    Signer(Signer),
    /// Follow a registry's log, verify it, and serve it or keep it as static files
    Mirror(Mirror),
    /// Make a lost journal again, from a mirror or its folder
    Restore(Restore),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder for the registry's data; made where there is none
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// The registry's host, as labels will name it for ever
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Origin::parse)]
    pub(crate) origin: Origin,
    /// Who accredits certifiers and customs offices
    #[arg(long, value_name = "DID", value_parser = Did::parse)]
    pub(crate) accreditor_did: Did,
    /// The accreditor's name, as people will read it [default: its DID]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) accreditor_name: Option<String>,
    /// A public key of the accreditor: JWK or PEM
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) accreditor_key: Vec<PathBuf>,
    /// How many of these keys must sign an accreditation
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) threshold: u8,
    /// Whom reports are encrypted to: the accreditor's age recipient [default: no reports are taken]
    #[arg(long, value_name = "AGE1…", value_parser = recipient)]
    pub(crate) reports: Option<ReportRecipient>,
    /// Sign checkpoints with ML-DSA-44 too, which outlives Ed25519; whoever has this trust file demands both
    #[arg(long)]
    pub(crate) ml_dsa: bool,
    /// The log key, where it is there already: a file, a token's pkcs11: URI, or unix:PATH of a signer [default: DIR/log.key, made]
    #[arg(long, value_name = "KEY", value_parser = LogKeyPlace::parse)]
    pub(crate) log_key: Option<LogKeyPlace>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// Check everything and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Folder of the registry's data
    #[arg(long, value_name = "DIR", env = "REGISTRY_DATA")]
    pub(crate) data: PathBuf,
    /// Trust file [default: DIR/trust.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Watch the logs of this trust file's registries, as a witness for them; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) witness_trust: Vec<PathBuf>,
    /// Registry to run, where the trust file names several
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) origin: Option<String>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Where to answer Prometheus, if at all: not for the public
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// The log key: a file, the pkcs11: URI of a token's key, or unix:PATH of a signer [default: DIR/log.key]
    #[arg(long, value_name = "KEY", value_parser = LogKeyPlace::parse)]
    pub(crate) log_key: Option<LogKeyPlace>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// The clock is right, though the newest entry is more than 30 days old
    #[arg(long)]
    pub(crate) clock_ok: bool,
    /// The journal is the newest there is, though the file `signed` is gone
    #[arg(long)]
    pub(crate) journal_ok: bool,
    /// Seconds between snapshots for verifiers without a network
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) snapshot_every: u32,
    /// Days for which the registry stands by a snapshot
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) snapshot_days: u16,
    /// What to log: a level, or directives such as `info,request=debug`
    #[arg(long, value_name = "FILTER", default_value = "info", env = "REGISTRY_LOG", value_parser = filter)]
    pub(crate) log: String,
}

#[derive(Debug, Args)]
pub(crate) struct Signer {
    /// The log key: a file, or the pkcs11: URI of a token's key
    #[arg(long, value_name = "KEY", value_parser = KeyPlace::parser())]
    pub(crate) key: KeyPlace,
    /// Folder for what was signed last; made where there is none. It can NOT be made again, nor restored from an older copy
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// The socket that `serve --log-key unix:PATH` asks; its owner alone can connect (mode 600)
    #[arg(long, value_name = "unix:PATH", value_parser = socket)]
    pub(crate) listen: PathBuf,
    /// The socket's group can connect as well (mode 660): for a server that runs as another user
    #[arg(long)]
    pub(crate) group_may_connect: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("kept").required(true).multiple(true).args(["data", "tiles"])))]
pub(crate) struct Mirror {
    /// Where the log is served: a registry, or another mirror
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Folder for the log; made where there is none. It is served as the registry serves it, and takes nothing in
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Folder for static files that any web server can serve; made where there is none
    #[arg(long, value_name = "DIR")]
    pub(crate) tiles: Option<PathBuf>,
    /// Trust file that names the log's keys and witnesses [default: trust.toml in the folder of --data]
    #[arg(long, value_name = "FILE", required_unless_present = "data")]
    pub(crate) trust: Option<PathBuf>,
    /// Registry to mirror, where the trust file names several
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) origin: Option<String>,
    /// Where to serve --data; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", requires = "data")]
    pub(crate) listen: SocketAddr,
    /// Where to answer Prometheus, if at all: not for the public
    #[arg(long, value_name = "ADDRESS:PORT", requires = "data")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Mirror what is there and end
    #[arg(long, conflicts_with = "every")]
    pub(crate) once: bool,
    /// Seconds between looks for what is new
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) every: u32,
    /// What to log: a level, or directives
    #[arg(long, value_name = "FILTER", default_value = "info", env = "REGISTRY_LOG", value_parser = filter)]
    pub(crate) log: String,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A mirror's folder, or the URL of any server of the log
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) from: String,
    /// Folder of the registry's data, with its keys and its trust file put back, and no journal
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Trust file [default: DIR/trust.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Registry to restore, where the trust file names several
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) origin: Option<String>,
    /// A checkpoint of this log that somebody has: nothing older is restored; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) seen: Vec<PathBuf>,
    /// This is the newest copy that there is, though too few witnesses say so
    #[arg(long)]
    pub(crate) newest_ok: bool,
    /// Read and check everything and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn filter(text: &str) -> Result<String, tracing_subscriber::filter::ParseError> {
    EnvFilter::builder().parse(text).map(|_| text.to_owned())
}

/// Of the right form, and with the right checksum: what is encrypted to a mistyped key, nobody reads.
fn recipient(text: &str) -> Result<ReportRecipient, String> {
    let recipient = ReportRecipient::parse(text).map_err(|error| error.to_string())?;
    seal::to_age(&recipient).map(|_| recipient)
}

fn name(text: &str) -> Result<String, statement::Fault> {
    statement::check_name(text).map(|()| text.to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_its_help_fits_a_screen() {
        Cli::command().debug_assert();
        let mut command = Cli::command();
        command.build();
        for command in [&command].into_iter().chain(command.get_subcommands()) {
            let help = command.clone().render_help().to_string();
            assert!(help.lines().count() <= 40, "{help}");
        }
    }
}
