//! The files of a run: planned before anything is signed, written one by one as their codes are read back.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use client::terminal::clean;
use statement::Serial;
use verify::Facts;

use super::Kind;
use crate::cli::LabelsOptions;
use crate::failure::Failure;
use crate::files::{self, Readers};
use crate::render::{Face, Format, Picture, RenderError, Sheets, Style};

/// What is to be printed, and where.
pub(super) struct Job {
    folder: PathBuf,
    numbers: Vec<u32>,
    pictures: Vec<Format>,
    sheets: Vec<Format>,
    list: bool,
    style: Style,
    force: bool,
}

impl Job {
    /// Plans the files; a file that is there already stops everything here.
    pub(super) fn plan(options: &LabelsOptions, numbers: &[u32], style: Style) -> Result<Self, Failure> {
        let has = |kind| options.format.contains(&kind);
        let pictures: Vec<Format> = [(Kind::Svg, Format::Svg), (Kind::Png, Format::Png)]
            .into_iter()
            .filter(|(kind, _)| has(*kind))
            .map(|(_, format)| format)
            .collect();
        let sheets = match (has(Kind::Sheet), pictures.as_slice()) {
            (false, _) => Vec::new(),
            (true, []) => vec![Format::Svg],
            (true, formats) => formats.to_vec(),
        };
        let folder = options.out.clone();
        let job = Self {
            folder,
            numbers: numbers.to_vec(),
            pictures,
            sheets,
            list: has(Kind::List),
            style,
            force: options.force,
        };
        let list = job.list.then(|| job.list_path());
        let taken = job.picture_paths().chain(list).find(|path| path.exists()).or_else(|| job.taken_sheet());
        match taken {
            Some(path) if !options.force => Err(Failure::input(format!("{} is there already", path.display()))
                .hint("choose another folder with --out DIR, or replace the files with --force")),
            Some(_) | None => Ok(job),
        }
    }

    fn picture_paths(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let formats = move |number| self.pictures.iter().map(move |format| self.picture_path(number, *format));
        self.numbers.iter().copied().flat_map(formats)
    }

    fn picture_path(&self, number: u32, format: Format) -> PathBuf {
        self.folder.join(format!("{number}.{}", format.extension()))
    }

    fn sheet_path(&self, page: usize, format: Format) -> PathBuf {
        self.folder.join(format!("sheet-{}.{}", page + 1, format.extension()))
    }

    /// A sheet that is there already, whatever its page: how many there will be is not known before they are laid out, and one more
    /// of another run would be taken for a part of this set.
    fn taken_sheet(&self) -> Option<PathBuf> {
        let is_sheet = |path: &Path| {
            let page = path.file_stem().and_then(|stem| stem.to_str()?.strip_prefix("sheet-"));
            let is_page = page.is_some_and(|page| page.parse::<u32>().is_ok());
            is_page
                && self.sheets.iter().any(|format| path.extension().is_some_and(|ending| ending == format.extension()))
        };
        let entries = std::fs::read_dir(&self.folder).ok()?;
        entries.flatten().map(|entry| entry.path()).filter(|path| is_sheet(path)).min()
    }

    fn list_path(&self) -> PathBuf {
        self.folder.join("labels.txt")
    }

    /// What a dry run shows.
    pub(super) fn show(&self, facts: &Facts, serials: &[Serial], json: bool) -> Result<(), Failure> {
        let (first, last) = (serials.first(), serials.last());
        let span = [first, last].map(|serial| serial.map(ToString::to_string).unwrap_or_default());
        let [first, last] = span;
        if json {
            let document = serde_json::json!({
                "format": "ethical-label-certifier/v1", "outcome": "dry_run", "index": facts.index,
                "labels": serials.len(), "first": first, "last": last,
            });
            return crate::print(&format!("{document:#}\n"));
        }
        crate::print(&format!(
            "{} labels of attestation {}: {}, lot {}\n  serials {first} to {last}, valid until {}\n  into {}\n\n\
             Dry run: nothing was signed or written.\n",
            serials.len(),
            facts.index,
            clean(&facts.product),
            clean(&facts.lot),
            facts.last_day,
            self.folder.display(),
        ))
    }

