//! Whether statements take a text, asked of the crate that reads them: a small statement that carries the text is written,
//! signed with a key that is no secret, and read again. So no rule stands here a second time.

use std::cell::RefCell;
use std::collections::HashMap;

use primitives::{Country, PublicKey, SecretKey, Signer as _, Timestamp};
use statement::{
    Accreditation, Action, Attestation, Claims, Did, Error, Hotline, JsonError, Origin, Reason, Role, Scope,
    SigningError, Statement, StatusChange, Target, Token,
};

/// What is wrong with a text for people; `None` where nothing is.
pub(crate) fn text(text: &str, limit: usize) -> Option<String> {
    let characters = text.chars().count();
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if characters > limit {
        return Some(format!("has {characters} characters, expected at most {limit}"));
    }
    remembered('t', text, || change(|change| change.text = text.to_owned()))
}

/// What is wrong with a URI.
pub(crate) fn uri(uri: &str) -> Option<String> {
    remembered('u', uri, || change(|change| change.id = uri.to_owned()))
}

/// What is wrong with a language tag.
pub(crate) fn language(tag: &str) -> Option<String> {
    let did = Did::parse("did:web:a.example").ok()?;
    let now = Timestamp::from_seconds(0);
    let hotline = Hotline { country: Country::parse("NP").ok()?, language: tag.to_owned(), contact: "x".into() };
    let probe = Accreditation {
        id: "urn:x:y".into(),
        issuer: did.clone(),
        issuer_name: "x".into(),
        registry: Origin::parse("a.example").ok()?,
        subject: did.clone(),
        role: Role::Auditor,
        name: "x".into(),
        keys: Vec::<PublicKey>::new(),
        compromised: Vec::new(),
        scope: Scope { countries: Vec::new(), hs_chapters: Vec::new(), topics: Claims::NONE },
        first_day: now.day(),
        last_day: now.day(),
        hotlines: vec![hotline],
        valid_from: now,
        valid_until: Timestamp::from_seconds(1),
    };
    fault(&probe.to_payload(), &did)
}

/// Asks once: in a spreadsheet, the same maker and scheme stand in every row.
fn remembered(kind: char, text: &str, ask: impl FnOnce() -> Option<String>) -> Option<String> {
    const MOST: usize = 10_000;
    thread_local! {
        static ASKED: RefCell<HashMap<(char, String), Option<String>>> = RefCell::default();
    }
    let key = (kind, text.to_owned());
    ASKED.with_borrow_mut(|asked| {
        if let Some(answer) = asked.get(&key) {
            return answer.clone();
        }
        if asked.len() == MOST {
            asked.clear();
        }
        let answer = ask();
        asked.insert(key, answer.clone());
        answer
    })
}

fn change(put: impl FnOnce(&mut StatusChange)) -> Option<String> {
    let did = Did::parse("did:web:a.example").ok()?;
    let mut probe = StatusChange {
        id: "urn:x:y".into(),
        issuer: did.clone(),
        registry: Origin::parse("a.example").ok()?,
        action: Action::Suspend,
        target: Target::Attestations(vec![0]),
        reason: Reason::Other,
        text: String::new(),
        after: None,
        effective_from: Timestamp::from_seconds(0),
    };
    put(&mut probe);
    fault(&probe.to_payload(), &did)
}

/// Reads a payload as the statement that it would be once signed; not for attestations, which name their key.
pub(crate) fn statement(payload: &[u8], issuer: &Did) -> Result<Statement, String> {
    let jws = statement::sign(payload, issuer, &key()).map_err(|error| error.to_string())?;
    let token = Token::parse(jws.as_bytes()).map_err(|error| error.to_string())?;
    let opened = token.open(&key().public_key()).map_err(|error| error.to_string())?;
    Ok(Statement::clone(&opened))
}

/// What readers would refuse in an attestation, whoever signs it.
pub(crate) fn attestation(attestation: &Attestation) -> Result<(), String> {
    let payload = attestation.to_payload(&key().public_key().thumbprint());
    statement(&payload, &attestation.issuer).map(drop)
}

/// No secret: what it signs is thrown away.
fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn fault(payload: &[u8], issuer: &Did) -> Option<String> {
    match statement::sign(payload, issuer, &key()) {
        Ok(_) => None,
        Err(SigningError::Refused(Error::Member { fault, .. })) => Some(fault.to_string()),
        Err(SigningError::Refused(Error::Json { error: JsonError::ForbiddenCharacter { code, .. }, .. })) => {
            Some(format!("has the control, bidi or invisible character U+{code:04X}"))
        }
        Err(error) => Some(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_crate_decides() {
        assert_eq!(text("नेपाली ऊन, 2 × 3", 200), None);
        assert!(text("a\u{202e}b", 200).unwrap().contains("U+202E"));
        assert!(text("a\nb", 200).unwrap().contains("U+000A"));
        assert!(text(" a", 200).unwrap().contains("white space"));
        assert!(text("abc", 2).unwrap().contains("3 characters, expected at most 2"));
        assert_eq!(uri("https://a.example/x?y=1"), None);
        assert!(uri("a.example").unwrap().contains("absolute URI"));
        assert!(uri("javascript:alert(1)").unwrap().contains("absolute URI"));
        assert_eq!(language("pt-BR"), None);
        assert!(language("Nepali").unwrap().contains("language tag"));
    }
}
