//! Status roots: the registry writes them by itself, and its evidence proves by them that nothing was left out.

use std::time::Duration;

use primitives::Timestamp;
use registry::StatusRoot;
use statement::{Action, Entry};
use store::{FileJournal, Journal, Record};
use tlog::{Frontier, leaf_hash};
use verify::{Bundle, Complete};

use crate::cosigning::{trusted, wait_for};
use crate::parties::{certifier_key, now, sign_accreditation, sign_attestation, sign_change};
use crate::world::World;

/// A registry that has taken in statements some minutes ago, the first of them at index 0, as if it had been stopped since.
fn with_past(statements: &[(u64, String)]) -> World {
    let mut world = World::empty();
    world.stop();
    let mut tree = Frontier::new();
    let entries: Vec<_> = statements
        .iter()
        .map(|(minutes, jws)| {
            let received_at = Timestamp::from_millis(now().millis() - minutes * 60_000);
            Entry::encode(received_at, jws.as_bytes()).into()
        })
        .inspect(|entry: &store::Bytes| tree.push(leaf_hash(entry)))
        .collect();
    let record = Record { first_index: 0, entries, tree_size: tree.size(), root: tree.root().0 };
    let journal = FileJournal::open(world.data.join("journal")).unwrap();
    world.runtime.block_on(journal.append(0, &record)).unwrap();
    drop(journal);
    world.start();
    world
}

fn evidence(world: &World, index: u64) -> Bundle {
    serde_json::from_slice(&world.get(&format!("/v1/attestations/{index}/evidence")).body).unwrap()
}

fn complete(world: &World, bundle: &Bundle) -> Result<Complete, &'static str> {
    let opened = bundle.open(&trusted(world)).map_err(|error| error.code())?;
    Ok(opened.knowledge(now()).complete)
}

fn root_of(bundle: &Bundle) -> StatusRoot {
    StatusRoot::decode(&primitives::base64::decode(&bundle.status.as_ref().unwrap().root.entry).unwrap()).unwrap()
}

#[test]
fn a_quiet_log_gets_a_root_by_itself_and_one_only() {
    let parties = crate::parties::Parties::new(crate::world::ORIGIN);
    let suspended = sign_change(&parties.change(Action::Suspend, 1, None));
    let mut world = with_past(&[
        (9, sign_accreditation(&parties.accreditation())),
        (8, sign_attestation(&parties.attestation(0), &certifier_key())),
        (7, suspended),
    ]);
    let bundle = wait_for("a root", || Some(evidence(&world, 1)).filter(|bundle| bundle.status.is_some()));
    assert_eq!(complete(&world, &bundle), Ok(Complete::Until { index: 3, time: root_of(&bundle).received_at }));
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(evidence(&world, 1), bundle, "nothing has changed since");

    let mut hidden = bundle.clone();
    hidden.entries.retain(|entry| entry.index != 2);
    assert_eq!(complete(&world, &hidden), Err("status_not_bound"));

    // What comes next is newer than the root, and is there beside what it binds.
    let lifted = world.change(Action::Reinstate, 1, Some(2));
    let bundle = evidence(&world, 1);
    assert!(matches!(complete(&world, &bundle), Ok(Complete::Until { index: 3, .. })));
    assert_eq!(bundle.entries.iter().map(|entry| entry.index).collect::<Vec<_>>(), [0, 1, 2, lifted]);
    hidden = bundle.clone();
    hidden.entries.remove(2);
    assert_eq!(complete(&world, &hidden), Err("status_not_bound"));

    let answer = world.get("/v1/statements/3");
    assert_eq!((answer.status, answer.json()["code"].as_str()), (404, Some("no_statement")));
    assert_eq!(world.get("/v1/statements/3/receipt").status, 200, "its inclusion is proved as any other's");
    assert!(root_of(&bundle).received_at <= now());

    // Views are rebuilt, and the tree with them.
    world.stop();
    world.start();
    assert_eq!(evidence(&world, 1), bundle);
}

#[test]
fn a_statement_after_five_minutes_has_a_root_before_it() {
    let parties = crate::parties::Parties::new(crate::world::ORIGIN);
    // The log ends with a root that is old by now.
    let world = with_past(&[(6, sign_accreditation(&parties.accreditation()))]);
    wait_for("a root", || evidence(&world, 0).status);
    assert_eq!(world.attest(0), 2);
    let young = World::with_attestation();
    let bundle = evidence(&young, 1);
    assert_eq!(bundle.status, None, "nothing is to be bound yet");
    assert!(matches!(complete(&young, &bundle), Ok(Complete::Until { index: 0, .. })));
    let of_nobody = evidence(&young, 7);
    assert_eq!(
        of_nobody.entries.iter().map(|entry| entry.index).collect::<Vec<_>>(),
        [0],
        "it shows how young the log is"
    );
}
