//! Label stock: how large a label is, and where the labels of a sheet are.
//!
//! The named ones are Avery's, with the dimensions of its templates (avery.co.uk for L7160 and L7651, avery.com for 5160);
//! glabels' `avery-us-templates.xml` has the same for 5160. Anybody else's is written in millimetres:
//!
//! ```text
//! 3x7@63.5x38.1mm                   columns x rows @ width x height of a label; the grid is centred on A4
//! 3x7@63.5x38.1mm+7.25,15.15        the first label is so far from the left and the upper edge
//! 3x7@63.5x38.1mm+7.25,15.15,2.5,0  and labels are so far apart, across and down
//! 3x10@66.675x25.4mm/letter         a sheet of US Letter
//! 1x1@50x30mm                       one label, and the page is the label: a roll
//! ```

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::length::Length;

/// ISO 216 A4.
const A4: Page = Page { name: "A4", width: Length::of(2_100_000), height: Length::of(2_970_000) };
/// ANSI/ASME Y14.1 letter, 8.5 × 11 inches.
const LETTER: Page = Page { name: "US Letter", width: Length::of(2_159_000), height: Length::of(2_794_000) };

/// Most labels in a row or column.
const MAX_ACROSS: u16 = 50;
/// Sides of a label that are taken: 5 to 300 mm.
const SIDES: std::ops::RangeInclusive<Length> = Length::of(50_000)..=Length::of(3_000_000);

/// Names, and what they stand for.
const NAMED: [(&str, Stock); 3] = [
    ("l7160", Stock::sheet(A4, (3, 7), (635_000, 381_000), (72_500, 151_500), (25_000, 0))),
    ("l7651", Stock::sheet(A4, (5, 13), (381_000, 212_000), (47_500, 107_000), (25_000, 0))),
    ("5160", Stock::sheet(LETTER, (3, 10), (666_750, 254_000), (47_625, 127_000), (31_750, 0))),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) name: &'static str,
    pub(super) width: Length,
    pub(super) height: Length,
}

/// Labels of one size, alone or on sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    columns: u16,
    rows: u16,
    width: Length,
    height: Length,
    page: Page,
    left: Length,
    top: Length,
    /// Between two labels of a row.
    across: Length,
    /// Between two labels of a column.
    down: Length,
}

/// Why a text names no stock.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StockError {
    /// Neither a name nor millimetres.
    #[error("{0:?} is no label stock: expected l7160, l7651, 5160, or millimetres such as 3x7@63.5x38.1mm")]
    Form(String),
    /// No sheet has so many labels, or none.
    #[error("{0} × {1} labels a sheet, expected 1 to {MAX_ACROSS} each way")]
    Count(u16, u16),
    /// No label has this size.
    #[error("labels of {0} × {1} mm, expected sides of {least} to {most} mm", least = SIDES.start(), most = SIDES.end())]
    Size(Length, Length),
    /// The labels do not fit the sheet.
    #[error("the labels take {taken} mm of the sheet's {side}, {page} has {has} mm")]
    Sheet {
        /// Width or height.
        side: &'static str,
        /// What they take, margins before them included.
        taken: Length,
        /// The sheet's name.
        page: &'static str,
        /// What there is.
        has: Length,
    },
}

impl Stock {
    const fn sheet(page: Page, count: (u16, u16), size: (u32, u32), margin: (u32, u32), gap: (u32, u32)) -> Self {
        Self {
            columns: count.0,
            rows: count.1,
            width: Length::of(size.0),
            height: Length::of(size.1),
            page,
            left: Length::of(margin.0),
            top: Length::of(margin.1),
            across: Length::of(gap.0),
            down: Length::of(gap.1),
        }
    }

    /// The names of stock that have one.
    pub fn names() -> impl Iterator<Item = (&'static str, Self)> {
        NAMED.into_iter()
    }

    /// A label's width and height.
    pub fn label(&self) -> (Length, Length) {
        (self.width, self.height)
    }

    /// Labels of a sheet.
    pub fn per_sheet(&self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }

    pub(super) fn page(&self) -> Page {
        self.page
    }

