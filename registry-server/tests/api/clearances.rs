//! Clearances: kept privately, committed to publicly, told to offices only.

use std::path::Path;

use primitives::{SecretKey, Signer, Timestamp};
use registry_server::{Config, Server};
use serde_json::{Value, json};
use statement::sample::{self, did};
use statement::{
    Accreditation, Clearance, ClearanceAct, ClearanceCommitment, ClearedGoods, ClearedQuantity, Role, SerialRange,
    SupplementRequest, Unit,
};
use verify::{OpenedSupplement, Trust};

use crate::parties::{CERTIFIER, certifier_key, now, sign_accreditation};
use crate::wire::Answer;
use crate::world::World;

const OFFICE: &str = "did:web:office.example";
const BORDER: &str = "did:web:border.example";

fn office_key() -> SecretKey {
    SecretKey::from_seed(&[4; 32])
}

fn border_key() -> SecretKey {
    SecretKey::from_seed(&[5; 32])
}

/// The lot is attested at index 1, the offices are accredited at 2 and 3.
fn world() -> World {
    let world = World::with_attestation();
    for (office, key) in [(OFFICE, office_key()), (BORDER, border_key())] {
        let accreditation = Accreditation {
            id: format!("urn:x:{}", office.len()),
            subject: did(office),
            role: Role::CustomsOffice,
            keys: vec![key.public_key()],
            ..world.parties.accreditation()
        };
        assert_eq!(world.post(&sign_accreditation(&accreditation)).status, 201);
    }
    world
}

fn seconds() -> Timestamp {
    Timestamp::from_seconds(now().seconds())
}

fn goods(ranges: &[(u32, u32)], quantity: Option<u32>) -> ClearanceAct {
    let serials = ranges.iter().map(|(first, last)| SerialRange { first: *first, last: *last }).collect();
    let quantity = quantity.map(|value| ClearedQuantity { value, unit: Unit::Piece });
    ClearanceAct::Cleared(vec![ClearedGoods { attestation: 1, serials, quantity }])
}

fn undoes(commitment: u64) -> ClearanceAct {
    ClearanceAct::Undoes { commitment, reason: "another consignment".into() }
}

/// A clearance and its commitment, both signed. The salt tells clearances of the same apart.
fn pair(world: &World, issuer: &str, key: &SecretKey, salt: u8, act: ClearanceAct) -> (String, String) {
    let clearance = Clearance {
        id: format!("urn:x:clearance-{salt}"),
        issuer: did(issuer),
        registry: world.parties.origin.clone(),
        cleared_at: Timestamp::from_seconds(1_780_000_000),
        salt: [salt; 32],
        act,
    };
    let jws = statement::sign(&clearance.to_payload(), &clearance.issuer, key).unwrap();
    let commitment = ClearanceCommitment::to(&clearance, &jws, format!("urn:x:commitment-{salt}"));
    (jws, statement::sign(&commitment.to_payload(), &commitment.issuer, key).unwrap())
}

fn send(world: &World, (clearance, commitment): &(String, String)) -> Answer {
    let body = json!({ "clearance": clearance, "commitment": commitment }).to_string();
    world.send("POST /v1/clearances", &[("content-type", "application/json")], body.as_bytes())
}

fn clear(world: &World, salt: u8, act: ClearanceAct) -> Value {
    let answer = send(world, &pair(world, OFFICE, &office_key(), salt, act));
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn ask(world: &World, issuer: &str, key: &SecretKey, at: Timestamp) -> Answer {
    let request = SupplementRequest {
        issuer: did(issuer),
        registry: world.parties.origin.clone(),
        asked_at: at,
        ..sample::supplement_request()
    };
    let jws = statement::sign(&request.to_payload(), &request.issuer, key).unwrap();
    world.send("POST /v1/clearances/supplement", &[("content-type", "application/vc+jwt")], jws.as_bytes())
}

fn trust(world: &World) -> Trust {
    Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap()
}

fn supplement(world: &World) -> OpenedSupplement {
    let answer = ask(world, BORDER, &border_key(), seconds());
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), None);
    OpenedSupplement::open(&answer.body, &trust(world).registries[0]).unwrap()
}

fn ranges(supplement: &OpenedSupplement) -> Vec<(u32, u32)> {
    let lot = supplement.cleared().lot(1);
    lot.map(|lot| lot.ranges().iter().map(|range| (range.first, range.last)).collect()).unwrap_or_default()
}

