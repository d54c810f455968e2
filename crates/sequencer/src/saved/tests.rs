use std::sync::Arc;

use tlog::{Growth, leaf_hash};

use super::*;
use crate::ledger::Gathered;
use crate::testing::MemoryViews;
use crate::{Notes, tag_of};

/// A law that counts, with one chunk that always changes and one that changes every thousand entries.
#[derive(Clone, Default)]
struct Count(Arc<u64>);

impl Law for Count {
    type Rules = ();
    type Item = ();
    type Refusal = ();
    type View = Self;
    type Opened = ();
    const COLUMNS: &'static [&'static str] = &["thirds"];

    fn new((): &()) -> Self {
        Self::default()
    }
    fn fingerprint((): &()) -> [u8; 32] {
        [1; 32]
    }
    fn admit(&mut self, _: u64, _: u64, (): &(), _: &mut Notes) -> Result<(), ()> {
        Err(())
    }
    fn open(_: &Self, _: u64, _: &[u8]) {}
    fn replay(&mut self, _: u64, _: &[u8], (): (), _: &mut Notes) {}
    fn view(&self) -> Self {
        self.clone()
    }
    fn save(view: &Self, before: Option<&Self>) -> Vec<Chunk> {
        let chunk = |name: &str, bytes: Vec<u8>| Chunk { name: name.into(), bytes: bytes.into() };
        let mut chunks = vec![chunk("count", view.0.to_string().into_bytes())];
        let thousands = |count: &Self| *count.0 / 1000;
        if before.map(thousands) != Some(thousands(view)) {
            chunks.push(chunk("thousands", vec![u8::try_from(thousands(view)).unwrap(); 20_000]));
        }
        chunks
    }
    fn load((): &(), chunks: &BTreeMap<String, Bytes>) -> Result<Self, String> {
        let count = chunks.get("count").and_then(|bytes| std::str::from_utf8(bytes).ok()?.parse().ok());
        let count = Self(Arc::new(count.ok_or("no count")?));
        let thousands = chunks.get("thousands").ok_or("no thousands")?;
        let expected = u8::try_from(*count.0 / 1000).unwrap();
        if **thousands == [expected; 20_000] { Ok(count) } else { Err("another thousand".into()) }
    }
}

fn grow(ledger: &mut Ledger<Count>, entries: u64, views: &MemoryViews) {
    let first = ledger.size();
    let leaf = |index: u64| leaf_hash(&index.to_be_bytes());
    let growth = Growth::new(&ledger.frontier, (first..first + entries).map(leaf).collect());
    let mut gathered = Gathered::default();
    for index in first..first + entries {
        let mut notes = Notes::default();
        if index % 3 == 0 {
            notes.tag(0, 33);
        }
        gathered.take(tag_of(&leaf(index).0), &mut notes);
    }
    let mut changes = Changes::default();
    ledger.absorb(&growth, gathered, 1000 + first + entries, &mut changes);
    ledger.law = Count(Arc::new(first + entries));
    views.apply(changes).unwrap();
}

fn load_back(views: &MemoryViews) -> Result<(Ledger<Count>, Save<Count>), Doubt> {
    load(head(views, [1; 32])?, &(), views)
}

#[test]
fn what_is_saved_comes_back_and_goes_on_as_it_would_have() {
    let views = MemoryViews::default();
    let mut ledger = Ledger::<Count>::new(&());
    let mut last = None;
    for entries in [700, 400, 1, 1023, 2000, 70_000] {
        grow(&mut ledger, entries, &views);
        last = Some(Snapshot::of(&ledger, [1; 32]).write(last.as_ref(), &views).unwrap());
        let (mut loaded, save) = load_back(&views).ok().unwrap();
        assert_eq!(loaded.frontier, ledger.frontier);
        assert_eq!(loaded.edge, ledger.edge);
        assert_eq!((loaded.last_millis, &loaded.tails), (ledger.last_millis, &ledger.tails));
        assert_eq!(loaded.law.0, ledger.law.0);
        assert_eq!(save.manifest, last.as_ref().unwrap().manifest);
        let size = ledger.size();
        for index in [0, 1, size / 2, size - 1] {
            assert_eq!(loaded.columns[0].find(tag_of(&leaf_hash(&index.to_be_bytes()).0), size, 9), [index]);
        }
        assert_eq!(loaded.columns[1].find(33, size, usize::MAX).len() as u64, size.div_ceil(3));
        // From what was loaded the log goes on as from what was not.
        let (here, there) = (MemoryViews::default(), MemoryViews::default());
        grow(&mut loaded, 1500, &here);
        let mut same = load_back(&views).ok().unwrap().0;
        grow(&mut same, 1500, &there);
        assert_eq!(here.contents(), there.contents());
    }
}

