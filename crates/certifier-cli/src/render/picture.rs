//! A finished picture whose codes have been read back, and keeping it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::card;
use super::check;
use super::drawing::Drawing;
use super::{Face, RenderError, Sheets, Style, png, svg};

/// How a picture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Scalable, for print shops and web pages.
    Svg,
    /// Greyscale pixels, 300 an inch.
    Png,
}

impl Format {
    /// The file name's ending, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// A file's content, every code of which was decoded again and holds its label's URL. Nothing else builds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl Picture {
    /// One label.
    ///
    /// # Errors
    /// [`RenderError`].
    pub fn label(face: &Face, style: &Style, format: Format) -> Result<Self, RenderError> {
        let mut drawing = card::card(face, style)?;
        let height = drawing.height;
        card::frame(&mut drawing, height);
        Self::of(&drawing, format)
    }

    /// A page of labels, counted from 0; `None` past the last one.
    pub fn sheet(sheets: &Sheets, page: usize, format: Format) -> Option<Result<Self, RenderError>> {
        Some(sheets.page(page)?.and_then(|drawing| Self::of(&drawing, format)))
    }

    fn of(drawing: &Drawing, format: Format) -> Result<Self, RenderError> {
        match format {
            Format::Svg => {
                let text = svg::write(drawing);
                check::svg(&text, &drawing.codes)?;
                Ok(Self(text.into_bytes()))
            }
            Format::Png => {
                let file = png::write(drawing)?;
                check::png(&file, &drawing.codes)?;
                Ok(Self(file))
            }
        }
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Writes the file as a whole or not at all: beside it first, then under its name, which may be taken.
    ///
    /// # Errors
    /// [`RenderError::Write`]; a file of that name is then what it was.
    pub fn keep(&self, path: &Path) -> Result<(), RenderError> {
        replace(path, &self.0).map_err(|source| RenderError::Write { path: path.into(), source })
    }
}

/// 1. Write a new file beside the target; a crash leaves it there, under a name that says so. 2. Flush it to the disk,
///    so that the name never stands for less. 3. Rename: from here on, the target is new.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = unfinished_name(path)?;
    let written = OpenOptions::new().write(true).create_new(true).open(&unfinished).and_then(|mut file: File| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&unfinished, path));
    if renamed.is_err() {
        // What failed is told; that its leftover cannot be removed either is no news.
        let _ = fs::remove_file(&unfinished);
    }
    renamed
}

fn unfinished_name(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "path names no file"))?;
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(name);
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    Ok(path.with_file_name(unfinished))
}
