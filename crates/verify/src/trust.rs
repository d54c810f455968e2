//! The trust file: which registries, keys, witnesses and rules its holder believes (design §8).
//!
//! Server, command lines and auditors read the same file. It travels out of band and is never fetched: whoever could
//! send it could decide what is true.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use primitives::{PublicKey, base64};
use registry::{Accreditor, AccreditorKey, Policy};
use serde::{Deserialize, Serialize};
use statement::{Did, Origin};
use thiserror::Error;
use tlog::{Quorum, SignatureType, Vkey};

use crate::ReportRecipient;

/// Everything its holder trusts.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The registries, each under its own origin.
    pub registries: Vec<TrustedRegistry>,
}

/// One registry, and what has to hold before its word counts.
#[derive(Debug, Clone)]
pub struct TrustedRegistry {
    /// Origin, accreditors and rule versions: what the law needs.
    pub policy: Policy,
    /// Where it is reached, without a trailing slash.
    pub url: String,
    /// Keys that may sign its checkpoints: Ed25519, of which there is at least one. Where ML-DSA-44 keys are among them, one of
    /// those must have signed too.
    pub log_keys: Vec<Vkey>,
    /// The witnesses whose cosignatures count, and how many of them must have cosigned.
    pub quorum: Quorum,
    /// Where witnesses take checkpoints: their submission prefixes (c2sp.org/tlog-witness), without a trailing slash. For the registry
    /// itself, which asks them; a verifier never does.
    pub witness_urls: Vec<(Vkey, String)>,
    /// Days after which a snapshot no longer decides anything that changes with time.
    pub snapshot_max_age_days: u16,
    /// To whom reports are encrypted, for each accreditor that takes any. Not in the policy: the law does not know reports, and a
    /// new key for them makes no snapshot useless.
    pub reports: BTreeMap<Did, ReportRecipient>,
}

/// Why a trust file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// Not TOML, or not the members that a trust file has; the text says the line.
    #[error("trust file: {0}")]
    Syntax(String),
    /// Another version of the format.
    #[error("trust file has version {0}, expected {VERSION}")]
    Version(u32),
    /// A value that is not what its member holds.
    #[error("trust file, registry {registry}: {member} is {found:?}: {why}")]
    Value {
        /// The registry's origin as written.
        registry: String,
        /// Name of the member.
        member: &'static str,
        /// What stands there, cut to 80 characters.
        found: String,
        /// What is wrong with it.
        why: String,
    },
    /// The same origin twice.
    #[error("trust file names registry {0} twice")]
    Twice(String),
}

