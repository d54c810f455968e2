//! One binary that runs a registry: the HTTP API, the C2SP log, and the page behind a label.
//!
//! | where | what |
//! |---|---|
//! | `routes` | every route, in one list |
//! | `handlers/` | take a request apart, make one call down, answer |
//! | `submit`, `judge`, `lookup` | the calls down: into the sequencer, the verifier, the log |
//! | `clearances` | what customs offices cleared: kept privately, committed to in the log |
//! | `reports` | what anybody reported: kept sealed, given to the accreditor that it is for |
//! | `pieces` | private records longer than one value |
//! | `scans` | on how many days each genuine label was scanned |
//! | `cosigning`, `cosigned`, `anchors` | witnesses' cosignatures: gathered, served, one an hour kept for ever |
//! | `witness` | this registry as a witness of other logs |
//! | `mirror`, `mirror/` | another registry's log, followed, verified and served |
//! | `tile_folder`, `log_source`, `bundles` | the same as static files; how a log is read |
//! | `restore`, `lost_log`, `last_seen` | a lost journal made again from a mirror; no second log begun in its place; what witnesses saw |
//! | `snapshots` | what verifiers without a network take along, made in the background |
//! | `law` | the registry's law as the sequencer asks it |
//! | `problem` | each failure's status, code and public words (RFC 9457) |
//! | `page/`, `texts`, `language`, `assets` | pages for people, in their language; the scripts that they load |
//! | `status_lists` | the log as other people's verifiers read it |
//! | `tallies` | what certifiers' attestations come to |
//! | `linkset`, `identity`, `trust`, `openapi` | what is rendered for programs |
//! | `http/` | connections and their limits, bodies, negotiation; what all answers share |
//! | `limits` | every bound on a client, in one place |
//! | `log_key`, `signer` | the log key: in a file, a token, or a process of its own that signs one history |
//! | `serve`, `init`, `signer`, `mirror`, `restore`, `cli` | the commands |
//!
//! Clients are not trusted, and neither is the registry: all that it answers about a label can be checked against the log.
//! No address, cookie or other trace of who asks is stored or logged.

mod anchors;
mod answers;
mod app;
mod assets;
mod attested;
mod bundles;
mod causes;
mod clearances;
mod cli;
mod cosigned;
mod cosigning;
mod counted;
mod follow_error;
mod handlers;
mod hours;
mod http;
mod identity;
mod init;
mod judge;
mod keys;
mod language;
mod last_seen;
mod law;
mod limits;
mod linkset;
mod log;
mod log_key;
mod log_source;
mod logging;
mod lookup;
mod lost_log;
mod metrics;
mod mirror;
mod ml_dsa_key;
mod openapi;
mod page;
mod pieces;
mod problem;
mod progress;
mod receipts;
mod reports;
mod restore;
mod routes;
mod run;
mod scans;
mod serve;
mod signatures;
mod signer;
mod snapshots;
mod status_lists;
mod submit;
mod tallies;
mod texts;
mod tile_folder;
mod trust;
mod whole_file;
mod witness;

pub use cosigning::Cosigning;
pub use limits::Limits;
pub use log_key::LogKeyPlace;
pub use run::{run, run_to};
pub use serve::{Config, Server};
pub use snapshots::Schedule;
