//! A fence round third-party decoders: a panic inside gives `None`, and nothing is printed.
//!
//! Why catching is sound here: the closures get shared references to pixels and give back owned values, so a panic
//! leaves no half-changed state behind; the crates inside forbid or barely use `unsafe`; and the binaries unwind. Why
//! it is needed: `rxing` indexes by coordinates computed from pixels, and asserts, and the picture is an outsider's.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static FENCED: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `work`; `None` if it panicked.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    // The hook is the process's: it goes on reporting every panic but those of a thread that is inside the fence.
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !FENCED.get() {
                report(info);
            }
        }));
    });
    let outer = FENCED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work)).ok();
    FENCED.set(outer);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_is_nothing_and_one_outside_stays_a_panic() {
        assert_eq!(caught(|| [1, 2, 3].get(1).copied()), Some(Some(2)));
        assert_eq!(caught(|| -> u8 { panic!("a decoder's assertion") }), None);
        assert!(panic::catch_unwind(|| panic!("ours")).is_err());
        assert!(!FENCED.get());
    }
}