    /// Writes every file. What was written before a failure is whole and stays.
    pub(super) fn print(&self, faces: &[Face], facts: &Facts, json: bool) -> Result<(), Failure> {
        files::folder(&self.folder)?;
        let pages = self.write(faces).map_err(|failure| self.incomplete(failure))?;
        self.report(faces, facts, pages, json)
    }

    /// Half a set looks like a whole one, and a second run finds the first one's files in its way.
    fn incomplete(&self, failure: Failure) -> Failure {
        let folder = self.folder.display();
        failure.or_hint(format!(
            "the set in {folder} is incomplete: put that right, then remove {folder} and begin again, or write over it with --force"
        ))
    }

    /// Gives the number of pages.
    fn write(&self, faces: &[Face]) -> Result<usize, Failure> {
        let sheets =
            if self.sheets.is_empty() { None } else { Some(Sheets::new(faces, &self.style).map_err(failure)?) };
        let pages = sheets.as_ref().map_or(0, Sheets::pages);
        let progress = Progress::new(faces.len() * self.pictures.len() + pages * self.sheets.len());
        let labels: Vec<(u32, &Face, Format)> = self
            .pictures
            .iter()
            .flat_map(|format| self.numbers.iter().zip(faces).map(|(number, face)| (*number, face, *format)))
            .collect();
        in_parallel(&labels, |(number, face, format)| {
            Picture::label(face, &self.style, *format)?.keep(&self.picture_path(*number, *format))?;
            progress.step();
            Ok(())
        })?;
        let sheets: Vec<(&Sheets, usize, Format)> = sheets
            .iter()
            .flat_map(|sheets| {
                self.sheets.iter().flat_map(move |format| (0..pages).map(move |page| (sheets, page, *format)))
            })
            .collect();
        in_parallel(&sheets, |(sheets, page, format)| {
            Picture::sheet(sheets, *page, *format)
                .ok_or(RenderError::NoLabels)??
                .keep(&self.sheet_path(*page, *format))?;
            progress.step();
            Ok(())
        })?;
        if self.list {
            self.write_list(faces)?;
        }
        progress.end();
        Ok(pages)
    }

    fn write_list(&self, faces: &[Face]) -> Result<(), Failure> {
        let mut text: String = faces.iter().map(|face| format!("{}\n", face.url)).collect();
        if text.is_empty() {
            text.push('\n');
        }
        let path = self.list_path();
        if self.force && path.exists() {
            std::fs::remove_file(&path)
                .map_err(|error| Failure::refused(format!("cannot replace {}: {error}", path.display())))?;
        }
        files::create(&path, text.as_bytes(), Readers::Anyone)
    }

    fn report(&self, faces: &[Face], facts: &Facts, pages: usize, json: bool) -> Result<(), Failure> {
        let paths: Vec<String> = self
            .picture_paths()
            .chain(self.sheets.iter().flat_map(|format| (0..pages).map(|page| self.sheet_path(page, *format))))
            .chain(self.list.then(|| self.list_path()))
            .map(|path| path.display().to_string())
            .collect();
        if json {
            let labels = faces.iter().map(|face| serde_json::json!({"serial": face.serial, "label": face.url}));
            let document = serde_json::json!({
                "format": "ethical-label-certifier/v1", "outcome": "printed", "index": facts.index,
                "labels": labels.collect::<Vec<_>>(), "files": paths,
            });
            return crate::print(&format!("{document:#}\n"));
        }
        let (first, last) = (self.numbers.first().copied().unwrap_or(1), self.numbers.last().copied().unwrap_or(1));
        let mut lines = format!(
            "{} labels of attestation {}, numbers {}, modules of {:.2} mm, valid until {}; every code was read back\n",
            faces.len(),
            facts.index,
            span(&first.to_string(), &last.to_string()),
            self.style.module_mm(),
            facts.last_day
        );
        for format in &self.pictures {
            let [first, last] = [first, last].map(|number| self.picture_path(number, *format).display().to_string());
            lines.push_str(&format!("  {}\n", span(&first, &last)));
        }
        for format in &self.sheets {
            let [first, last] =
                [0, pages.saturating_sub(1)].map(|page| self.sheet_path(page, *format).display().to_string());
            lines.push_str(&format!("  {}, A4\n", span(&first, &last)));
        }
        if self.list {
            lines.push_str(&format!("  {}\n", self.list_path().display()));
        }
        crate::print(&lines)
    }
}

