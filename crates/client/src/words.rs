//! Numbers in sentences.

/// So many things: `1 label`, `2 labels`, `1 entry`, `3 entries`.
///
/// ```
/// assert_eq!(client::counted(1, "entry"), "1 entry");
/// assert_eq!(client::counted(0, "entry"), "0 entries");
/// assert_eq!(client::counted(2, "day"), "2 days");
/// ```
pub fn counted(count: u64, what: &str) -> String {
    match what.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        _ if count == 1 => format!("1 {what}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {what}s"),
    }
}
