//! What several fuzz targets need: a key, and a registry that trusts it.

use primitives::{SecretKey, Signer as _};
use registry::Policy;
use verify::Trust;

/// A fixed key.
pub fn key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

/// A trust file with one registry whose accreditor has that key.
pub fn trust() -> Trust {
    let x = primitives::base64::url_encode(key().public_key().as_bytes());
    let log = tlog::Vkey::log("registry.example", key().public_key()).expect("a name");
    let text = format!(
        "version = 1\n[[registries]]\norigin = \"registry.example\"\nlog_keys = [\"{log}\"]\nrules = [[0, 1]]\n\
         [[registries.accreditors]]\ndid = \"did:web:accreditor.example\"\nname = \"A\"\nkeys = [{{ x = \"{x}\" }}]\n"
    );
    Trust::from_toml(&text).expect("a trust file")
}

/// Its policy.
pub fn policy() -> Policy {
    trust().registries.remove(0).policy
}
