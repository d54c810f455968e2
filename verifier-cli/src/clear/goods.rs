//! What is cleared: from flags, or the good labels of a manifest.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;
use statement::{ClearanceAct, ClearedGoods, ClearedQuantity, MAX_GOODS, MAX_RANGES, SerialRange, Unit};
use verify::{Outcome, Trust, TrustedRegistry};

use crate::cli::ClearOptions;
use crate::evidence::now;
use crate::failure::Failure;
use crate::manifest::Reader;
use crate::shipment::ledger::Ledger;
use crate::shipment::pipeline::{self, Window};
use crate::shipment::registries::Registries;

/// Something to sign, for one registry.
pub(super) struct Cleared<'t> {
    pub(super) registry: &'t TrustedRegistry,
    pub(super) act: ClearanceAct,
}

/// What the flags ask for, and whether that is all of it: of a manifest, labels that are not verified stay behind.
pub(super) fn cleared<'t>(options: &ClearOptions, trust: &'t Trust) -> Result<(Vec<Cleared<'t>>, bool), Failure> {
    if let Some(commitment) = options.undo {
        let reason = options.reason.clone().unwrap_or_default();
        let act = ClearanceAct::Undoes { commitment, reason };
        return Ok((vec![Cleared { registry: which(options, trust)?, act }], true));
    }
    if let Some(attestation) = options.attestation {
        let registry = which(options, trust)?;
        let serials = options.serials.as_deref().map(numbers).transpose()?.unwrap_or_default();
        let unit = options.unit.unwrap_or(Unit::Piece);
        let quantity = options.quantity.map(|value| ClearedQuantity { value, unit });
        if serials.is_empty() && quantity.is_none() {
            return Err(
                Failure::new("there is nothing to clear").hint("--serials 1-50,77 or --quantity N [--unit KGM]")
            );
        }
        return Ok((signed_for(registry, split(BTreeMap::from([(attestation, serials)]), quantity)), true));
    }
    manifest(options, trust)
}

/// The verified labels of a manifest, as `verifier shipment` judges them; with `--include-caution` those that need eyes, too.
fn manifest<'t>(options: &ClearOptions, trust: &'t Trust) -> Result<(Vec<Cleared<'t>>, bool), Failure> {
    let name = options.manifest.as_deref().unwrap_or_default();
    let columns = options.columns.clone().unwrap_or_default();
    let reader = Reader::open(name, columns).map_err(|error| error.failure(name))?;
    let registries =
        Registries::new(trust, options.shelf.shelf(), options.state.memory()).with_clearances(&options.state.folder());
    let mut ledger = Ledger::new(&registries, now().into());
    let mut passed: BTreeMap<usize, BTreeMap<u64, RoaringBitmap>> = BTreeMap::new();
    let mut left = 0;
    let seed = crate::random::bytes()?;
    let end: Result<_, std::convert::Infallible> =
        pipeline::run(reader, &registries, now().into(), &seed, |Window { lines, judged, .. }| {
            ledger.take_window(&lines, judged, |_, told| {
                let Some(judged) = told.judged else { return Ok::<(), std::convert::Infallible>(()) };
                let passes = judged.outcome == Outcome::Verified
                    || (options.include_caution && judged.outcome == Outcome::Caution);
                let registry = judged.label.as_ref().filter(|_| passes).and_then(|label| registries.of(label));
                match (&judged.label, registry) {
                    (Some(label), Some(registry)) => {
                        let lots = passed.entry(registry.number).or_default();
                        lots.entry(label.index()).or_default().insert(label.serial().number());
                    }
                    _ => left += 1,
                }
                Ok(())
            })?;
            Ok(true)
        });
    let end = match end {
        Ok(end) => end,
        Err(never) => match never {},
    };
    registries.warn();
    if let Some(error) = end.error {
        return Err(error.failure(name));
    }
    let quantities = ledger.quantities.covered + ledger.quantities.questioned + ledger.quantities.undecided;
    let is_all = left + ledger.faults.count + quantities == 0;
    if !is_all {
        let unread = ledger.faults.count;
        let told =
            format!("not cleared: {left} lines of labels, {unread} unread places, {quantities} quantities of {name}");
        crate::failure::say("warning", &told);
        let hint = format!("verifier shipment {name} says why; --attestation INDEX --quantity N clears a quantity");
        crate::failure::say("hint", &hint);
    }
    if passed.is_empty() {
        return Err(Failure::new(format!("no label of {name} may be cleared"))
            .hint(format!("verifier shipment {name} says why")));
    }
    let registry = |number: usize| trust.registries.get(number);
    let passed = passed.into_iter().filter_map(|(number, lots)| Some((registry(number)?, lots)));
    let ranged =
        |lots: BTreeMap<u64, RoaringBitmap>| lots.iter().map(|(index, numbers)| (*index, ranges(numbers))).collect();
    Ok((passed.flat_map(|(registry, lots)| signed_for(registry, split(ranged(lots), None))).collect(), is_all))
}

