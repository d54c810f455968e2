//! Where tiles and entry bundles are served (c2sp.org/tlog-tiles, "Merkle Tree" and "Log entries").
//!
//! A path has exactly one spelling. What people get wrong: there is no height and no `data` in it (those are sumdb's
//! and static CT's layouts), a full tile has no `.p`, and `x` marks every element but the last.

use core::fmt;

use thiserror::Error;

use crate::decimal;

/// How many hashes or entries a full tile or entry bundle holds.
pub const TILE_WIDTH: u16 = 256;

/// The highest level that a path may name (c2sp.org/tlog-tiles, "Merkle Tree": "between 0 and 63"). The largest tree
/// that 64 bits can count has levels 0 to 7.
pub const MAX_TILE_LEVEL: u8 = 63;

/// The highest tile index that a path may name: the tile of leaf 2^64 − 1 at level 0. No tree has more.
pub const MAX_TILE_INDEX: u64 = u64::MAX / 256;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of subtrees of 256^`level` leaves each.
    Hashes {
        /// 0 for leaf hashes.
        level: u8,
    },
    /// Log entries, beside the tiles of level 0.
    Entries,
}

/// The path of a hash tile or an entry bundle, full or partial.
///
/// ```
/// use tlog::TilePath;
/// let path: TilePath = "tile/0/x001/x234/067.p/8".parse().unwrap();
/// assert_eq!((path.index(), path.width()), (1_234_067, 8));
/// assert_eq!(path.to_string(), "tile/0/x001/x234/067.p/8");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// Why a text is not the path of a tile or an entry bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PathError {
    /// It does not have the form `tile/<level>/<index>[.p/<width>]`.
    #[error("path is not of the form tile/<level or entries>/<index>[.p/<width>]")]
    Form,
    /// The level is no number, has a leading zero, or is too high.
    #[error("tile level is not a decimal number from 0 to 63 without leading zeros")]
    Level,
    /// The index is not in path elements of three digits, all but the last with an `x`.
    #[error("tile index is not in elements of three digits, all but the last with an x")]
    Index,
    /// The index begins with an element of nothing but zeros: a second spelling.
    #[error("tile index begins with x000")]
    LeadingElement,
    /// No tree has that many tiles.
    #[error("tile index is beyond 2^56 - 1")]
    IndexTooLarge,
    /// The width is no number, has a leading zero, or is not that of a partial tile.
    #[error("partial width is not a decimal number from 1 to 255 without leading zeros")]
    Width,
}

impl PathError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form => "path_form",
            Self::Level => "tile_level",
            Self::Index => "tile_index",
            Self::LeadingElement => "tile_index_leading_element",
            Self::IndexTooLarge => "tile_index_too_large",
            Self::Width => "tile_width",
        }
    }
}

impl TilePath {
    /// A path from its parts; a width of 256 is that of the full tile.
    ///
    /// # Errors
    /// [`PathError::Level`], [`PathError::IndexTooLarge`] or [`PathError::Width`].
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, PathError> {
        match kind {
            TileKind::Hashes { level } if level > MAX_TILE_LEVEL => Err(PathError::Level),
            TileKind::Hashes { .. } | TileKind::Entries if index > MAX_TILE_INDEX => Err(PathError::IndexTooLarge),
            TileKind::Hashes { .. } | TileKind::Entries if !(1..=TILE_WIDTH).contains(&width) => Err(PathError::Width),
            TileKind::Hashes { .. } | TileKind::Entries => Ok(Self { kind, index, width }),
        }
    }

    /// What the path leads to.
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// The level of the tile; an entry bundle lies beside level 0.
    pub const fn level(&self) -> u8 {
        match self.kind {
            TileKind::Hashes { level } => level,
            TileKind::Entries => 0,
        }
    }

    /// The index of the tile within its level.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The number of hashes or entries: 1 to 255 of a partial tile, 256 of a full one.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile is full: it will never change again.
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The full tile in the same place, which a client may fetch when a partial one has gone.
    #[must_use]
    pub const fn to_full(self) -> Self {
        Self { width: TILE_WIDTH, ..self }
    }

