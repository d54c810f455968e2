//! One print run: planned and held against the book before anything is signed, then printed and reported.

use std::path::{Path, PathBuf};
use std::time::Duration;

use client::terminal::clean;
use indicatif::{ProgressBar, ProgressStyle};
use primitives::{Thumbprint, Timestamp};
use verify::Facts;

use super::book::{Again, Book, Order};
use super::choice::Serials;
use crate::cli::PrintOptions;
use crate::clock;
use crate::failure::Failure;
use crate::files;
use crate::render::{Batch, Face, Field, Format, Layout, Press, RenderError, Resolution};

/// A run that may be printed.
pub(super) struct Job<'j> {
    press: Press<'j>,
    batches: Vec<Batch>,
    serials: &'j Serials,
    again: Again<'j>,
    key: String,
    force: bool,
    files: String,
    settings: String,
}

impl<'j> Job<'j> {
    /// Plans the files. `key` is the one that signs.
    pub(super) fn plan(
        options: &'j PrintOptions,
        key: Thumbprint,
        again: Again<'j>,
        serials: &'j Serials,
        numbers: &[u32],
        layout: &'j Layout<'j>,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let per_sheet = layout.stock().per_sheet();
        let first = options.first.unwrap_or(1);
        if options.first.is_some() && !options.format.contains(&Format::Pdf) {
            return Err(Failure::input("--first is of a sheet of labels").hint("sheets are --format pdf"));
        }
        if first > per_sheet {
            return Err(Failure::input(format!(
                "a sheet of {} has labels 1 to {per_sheet}, not {first}",
                layout.stock()
            )));
        }
        if let Some(twice) = options
            .format
            .iter()
            .enumerate()
            .find(|(at, format)| options.format.iter().take(*at).any(|before| before == *format))
        {
            return Err(Failure::input(format!("--format names {} twice", twice.1.name())));
        }
        let press = Press {
            layout,
            folder: &options.out,
            formats: &options.format,
            first: first - 1,
            split: options.split,
            made: now,
        };
        let names: Vec<&str> = options.format.iter().map(|format| format.name()).collect();
        Ok(Self {
            batches: press.batches(numbers),
            press,
            serials,
            again,
            key: key.to_string(),
            force: options.force,
            files: names.join(","),
            settings: settings(options, layout),
        })
    }

    /// Whether the run may be printed: the book lets it, and no file is in its way.
    pub(super) fn allowed(&self, book: &Book, facts: &Facts) -> Result<(), Failure> {
        book.allows(&self.order(facts), self.again)?;
        self.has_room()
    }

    fn has_room(&self) -> Result<(), Failure> {
        match self.taken().filter(|_| !self.force && self.again != Again::Resume) {
            Some(path) => Err(Failure::input(format!("{} is there already", path.display()))
                .hint("choose another folder with --out DIR, or replace the files with --force")),
            None => Ok(()),
        }
    }

    /// A file that is in the way. So is any other batch's: it would be taken for a part of this run.
    fn taken(&self) -> Option<PathBuf> {
        let planned = self.batches.iter().flat_map(|batch| self.press.files(batch)).find(|path| path.exists());
        planned.or_else(|| {
            let entries = std::fs::read_dir(self.press.folder).ok()?;
            entries.flatten().map(|entry| entry.path()).filter(|path| self.is_batch(path)).min()
        })
    }

    fn is_batch(&self, path: &Path) -> bool {
        let of_format = |format: &&Format| {
            !format.is_single() && path.extension().is_some_and(|ending| ending == format.extension())
        };
        let name = path.file_stem().and_then(|stem| stem.to_str()?.strip_prefix("labels-")?.split_once('-'));
        let is_number = |text: &str| text.parse::<u32>().is_ok();
        name.is_some_and(|(first, last)| is_number(first) && is_number(last))
            && self.press.formats.iter().any(|format| of_format(&format))
    }