#[test]
fn a_clearance_is_kept_and_its_commitment_proved_and_sent_again_it_gets_the_same_answer() {
    let world = world();
    let pair = pair(&world, OFFICE, &office_key(), 1, goods(&[(1, 40)], Some(40)));
    let answer = send(&world, &pair);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let receipt = answer.json();
    assert_eq!(
        (&receipt["index"], &receipt["overlaps"], &receipt["overQuantity"]),
        (&json!(4), &json!([]), &json!([]))
    );
    let proof = receipt["proof"].as_str().unwrap();
    verify::check_proof(&trust(&world).registries[0], pair.1.as_bytes(), 4, proof).unwrap();
    let again = send(&world, &pair);
    assert_eq!((again.status, again.json()), (200, receipt));
    let stored = world.get("/v1/statements/4").json();
    assert_eq!(stored["statement"], pair.1, "the log has the commitment");
    let supplement = supplement(&world);
    assert_eq!((supplement.size(), supplement.clearances(), ranges(&supplement)), (5, 1, vec![(1, 40)]));
    assert_eq!(supplement.cleared().lot(1).unwrap().quantity(), 40);
}

#[test]
fn who_may_not_clear_is_refused() {
    let world = world();
    let stranger = SecretKey::from_seed(&[6; 32]);
    for (issuer, key, status, code) in [
        (OFFICE, stranger.clone(), 403, "unknown_key"),
        (OFFICE, border_key(), 403, "unknown_key"),
        ("did:web:stranger.example", stranger, 403, "unknown_issuer"),
        (CERTIFIER, certifier_key(), 403, "not_a_customs_office"),
    ] {
        let answer = send(&world, &pair(&world, issuer, &key, 1, goods(&[(1, 1)], None)));
        assert_eq!(refused(&answer), (status, code.into()), "{issuer}");
        assert_eq!(refused(&ask(&world, issuer, &key, seconds())), (status, code.into()), "{issuer}");
    }
    assert_eq!(world.get("/v1/statements/4").status, 404, "and nothing was logged");
    assert_eq!(supplement(&world).clearances(), 0);
}

#[test]
fn what_is_no_pair_or_cannot_be_cleared_is_refused() {
    let world = world();
    let one = pair(&world, OFFICE, &office_key(), 1, goods(&[(1, 5)], None));
    let two = pair(&world, OFFICE, &office_key(), 2, goods(&[(1, 5)], None));
    let other = pair(&world, BORDER, &border_key(), 2, goods(&[(1, 5)], None));
    let swapped = (one.1.clone(), one.0.clone());
    let too_far = pair(&world, OFFICE, &office_key(), 3, goods(&[(1, 101)], None));
    let unknown = ClearanceAct::Cleared(vec![ClearedGoods {
        attestation: 0,
        serials: vec![SerialRange { first: 1, last: 1 }],
        quantity: None,
    }]);
    let unknown = pair(&world, OFFICE, &office_key(), 4, unknown);
    for (pair, code) in [
        (&(one.0.clone(), two.1), "commitment_mismatch"),
        (&(one.0.clone(), other.1), "another_signer"),
        (&swapped, "another_kind"),
        (&too_far, "serial_not_issued"),
        (&unknown, "unknown_target"),
    ] {
        assert_eq!(refused(&send(&world, pair)), (422, code.into()));
    }
    assert_eq!(refused(&world.post(&one.0)), (422, "never_logged".into()));
    let headers = [("content-type", "application/json")];
    for body in ["", "[]", r#"{"clearance":"a"}"#, r#"{"clearance":"a","commitment":"b","more":1}"#] {
        let answer = world.send("POST /v1/clearances", &headers, body.as_bytes());
        assert_eq!(refused(&answer), (400, "bad_clearance".into()), "{body}");
    }
    let large = world.send("POST /v1/clearances", &headers, &vec![b' '; 64 * 1024 + 1]);
    assert_eq!(refused(&large), (413, "body_too_large".into()));
    assert_eq!(world.get("/v1/statements/4").status, 404, "and nothing was logged");
}