    /// The same place with another width, no greater than this one's: a prefix.
    ///
    /// # Errors
    /// [`PathError::Width`] for 0, or a greater width.
    pub fn narrowed(self, width: u16) -> Result<Self, PathError> {
        if (1..=self.width).contains(&width) { Ok(Self { width, ..self }) } else { Err(PathError::Width) }
    }

    /// Whether a tree of this size has everything that the path names. A narrower tile than the tree has is a prefix,
    /// so it is there too: it was served when the tree was smaller.
    pub fn is_within(&self, size: u64) -> bool {
        self.width <= width_in(self.level(), self.index, size)
    }

    /// Reads a path, without leading slash, and nothing but its one spelling.
    ///
    /// # Errors
    /// [`PathError`].
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let (level, rest) = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(PathError::Form)?;
        let kind = match level {
            "entries" => TileKind::Entries,
            _ => {
                let level = decimal::parse(level).and_then(|level| u8::try_from(level).ok());
                TileKind::Hashes { level: level.ok_or(PathError::Level)? }
            }
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, TILE_WIDTH),
            Some((index, width)) => {
                let width = decimal::parse(width).and_then(|width| u16::try_from(width).ok());
                (index, width.filter(|width| *width < TILE_WIDTH).ok_or(PathError::Width)?)
            }
        };
        Self::new(kind, index_from(index)?, width)
    }
}

impl core::str::FromStr for TilePath {
    type Err = PathError;
    fn from_str(path: &str) -> Result<Self, PathError> {
        Self::parse(path)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        let mut unit = 1_000_000_000_000_000; // MAX_TILE_INDEX has six elements of three digits.
        while unit > 1 {
            if self.index >= unit {
                write!(f, "x{:03}/", self.index / unit % 1000)?;
            }
            unit /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// How many hashes (or, beside level 0, entries) of this tile a tree of this size has: 0 to 256.
pub fn width_in(level: u8, index: u64, size: u64) -> u16 {
    let hashes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
    let before = index.saturating_mul(u64::from(TILE_WIDTH));
    u16::try_from(hashes.saturating_sub(before)).unwrap_or(TILE_WIDTH).min(TILE_WIDTH)
}

/// The hash tiles that a tree gains or widens when it grows from `old` to `new` leaves, level by level; with `old` = 0
/// all tiles of the tree. A full tile is named once, as full.
pub fn grown_tiles(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    (0..8_u8).flat_map(move |level| grown(TileKind::Hashes { level }, old, new))
}

/// The entry bundles that a log gains or widens when it grows from `old` to `new` entries.
pub fn grown_bundles(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    grown(TileKind::Entries, old, new)
}

fn grown(kind: TileKind, old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let level = match kind {
        TileKind::Hashes { level } => level,
        TileKind::Entries => 0,
    };
    let hashes = |size: u64| size >> (u32::from(level) * 8);
    let (old_hashes, new_hashes) = (hashes(old), hashes(new));
    let first = old_hashes / u64::from(TILE_WIDTH);
    let end = if new_hashes > old_hashes { new_hashes.div_ceil(u64::from(TILE_WIDTH)) } else { first };
    (first..end).map(move |index| TilePath { kind, index, width: width_in(level, index, new) })
}

/// Reads `x001/x234/067` as 1234067.
fn index_from(text: &str) -> Result<u64, PathError> {
    let (leading, last) = match text.rsplit_once('/') {
        Some((leading, last)) => (Some(leading), last),
        None => (None, text),
    };
    let mut index = 0_u64;
    let mut append = |digits: u64| {
        // Checked at each step: a path of a megabyte ends at its seventh element.
        index = index.checked_mul(1000).map(|index| index + digits).ok_or(PathError::IndexTooLarge)?;
        Ok(index)
    };
    for (place, element) in leading.iter().flat_map(|leading| leading.split('/')).enumerate() {
        let digits = three_digits(element.strip_prefix('x').ok_or(PathError::Index)?)?;
        if place == 0 && digits == 0 {
            return Err(PathError::LeadingElement);
        }
        append(digits)?;
    }
    append(three_digits(last)?)
}

fn three_digits(text: &str) -> Result<u64, PathError> {
    match *text.as_bytes() {
        [a, b, c] if [a, b, c].iter().all(u8::is_ascii_digit) => {
            Ok([a, b, c].iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
        }
        _ => Err(PathError::Index),
    }
}

#[cfg(test)]
mod tests;
