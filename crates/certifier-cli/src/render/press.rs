//! Printing a run of labels: signed, encoded, read back and written on all cores, in memory that does not grow with their number.
//!
//! A run is cut into batches, each one file a format; so many batches are printed at once as there are cores. In a batch, makers
//! take the labels in turn and hand them through bounded queues to the one who writes the files, in order:
//!
//! ```text
//! maker 1: labels 1, 3, 5 …  ─queue─┐
//! maker 2: labels 2, 4, 6 …  ─queue─┴─► writer ─► labels-1-987.pdf, labels-1-987.csv
//! ```
//! A batch's files appear when they are whole. So a run that was cut off is gone on with by printing the batches that lack one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use primitives::Timestamp;

use super::format::Format;
use super::pdf::{Sheets, Traced};
use super::whole_file::{self, WholeFile};
use super::{Face, Layout, RenderError, csv, png, svg, zpl};

/// Labels that wait between a maker and the writer.
const QUEUE: usize = 16;

/// Most labels of a file: a PDF is in memory until it is whole, 6 KB a label.
pub const MAX_SPLIT: usize = 10_000;

/// How a run is printed.
#[derive(Debug, Clone, Copy)]
pub struct Press<'l> {
    /// The look of the labels.
    pub layout: &'l Layout<'l>,
    /// Where the files go.
    pub folder: &'l Path,
    /// Which files.
    pub formats: &'l [Format],
    /// The place of the first label on its sheet, counted from 0.
    pub first: usize,
    /// Most labels of a file; sheets are filled before a file ends.
    pub split: usize,
    /// When: sheets say so.
    pub made: Timestamp,
}

/// Labels that go into the same files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    numbers: Vec<u32>,
    first: usize,
}

/// What a maker makes of one label for one file.
enum Part {
    Label(Box<Traced>),
    Text(String),
}

/// A file that a batch is written into.
enum Output<'l> {
    Sheets(Box<Sheets<'l>>, PathBuf),
    Text(WholeFile),
}

impl Batch {
    /// The first and the last label's number.
    pub fn span(&self) -> (u32, u32) {
        (self.numbers.first().copied().unwrap_or_default(), self.numbers.last().copied().unwrap_or_default())
    }

    /// How many labels there are.
    pub fn labels(&self) -> usize {
        self.numbers.len()
    }
}

