//! The entry bundles of a log, several fetched at once and handed over in order.
//!
//! Memory is bounded by the requests under way: a bundle that came early waits in the thread that fetched it.

use std::ops::Range;
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::log_source::{LogSource, SourceError};

/// Requests under way at once.
const FETCHERS: usize = 6;

/// Fetches the bundles with these indexes, as wide as a log of `size` entries has them, and gives each to `take`, the first first.
///
/// # Errors
/// The first that a fetch or `take` gives, in the order of the log: `take` has seen every bundle before it, and none after.
pub(crate) fn in_order<E: From<SourceError>>(
    source: &LogSource,
    size: u64,
    indexes: Range<u64>,
    mut take: impl FnMut(u64, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    // The usual case: a look every few seconds finds one bundle, or two.
    if indexes.end.saturating_sub(indexes.start) < 2 {
        return indexes.into_iter().try_for_each(|index| take(index, source.bundle(index, size)?));
    }
    thread::scope(|scope| {
        let fetchers: Vec<_> = (0..FETCHERS)
            .map(|fetcher| {
                let (give, next) = sync_channel(0);
                let mine = indexes.clone().skip(fetcher).step_by(FETCHERS);
                scope.spawn(move || {
                    for index in mine {
                        let bundle = source.bundle(index, size);
                        let is_last = bundle.is_err();
                        // Nobody takes any more.
                        if give.send(bundle).is_err() || is_last {
                            return;
                        }
                    }
                });
                next
            })
            .collect();
        for (index, fetcher) in indexes.zip(fetchers.iter().cycle()) {
            // A fetcher ends after its last bundle or an error only.
            let Ok(bundle) = fetcher.recv() else { break };
            take(index, bundle?)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn bundles_come_in_order_and_end_at_the_first_that_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let source = LogSource::parse(folder.path().to_str().unwrap());
        let tiles = folder.path().join("tile/entries");
        fs::create_dir_all(&tiles).unwrap();
        let bundle = |index: u64| tlog::Bundle::encode(vec![index.to_be_bytes(); 256]).unwrap();
        for index in 0..40 {
            fs::write(tiles.join(format!("{index:03}")), bundle(index)).unwrap();
        }
        let read = |size, indexes| {
            let mut seen = Vec::new();
            let ended = in_order::<SourceError>(&source, size, indexes, |index, bytes| {
                assert!(bytes == bundle(index), "bundle {index}");
                seen.push(index);
                Ok(())
            });
            (seen, ended.map_err(|error| error.code()))
        };
        for indexes in [0..40, 3..40, 7..8, 5..5] {
            assert_eq!(read(40 * 256, indexes.clone()), (indexes.collect(), Ok(())));
        }
        fs::remove_file(tiles.join("017")).unwrap();
        assert_eq!(read(40 * 256, 2..40), ((2..17).collect(), Err("missing")));
        let mut taken = 0;
        let stopped = in_order(&source, 40 * 256, 0..17, |index, _| {
            taken += 1;
            if index == 4 { Err(SourceError::Missing("enough".into())) } else { Ok(()) }
        });
        assert_eq!((taken, stopped.unwrap_err().to_string()), (5, "enough is not there".into()));
    }
}
