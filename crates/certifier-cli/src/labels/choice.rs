//! Which labels, in which files.

use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::failure::Failure;

/// Most labels that one command prints: about an hour of work.
pub(super) const MAX_LABELS: usize = 100_000;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// One scalable picture a label, for print shops
    Svg,
    /// One picture of pixels a label
    Png,
    /// Pages of A4 with many labels
    Sheet,
    /// The labels' texts, one a line
    List,
}

/// Label numbers as they are typed: `1-100`, `5,7,20-30`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Serials(Vec<RangeInclusive<u32>>);

impl FromStr for Serials {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            let number: Result<u32, _> = text.trim().parse();
            number
                .ok()
                .filter(|number| *number > 0)
                .ok_or_else(|| format!("{text:?} is no label number, such as 17 or 1-100"))
        };
        let ranges = text.split(',').map(|part| match part.split_once('-') {
            None => number(part).map(|only| only..=only),
            Some((first, last)) => match (number(first)?, number(last)?) {
                (first, last) if first <= last => Ok(first..=last),
                (first, last) => Err(format!("{first}-{last} runs backwards")),
            },
        });
        ranges.collect::<Result<_, _>>().map(Self)
    }
}

impl Serials {
    /// All labels of a lot.
    pub(crate) fn all(labels: u32) -> Self {
        Self(vec![1..=labels])
    }

    /// The numbers, ascending, each once; every one is a label of the lot.
    pub(crate) fn numbers(&self, labels: u32) -> Result<Vec<u32>, Failure> {
        if let Some(range) = self.0.iter().find(|range| *range.end() > labels) {
            return Err(Failure::input(format!("the lot has labels 1 to {labels}, not {}", range.end()))
                .hint(format!("--serials 1-{labels} is all of them")));
        }
        let count: u64 = self.0.iter().map(|range| u64::from(range.end() - range.start()) + 1).sum();
        if count > MAX_LABELS as u64 {
            return Err(Failure::input(format!("{count} labels at once, expected at most {MAX_LABELS}"))
                .hint(format!("print them in parts: --serials 1-{MAX_LABELS} and so on")));
        }
        let mut numbers: Vec<u32> = self.0.iter().cloned().flatten().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_numbers_are_read() {
        for (text, numbers) in [("3", vec![3]), ("1-3", vec![1, 2, 3]), ("7,1-2,2", vec![1, 2, 7])] {
            assert_eq!(text.parse::<Serials>().unwrap().numbers(10).unwrap(), numbers);
        }
        assert_eq!(Serials::all(3).numbers(3).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, why) in
            [("", "no label number"), ("0", "no label number"), ("3-1", "backwards"), ("1-", "no label number")]
        {
            assert!(text.parse::<Serials>().unwrap_err().contains(why), "{text}");
        }
        let all: Serials = "1-11".parse().unwrap();
        assert!(all.numbers(10).unwrap_err().text().contains("labels 1 to 10, not 11"));
        assert!(Serials::all(u32::MAX).numbers(u32::MAX).unwrap_err().text().contains("at most 100000"));
        let many: Serials = ["1-4294967295"; 9].join(",").parse().unwrap();
        assert!(many.numbers(u32::MAX).is_err());
    }
}