#[test]
fn a_save_writes_what_changed_and_forgets_what_no_list_names() {
    let views = MemoryViews::default();
    let mut ledger = Ledger::<Count>::new(&());
    grow(&mut ledger, 500, &views);
    let first = Snapshot::of(&ledger, [1; 32]).write(None, &views).unwrap();
    let pieces = |views: &MemoryViews| views.contents().0[STATE].clone();
    let before = pieces(&views);
    grow(&mut ledger, 100, &views);
    let second = Snapshot::of(&ledger, [1; 32]).write(Some(&first), &views).unwrap();
    let after = pieces(&views);
    let thousands = Hash::of(&[0; 20_000]);
    let kept: Vec<_> = before.keys().filter(|key| after.contains_key(*key)).collect();
    assert_eq!(kept.len(), 3, "the three pieces of the chunk that is the same, and nothing else");
    assert!(kept.iter().all(|key| key.starts_with(&thousands.0)));
    let named: usize = second.manifest.chunks.values().chain([&second.list]).map(|chunk| keys(*chunk).count()).sum();
    assert_eq!(after.len(), named);
    assert!(after.values().all(|piece| piece.len() <= PIECE && !piece.is_empty()));
}

#[test]
fn every_damage_is_noticed() {
    let views = MemoryViews::default();
    let mut ledger = Ledger::<Count>::new(&());
    grow(&mut ledger, 2500, &views);
    Snapshot::of(&ledger, [1; 32]).write(None, &views).unwrap();
    let (whole, marker) = views.contents();
    let mut trials = 0;
    for (map, pieces) in &whole {
        if map == views::TILES {
            continue; // Not part of a save.
        }
        for (key, value) in pieces {
            let mut missing = whole.clone();
            missing.get_mut(map).unwrap().remove(key);
            views.replace((missing, marker));
            assert!(load_back(&views).is_err(), "{map} {key:?} missing");
            for at in (0..value.len()).step_by(if value.len() > 500 { 97 } else { 1 }) {
                let mut flipped = value.to_vec();
                flipped[at] ^= 4;
                let mut damaged = whole.clone();
                damaged.get_mut(map).unwrap().insert(key.clone(), flipped.into());
                views.replace((damaged, marker));
                assert!(load_back(&views).is_err(), "{map} {key:?} byte {at}");
                trials += 1;
            }
        }
    }
    assert!(trials > 500, "{trials}");
    views.replace((whole, marker));
    assert!(load_back(&views).is_ok());
}

#[test]
fn a_save_under_other_rules_or_of_another_version_is_not_loaded() {
    let views = MemoryViews::default();
    assert_eq!(load_back(&views).err().unwrap().0, "no state is saved");
    let mut ledger = Ledger::<Count>::new(&());
    grow(&mut ledger, 10, &views);
    Snapshot::of(&ledger, [2; 32]).write(None, &views).unwrap();
    assert_eq!(load_back(&views).err().unwrap().0, "the saved state was made under other rules");
    let mut changes = Changes::default();
    let mut head = views.get(META, SAVED).unwrap().unwrap().to_vec();
    head[0] = 2;
    changes.puts.put(META, SAVED, head);
    views.apply(changes).unwrap();
    assert_eq!(load_back(&views).err().unwrap().0, "the saved state is of another version, or damaged");
}

#[test]
fn a_crash_between_any_two_writes_leaves_this_save_or_the_one_before() {
    for writes in 0..3 {
        let views = MemoryViews::default();
        let mut ledger = Ledger::<Count>::new(&());
        grow(&mut ledger, 1500, &views);
        let first = Snapshot::of(&ledger, [1; 32]).write(None, &views).unwrap();
        grow(&mut ledger, 1500, &views);
        views.fail_write(views.writes() + writes, crate::testing::ViewFault::Before);
        let second = Snapshot::of(&ledger, [1; 32]).write(Some(&first), &views);
        views.heal();
        let (loaded, _) = load_back(&views).ok().unwrap();
        assert_eq!(loaded.size(), if second.is_ok() { 3000 } else { 1500 }, "{writes} writes");
        assert_eq!(second.is_ok(), writes == 2);
    }
}
