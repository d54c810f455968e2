//! The lines of a manifest, one after the other, while the rest is still being read.
//!
//! Every kind of manifest is read by a plain function that pushes lines into a [`Sink`], on a thread of its own; the
//! [`Reader`] hands them out. So a document that can only be walked from outside in (JSON) and an archive whose parts
//! borrow from each other stream like a text does, reading and judging share the cores, and memory is bounded by
//! [`AHEAD`] batches.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;

use primitives::Hash;

use super::columns::Columns;
use super::error::{ManifestError, Stop};
use super::kind::Kind;
use super::line::{At, Item, Line, Place};
use super::source::{Metered, Progress};
use super::{epcis, folder, kind, text, workbook};

/// Lines that are handed over at once; fewer where the source makes us wait.
const BATCH: usize = 512;
/// Batches that are read before the first of them is wanted.
const AHEAD: usize = 4;

/// The lines of a manifest. An error is the last item, and what came before it stays as it was read.
#[derive(Debug)]
pub(crate) struct Reader {
    /// `None` after the last item.
    messages: Option<Receiver<Message>>,
    batch: std::vec::IntoIter<Line>,
    progress: Progress,
    hash: Option<Hash>,
    /// What is wrong with the whole, until it is told.
    error: Option<ManifestError>,
}

#[derive(Debug)]
enum Message {
    Batch(Vec<Line>),
    /// The digest of the source's bytes, if all were read; and why not all lines were, if so.
    End(Option<Hash>, Result<(), ManifestError>),
}

impl Reader {
    /// Opens a file, a folder of pictures, or `-` for standard input, and begins to read it.
    ///
    /// # Errors
    /// [`ManifestError::Unreadable`]. What else is wrong with it is an item of the iterator.
    pub(crate) fn open(argument: &str, columns: Columns) -> Result<Self, ManifestError> {
        if argument == "-" {
            return Ok(Self::stream("standard input", io::stdin(), None, columns));
        }
        let metadata = std::fs::metadata(argument)?;
        if metadata.is_dir() {
            return Self::folder(argument);
        }
        let file = File::open(argument)?;
        let size = metadata.is_file().then_some(metadata.len());
        Ok(Self::stream(argument, file, size, columns))
    }

    /// Reads a stream of any kind but a folder; `size` is how many bytes there are, where that is known.
    pub(crate) fn stream(name: &str, stream: impl Read + Send + 'static, size: Option<u64>, columns: Columns) -> Self {
        let progress = Progress::new(size);
        let meter = progress.clone();
        let mut source = Metered::new(stream, progress.clone());
        Self::spawn(name, progress, move |sink| {
            let result = read(&mut source, &columns, &meter, sink);
            // What was judged of a torn file is still to be named by the file's digest; but a stream may never end, and
            // what is no manifest at all may be a disk.
            let is_wanted = match &result {
                Ok(()) => true,
                Err(Stop::Refused(_)) => sink.pushed && size.is_some(),
                Err(Stop::Gone) => false,
            };
            if is_wanted && io::copy(&mut source, &mut io::sink()).is_ok() {
                sink.hash = source.finish();
            }
            result
        })
    }

    fn folder(argument: &str) -> Result<Self, ManifestError> {
        let files = folder::list(Path::new(argument))?;
        let progress = Progress::new(Some(files.size));
        let meter = progress.clone();
        Ok(Self::spawn(argument, progress, move |sink| {
            sink.hash = folder::read(&files, &meter, sink)?;
            Ok(())
        }))
    }

    fn spawn(
        name: &str,
        progress: Progress,
        work: impl FnOnce(&mut Sink) -> Result<(), Stop> + Send + 'static,
    ) -> Self {
        let (messages, receiver) = sync_channel(AHEAD);
        let mut sink = Sink { messages, batch: Vec::new(), source: name.into(), pushed: false, hash: None };
        // Where the machine has no thread to spare, the closed channel says that the reader gave up.
        let _ = thread::Builder::new().name("manifest".to_owned()).spawn(move || {
            let result = work(&mut sink).and_then(|()| sink.flush());
            let result = match result {
                Ok(()) if sink.pushed => Ok(()),
                Ok(()) => Err(ManifestError::Empty),
                Err(Stop::Refused(error)) => sink.flush().map_or(Ok(()), |()| Err(error)),
                Err(Stop::Gone) => Ok(()),
            };
            let _ = sink.messages.send(Message::End(sink.hash, result));
        });
        Self { messages: Some(receiver), batch: Vec::new().into_iter(), progress, hash: None, error: None }
    }

