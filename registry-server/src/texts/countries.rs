//! Names of countries in the languages of the pages.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::language::Language;

const TABLE: &str = include_str!("../../texts/countries.tsv");

static NAMES: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.filter_map(|row| row.split_once('\t')).map(|(code, names)| (code, names.split('\t').collect())).collect()
});

/// The name of a country by its ISO 3166-1 code; the code itself where the table has none.
pub(crate) fn name(language: Language, code: &str) -> &str {
    NAMES.get(code).and_then(|names| names.get(language.number())).copied().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_column_for_each_language_in_their_order() {
        let header = TABLE.lines().find(|line| !line.starts_with('#')).unwrap();
        let codes: Vec<_> = Language::ALL.iter().map(|language| language.code()).collect();
        assert_eq!(header, format!("code\t{}", codes.join("\t")));
        assert!(NAMES.len() >= 249 && NAMES.values().all(|names| names.len() == codes.len()));
        assert!(NAMES.values().flatten().all(|name| !name.trim().is_empty()));
        assert_eq!(name(Language::Nepali, "NP"), "नेपाल");
        assert_eq!(name(Language::English, "QQ"), "QQ");
    }
}