/// `first to last`, or the one there is.
fn span(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("{first} to {last}") }
}

fn failure(error: RenderError) -> Failure {
    let hint = match &error {
        RenderError::NoGlyph { .. } => {
            Some("--product NAME prints a name that the font can draw; the attestation stays as it is")
        }
        RenderError::PageTooSmall { .. } => {
            Some("choose smaller modules: --module MM; or leave sheets out: --format svg,png")
        }
        RenderError::ModuleSize { .. }
        | RenderError::Code { .. }
        | RenderError::NoLabels
        | RenderError::Unreadable { .. }
        | RenderError::ReadsOtherwise { .. }
        | RenderError::Encode(_)
        | RenderError::Decode(_)
        | RenderError::Write { .. } => None,
    };
    let failure = Failure::refused(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Hands each item out to the next idle core; stops at the first failure.
fn in_parallel<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<(), RenderError> + Sync) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<RenderError>> = Mutex::new(None);
    let take = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = work(item) {
                next.store(items.len(), Ordering::Relaxed);
                failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(items.len());
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(take))));
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(failure(error)),
        None => Ok(()),
    }
}

/// A line on standard error that counts files, on a terminal only.
struct Progress {
    done: AtomicUsize,
    all: usize,
    shown: bool,
}

impl Progress {
    fn new(all: usize) -> Self {
        Self { done: AtomicUsize::new(0), all, shown: std::io::stderr().is_terminal() }
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.shown {
            // A count that cannot be shown is not missed.
            let _ = write!(std::io::stderr(), "\r{done} of {} files", self.all);
        }
    }

    fn end(&self) {
        if self.shown {
            let _ = writeln!(std::io::stderr());
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Arguments, Command};

    fn plan(folder: &Path, flags: &[&str]) -> Result<Job, Failure> {
        let command = ["certifier", "labels", "--attestation", "7", "--key", "certifier.key", "--out"];
        let arguments = command.iter().map(AsRef::as_ref).chain([folder.as_os_str()]);
        let arguments = arguments.chain(flags.iter().map(AsRef::as_ref));
        let Command::Labels(options) = Arguments::try_parse_from(arguments).unwrap().command else { unreachable!() };
        Job::plan(&options, &[1, 2], Style::default())
    }

    #[test]
    fn a_file_of_any_page_stops_everything() {
        for (taken, format) in
            [("2.png", "png"), ("sheet-3.svg", "sheet"), ("sheet-2.png", "png,sheet"), ("labels.txt", "list")]
        {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(taken), "").unwrap();
            let refusal = plan(folder.path(), &["--format", format]).err().map(|failure| failure.text()).unwrap();
            assert!(refusal.contains(&format!("{taken} is there already")), "{refusal}");
            assert!(plan(folder.path(), &["--format", format, "--force"]).is_ok());
        }
        let folder = tempfile::tempdir().unwrap();
        for other in ["sheet-2.png", "sheet-a.svg", "3.svg"] {
            std::fs::write(folder.path().join(other), "").unwrap();
        }
        assert!(plan(folder.path(), &["--format", "svg,sheet"]).is_ok());
    }

    #[test]
    fn a_set_that_stays_incomplete_says_so_and_how_to_begin_again() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("labels.txt/full")).unwrap();
        let job = plan(folder.path(), &["--format", "list", "--force"]).unwrap();
        let text = job.write(&[]).map_err(|failure| job.incomplete(failure)).unwrap_err().text();
        assert!(text.starts_with("cannot replace ") && text.contains("is incomplete: "), "{text}");
        assert!(text.contains(&format!("remove {}", folder.path().display())) && text.contains("--force"), "{text}");
    }
}
