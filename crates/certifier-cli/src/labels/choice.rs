//! Which labels: numbers as people type them.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::failure::Failure;

/// Most labels that one command prints: a few minutes of work.
pub(super) const MAX_LABELS: usize = 100_000;

/// Label numbers as they are typed: `1-100`, `5,7,20-30`. Ranges are kept ascending and apart.
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
        ranges.collect::<Result<_, _>>().map(Self::merged)
    }
}

/// As it is typed: ascending, each number once.
impl fmt::Display for Serials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, range) in self.0.iter().enumerate() {
            let separator = if number == 0 { "" } else { "," };
            match (range.start(), range.end()) {
                (first, last) if first == last => write!(f, "{separator}{first}")?,
                (first, last) => write!(f, "{separator}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

impl Serials {
    fn merged(mut ranges: Vec<RangeInclusive<u32>>) -> Self {
        ranges.sort_unstable_by_key(|range| *range.start());
        let mut merged: Vec<RangeInclusive<u32>> = Vec::new();
        for range in ranges {
            match merged.last_mut() {
                Some(last) if *range.start() <= last.end().saturating_add(1) => {
                    *last = *last.start()..=*last.end().max(range.end());
                }
                _ => merged.push(range),
            }
        }
        Self(merged)
    }

    /// The least number that is in both.
    pub(super) fn first_shared(&self, other: &Self) -> Option<u32> {
        let shared = |a: &RangeInclusive<u32>| {
            other.0.iter().map(|b| *a.start().max(b.start())..=*a.end().min(b.end())).find(|both| !both.is_empty())
        };
        self.0.iter().find_map(shared).map(|both| *both.start())
    }

    /// The numbers that are in either.
    pub(super) fn union(&self, other: &Self) -> Self {
        Self::merged([&self.0[..], &other.0].concat())
    }

    /// The numbers of this one that are not in the other; `None` where none is left.
    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        let mut left = self.0.clone();
        for taken in &other.0 {
            let parts = left.iter().flat_map(|range| {
                let below = taken.start().checked_sub(1).map(|end| *range.start()..=end.min(*range.end()));
                let above = taken.end().checked_add(1).map(|start| start.max(*range.start())..=*range.end());
                [below, above]
            });
            left = parts.flatten().filter(|range| !range.is_empty()).collect();
        }
        (!left.is_empty()).then_some(Self(left))
    }

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
        Ok(self.0.iter().cloned().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_either_and_what_is_left() {
        let of = |text: &str| text.parse::<Serials>().unwrap();
        for (one, other, either, left) in [
            ("1-10", "4-6", "1-10", Some("1-3,7-10")),
            ("1-10", "1-10", "1-10", None),
            ("1-3,7-9", "2-8", "1-9", Some("1,9")),
            ("5", "1-4,6-9", "1-9", Some("5")),
            ("1-4294967295", "4294967295", "1-4294967295", Some("1-4294967294")),
            ("4294967295", "1-4294967295", "1-4294967295", None),
            ("1-20", "3,5,7-20", "1-20", Some("1-2,4,6")),
        ] {
            assert_eq!(of(one).union(&of(other)).to_string(), either);
            let found = of(one).minus(&of(other)).map(|left| left.to_string());
            assert_eq!(found.as_deref(), left, "{one} without {other}");
        }
    }

    #[test]
    fn lists_of_numbers_are_read() {
        for (text, numbers) in [("3", vec![3]), ("1-3", vec![1, 2, 3]), ("7,1-2,2", vec![1, 2, 7])] {
            assert_eq!(text.parse::<Serials>().unwrap().numbers(10).unwrap(), numbers);
        }
        assert_eq!(Serials::all(3).numbers(3).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn numbers_are_written_as_they_are_typed_and_compared() {
        let read = |text: &str| text.parse::<Serials>().unwrap();
        for (text, again) in [("7,1-2,2", "1-2,7"), ("5-9,1-4", "1-9"), ("3", "3"), ("1-4294967295,2", "1-4294967295")]
        {
            assert_eq!(read(text).to_string(), again);
        }
        for (a, b, shared) in
            [("1-5,9", "6-8", None), ("1-5,9", "7-20", Some(9)), ("1-5", "5", Some(5)), ("1-9", "3-4", Some(3))]
        {
            assert_eq!(read(a).first_shared(&read(b)), shared);
            assert_eq!(read(b).first_shared(&read(a)), shared);
        }
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
        let many: Serials = ["1-4294967295", "1-4294967294"].join(",").parse().unwrap();
        assert!(many.numbers(u32::MAX).is_err());
    }
}
