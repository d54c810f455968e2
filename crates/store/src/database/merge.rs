//! Changes in memory and in runs, walked as one.

use sled::Tree;

use super::block::Found;
use super::{Doubt, Inner};

/// A source of changes in order, and the one it gives next.
type Head<'a> = (Option<(Vec<u8>, Found)>, Box<dyn FnMut() -> Result<Option<(Vec<u8>, Found)>, Doubt> + 'a>);

/// Memory and runs as one, in order of keys: of several changes of a key, the newest.
pub(super) struct Merge<'a> {
    /// Newest first.
    heads: Vec<Head<'a>>,
}

impl<'a> Merge<'a> {
    pub(super) fn begin(inner: &'a Inner, blocks: &'a Tree, from: &[u8]) -> Result<Self, Doubt> {
        let mut heads: Vec<Head<'a>> = Vec::with_capacity(inner.runs.len() + 2);
        for memory in [&inner.gathering, &*inner.sealing] {
            let mut changes = memory.range(from.to_vec()..);
            let mut next = move || Ok(changes.next().map(|(key, value)| (key.clone(), value.clone())));
            heads.push((next()?, Box::new(next)));
        }
        for run in inner.runs.iter().rev() {
            let mut cursor = run.cursor(blocks, from)?;
            let mut next = move || cursor.next();
            heads.push((next()?, Box::new(next)));
        }
        Ok(Self { heads })
    }

    pub(super) fn next(&mut self) -> Result<Option<(Vec<u8>, Found)>, Doubt> {
        let least = self.heads.iter().filter_map(|(head, _)| head.as_ref().map(|(key, _)| key)).min();
        let Some(least) = least.cloned() else { return Ok(None) };
        let mut newest = None;
        for (head, next) in &mut self.heads {
            if head.as_ref().is_some_and(|(key, _)| *key == least) {
                let (_, value) = std::mem::replace(head, next()?).unwrap_or_default();
                newest.get_or_insert(value);
            }
        }
        Ok(newest.map(|value| (least, value)))
    }
}
