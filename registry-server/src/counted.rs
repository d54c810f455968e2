//! Entries in sentences.

/// So many: `1 entry`, `3 entries`.
pub(crate) fn entries(count: u64) -> String {
    if count == 1 { "1 entry".into() } else { format!("{count} entries") }
}

/// What is said of those from one index to before another where they are missing.
pub(crate) fn missing(first: u64, end: u64) -> String {
    match end.saturating_sub(1) {
        last if last <= first => {
            format!("entry {first} was signed and is not there; nothing is signed here without it")
        }
        last => format!("entries {first} to {last} were signed and are not there; nothing is signed here without them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_several() {
        assert_eq!(
            (entries(0).as_str(), entries(1).as_str(), entries(2).as_str()),
            ("0 entries", "1 entry", "2 entries")
        );
        assert!(missing(4, 5).starts_with("entry 4 was"), "{}", missing(4, 5));
        assert!(missing(4, 6).starts_with("entries 4 to 5 were"), "{}", missing(4, 6));
    }
}
