//! `verifier audit`: replays a registry's whole log and holds its snapshot against it.

use client::{Memory, Registry};
use indicatif::{ProgressBar, ProgressStyle};
use primitives::Hash;
use verify::TrustedRegistry;

use crate::cli::AuditOptions;
use crate::failure::{Failure, say};
use crate::options::TRUST_HINT;
use crate::sync;

/// Exit status: 0 where everything adds up, 1 where something speaks against a registry, else 3 where one could not be read.
pub(crate) fn run(options: &AuditOptions) -> Result<u8, Failure> {
    let trust = options.trust.load()?;
    let wanted = |registry: &&TrustedRegistry| {
        options.registry.as_ref().is_none_or(|origin| registry.policy.origin.as_str() == origin)
    };
    let registries: Vec<_> = trust.registries.iter().filter(wanted).collect();
    if registries.is_empty() {
        let origin = options.registry.as_deref().map(|origin| format!(" {origin}")).unwrap_or_default();
        return Err(Failure::new(format!("the trust file names no registry{origin}")).hint(TRUST_HINT));
    }
    let memory = options.state.memory();
    let mut status = 0;
    for registry in registries {
        status = sync::worse(status, audit(registry, &memory)?);
    }
    Ok(status)
}

fn audit(trusted: &TrustedRegistry, memory: &Memory) -> Result<u8, Failure> {
    let (origin, registry) = (&trusted.policy.origin, Registry::new(trusted, memory.clone()));
    let bar = ProgressBar::no_length().with_prefix(origin.to_string());
    if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} entries {eta} left") {
        bar.set_style(style);
    }
    let replayed = registry.snapshot_head().and_then(|head| {
        bar.set_length(head.checkpoint().size());
        let state = registry.replay(head.checkpoint(), &|entries| bar.set_position(entries))?;
        Ok((head, state))
    });
    bar.finish_and_clear();
    let (head, state) = match replayed {
        Ok(replayed) => replayed,
        Err(error) => return Ok(sync::told(origin.as_str(), &error)),
    };
    let digest = Hash::of(state.snapshot().index());
    let counts = state.counts();
    let mut status = 0;
    let mut against = |text: String, hint: &str| {
        say("error", &format!("{origin}: {text}"));
        say("hint", hint);
        status = 1;
    };
    if digest != head.index_digest() {
        let note = head.note().to_string();
        let kept = match memory.keep_snapshot_evidence(origin, note.as_bytes(), &digest) {
            Ok(file) => format!("its signed head is kept in {}", file.display()),
            Err(error) => format!("its signed head could not be kept: {error}"),
        };
        against(
            format!(
                "the snapshot is not what its log gives: digest {}, replayed {digest}; {kept}",
                head.index_digest()
            ),
            "judge by no snapshot of this registry; anyone who replays the log can check that file",
        );
    }
    if let Some(index) = state.first_set_back() {
        let text = format!("entry {index} was received before the entry ahead of it");
        against(text, "the registry backdates, or its clock was set back: ask its operator");
    }
    if counts.refused > 0 {
        let text = format!("{} entries are in the log that the rules refuse; they count for nothing", counts.refused);
        against(text, "the registry's gate did not keep to the law: ask its operator");
    }
    if status == 0 {
        let told = format!(
            "{origin}: {} entries replayed, root {}; {} attestations, {} accreditations, {} status changes, {} ignored; \
             the snapshot is what the log gives\n",
            state.size(),
            head.checkpoint().root().to_base64(),
            counts.attestations,
            counts.accreditations,
            counts.status_changes,
            counts.ignored()
        );
        crate::print(told.as_bytes())?;
    }
    Ok(status)
}
