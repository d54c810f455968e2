//! Documents: DID, context, OpenAPI, front page.

use crate::world::World;

#[test]
fn the_did_document_names_the_status_key_and_not_the_logs() {
    let world = World::empty();
    let answer = world.get("/.well-known/did.json");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some("*")));
    let document = answer.json();
    assert_eq!(document["id"], "did:web:registry.example");
    assert_eq!(document["verificationMethod"].as_array().unwrap().len(), 1);
    let trust = std::fs::read_to_string(world.data.join("trust.toml")).unwrap();
    let x = document["verificationMethod"][0]["publicKeyJwk"]["x"].as_str().unwrap();
    let key = primitives::base64::url_decode(x).unwrap();
    let vkey = verify::Trust::from_toml(&trust).unwrap().registries[0].log_keys[0].clone();
    assert_ne!(vkey.key_bytes(), key);
}

#[test]
fn the_context_is_the_frozen_one() {
    let world = World::empty();
    let answer = world.get("/contexts/v1");
    assert_eq!(answer.header("content-type"), Some("application/ld+json"));
    assert_eq!(answer.text(), statement::CONTEXT_V1);
}

#[test]
fn the_api_describes_itself() {
    let world = World::empty();
    let document = world.get("/openapi.json").json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    assert!(document["paths"]["/v1/statements"]["post"]["responses"]["409"].is_object());
    assert!(document["components"]["schemas"]["Verdict"]["properties"]["outcome"].is_object());
}

#[test]
fn the_front_page_has_a_form_that_leads_to_a_verdict() {
    let world = World::empty();
    let page = world.get_as("/", "text/html");
    assert_eq!(page.status, 200);
    assert!(page.text().contains(r#"<form action="/code" method="get">"#));
    assert!(page.header("content-security-policy").unwrap().contains("form-action 'self'"));
    let sent_on = world.get_as("/code?code=+HTTPS%3A%2F%2Fregistry.example%2Fx+&lang=fr", "text/html");
    let location = "/v1/verify?label=HTTPS%3A%2F%2Fregistry.example%2Fx&lang=fr";
    assert_eq!((sent_on.status, sent_on.header("location")), (303, Some(location)));
    let verdict = world.get_as("/v1/verify?label=hello", "text/html");
    assert!(verdict.text().contains("Do not rely on this label"));
}

#[test]
fn what_is_not_there_is_a_problem_or_a_page() {
    let world = World::empty();
    for target in ["/nothing", "/v1", "/v2/verify", "/v1/verify/", "/favicon.ico", "/%2e%2e/etc/passwd", "/."] {
        let answer = world.get(target);
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{target}");
    }
    let page = world.get_as("/nothing", "text/html,*/*;q=0.8");
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(page.text().contains("There is nothing at this address."), "{}", page.text());
    for line in ["DELETE /v1/statements", "PUT /checkpoint", "POST /", "OPTIONS /v1/verify", "BREW /"] {
        let answer = world.send(line, &[], b"");
        assert_eq!((answer.status, answer.code().as_str()), (405, "method_not_allowed"), "{line}");
        assert!(answer.header("allow").is_some(), "{line}");
    }
}

#[test]
fn every_answer_is_guarded() {
    let world = World::with_attestation();
    for target in
        ["/", "/checkpoint", "/v1/verify?label=a", "/nothing", "/openapi.json", "/healthz", "/v1/statements/9"]
    {
        let answer = world.get(target);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{target}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{target}");
        assert!(answer.header("content-security-policy").unwrap().contains("default-src 'none'"), "{target}");
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{target}");
    }
}
