use alloc::format;
use alloc::string::ToString;

use primitives::{SecretKey, Signer as _};

use super::*;

fn file() -> String {
    let log = Vkey::log("registry.example", SecretKey::from_seed(&[1; 32]).public_key()).unwrap();
    let x = base64::url_encode(SecretKey::from_seed(&[2; 32]).public_key().as_bytes());
    alloc::format!(
        r#"version = 1
[[registries]]
origin = "registry.example"
log_keys = ["{log}"]
rules = [[0, 1]]
[[registries.accreditors]]
did = "did:web:accreditor.example"
name = "Accreditor"
keys = [{{ x = "{x}" }}]
"#
    )
}

#[test]
fn what_is_written_is_read_back() {
    let trust = Trust::from_toml(&file()).unwrap();
    let registry = &trust.registries[0];
    assert_eq!((registry.url.as_str(), registry.snapshot_max_age_days), ("https://registry.example", 7));
    assert_eq!(registry.policy.accreditors[0].threshold, 1);
    let again = Trust::from_toml(&trust.to_toml()).unwrap();
    assert_eq!(again.registries[0].policy, registry.policy);
    assert_eq!(again.registries[0].log_keys, registry.log_keys);
    assert_eq!(again.to_toml(), trust.to_toml());
}

#[test]
fn a_mistake_is_named_with_its_place() {
    for (found, instead, message) in [
        ("version = 1", "version = 2", "version 2"),
        ("origin = \"registry.example\"", "origin = \"Registry.example\"", "origin"),
        (
            "origin = \"registry.example\"",
            "origin = \"registry.example\"\nurl = \"https://r.example/\"",
            "trailing slash",
        ),
        ("rules = [[0, 1]]", "rules = [[1, 1]]", "rules"),
        ("rules = [[0, 1]]", "rules = [[0, 1]]\nquorum = 1", "quorum"),
        ("rules = [[0, 1]]", "rules = [[0, 1]]\nqorum = 1", "qorum"),
        ("did:web:accreditor.example", "did:web:ACCREDITOR.example", "accreditors.did"),
        ("name = \"Accreditor\"", "name = \"Accreditor\"\nthreshold = 2", "accreditor"),
        ("name = \"Accreditor\"", "name = \"\"", "accreditors.name is \"\": is empty"),
        ("name = \"Accreditor\"", "name = \"\\u001b[31m\"", "U+001B"),
        ("x = \"", "x = \"A", "accreditors.keys.x"),
        ("log_keys = [\"registry", "log_keys = [\"egistry", "log_keys"),
        ("log_keys", "log_key", "log_key"),
    ] {
        let text = file();
        assert!(text.contains(found));
        let error = Trust::from_toml(&text.replacen(found, instead, 1)).unwrap_err().to_string();
        assert!(error.contains(message), "{instead:?} gives {error:?}");
    }
    let cosigner = Vkey::witness("registry.example", SecretKey::from_seed(&[1; 32]).public_key()).unwrap();
    let other = Vkey::log("other.example", SecretKey::from_seed(&[1; 32]).public_key()).unwrap();
    let log = Vkey::log("registry.example", SecretKey::from_seed(&[1; 32]).public_key()).unwrap().to_string();
    for key in [cosigner, other] {
        let error = Trust::from_toml(&file().replace(&log, &key.to_string())).unwrap_err().to_string();
        assert!(
            error.contains("expected a log's key (signature type 0x01 or 0x06) with the name registry.example"),
            "{error}"
        );
    }
    let twice = file() + file().strip_prefix("version = 1\n").unwrap();
    assert_eq!(Trust::from_toml(&twice).unwrap_err(), TrustError::Twice("registry.example".into()));
}