    /// The next lines: at least one, and as many more as have been read already, up to `most` or some more. Whoever scans one
    /// label at a time is answered at once.
    ///
    /// # Errors
    /// What is wrong with the whole file, after its last line; `Ok` without a line is the end.
    pub(crate) fn window(&mut self, most: usize) -> Result<Vec<Line>, ManifestError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let is_file = self.progress.now().1.is_some();
        let mut lines: Vec<Line> = self.next().transpose()?.into_iter().collect();
        loop {
            // A batch that is not full was let go because the source may make us wait; a file does not.
            let is_flowing = is_file || self.batch.len() + 1 >= BATCH;
            lines.extend(self.batch.by_ref());
            let Some(messages) = self.messages.as_ref().filter(|_| lines.len() < most) else { return Ok(lines) };
            let message =
                if is_flowing { messages.recv().map_err(|_| TryRecvError::Disconnected) } else { messages.try_recv() };
            match message {
                Ok(Message::Batch(batch)) => self.batch = batch.into_iter(),
                Ok(Message::End(hash, result)) => {
                    (self.messages, self.hash, self.error) = (None, hash, result.err());
                }
                Err(TryRecvError::Empty) => return Ok(lines),
                Err(TryRecvError::Disconnected) => {
                    (self.messages, self.error) = (None, Some(ManifestError::Stopped));
                }
            }
        }
    }

    /// Bytes read, and how many there are where that is known. Both count the same thing, so that one by the other is
    /// how much is done: the bytes of the file, or of the files in the folder. A workbook is first read whole, and counts
    /// then from the beginning, by what its parts unpack to.
    pub(crate) fn progress(&self) -> (u64, Option<u64>) {
        self.progress.now()
    }

    /// SHA-256 of the manifest's bytes, once the last item has been taken: of exactly the bytes of the file or stream; of a
    /// folder, of what `sha256sum` prints for its files in the order of their names' bytes, a line `<hex>  <name>` each.
    /// `None` where not all bytes could be read.
    pub(crate) fn finish(self) -> Option<Hash> {
        self.hash
    }
}

impl Iterator for Reader {
    type Item = Result<Line, ManifestError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(line) = self.batch.next() {
                return Some(Ok(line));
            }
            match self.messages.as_ref()?.recv() {
                Ok(Message::Batch(batch)) => self.batch = batch.into_iter(),
                Ok(Message::End(hash, result)) => {
                    self.messages = None;
                    self.hash = hash;
                    return result.err().map(Err);
                }
                Err(_) => {
                    self.messages = None;
                    return Some(Err(ManifestError::Stopped));
                }
            }
        }
    }
}

/// Reads a stream as what its first bytes say that it is.
fn read(source: &mut Metered<impl Read>, columns: &Columns, progress: &Progress, sink: &mut Sink) -> Result<(), Stop> {
    let head = kind::head(source)?;
    let kind = kind::of(&head)?;
    let mut whole = io::Cursor::new(head).chain(source);
    match kind {
        Kind::Text => text::read(whole, columns, sink),
        Kind::Json => epcis::read(whole, sink),
        Kind::Picture => folder::read_picture(&mut whole, At::Whole, sink),
        Kind::Workbook => workbook::read(&mut whole, columns, progress, sink),
    }
}

/// Where lines go.
#[derive(Debug)]
pub(super) struct Sink {
    messages: SyncSender<Message>,
    batch: Vec<Line>,
    source: Arc<str>,
    pushed: bool,
    hash: Option<Hash>,
}

impl Sink {
    /// Hands out a line.
    pub(super) fn push(&mut self, at: At, item: Item) -> Result<(), Stop> {
        self.batch.push(Line { place: Place { source: self.source.clone(), at }, item });
        self.pushed = true;
        if self.batch.len() < BATCH { Ok(()) } else { self.flush() }
    }

    /// Lets go of the lines so far: before the source may make us wait, as a scanner at a desk does.
    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.messages.send(Message::Batch(batch)).map_err(|_| Stop::Gone)
    }
}
