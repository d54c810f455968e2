//! `verifier clear`: an office signs what it let pass, keeps it, and hands it to the registry.
//!
//! | file | what |
//! |---|---|
//! | `goods` | what is cleared: from flags, or the good labels of a manifest |
//! | `outbox` | what was signed, on this device: kept until the registry has it, and after |
//! | `office` | who signs, and the statements |
//!
//! Signing needs no network. What was signed at a post without one is sent by the next `verifier clear`, and counts as cleared on this
//! device from the moment it was signed.

mod goods;
pub(crate) mod office;
pub(crate) mod outbox;

use client::{Memory, Registry};
use statement::ClearanceAct;
use verify::{OpenedSnapshot, TrustedRegistry};

use crate::cli::ClearOptions;
use crate::failure::{Failure, say};
use goods::Cleared;
use outbox::{Kept, Outbox};

/// Exit status: 0 where all was signed and the registry has it, 1 where something was cleared before or is refused, 3 where it is
/// signed and could not be sent yet.
pub(crate) fn run(options: &ClearOptions) -> Result<u8, Failure> {
    let trust = options.trust.load_some()?;
    let (outbox, memory, shelf) = (Outbox::new(&options.state.folder()), options.state.memory(), options.shelf.shelf());
    let mut status = 0;
    if options.is_new() {
        let (cleared, is_all) = goods::cleared(options, &trust)?;
        // Something of the manifest stays behind.
        status = u8::from(!is_all);
        let unnamed =
            || Failure::new("a clearance is signed, and no key is named").hint("--key PATH names the office's key");
        let office = options.office.unlock()?.ok_or_else(unnamed)?;
        for Cleared { registry, act } in cleared {
            // Where no snapshot is at hand, the registry says what is wrong.
            let snapshot = shelf.open(registry).ok();
            let state = snapshot.as_ref().map(OpenedSnapshot::state);
            let would = if options.dry_run { "would sign: " } else { "" };
            let (origin, act_told) = (&registry.policy.origin, described(&act));
            let (jws, commitment) = office.sign(&registry.policy.origin, act.clone(), state)?;
            crate::print(format!("{origin}: {would}{} {act_told}\n", office.did()).as_bytes())?;
            if options.dry_run {
                continue;
            }
            outbox.keep(&registry.policy.origin, &Kept::new(jws, commitment, &act))?;
        }
        if options.dry_run {
            return Ok(status);
        }
    }
    for registry in &trust.registries {
        for kept in outbox.waiting(&registry.policy.origin)? {
            let told = if options.offline { waits(registry, &kept)? } else { send(registry, &memory, &outbox, kept)? };
            status = crate::sync::worse(status, told);
        }
    }
    Ok(status)
}

/// Says that something waits for a network.
fn waits(registry: &TrustedRegistry, kept: &Kept) -> Result<u8, Failure> {
    let (origin, name) = (&registry.policy.origin, kept.name());
    crate::print(format!("{origin}: clearance {name} is signed; `verifier clear` sends it\n").as_bytes())?;
    Ok(0)
}

fn send(registry: &TrustedRegistry, memory: &Memory, outbox: &Outbox, mut kept: Kept) -> Result<u8, Failure> {
    let origin = &registry.policy.origin;
    match Registry::new(registry, memory.clone()).clear(&kept.clearance, &kept.commitment) {
        Ok(receipt) => {
            let index = receipt.receipt.index;
            let mut out = format!("{origin}: the registry has it, commitment at index {index}\n");
            for overlap in &receipt.overlaps {
                let (attestation, earlier) = (overlap.attestation, overlap.earlier);
                let ranges: Vec<String> = overlap.serials.iter().map(|(first, last)| range(*first, *last)).collect();
                let ranges = ranges.join(", ");
                out.push_str(&format!(
                    "! attestation {attestation}: numbers {ranges} were cleared before, at index {earlier}\n"
                ));
            }
            for over in &receipt.over_quantity {
                let (attestation, cleared, attested, unit) = (over.attestation, over.cleared, over.attested, over.unit);
                let unit = unit.base().0.symbol();
                out.push_str(&format!(
                    "! attestation {attestation}: {cleared} {unit} cleared in all, {attested} attested\n"
                ));
            }
            let is_clean = receipt.overlaps.is_empty() && receipt.over_quantity.is_empty();
            kept.index = Some(index);
            outbox.answered(origin, &kept)?;
            crate::print(out.as_bytes())?;
            Ok(if is_clean { 0 } else { 1 })
        }
        // What the statement says, or who signed it: the same answer would come again.
        Err(client::Error::Refused(refused)) if matches!(refused.status, 400 | 403 | 409 | 422) => {
            say("error", &format!("{origin}: clearance {}: {refused}", kept.name()));
            let folder = outbox.folder(origin);
            say(
                "hint",
                &format!("it counts for nothing, and is kept in {}: clear anew what was meant", folder.display()),
            );
            kept.refused = Some(refused.code);
            outbox.answered(origin, &kept)?;
            Ok(1)
        }
        Err(error) => {
            say("error", &format!("{origin}: clearance {}: {error}", kept.name()));
            say("hint", "it is signed and kept: run `verifier clear` again where there is a network");
            Ok(3)
        }
    }
}

fn range(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// What is signed, in words.
fn described(act: &ClearanceAct) -> String {
    match act {
        ClearanceAct::Undoes { commitment, reason } => format!("undoes the clearance at index {commitment}: {reason}"),
        ClearanceAct::Cleared(goods) => {
            let one = |goods: &statement::ClearedGoods| {
                let labels: u64 = goods.serials.iter().map(|range| range.count()).sum();
                let labels = (labels > 0).then(|| format!("{labels} labels"));
                let quantity = goods.quantity.map(|quantity| format!("{} {}", quantity.value, quantity.unit.symbol()));
                let parts: Vec<String> = labels.into_iter().chain(quantity).collect();
                format!("{} of attestation {}", parts.join(" and "), goods.attestation)
            };
            format!("clears {}", goods.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}