/// The version of the format.
const VERSION: u32 = 1;
const DEFAULT_MAX_AGE_DAYS: u16 = 7;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    registries: Vec<RegistryTable>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistryTable {
    origin: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    log_keys: Vec<String>,
    rules: Vec<(u64, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    witnesses: Vec<WitnessEntry>,
    #[serde(default)]
    quorum: usize,
    #[serde(default = "default_max_age")]
    snapshot_max_age_days: u16,
    accreditors: Vec<AccreditorTable>,
}

/// A vkey, or a vkey with the place where the witness is asked.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a witness's vkey, or { vkey = \"…\", url = \"https://…\" }")]
enum WitnessEntry {
    Vkey(String),
    Asked(WitnessTable),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WitnessTable {
    vkey: String,
    url: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccreditorTable {
    did: String,
    name: String,
    #[serde(default = "one")]
    threshold: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reports: Option<String>,
    keys: Vec<KeyTable>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyTable {
    /// The `x` of the key's JWK (RFC 8037 §2): base64url, 43 characters.
    x: String,
    #[serde(default)]
    first_index: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_index: Option<u64>,
}

const fn default_max_age() -> u16 {
    DEFAULT_MAX_AGE_DAYS
}

const fn one() -> u8 {
    1
}

impl Trust {
    /// Reads a trust file.
    ///
    /// # Errors
    /// [`TrustError`] names the line, or the registry and member.
    pub fn from_toml(text: &str) -> Result<Self, TrustError> {
        let file: File =
            toml::from_str(text).map_err(|error| TrustError::Syntax(error.to_string().trim_end().into()))?;
        if file.version != VERSION {
            return Err(TrustError::Version(file.version));
        }
        let mut registries: Vec<TrustedRegistry> = Vec::new();
        for table in file.registries {
            let registry = table.read()?;
            if registries.iter().any(|other| other.policy.origin == registry.policy.origin) {
                return Err(TrustError::Twice(registry.policy.origin.to_string()));
            }
            registries.push(registry);
        }
        Ok(Self { registries })
    }

    /// Writes what [`Trust::from_toml`] reads.
    pub fn to_toml(&self) -> String {
        let file = File { version: VERSION, registries: self.registries.iter().map(RegistryTable::write).collect() };
        toml::to_string(&file).unwrap_or_default()
    }

    /// The registry of this origin, if it is trusted.
    pub fn registry(&self, origin: &Origin) -> Option<&TrustedRegistry> {
        self.registries.iter().find(|registry| registry.policy.origin == *origin)
    }
}

impl TrustedRegistry {
    /// Every key that can vouch for a checkpoint: the log's and the witnesses'.
    pub fn checkpoint_keys(&self) -> Vec<Vkey> {
        self.log_keys.iter().chain(self.quorum.witnesses()).cloned().collect()
    }
}

impl RegistryTable {
    fn read(self) -> Result<TrustedRegistry, TrustError> {
        let name = self.origin.clone();
        let bad = |member, found: &str, why: String| TrustError::Value {
            registry: name.clone(),
            member,
            found: found.chars().take(80).collect(),
            why,
        };
        let origin = Origin::parse(&self.origin).map_err(|error| bad("origin", &self.origin, error.to_string()))?;
        let prefix = |member, url: String| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            match rest {
                Some(rest) if !rest.is_empty() && !url.ends_with('/') => Ok(url),
                _ => Err(bad(member, &url, "expected https://… without a trailing slash".into())),
            }
        };
        let url = self.url.map_or_else(|| Ok(origin.url_prefix()), |url| prefix("url", url))?;
        let vkey = |member, text: &str| Vkey::parse(text).map_err(|error| bad(member, text, error.to_string()));
        let log_keys = self.log_keys.iter().map(|text| vkey("log_keys", text)).collect::<Result<Vec<_>, _>>()?;
        let (mut witnesses, mut witness_urls) = (Vec::new(), Vec::new());
        for entry in self.witnesses {
            match entry {
                WitnessEntry::Vkey(text) => witnesses.push(vkey("witnesses", &text)?),
                WitnessEntry::Asked(WitnessTable { vkey: text, url }) => {
                    let vkey = vkey("witnesses.vkey", &text)?;
                    witness_urls.push((vkey.clone(), prefix("witnesses.url", url)?));
                    witnesses.push(vkey);
                }
            }
        }
        if log_keys.is_empty() {
            return Err(bad("log_keys", "[]", "expected at least one key".into()));
        }
        // No checkpoint would ever open under such a key, and the registry would seem to contradict itself.
        for key in &log_keys {
            if key.signature_type() == SignatureType::CosignatureV1 || key.name() != origin.as_str() {
                let why = format!("expected a log's key (signature type 0x01 or 0x06) with the name {origin}");
                return Err(bad("log_keys", &key.to_string(), why));
            }
        }
        if !log_keys.iter().any(|key| key.signature_type() == SignatureType::Ed25519) {
            let why = "expected an Ed25519 key (signature type 0x01) beside those of ML-DSA-44".into();
            return Err(bad("log_keys", &self.log_keys.join(" "), why));
        }
        // By its name it would be one of the log's own keys, and demanded of every checkpoint.
        let of_log =
            |key: &&Vkey| key.signature_type() == SignatureType::MlDsa44Cosignature && key.name() == origin.as_str();
        if let Some(key) = witnesses.iter().find(of_log) {
            let why = "expected another name than the log's: list its own ML-DSA-44 key in log_keys".into();
            return Err(bad("witnesses", &key.to_string(), why));
        }
        let quorum = Quorum::new(witnesses, self.quorum)
            .map_err(|error| bad("quorum", &self.quorum.to_string(), error.to_string()))?;
        let accreditors = self.accreditors.iter().map(|table| table.read(&bad)).collect::<Result<Vec<_>, _>>()?;
        let mut reports = BTreeMap::new();
        for (table, accreditor) in self.accreditors.iter().zip(&accreditors) {
            if let Some(recipient) = table.recipient(&bad)? {
                reports.insert(accreditor.did.clone(), recipient);
            }
        }
        let policy = Policy { origin, accreditors, rules: self.rules };
        policy.check().map_err(|error| bad("accreditors and rules", error.code(), error.to_string()))?;
        let snapshot_max_age_days = self.snapshot_max_age_days;
        Ok(TrustedRegistry { policy, url, log_keys, quorum, witness_urls, snapshot_max_age_days, reports })
    }

    fn write(registry: &TrustedRegistry) -> Self {
        let policy = &registry.policy;
        Self {
            origin: policy.origin.to_string(),
            url: (registry.url != policy.origin.url_prefix()).then(|| registry.url.clone()),
            log_keys: registry.log_keys.iter().map(ToString::to_string).collect(),
            rules: policy.rules.clone(),
            witnesses: registry.quorum.witnesses().iter().map(|vkey| WitnessEntry::write(vkey, registry)).collect(),
            quorum: registry.quorum.threshold(),
            snapshot_max_age_days: registry.snapshot_max_age_days,
            accreditors: policy
                .accreditors
                .iter()
                .map(|accreditor| AccreditorTable::write(accreditor, registry.reports.get(&accreditor.did)))
                .collect(),
        }
    }
}

impl WitnessEntry {
    fn write(vkey: &Vkey, registry: &TrustedRegistry) -> Self {
        let url = registry.witness_urls.iter().find(|(asked, _)| asked == vkey).map(|(_, url)| url.clone());
        let vkey = vkey.to_string();
        url.map_or_else(|| Self::Vkey(vkey.clone()), |url| Self::Asked(WitnessTable { vkey: vkey.clone(), url }))
    }
}

impl AccreditorTable {
    fn read(&self, bad: &dyn Fn(&'static str, &str, String) -> TrustError) -> Result<Accreditor, TrustError> {
        let did = Did::parse(&self.did).map_err(|error| bad("accreditors.did", &self.did, error.to_string()))?;
        // Every accreditation carries it, and every verdict shows it.
        statement::check_name(&self.name).map_err(|fault| bad("accreditors.name", &self.name, fault.to_string()))?;
        let keys = self.keys.iter().map(|key| key.read(bad)).collect::<Result<Vec<_>, _>>()?;
        Ok(Accreditor { did, name: self.name.clone(), threshold: self.threshold, keys })
    }

    fn recipient(
        &self,
        bad: &dyn Fn(&'static str, &str, String) -> TrustError,
    ) -> Result<Option<ReportRecipient>, TrustError> {
        let parse = |text: &String| {
            ReportRecipient::parse(text).map_err(|error| bad("accreditors.reports", text, error.to_string()))
        };
        self.reports.as_ref().map(parse).transpose()
    }

    fn write(accreditor: &Accreditor, reports: Option<&ReportRecipient>) -> Self {
        Self {
            did: accreditor.did.to_string(),
            name: accreditor.name.clone(),
            threshold: accreditor.threshold,
            reports: reports.map(ToString::to_string),
            keys: accreditor.keys.iter().map(KeyTable::write).collect(),
        }
    }
}

impl KeyTable {
    fn read(&self, bad: &dyn Fn(&'static str, &str, String) -> TrustError) -> Result<AccreditorKey, TrustError> {
        let bad = |why: String| bad("accreditors.keys.x", &self.x, why);
        let bytes = base64::url_decode(&self.x)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or_else(|| bad("expected 43 characters of base64url, the x of a JWK".into()))?;
        let key = PublicKey::from_bytes(&bytes).map_err(|error| bad(error.to_string()))?;
        Ok(AccreditorKey { key, first_index: self.first_index, last_index: self.last_index })
    }

    fn write(key: &AccreditorKey) -> Self {
        Self { x: base64::url_encode(key.key.as_bytes()), first_index: key.first_index, last_index: key.last_index }
    }
}

#[cfg(test)]
mod tests;