/// The registry that attestations and commitments are numbered in.
fn which<'t>(options: &ClearOptions, trust: &'t Trust) -> Result<&'t TrustedRegistry, Failure> {
    match (&options.registry, trust.registries.as_slice()) {
        (Some(origin), registries) => {
            let found = registries.iter().find(|registry| registry.policy.origin.as_str() == origin);
            found.ok_or_else(|| Failure::new(format!("the trust file names no registry {origin}")))
        }
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::new("the trust file names several registries").hint("--registry HOST says which")),
    }
}

fn signed_for(registry: &TrustedRegistry, acts: Vec<Vec<ClearedGoods>>) -> Vec<Cleared<'_>> {
    acts.into_iter().map(|goods| Cleared { registry, act: ClearanceAct::Cleared(goods) }).collect()
}

/// As many clearances as it takes: each has room for so many attestations and ranges.
fn split(lots: BTreeMap<u64, Vec<SerialRange>>, quantity: Option<ClearedQuantity>) -> Vec<Vec<ClearedGoods>> {
    let mut goods: Vec<ClearedGoods> = Vec::new();
    for (attestation, ranges) in lots {
        if ranges.is_empty() {
            goods.push(ClearedGoods { attestation, serials: Vec::new(), quantity });
        }
        let mut quantity = quantity;
        for ranges in ranges.chunks(MAX_RANGES) {
            goods.push(ClearedGoods { attestation, serials: ranges.to_vec(), quantity: quantity.take() });
        }
    }
    let mut acts: Vec<Vec<ClearedGoods>> = Vec::new();
    let mut room = 0;
    for goods in goods {
        let needs = goods.serials.len().max(1);
        let is_again = |act: &Vec<ClearedGoods>| act.last().is_some_and(|last| last.attestation == goods.attestation);
        match acts.last_mut().filter(|act| needs <= room && act.len() < MAX_GOODS && !is_again(act)) {
            Some(act) => {
                room -= needs;
                act.push(goods);
            }
            None => {
                room = MAX_RANGES - needs;
                acts.push(vec![goods]);
            }
        }
    }
    acts
}

/// `1-50,77`, in any order: ascending, those that touch as one.
fn numbers(text: &str) -> Result<Vec<SerialRange>, Failure> {
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0);
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let range = number(first).zip(number(last)).filter(|(first, last)| first <= last);
        range
            .ok_or_else(|| Failure::new(format!("--serials {part:?} is no range of numbers")).hint("--serials 1-50,77"))
    };
    let mut read = text.split(',').map(range).collect::<Result<Vec<_>, _>>()?;
    read.sort_unstable();
    let mut ranges: Vec<SerialRange> = Vec::new();
    for (first, last) in read {
        match ranges.last_mut().filter(|before| first <= before.last.saturating_add(1)) {
            Some(before) => before.last = before.last.max(last),
            None => ranges.push(SerialRange { first, last }),
        }
    }
    Ok(ranges)
}

/// Numbers in a row, ascending.
fn ranges(serials: &RoaringBitmap) -> Vec<SerialRange> {
    let mut ranges: Vec<SerialRange> = Vec::new();
    for number in serials {
        match ranges.last_mut() {
            Some(last) if last.last.checked_add(1) == Some(number) => last.last = number,
            _ => ranges.push(SerialRange { first: number, last: number }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_come_back_as_ranges() {
        let read =
            |text| numbers(text).map(|ranges| ranges.iter().map(|range| (range.first, range.last)).collect::<Vec<_>>());
        assert_eq!(read("1-3, 77,4,9-10").unwrap(), [(1, 4), (9, 10), (77, 77)]);
        assert_eq!(read("1-4294967295,5").unwrap(), [(1, u32::MAX)]);
        for bad in ["", "0", "3-1", "a", "1-", "1,,2", "4294967296"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_lot_in_many_pieces_takes_several_clearances() {
        let every_other: RoaringBitmap = (1..=5_000).filter(|number| number % 2 == 1).collect();
        let acts = split(BTreeMap::from([(1, ranges(&every_other)), (2, numbers("7").unwrap())]), None);
        let mut cleared: BTreeMap<u64, RoaringBitmap> = BTreeMap::new();
        for act in &acts {
            assert!(act.iter().map(|goods| goods.serials.len()).sum::<usize>() <= MAX_RANGES);
            assert!(act.is_sorted_by(|a, b| a.attestation < b.attestation), "each once, ascending");
            for goods in act {
                let numbers = cleared.entry(goods.attestation).or_default();
                goods.serials.iter().for_each(|range| assert_eq!(numbers.insert_range(range.first..=range.last), 1));
            }
        }
        assert_eq!(acts.len(), 3);
        assert_eq!(cleared, BTreeMap::from([(1, every_other), (2, RoaringBitmap::from([7]))]));
    }
}
