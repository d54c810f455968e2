use std::collections::BTreeSet;

use fluent_bundle::FluentResource;

use super::*;

/// Identifiers of a file's messages, in order.
fn ids(language: Language) -> Vec<String> {
    let named = |line: &str| {
        let (id, _) = line.split_once(" =")?;
        id.starts_with(|first: char| first.is_ascii_lowercase()).then(|| id.to_owned())
    };
    language.source().lines().filter_map(named).collect()
}

/// Variables of a message, in whatever of its variants.
fn variables(language: Language, id: &str) -> BTreeSet<String> {
    let source = language.source();
    let start = source.find(&format!("\n{id} =")).unwrap() + 1;
    let rest = &source[start..];
    let end = rest.find("\n\n").unwrap_or(rest.len());
    // A message ends where the next one, a comment or a blank line begins.
    let lines = rest[..end].lines().enumerate();
    let message = lines.take_while(|(place, line)| *place == 0 || line.starts_with([' ', '}']));
    let text: Vec<&str> = message.map(|(_, line)| line).collect();
    let names = text.join("\n");
    names.split('$').skip(1).map(|name| name.chars().take_while(|c| c.is_ascii_alphanumeric()).collect()).collect()
}

#[test]
fn every_language_has_every_message_and_no_other() {
    for language in Language::ALL {
        assert!(FluentResource::try_new(language.source().to_owned()).is_ok(), "{language:?} is well-formed");
        assert_eq!(ids(*language), messages::IDS, "{language:?}");
    }
}

/// What a message is given: something of each variable that any message has.
fn arguments() -> Vec<(&'static str, FluentValue<'static>)> {
    let texts = [
        "certifier",
        "product",
        "lot",
        "accreditor",
        "until",
        "serial",
        "from",
        "quantity",
        "time",
        "index",
        "size",
        "number",
        "date",
        "reason",
        "origin",
        "code",
        "month",
        "bad",
    ];
    texts.into_iter().map(|name| (name, FluentValue::from(name.to_uppercase()))).collect()
}

#[test]
fn every_message_says_something_with_all_that_it_is_given() {
    for language in Language::ALL {
        let texts = Texts::of(*language);
        for id in messages::IDS {
            let wanted = variables(Language::English, id);
            assert_eq!(variables(*language, id), wanted, "{language:?} {id}");
            for count in [0, 1, 2, 3, 5, 11, 21, 100, 1_000_000] {
                for claims in ["child", "forced", "both"] {
                    let mut given = arguments();
                    given.extend([("claims", claims.into()), ("by", "accreditor".into())]);
                    given.extend([("count", count.into()), ("labels", count.into())]);
                    let given: FluentArgs<'_> = given.into_iter().collect();
                    let pattern = texts.bundle.get_message(id).and_then(|message| message.value()).unwrap();
                    let mut errors = Vec::new();
                    let text = texts.bundle.format_pattern(pattern, Some(&given), &mut errors);
                    assert!(errors.is_empty() && !text.trim().is_empty(), "{language:?} {id}: {errors:?}");
                }
            }
        }
    }
}

#[test]
fn each_language_is_written_in_its_own_letters() {
    for (language, first, last) in [
        (Language::Arabic, '\u{600}', '\u{6ff}'),
        (Language::Bengali, '\u{980}', '\u{9ff}'),
        (Language::Hindi, '\u{900}', '\u{97f}'),
        (Language::Nepali, '\u{900}', '\u{97f}'),
        (Language::Russian, '\u{400}', '\u{4ff}'),
        (Language::Urdu, '\u{600}', '\u{6ff}'),
        (Language::Chinese, '\u{4e00}', '\u{9fff}'),
    ] {
        for id in messages::IDS {
            let text = format(&Texts::of(language).bundle, id, None);
            assert!(text.chars().any(|c| (first..=last).contains(&c)), "{language:?} {id}: {text}");
        }
    }
    for language in [Language::Spanish, Language::French, Language::Portuguese, Language::Turkish] {
        let same = |id: &&&str| {
            format(&Texts::of(language).bundle, id, None) == format(&Texts::of(Language::English).bundle, id, None)
        };
        let untranslated: Vec<_> = messages::IDS.iter().filter(same).collect();
        assert!(untranslated.len() < 5, "{language:?}: {untranslated:?}");
    }
}

#[test]
fn dates_and_numbers_are_those_of_the_language() {
    let time = Timestamp::parse_rfc3339("2026-11-30T22:05:07Z").unwrap();
    for (language, day, number) in [
        (Language::English, "November 30, 2026", "1,234,567"),
        (Language::Spanish, "30 de noviembre de 2026", "1.234.567"),
        (Language::French, "30 novembre 2026", "1\u{202f}234\u{202f}567"),
        (Language::Nepali, "२०२६ नोभेम्बर ३०", "१२,३४,५६७"),
        (Language::Bengali, "৩০ নভেম্বর, ২০২৬", "১২,৩৪,৫৬৭"),
        (Language::Chinese, "2026年11月30日", "1,234,567"),
    ] {
        let texts = Texts::of(language);
        assert_eq!((texts.day("2026-11-30").as_str(), texts.number(1_234_567_u32).as_str()), (day, number));
    }
    for language in Language::ALL {
        let text = Texts::of(*language).time(time);
        assert!(text.ends_with(" UTC") && text.len() > 12, "{language:?}: {text}");
    }
    assert_eq!(Texts::of(Language::English).day("no day"), "no day");
}