    fn order<'o>(&'o self, facts: &Facts) -> Order<'o> {
        Order {
            attestation: facts.index,
            serials: self.serials,
            files: &self.files,
            settings: &self.settings,
            key: &self.key,
        }
    }

    /// What a dry run shows.
    pub(super) fn show(&self, facts: &Facts, ends: (String, String), json: bool) -> Result<(), Failure> {
        let (first, last) = ends;
        if json {
            let mut document = self.document(facts, "dry_run");
            document.extend([("first".into(), first.into()), ("last".into(), last.into())]);
            return crate::print(&format!("{:#}\n", serde_json::Value::Object(document)));
        }
        crate::print(&format!(
            "{} labels of attestation {}: {}, lot {}\n  serials {first} to {last}, valid until {}\n  {}\n{}{}  into {}\n\n\
             Dry run: nothing was signed or written.\n",
            self.labels(),
            facts.index,
            clean(&facts.product),
            clean(&facts.lot),
            facts.last_day,
            self.look(),
            self.shortened(),
            self.replacing(),
            self.press.folder.display(),
        ))
    }

    /// Writes the run into the book, prints it, and writes its end.
    pub(super) fn print(
        &self,
        book: Book,
        facts: &Facts,
        json: bool,
        sign: impl Fn(u32) -> Result<Face, Failure> + Sync,
    ) -> Result<(), Failure> {
        files::folder(self.press.folder)?;
        let begun = book.begin(&self.order(facts), self.again, self.press.made)?;
        self.print_batches(sign).map_err(|failure| self.incomplete(failure))?;
        begun.finish(clock::now())?;
        self.report(facts, json)
    }

    fn print_batches(&self, sign: impl Fn(u32) -> Result<Face, Failure> + Sync) -> Result<(), Failure> {
        self.press.clear(&self.batches)?;
        // Files that were there before a run with --force cannot be told from the run's own.
        let is_whole = |batch: &Batch| {
            self.again == Again::Resume && !self.force && self.press.files(batch).all(|path| path.exists())
        };
        let rest: Vec<Batch> = self.batches.iter().filter(|batch| !is_whole(batch)).cloned().collect();
        let bar = progress(&rest);
        let printed = self.press.print(&rest, &sign, &|| bar.inc(1));
        bar.finish_and_clear();
        printed
    }

    /// Half a set looks like a whole one.
    fn incomplete(&self, failure: Failure) -> Failure {
        let folder = self.press.folder.display();
        failure.or_hint(format!(
            "the set in {folder} is incomplete: put that right, then the same command with --resume goes on"
        ))
    }

    fn labels(&self) -> usize {
        self.batches.iter().map(Batch::labels).sum()
    }

    fn look(&self) -> String {
        let layout = self.press.layout;
        format!("on {}, level {}, modules of {:.2} mm", layout.stock(), layout.level(), layout.module_mm())
    }

    /// What the labels do not show, as a line, or nothing.
    fn shortened(&self) -> String {
        let layout = self.press.layout;
        let left_out: Vec<&str> = layout.left_out().map(Field::name).collect();
        let mut told = Vec::new();
        if layout.product_is_cut() {
            told.push("the product's name is cut short".to_owned());
        }
        if !left_out.is_empty() {
            told.push(format!("no room for: {}", left_out.join(", ")));
        }
        if told.is_empty() { String::new() } else { format!("  {}\n", told.join("; ")) }
    }

    fn document(&self, facts: &Facts, outcome: &str) -> serde_json::Map<String, serde_json::Value> {
        let layout = self.press.layout;
        let left_out: Vec<&str> = layout.left_out().map(Field::name).collect();
        let members: [(&str, serde_json::Value); 10] = [
            ("format", "ethical-label-certifier/v1".into()),
            ("outcome", outcome.into()),
            ("index", facts.index.into()),
            ("labels", self.labels().into()),
            ("serials", self.serials.to_string().into()),
            ("stock", layout.stock().to_string().into()),
            ("level", layout.level().to_string().into()),
            ("moduleMm", format!("{:.3}", layout.module_mm()).into()),
            ("productCut", layout.product_is_cut().into()),
            ("leftOut", left_out.into()),
        ];
        let mut document: serde_json::Map<_, _> =
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        document.insert("key".into(), self.key.as_str().into());
        if let Again::Relabel { reason, replaces } = self.again {
            document.extend([("reason".into(), reason.into()), ("replaces".into(), replaces.to_vec().into())]);
        }
        document
    }

    /// What becomes of the labels that these stand in for, as lines, or nothing.
    fn replacing(&self) -> String {
        let Again::Relabel { reason, replaces } = self.again else { return String::new() };
        let runs: Vec<String> = replaces.iter().map(ToString::to_string).collect();
        let which = match runs.len() {
            0 => "those printed before".to_owned(),
            1 => format!("those of print run {}", runs.join(", ")),
            _ => format!("those of print runs {}", runs.join(", ")),
        };
        format!(
            "  in place of {which}: take each of those off its goods, or cover it\n  under key {}, because: {}\n",
            self.key,
            clean(reason)
        )
    }

    fn report(&self, facts: &Facts, json: bool) -> Result<(), Failure> {
        if json {
            let files: Vec<String> = self
                .batches
                .iter()
                .flat_map(|batch| self.press.files(batch))
                .map(|path| path.display().to_string())
                .collect();
            let mut document = self.document(facts, "printed");
            document.insert("files".into(), files.into());
            return crate::print(&format!("{:#}\n", serde_json::Value::Object(document)));
        }
        let mut lines = format!(
            "{} labels of attestation {}, numbers {}, {}, valid until {}; every code was read back\n{}{}",
            self.labels(),
            facts.index,
            self.serials,
            self.look(),
            facts.last_day,
            self.shortened(),
            self.replacing(),
        );
        for format in self.press.formats {
            let of_format = |batch: &Batch| {
                let ending = format.extension();
                self.press
                    .files(batch)
                    .filter(|path| path.extension().is_some_and(|of| of == ending))
                    .collect::<Vec<_>>()
            };
            let (first, last) = (self.batches.first().map(of_format), self.batches.last().map(of_format));
            let ends = first.as_deref().and_then(<[_]>::first).zip(last.as_deref().and_then(<[_]>::last));
            if let Some((first, last)) = ends {
                lines.push_str(&format!("  {}\n", span(&first.display().to_string(), &last.display().to_string())));
            }
        }
        crate::print(&lines)
    }
}