#[test]
fn a_log_may_have_an_ml_dsa_key_beside_the_ed25519_one() {
    let key = |name| Vkey::ml_dsa_44(name, &[7; tlog::ML_DSA_44_KEY_SIZE]).unwrap().to_string();
    let log = Vkey::log("registry.example", SecretKey::from_seed(&[1; 32]).public_key()).unwrap().to_string();
    let both = format!("{log}\", \"{}", key("registry.example"));
    let trust = Trust::from_toml(&file().replace(&log, &both)).unwrap();
    assert_eq!(trust.registries[0].log_keys.len(), 2);
    assert_eq!(Trust::from_toml(&trust.to_toml()).unwrap().registries[0].log_keys, trust.registries[0].log_keys);

    let refused = |text: String| Trust::from_toml(&text).unwrap_err().to_string();
    let alone = refused(file().replace(&log, &key("registry.example")));
    assert!(alone.contains("expected an Ed25519 key (signature type 0x01) beside"), "{alone}");
    let other = refused(file().replace(&log, &format!("{log}\", \"{}", key("other.example"))));
    assert!(other.contains("with the name registry.example"), "{other}");
    let witness = |name| file().replace("rules", &format!("witnesses = [\"{}\"]\nrules", key(name)));
    let own = refused(witness("registry.example"));
    assert!(own.contains("witnesses") && own.contains("list its own ML-DSA-44 key in log_keys"), "{own}");
    assert!(Trust::from_toml(&witness("w.example")).is_ok());
}

#[test]
fn an_accreditor_may_name_a_recipient_for_reports() {
    let recipient = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    let with =
        |reports: &str| file().replace("name = \"Accreditor\"", &alloc::format!("name = \"A\"\nreports = {reports}"));
    let trust = Trust::from_toml(&with(&alloc::format!("\"{recipient}\""))).unwrap();
    let of = |trust: &Trust| trust.registries[0].reports.values().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(of(&trust), [recipient]);
    assert_eq!(of(&Trust::from_toml(&trust.to_toml()).unwrap()), [recipient]);
    assert!(Trust::from_toml(&file()).unwrap().registries[0].reports.is_empty());
    let error = Trust::from_toml(&with("\"age1\"")).unwrap_err().to_string();
    assert!(error.contains("accreditors.reports is \"age1\": expected age1 and 58"), "{error}");
}

#[test]
fn a_recipient_for_reports_is_no_part_of_the_policy() {
    let policy = |text: &str| Trust::from_toml(text).unwrap().registries[0].policy.clone();
    let recipient = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    let with = file().replace("keys = [{", &alloc::format!("reports = \"{recipient}\"\nkeys = [{{"));
    assert_eq!(policy(&with), policy(&file()));
}

#[test]
fn an_empty_trust_file_trusts_nobody() {
    assert!(Trust::from_toml("version = 1").unwrap().registries.is_empty());
    assert!(matches!(Trust::from_toml(""), Err(TrustError::Syntax(_))));
}

#[test]
fn a_witness_may_have_an_address_and_is_written_with_it() {
    let vkey = |seed| Vkey::witness("w.example/w", SecretKey::from_seed(&[seed; 32]).public_key()).unwrap();
    let (first, second) = (vkey(3), vkey(4));
    let witnesses = alloc::format!(
        r#"witnesses = ["{first}", {{ vkey = "{second}", url = "https://w.example/add" }}]
quorum = 2"#
    );
    let text = file().replace("rules = [[0, 1]]", &alloc::format!("rules = [[0, 1]]\n{witnesses}"));
    let trust = Trust::from_toml(&text).unwrap();
    let registry = &trust.registries[0];
    assert_eq!(registry.quorum.witnesses(), [first.clone(), second.clone()]);
    assert_eq!(registry.witness_urls, [(second.clone(), "https://w.example/add".into())]);
    let written = trust.to_toml();
    let again = Trust::from_toml(&written).unwrap();
    assert_eq!(again.registries[0].witness_urls, registry.witness_urls);
    assert_eq!(again.registries[0].quorum, registry.quorum);
    assert_eq!(again.to_toml(), written);
    for (found, instead, message) in [
        ("https://w.example/add", "https://w.example/add/", "witnesses.url"),
        ("https://w.example/add", "w.example", "witnesses.url"),
        ("url = \"https://w.example/add\"", "link = \"https://w.example/add\"", "a witness's vkey, or { vkey"),
        (", url = \"https://w.example/add\"", "", "a witness's vkey, or { vkey"),
        ("vkey = \"w", "vkey = \"", "witnesses.vkey"),
    ] {
        assert!(text.contains(found));
        let error = Trust::from_toml(&text.replacen(found, instead, 1)).unwrap_err().to_string();
        assert!(error.contains(message), "{instead:?} gives {error:?}");
    }
}
