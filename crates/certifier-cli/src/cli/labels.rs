//! `certifier labels` and `relabel`: their flags.

use std::path::PathBuf;

use clap::Args;

use super::SignOptions;
use crate::labels::Serials;
use crate::render::{Format, Level, MAX_SPLIT, Resolution, Stock};

#[derive(Debug, Args)]
pub(crate) struct LabelsOptions {
    /// Index of the attestation, as `certifier attest` printed it
    #[arg(long, value_name = "INDEX")]
    pub(crate) attestation: u64,
    /// Which labels, such as 1-100 or 5,7,20-30; all where left out
    #[arg(long, value_name = "LIST")]
    pub(crate) serials: Option<Serials>,
    #[command(flatten)]
    pub(crate) print: PrintOptions,
    /// Print labels that were printed before
    #[arg(long, requires = "reason", conflicts_with = "resume")]
    pub(crate) reprint: bool,
    /// Why they are printed again; kept in the print book
    #[arg(long, value_name = "TEXT", requires = "reprint")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
}

#[derive(Debug, Args)]
pub(crate) struct RelabelOptions {
    /// Index of the attestation whose labels are to be replaced
    #[arg(long, value_name = "INDEX")]
    pub(crate) attestation: u64,
    /// Which labels; those that the print book names where left out, all where it names none
    #[arg(long, value_name = "LIST")]
    pub(crate) serials: Option<Serials>,
    #[command(flatten)]
    pub(crate) print: PrintOptions,
    /// Why, where no key that signed them is exposed; kept in the print book
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
}

/// How labels are printed.
#[derive(Debug, Args)]
pub(crate) struct PrintOptions {
    /// The folder for the files
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Which files: a picture a label (svg, png), sheets (pdf), a label printer's commands (zpl), the texts (csv, list)
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        default_value = "svg,png,pdf",
        hide_possible_values = true
    )]
    pub(crate) format: Vec<Format>,
    /// The labels to print on: l7160, l7651, 5160, or 3x7@63.5x38.1mm+7.25,15.15,2.5,0
    #[arg(long, value_name = "STOCK", default_value_t)]
    pub(crate) stock: Stock,
    /// Begin at this label of the first sheet, where those before it are used
    #[arg(long, value_name = "N", value_parser = count)]
    pub(crate) first: Option<usize>,
    /// Most labels of a file
    #[arg(long, value_name = "N", default_value = "1000", value_parser = split)]
    pub(crate) split: usize,
    /// Dots an inch of the printer: 203, 300 or 600
    #[arg(long, default_value = "300", hide_possible_values = true)]
    pub(crate) dpi: Resolution,
    /// How much damage the code survives: l, m, q or h; the most that fits where left out
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) level: Option<Level>,
    /// A font for what is not Latin, Greek or Cyrillic; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) font: Vec<PathBuf>,
    /// Serials without the attestation's index: shorter, but not unique for the GTIN
    #[arg(long)]
    pub(crate) short_serials: bool,
    /// The product's name on the label, where it is to be another than in the attestation
    #[arg(long, value_name = "NAME")]
    pub(crate) product: Option<String>,
    /// Go on with a run that was cut off
    #[arg(long)]
    pub(crate) resume: bool,
    /// How long to wait for the witnesses that the trust file asks for
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) wait: u16,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
}

fn level(text: &str) -> Result<Level, String> {
    let found = Level::ALL.into_iter().find(|level| level.to_string().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "expected l, m, q or h".to_owned())
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "expected a number from 1".to_owned())
}

fn split(text: &str) -> Result<usize, String> {
    count(text).ok().filter(|count| *count <= MAX_SPLIT).ok_or_else(|| format!("expected 1 to {MAX_SPLIT}"))
}
