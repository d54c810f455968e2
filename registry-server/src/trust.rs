//! What this registry asks to be trusted with, for scripts that check it: keys, from its own trust file.
//!
//! Whoever takes it from here believes the registry about its keys. The page says so; a trust file travels out of band.
//! Browsers have no ML-DSA, so a log key of that kind is left out: a script that checks here checks Ed25519 alone.

use primitives::base64;
use serde_json::{Value, json};
use verify::TrustedRegistry;

/// The document.
pub(crate) fn document(registry: &TrustedRegistry) -> Value {
    let vkeys = |keys: &[tlog::Vkey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    let is_ed25519 = |key: &&tlog::Vkey| key.signature_type() == tlog::SignatureType::Ed25519;
    let log_keys: Vec<_> = registry.log_keys.iter().filter(is_ed25519).cloned().collect();
    let accreditors = registry.policy.accreditors.iter().map(|accreditor| {
        let keys = accreditor.keys.iter().map(|key| {
            let x = base64::url_encode(key.key.as_bytes());
            json!({ "x": x, "firstIndex": key.first_index, "lastIndex": key.last_index })
        });
        json!({
            "did": accreditor.did.to_string(),
            "name": accreditor.name,
            "threshold": accreditor.threshold,
            "keys": keys.collect::<Vec<_>>(),
        })
    });
    json!({
        "origin": registry.policy.origin.to_string(),
        "logKeys": vkeys(&log_keys),
        "witnesses": vkeys(registry.quorum.witnesses()),
        "quorum": registry.quorum.threshold(),
        "snapshotMaxAgeDays": registry.snapshot_max_age_days,
        "rules": registry.policy.rules,
        "accreditors": accreditors.collect::<Vec<_>>(),
    })
}