#[test]
fn two_posts_that_clear_the_same_are_both_kept_and_the_later_is_told() {
    let world = world();
    clear(&world, 1, goods(&[(1, 10), (20, 30)], Some(60)));
    let later = send(&world, &pair(&world, BORDER, &border_key(), 2, goods(&[(8, 21)], Some(50))));
    assert_eq!(later.status, 201);
    let told = later.json();
    assert_eq!(told["overlaps"], json!([{"attestation": 1, "earlier": 4, "serials": [[8, 10], [20, 21]]}]));
    let over = json!([{"attestation": 1, "cleared": 110, "attested": 100, "unit": "C62"}]);
    assert_eq!((&told["overQuantity"], &told["truncated"]), (&over, &json!(false)));
    let supplement = supplement(&world);
    assert_eq!((supplement.clearances(), ranges(&supplement)), (2, vec![(1, 30)]));
}

#[test]
fn an_office_undoes_its_own_clearance_once() {
    let world = world();
    let index = clear(&world, 1, goods(&[(1, 10)], None))["index"].as_u64().unwrap();
    assert_eq!(supplement(&world).clearances(), 1);
    let by_another = send(&world, &pair(&world, BORDER, &border_key(), 2, undoes(index)));
    assert_eq!(refused(&by_another), (403, "not_your_clearance".into()));
    let of_none = send(&world, &pair(&world, OFFICE, &office_key(), 3, undoes(1)));
    assert_eq!(refused(&of_none), (422, "unknown_clearance".into()));
    let undone = clear(&world, 4, undoes(index))["index"].as_u64().unwrap();
    let again = send(&world, &pair(&world, OFFICE, &office_key(), 5, undoes(index)));
    assert_eq!(refused(&again), (409, "already_undone".into()));
    assert_eq!(again.json()["index"], undone);
    let same = send(&world, &pair(&world, OFFICE, &office_key(), 4, undoes(index)));
    assert_eq!((same.status, same.json()["index"].as_u64()), (200, Some(undone)), "the same undoing is no second one");
    let supplement = supplement(&world);
    assert_eq!((supplement.size(), supplement.clearances(), ranges(&supplement)), (6, 0, vec![]));
}

#[test]
fn a_clearance_is_committed_to_once() {
    let world = world();
    let one = pair(&world, OFFICE, &office_key(), 1, goods(&[(1, 5)], None));
    assert_eq!(send(&world, &one).status, 201);
    let token = statement::Token::parse(one.0.as_bytes()).unwrap();
    let opened = token.open(&office_key().public_key()).unwrap().into_inner();
    let statement::Statement::Clearance(clearance) = opened else { panic!("another kind") };
    let second = ClearanceCommitment::to(&clearance, &one.0, "urn:x:second".into());
    let second = statement::sign(&second.to_payload(), &second.issuer, &office_key()).unwrap();
    assert_eq!(refused(&send(&world, &(one.0, second))), (409, "clearance_known".into()));
}

#[test]
fn a_restart_keeps_all_of_it_a_large_one_too() {
    let mut world = world();
    let many: Vec<(u32, u32)> = (1..=50).map(|at| (2 * at, 2 * at)).collect();
    let quantities = (1..=400).map(|slot| world.attest(slot)).collect::<Vec<_>>();
    let mut list: Vec<ClearedGoods> = quantities
        .iter()
        .map(|index| ClearedGoods {
            attestation: *index,
            serials: vec![],
            quantity: Some(ClearedQuantity { value: 7, unit: Unit::Piece }),
        })
        .collect();
    let ClearanceAct::Cleared(small) = goods(&many, None) else { panic!("goods") };
    list.splice(0..0, small);
    let large = pair(&world, OFFICE, &office_key(), 1, ClearanceAct::Cleared(list));
    assert!(large.0.len() > 20_000, "several pieces");
    assert_eq!(send(&world, &large).status, 201);
    let index = clear(&world, 2, goods(&[(1, 1)], None))["index"].as_u64().unwrap();
    clear(&world, 3, undoes(index));
    let before = supplement(&world);
    world.stop();
    world.start();
    let after = supplement(&world);
    assert_eq!((after.cleared(), after.size()), (before.cleared(), before.size()));
    assert_eq!((after.clearances(), ranges(&after)), (1, many));
    assert_eq!(send(&world, &large).status, 200);
    let told = clear(&world, 9, goods(&[(4, 4)], None));
    assert_eq!(told["overlaps"][0]["serials"], json!([[4, 4]]));
}