impl Press<'_> {
    /// Cuts a run into batches. With sheets among the formats, every batch but the last fills its last sheet: a file's end wastes no
    /// labels.
    pub fn batches(&self, numbers: &[u32]) -> Vec<Batch> {
        let per_sheet = if self.formats.contains(&Format::Pdf) { self.layout.stock().per_sheet() } else { 1 };
        let first = if per_sheet > 1 { self.first.min(per_sheet - 1) } else { 0 };
        let whole = (self.split / per_sheet).max(1) * per_sheet;
        let (head, rest) = numbers.split_at(numbers.len().min(whole - first));
        let batch = |numbers: &[u32], first| Batch { numbers: numbers.to_vec(), first };
        let head = Some(batch(head, first)).filter(|head| !head.numbers.is_empty());
        head.into_iter().chain(rest.chunks(whole).map(|numbers| batch(numbers, 0))).collect()
    }

    /// The files of a batch.
    pub fn files<'b>(&'b self, batch: &'b Batch) -> impl Iterator<Item = PathBuf> + 'b {
        self.formats.iter().flat_map(move |format| {
            let single =
                batch.numbers.iter().filter(|_| format.is_single()).map(|number| self.single(*number, *format));
            single.chain((!format.is_single()).then(|| self.batch_file(batch, *format)))
        })
    }

    fn single(&self, number: u32, format: Format) -> PathBuf {
        self.folder.join(format!("{number}.{}", format.extension()))
    }

    fn batch_file(&self, batch: &Batch, format: Format) -> PathBuf {
        let (first, last) = batch.span();
        self.folder.join(format!("labels-{first}-{last}.{}", format.extension()))
    }

    /// Removes what an earlier run of these batches left unfinished.
    ///
    /// # Errors
    /// [`RenderError::Write`].
    pub fn clear(&self, batches: &[Batch]) -> Result<(), RenderError> {
        let failed = |source| RenderError::Write { path: self.folder.into(), source };
        let names: std::collections::HashSet<_> = batches
            .iter()
            .flat_map(|batch| self.files(batch))
            .filter_map(|path| path.file_name().map(ToOwned::to_owned))
            .collect();
        for entry in std::fs::read_dir(self.folder).map_err(failed)?.flatten() {
            let name = entry.file_name();
            if name.to_string_lossy().ends_with(".unfinished")
                && names.iter().any(|of| whole_file::is_left_of(&name, of))
            {
                std::fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Prints the batches: `sign` gives a label's face, `printed` is told of each label.
    ///
    /// # Errors
    /// The first; what was whole before it stays.
    pub fn print<E: From<RenderError> + Send>(
        &self,
        batches: &[Batch],
        sign: &(impl Fn(u32) -> Result<Face, E> + Sync),
        printed: &(impl Fn() + Sync),
    ) -> Result<(), E> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let at_once = batches.len().clamp(1, cores);
        let makers = (cores / at_once).max(1);
        let next = AtomicUsize::new(0);
        let failed: Mutex<Option<E>> = Mutex::new(None);
        let work = || {
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Err(error) = self.batch(batch, makers, sign, printed) {
                    next.store(batches.len(), Ordering::Relaxed);
                    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            }
        };
        std::thread::scope(|scope| (0..at_once).for_each(|_| drop(scope.spawn(work))));
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn batch<E: From<RenderError> + Send>(
        &self,
        batch: &Batch,
        makers: usize,
        sign: &(impl Fn(u32) -> Result<Face, E> + Sync),
        printed: &(impl Fn() + Sync),
    ) -> Result<(), E> {
        let mut outputs = self.outputs(batch)?;
        std::thread::scope(|scope| {
            let queues: Vec<Receiver<Result<Vec<Part>, E>>> = (0..makers)
                .map(|maker| {
                    let (sender, receiver) = sync_channel(QUEUE);
                    scope.spawn(move || self.make(batch.numbers.iter().skip(maker).step_by(makers), sign, &sender));
                    receiver
                })
                .collect();
            // The first error drops the queues, and so stops the makers.
            for (_, queue) in batch.numbers.iter().zip(queues.iter().cycle()) {
                let Ok(parts) = queue.recv() else { break };
                for (output, part) in outputs.iter_mut().zip(parts?) {
                    output.add(part)?;
                }
                printed();
            }
            Ok::<(), E>(())
        })?;
        outputs.into_iter().try_for_each(|output| output.keep().map_err(E::from))
    }

    /// The batch's files, in the order of the formats; labels' own files are the makers' affair.
    fn outputs(&self, batch: &Batch) -> Result<Vec<Output<'_>>, RenderError> {
        let output = |format: &Format| {
            let path = self.batch_file(batch, *format);
            match format {
                Format::Svg | Format::Png => Ok(None),
                Format::Pdf => {
                    let (first, last) = batch.span();
                    let sheets = Sheets::new(self.layout, &format!("Labels {first} to {last}"), batch.first, self.made);
                    Ok(Some(Output::Sheets(Box::new(sheets), path)))
                }
                Format::Zpl | Format::List => Ok(Some(Output::Text(WholeFile::begin(&path)?))),
                Format::Csv => {
                    let mut file = WholeFile::begin(&path)?;
                    file.write(csv::HEADER.as_bytes())?;
                    Ok(Some(Output::Text(file)))
                }
            }
        };
        self.formats.iter().map(output).filter_map(Result::transpose).collect()
    }

    fn make<'n, E: From<RenderError>>(
        &self,
        numbers: impl Iterator<Item = &'n u32>,
        sign: &impl Fn(u32) -> Result<Face, E>,
        queue: &SyncSender<Result<Vec<Part>, E>>,
    ) {
        for number in numbers {
            let made = sign(*number).and_then(|face| self.parts(*number, &face).map_err(E::from));
            let is_last = made.is_err();
            if queue.send(made).is_err() || is_last {
                return;
            }
        }
    }

    /// One label in every format. Every code is read back from what is written, before it is.
    fn parts(&self, number: u32, face: &Face) -> Result<Vec<Part>, RenderError> {
        let fonts = self.layout.fonts();
        let mut parts = Vec::with_capacity(self.formats.len());
        let is_drawn = |format: &Format| !matches!(format, Format::Csv | Format::List);
        let drawing = self.formats.iter().any(is_drawn).then(|| self.layout.draw(face)).transpose()?;
        for format in self.formats {
            match (format, &drawing) {
                (Format::Svg, Some(drawing)) => {
                    let text = svg::write(drawing, fonts);
                    svg::check(&text, &face.url)?;
                    WholeFile::put(&self.single(number, *format), text.as_bytes())?;
                }
                (Format::Png, Some(drawing)) => {
                    let file = png::write(drawing, fonts)?;
                    png::check(&file, drawing)?;
                    WholeFile::put(&self.single(number, *format), &file)?;
                }
                (Format::Pdf, Some(drawing)) => parts.push(Part::Label(Box::new(Traced::of(drawing.clone())?))),
                (Format::Zpl, Some(drawing)) => {
                    let text = zpl::write(drawing, fonts);
                    zpl::check(&text, drawing)?;
                    parts.push(Part::Text(text));
                }
                (Format::Csv, _) => parts.push(Part::Text(csv::row(face))),
                (Format::List, _) => parts.push(Part::Text(format!("{}\n", face.url))),
                (Format::Svg | Format::Png | Format::Pdf | Format::Zpl, None) => {}
            }
        }
        Ok(parts)
    }
}

impl Output<'_> {
    fn add(&mut self, part: Part) -> Result<(), RenderError> {
        match (self, part) {
            (Self::Sheets(sheets, _), Part::Label(label)) => sheets.add(*label),
            (Self::Text(file), Part::Text(text)) => file.write(text.as_bytes()),
            (Self::Sheets(..), Part::Text(_)) | (Self::Text(_), Part::Label(_)) => Ok(()),
        }
    }

    fn keep(self) -> Result<(), RenderError> {
        match self {
            Self::Sheets(sheets, path) => WholeFile::put(&path, &sheets.finish()?),
            Self::Text(file) => file.keep(),
        }
    }
}

#[cfg(test)]
mod tests;