    /// The upper left corner of a sheet's label, counted from 0 along the rows.
    pub(super) fn place(&self, number: usize) -> (Length, Length) {
        let number = u32::try_from(number % self.per_sheet()).unwrap_or_default();
        let (column, row) = (number % u32::from(self.columns), number / u32::from(self.columns));
        let along =
            |first: Length, size: Length, gap: Length, count| first.units() + count * (size.units() + gap.units());
        (
            Length::of(along(self.left, self.width, self.across, column)),
            Length::of(along(self.top, self.height, self.down, row)),
        )
    }

    fn checked(self) -> Result<Self, StockError> {
        if ![self.columns, self.rows].iter().all(|count| (1..=MAX_ACROSS).contains(count)) {
            return Err(StockError::Count(self.columns, self.rows));
        }
        if ![self.width, self.height].iter().all(|side| SIDES.contains(side)) {
            return Err(StockError::Size(self.width, self.height));
        }
        // 50 gaps of 10 m are more than 32 bits count; no page has what is cut off.
        let taken = |count: u16, size: Length, gap: Length, first: Length| {
            let labels = u32::from(count).saturating_mul(size.units());
            let gaps = u32::from(count - 1).saturating_mul(gap.units());
            Length::of(first.units().saturating_add(labels).saturating_add(gaps))
        };
        let width = taken(self.columns, self.width, self.across, self.left);
        let height = taken(self.rows, self.height, self.down, self.top);
        let page = self.page;
        for (side, taken, has) in [("width", width, page.width), ("height", height, page.height)] {
            if taken > has {
                return Err(StockError::Sheet { side, taken, page: page.name, has });
            }
        }
        Ok(self)
    }
}

impl Default for Stock {
    /// Avery L7160: 21 labels of 63.5 × 38.1 mm on A4.
    fn default() -> Self {
        let [(_, stock), ..] = NAMED;
        stock
    }
}

impl FromStr for Stock {
    type Err = StockError;

    fn from_str(text: &str) -> Result<Self, StockError> {
        if let Some((_, stock)) = NAMED.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            return Ok(stock);
        }
        custom(text).ok_or_else(|| StockError::Form(text.chars().take(80).collect()))?.checked()
    }
}

/// Reads the form in the module's documentation; nothing is held against the page yet.
fn custom(text: &str) -> Option<Stock> {
    let (text, page) = match text.strip_suffix("/letter") {
        Some(text) => (text, Some(LETTER)),
        None => (text, None),
    };
    let (count, rest) = text.split_once('@')?;
    let (size, margins) = rest.split_once("mm")?;
    let (columns, rows) = count.split_once('x')?;
    let (width, height) = size.split_once('x')?;
    let (width, height) = (Length::parse_mm(width)?, Length::parse_mm(height)?);
    let (columns, rows) = (number(columns)?, number(rows)?);
    let alone = (columns, rows) == (1, 1) && margins.is_empty() && page.is_none();
    let page = if alone { Page { name: "the label", width, height } } else { page.unwrap_or(A4) };
    let centred = |page: Length, count: u16, size: Length| {
        let used = u64::from(count) * u64::from(size.units());
        Length::of(u32::try_from(u64::from(page.units()).saturating_sub(used) / 2).unwrap_or_default())
    };
    let none = Length::default();
    let mut stock = Stock {
        left: centred(page.width, columns, width),
        top: centred(page.height, rows, height),
        across: none,
        down: none,
        ..Stock { columns, rows, width, height, page, ..Stock::default() }
    };
    if !margins.is_empty() {
        let margins: Option<Vec<Length>> = margins.strip_prefix('+')?.split(',').map(Length::parse_mm).collect();
        (stock.left, stock.top, stock.across, stock.down) = match margins?.as_slice() {
            [left, top] => (*left, *top, none, none),
            [left, top, across, down] => (*left, *top, *across, *down),
            _ => return None,
        };
    }
    Some(stock)
}

fn number(text: &str) -> Option<u16> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// The name where there is one, else millimetres that are read as the same stock.
impl fmt::Display for Stock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = NAMED.iter().find(|(_, stock)| stock == self) {
            return f.write_str(name);
        }
        write!(f, "{}x{}@{}x{}mm", self.columns, self.rows, self.width, self.height)?;
        if (self.page.width, self.page.height) == (self.width, self.height) {
            return Ok(());
        }
        write!(f, "+{},{},{},{}", self.left, self.top, self.across, self.down)?;
        if self.page == LETTER { f.write_str("/letter") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
