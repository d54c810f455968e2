//! The description of the API, generated from the handlers' own attributes and from the published verdict schema.

use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::handlers::checkpoints::HoursBody;
use crate::handlers::clearances::{ClearanceBody, ClearedBody, ExcessBody, OverlapBody};
use crate::handlers::reports::{ReportBody, ReportsBody};
use crate::handlers::statements::{ReceiptBody, StatementBody};
use crate::handlers::verify::Summary;
use crate::handlers::{
    assets, attestations, certifiers, checkpoints, clearances, code, documents, health, home, label_url, log,
    product_url, receipts, reports, snapshots, statements, status_lists, verify, witness,
};
use crate::problem::ProblemBody;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ethical Label Registry",
        description = "Labels that prove themselves, statements in a log that anyone can replay. Failures are RFC 9457 problems: go by `code`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        home::front,
        home::scan,
        home::log,
        home::meaning,
        home::check,
        home::offline,
        code::typed,
        certifiers::certifier,
        assets::file,
        label_url::with_gtin,
        label_url::without_gtin,
        verify::one,
        verify::many,
        product_url::product,
        product_url::lot,
        product_url::piece,
        product_url::piece_of_lot,
        product_url::lot_without_gtin,
        attestations::lookup,
        attestations::evidence,
        status_lists::list,
        statements::submit,
        statements::by_index,
        receipts::receipt,
        receipts::keys,
        clearances::clear,
        clearances::supplement,
        reports::form,
        reports::submit,
        reports::status_form,
        reports::status,
        reports::list,
        log::checkpoint,
        log::tile,
        checkpoints::hours,
        checkpoints::of_hour,
        witness::add_checkpoint,
        witness::last,
        snapshots::head,
        snapshots::body,
        documents::did,
        documents::trust,
        documents::context,
        documents::api,
        health::alive,
        health::ready,
    ),
    components(schemas(
        ClearanceBody,
        ClearedBody,
        ExcessBody,
        HoursBody,
        OverlapBody,
        ProblemBody,
        ReceiptBody,
        ReportBody,
        ReportsBody,
        StatementBody,
        Summary
    ))
)]
struct Api;

/// The document.
pub(crate) fn json() -> Bytes {
    static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| document().to_string().into());
    DOCUMENT.clone()
}

fn document() -> Value {
    let mut document = serde_json::to_value(Api::openapi()).unwrap_or_default();
    let mut verdict: Value = serde_json::from_str(::verify::VERDICT_SCHEMA).unwrap_or_default();
    rebase(&mut verdict, "#/components/schemas/Verdict/");
    let facts = verdict.pointer("/properties/attestation").cloned().unwrap_or_else(|| json!({ "type": "object" }));
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.insert("Verdict".into(), verdict);
        schemas.insert("Verdicts".into(), verdicts());
        schemas.insert("Found".into(), found(&facts));
        schemas.insert("Bundle".into(), bundle());
        schemas.insert("Linkset".into(), linkset());
    }
    document
}

/// Makes the references of a schema that stood alone lead to the same places within this document.
fn rebase(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(members) => {
            members.remove("$schema");
            members.remove("$id");
            for (name, value) in members {
                if name == "$ref"
                    && let Value::String(target) = value
                {
                    *target = target.replacen("#/", prefix, 1);
                } else {
                    rebase(value, prefix);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| rebase(element, prefix)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn verdicts() -> Value {
    json!({
        "type": "object",
        "required": ["summary", "verdicts"],
        "properties": {
            "summary": { "$ref": "#/components/schemas/Summary" },
            "verdicts": { "type": "array", "items": { "$ref": "#/components/schemas/Verdict" } },
        },
    })
}

fn found(facts: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["attestations", "truncated"],
        "properties": {
            "truncated": { "type": "boolean", "description": "Whether there may be older ones." },
            "attestations": { "type": "array", "items": {
                "type": "object",
                "required": ["index", "receivedAt", "active", "reasons"],
                "properties": {
                    "index": { "type": "integer", "description": "Log index." },
                    "receivedAt": { "type": "string", "format": "date-time" },
                    "active": { "type": "boolean", "description": "Whether it counts now." },
                    "reasons": { "type": "array", "items": { "type": "string" }, "description": "Why it does not." },
                    "attestation": facts,
                },
            } },
        },
    })
}

fn bundle() -> Value {
    let hashes = |about: &str| {
        let about = format!("Sibling hashes from the leaf up (RFC 9162 §2.1.3){about}.");
        json!({ "type": "array", "items": { "type": "string", "contentEncoding": "base64" }, "description": about })
    };
    let entry = |about: &str| {
        json!({
            "type": "object",
            "required": ["index", "entry", "proof"],
            "properties": {
                "index": { "type": "integer" },
                "entry": { "type": "string", "contentEncoding": "base64", "description": about },
                "proof": hashes(""),
            },
        })
    };
    json!({
        "type": "object",
        "required": ["index", "checkpoint", "entries"],
        "properties": {
            "index": { "type": "integer", "description": "Log index of the attestation." },
            "checkpoint": { "type": "string", "description": "A signed note (c2sp.org/tlog-checkpoint)." },
            "entries": { "type": "array", "items": entry("8 bytes received-at, then the JWS.") },
            "status": {
                "type": "object",
                "description": "That no entry which changed a status is missing; none while the log is too young for a status root.",
                "required": ["root", "attestation", "certifier"],
                "properties": {
                    "root": entry("The status root: 01, 7 bytes received-at, 32 bytes root of the status tree over the entries before it."),
                    "attestation": hashes(" in the status tree, of the attestation's leaf"),
                    "certifier": hashes(" in the status tree, of the leaf of its issuer's first accreditation"),
                },
            },
        },
    })
}

fn linkset() -> Value {
    json!({
        "type": "object",
        "required": ["linkset"],
        "properties": { "linkset": { "type": "array", "items": {
            "type": "object",
            "required": ["anchor", "itemDescription"],
            "properties": { "anchor": { "type": "string" }, "itemDescription": { "type": "string" } },
            "additionalProperties": { "type": "array", "items": {
                "type": "object",
                "required": ["href", "title"],
                "properties": {
                    "href": { "type": "string" },
                    "title": { "type": "string" },
                    "type": { "type": "string" },
                    "hreflang": { "type": "array", "items": { "type": "string" } },
                },
            } },
        } } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(references.len() > 20, "there are references");
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }

    fn collect(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    references.push(target.clone());
                }
                members.values().for_each(|value| collect(value, references));
            }
            Value::Array(elements) => elements.iter().for_each(|element| collect(element, references)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn the_document_holds_exactly_the_routes() {
        let document = document();
        let mut described: Vec<(String, String)> = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                described.push((method.clone(), path.clone()));
            }
        }
        let mut routes: Vec<(String, String)> = crate::routes::list()
            .into_iter()
            .map(|(method, template)| (method.to_owned(), template.replace("{*", "{")))
            .collect();
        described.sort();
        routes.sort();
        assert_eq!(described, routes);
    }
}
