//! GS1 Digital Links without the signed part.

use serde_json::json;
use statement::Action;

use crate::parties::{GTIN, LOT, certifier_key, sign_attestation};
use crate::world::World;

#[test]
fn a_link_without_a_signature_says_that_it_proves_nothing() {
    let world = World::with_attestation();
    for target in [
        format!("/01/{GTIN}"),
        format!("/01/{GTIN}/10/{LOT}"),
        format!("/01/{GTIN}/21/17"),
        format!("/01/{GTIN}/10/{LOT}/21/1-17"),
    ] {
        let page = world.get_as(&target, "text/html");
        assert_eq!(page.status, 200, "{target}");
        assert!(page.text().contains("This link proves nothing about what you hold."), "{}", page.text());
        assert!(!page.text().contains("genuine</h1>"));
        assert!(page.text().contains("Hand-knotted carpet"), "{target}");
        let json = world.get_as(&target, "application/json").json();
        assert_eq!(json["attestations"][0]["index"], 1, "{target}");
    }
}

#[test]
fn a_lot_without_a_gtin_is_found_under_its_lot_alone() {
    let world = World::with_attestation();
    let mut attestation = world.parties.attestation(1);
    attestation.gtin = None;
    assert_eq!(world.post(&sign_attestation(&attestation, &certifier_key())).status, 201);
    let json = world.get_as(&format!("/10/{LOT}"), "application/json").json();
    assert_eq!(json["attestations"].as_array().unwrap().len(), 1);
    assert_eq!(json["attestations"][0]["index"], 2);
    let label = world.parties.label_of(&attestation, 2, 3, &certifier_key()).to_uri();
    assert_eq!(world.judge(&label)["outcome"], "verified");
    let json = world.get_as(crate::world::path(&label), "application/json").json();
    assert_eq!(json["outcome"], "verified", "{json}");
}

#[test]
fn what_is_not_in_force_is_shown_as_such() {
    let world = World::with_attestation();
    world.change(Action::Suspend, 1, None);
    let page = world.get_as(&format!("/01/{GTIN}"), "text/html");
    assert!(page.text().contains("not in force"), "{}", page.text());
    assert!(page.text().contains("The attestation is suspended for now."), "{}", page.text());
    let json = world.get_as(&format!("/01/{GTIN}/10/{LOT}"), "application/json").json();
    assert_eq!(json["attestations"][0]["active"], json!(false));
}

#[test]
fn names_that_are_none_are_refused() {
    let world = World::empty();
    for (target, code) in [
        ("/01/09521234543214", "bad_gtin"),
        ("/01/x", "bad_gtin"),
        ("/01/%zz", "bad_gtin"),
        ("/01/09521234543213/10/%00", "bad_lot"),
        ("/01/09521234543213/10/..", "bad_lot"),
        ("/10/%ff", "bad_lot"),
    ] {
        let answer = world.get_as(target, "application/json");
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{target}");
    }
}