/// What decides the files' content beside the labels themselves, for the book.
fn settings(options: &PrintOptions, layout: &Layout<'_>) -> String {
    let dpi = match options.dpi {
        Resolution::Dpi203 => 203,
        Resolution::Dpi300 => 300,
        Resolution::Dpi600 => 600,
    };
    let mut settings = format!(
        "--stock {} --first {} --split {} --dpi {dpi} --level {}",
        layout.stock(),
        options.first.unwrap_or(1),
        options.split,
        layout.level(),
    );
    let out = std::path::absolute(&options.out).unwrap_or_else(|_| options.out.clone());
    settings.push_str(&format!(" --out {}", out.display()));
    for font in &options.font {
        settings.push_str(&format!(" --font {}", font.display()));
    }
    if let Some(product) = &options.product {
        settings.push_str(&format!(" --product '{product}'"));
    }
    for (flag, is_set) in [("--short-serials", options.short_serials), ("--force", options.force)] {
        if is_set {
            settings.push_str(&format!(" {flag}"));
        }
    }
    settings
}

/// `first to last`, or the one there is.
fn span(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("{first} to {last}") }
}

/// Labels printed and the time left, on standard error where that is a terminal.
fn progress(batches: &[Batch]) -> ProgressBar {
    let labels: usize = batches.iter().map(Batch::labels).sum();
    let bar = ProgressBar::new(u64::try_from(labels).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} labels {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        let hint = match &error {
            RenderError::NoGlyph { .. } => Some(
                "--font FILE names a font that has them, such as one of Noto (fonts.google.com/noto); or --product NAME prints \
                 another name"
                    .to_owned(),
            ),
            RenderError::StockTooSmall { weaker, stocks, host, .. } => {
                let weaker = weaker.map(|level| format!("--level {} fits", level.to_string().to_lowercase()));
                let stocks = (!stocks.is_empty()).then(|| format!("--stock {} fits", stocks.join(" or ")));
                let host = host.map(|length| format!("a registry's host of {length} characters would fit"));
                let ways: Vec<String> = weaker.into_iter().chain(stocks).chain(host).collect();
                (!ways.is_empty()).then(|| ways.join("; "))
            }
            RenderError::Code { .. }
            | RenderError::Font { .. }
            | RenderError::NoLabels
            | RenderError::Unreadable { .. }
            | RenderError::ReadsOtherwise { .. }
            | RenderError::Encode(_)
            | RenderError::Decode(_)
            | RenderError::Pdf(_)
            | RenderError::Write { .. } => None,
        };
        let is_input =
            matches!(error, RenderError::StockTooSmall { .. } | RenderError::NoGlyph { .. } | RenderError::Font { .. });
        let failure = if is_input { Self::input(error) } else { Self::refused(error) };
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

#[cfg(test)]
mod tests;
