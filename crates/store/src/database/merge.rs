//! Changes in memory and in runs, walked as one: of several changes of a key, the newest.

use std::sync::Arc;

use sled::Tree;

use super::block::Found;
use super::run::Run;
use super::{Doubt, Memory};

/// A change as full key and value, or `None` at the end.
pub(super) type Next = Result<Option<(Vec<u8>, Found)>, Doubt>;

/// A source of changes in order, and the one it gives next.
type Head<'a> = (Option<(Vec<u8>, Found)>, Box<dyn FnMut() -> Next + 'a>);

/// Several sources as one, in order of keys.
#[derive(Default)]
pub(super) struct Merge<'a> {
    /// Newest first.
    heads: Vec<Head<'a>>,
}

impl<'a> Merge<'a> {
    /// Adds changes in memory, older than what was added before.
    pub(super) fn add_memory(&mut self, memory: &'a Memory, from: &[u8]) -> Result<(), Doubt> {
        let mut changes = memory.range(from.to_vec()..);
        self.add(move || Ok(changes.next().map(|(key, value)| (key.clone(), value.clone()))))
    }

    /// Adds runs, themselves in order of age, older than what was added before.
    pub(super) fn add_runs(&mut self, runs: &'a [Arc<Run>], blocks: &'a Tree, from: &[u8]) -> Result<(), Doubt> {
        for run in runs.iter().rev() {
            let mut cursor = run.cursor(blocks, from)?;
            self.add(move || cursor.next())?;
        }
        Ok(())
    }

    fn add(&mut self, mut next: impl FnMut() -> Next + 'a) -> Result<(), Doubt> {
        self.heads.push((next()?, Box::new(next)));
        Ok(())
    }

    pub(super) fn next(&mut self) -> Next {
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