/// The folder as a crash leaves it after the clearance was kept and before its commitment was logged: what waits does not count, is
/// not lost, and settles when it is sent again or found in the log.
#[test]
fn a_crash_between_the_two_writes_loses_nothing() {
    for settled_by_log in [false, true] {
        let mut world = world();
        let pair = pair(&world, OFFICE, &office_key(), 1, goods(&[(1, 5)], None));
        world.stop();
        let before = tempfile::tempdir().unwrap();
        copy(&world.data, before.path());
        world.start();
        assert_eq!(send(&world, &pair).status, 201);
        world.stop();
        std::fs::remove_dir_all(before.path().join("private")).unwrap();
        copy(&world.data.join("private"), &before.path().join("private"));
        let config = Config::new(before.path());
        world.server = Some(world.runtime.block_on(Server::start(config)).unwrap());
        assert_eq!(supplement(&world).clearances(), 0, "nobody had an answer");
        if settled_by_log {
            assert_eq!(world.post(&pair.1).status, 201);
        } else {
            assert_eq!(send(&world, &pair).status, 201);
        }
        // The supplement made just before is not given out again.
        assert_eq!(ranges(&supplement(&world)), [(1, 5)]);
        assert_eq!(send(&world, &pair).status, 200);
        assert_eq!(world.get("/v1/statements/5").status, 404);
        world.stop();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_supplement_is_for_offices_that_ask_now() {
    let world = world();
    let at = |offset: i64| Timestamp::from_seconds(now().seconds().checked_add_signed(offset).unwrap());
    for offset in [-310, 310] {
        assert_eq!(refused(&ask(&world, OFFICE, &office_key(), at(offset))), (403, "stale_request".into()));
    }
    for offset in [-250, 250] {
        assert_eq!(ask(&world, OFFICE, &office_key(), at(offset)).status, 200);
    }
    let headers = [("content-type", "application/vc+jwt")];
    let (_, commitment) = pair(&world, OFFICE, &office_key(), 1, goods(&[(1, 5)], None));
    let answer = world.send("POST /v1/clearances/supplement", &headers, commitment.as_bytes());
    assert_eq!(refused(&answer), (422, "another_kind".into()));
    assert_eq!(world.get("/v1/clearances/supplement").status, 405);
}

/// Whoever has only what is public learns how often an office cleared something, and nothing else.
#[test]
fn nothing_public_tells_what_was_cleared() {
    let world = World::with(|config| {
        config.metrics_listen = Some("127.0.0.1:0".parse().unwrap());
        config.snapshots.every = std::time::Duration::from_millis(20);
    });
    world.accredit();
    assert_eq!(world.attest(0), 1);
    let office = Accreditation {
        subject: did(OFFICE),
        role: Role::CustomsOffice,
        keys: vec![office_key().public_key()],
        ..world.parties.accreditation()
    };
    assert_eq!(world.post(&sign_accreditation(&office)).status, 201);
    let label = world.parties.label(1, 17).to_uri();
    let before = world.judge(&label);
    clear(&world, 1, goods(&[(17, 17)], Some(99)));
    clear(&world, 2, goods(&[(17, 17)], Some(99)));
    assert_eq!(world.judge(&label)["outcome"], before["outcome"]);
    // The snapshot is what anybody makes of the log, byte for byte.
    let trust = trust(&world);
    let mut state = registry::State::new(trust.registries[0].policy.clone());
    let mut log = String::new();
    for index in 0..5 {
        let stored = world.get(&format!("/v1/statements/{index}")).json();
        let received = Timestamp::parse_rfc3339(stored["receivedAt"].as_str().unwrap()).unwrap();
        let jws = stored["statement"].as_str().unwrap();
        state.fold(&statement::Entry::encode(received, jws.as_bytes()));
        log.push_str(jws);
    }
    assert_eq!((state.counts().ignored(), state.counts().status_changes), (0, 2));
    let expected: Vec<u8> = state.snapshot().pieces().flatten().collect();
    let (head, body) = crate::snapshots::snapshot(&world, 5);
    assert!(body == expected);
    let payload = |jws: &str| primitives::base64::url_decode(jws.split('.').nth(1).unwrap()).unwrap();
    let committed = world.get("/v1/statements/3").json()["statement"].as_str().unwrap().to_owned();
    let committed = String::from_utf8(payload(&committed)).unwrap();
    assert!(
        committed.contains("clearanceHash") && !committed.contains("goods") && !committed.contains("17"),
        "{committed}"
    );
    assert!(!String::from_utf8_lossy(&head).contains("supplement"));
    let metrics = crate::wire::send(world.server().metrics_address().unwrap(), "metrics", "GET /metrics", &[], b"");
    assert!(metrics.text().contains("/v1/clearances") && !metrics.text().contains("office"));
}
