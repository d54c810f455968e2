//! The registry that a command is about: one that the trust file names.

use std::path::{Path, PathBuf};

use client::{Memory, MemoryError, Registry};
use statement::Origin;
use verify::{Trust, TrustedRegistry};

use crate::cli::RegistryOptions;
use crate::failure::{Failure, say};

/// A trusted registry and this device's memory of it.
#[derive(Debug)]
pub(crate) struct Desk {
    trusted: TrustedRegistry,
    state: PathBuf,
    memory: Memory,
}

impl Desk {
    /// Reads the trust file and picks the registry.
    pub(crate) fn open(options: &RegistryOptions) -> Result<Self, Failure> {
        let trust = client::load_trust(options.trust.as_deref()).map_err(|error| {
            Failure::input(error).hint("--trust FILE names the trust file; the registry's operator gives it out")
        })?;
        let trusted = pick(trust, options.registry.as_ref())?;
        let state = options.state.clone().unwrap_or_else(client::default_state_folder);
        let memory = Memory::new(state.clone()).warning(unwritten);
        Ok(Self { trusted, state, memory })
    }

    pub(crate) fn trusted(&self) -> &TrustedRegistry {
        &self.trusted
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.trusted.policy.origin
    }

    /// The folder for what this device remembers.
    pub(crate) fn state(&self) -> &Path {
        &self.state
    }

    /// The registry; nothing is sent yet.
    pub(crate) fn registry(&self) -> Registry<'_> {
        Registry::new(&self.trusted, self.memory.clone())
    }
}

/// A statement that is registered stays so where this cannot be noted.
fn unwritten(error: &MemoryError) {
    say("warning", &format!("{error}: that the registry shows an older log next time will not be noticed"));
    say("hint", "--state DIR names a folder where what is seen is remembered");
}

fn pick(trust: Trust, wanted: Option<&Origin>) -> Result<TrustedRegistry, Failure> {
    let names: Vec<String> = trust.registries.iter().map(|registry| registry.policy.origin.to_string()).collect();
    let named = |hint: &str| format!("{hint}: {}", names.join(", "));
    let mut found: Vec<TrustedRegistry> = trust.registries.into_iter().collect();
    if let Some(wanted) = wanted {
        found.retain(|registry| registry.policy.origin == *wanted);
    }
    match (found.pop(), found.is_empty(), wanted) {
        (Some(registry), true, _) => Ok(registry),
        (Some(_), false, _) => {
            Err(Failure::input("the trust file names several registries")
                .hint(named("choose one with --registry ORIGIN")))
        }
        (None, _, Some(wanted)) if !names.is_empty() => {
            Err(Failure::input(format!("the trust file does not name the registry {wanted}")).hint(named("it names")))
        }
        (None, _, _) => Err(Failure::input("the trust file names no registry")
            .hint("--trust FILE names the trust file; the registry's operator gives it out")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUST: &str = include_str!("../tests/data/trust.toml");

    #[test]
    fn one_registry_is_picked_and_several_have_to_be_chosen_from() {
        let one = || Trust::from_toml(TRUST).unwrap();
        assert_eq!(pick(one(), None).unwrap().policy.origin.as_str(), "registry.example");
        let foreign = Origin::parse("other.example").unwrap();
        assert!(pick(one(), Some(&foreign)).unwrap_err().text().contains("it names: registry.example"));
        let mut two = one();
        let mut second = one().registries.remove(0);
        second.policy.origin = foreign.clone();
        two.registries.push(second);
        assert!(
            pick(two.clone(), None).unwrap_err().text().contains("--registry ORIGIN: registry.example, other.example")
        );
        assert_eq!(pick(two, Some(&foreign)).unwrap().policy.origin, foreign);
        assert!(pick(Trust { registries: Vec::new() }, None).unwrap_err().text().contains("--trust FILE"));
    }
}
