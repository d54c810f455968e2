//! `verifier receipt`: whether a COSE Receipt (RFC 9942) says that a statement is in a log. It needs no network and no trust file, since
//! nothing else rests on what it finds.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use client::terminal::clean;
use primitives::{PublicKey, Timestamp};
use serde_json::Value;
use statement::{Entry, MAX_STATEMENT};
use tlog::{MAX_RECEIPT_SIZE, Receipt, ReceiptError, leaf_hash};

use crate::cli::ReceiptOptions;
use crate::failure::Failure;

/// The largest file of a key: a DID document of many.
const MAX_KEY_FILE: usize = 64 * 1024;

/// Exit status 1 where the receipt does not hold, 2 where something is not what it should be.
pub(crate) fn run(options: &ReceiptOptions) -> Result<u8, Failure> {
    let keys = keys(&options.key)?;
    let receipt = Receipt::parse(&read(&options.receipt, MAX_RECEIPT_SIZE)?).map_err(|error| {
        Failure::new(format!("{}: {error} ({})", options.receipt.display(), error.code()))
            .hint("a registry gives the receipt of entry N at /v1/statements/N/receipt")
    })?;
    let statement = read(&options.statement, MAX_STATEMENT)?;
    let received_at = Timestamp::from_millis(receipt.claims().received_at);
    let leaf = leaf_hash(&Entry::encode(received_at, statement.trim_ascii()));
    let (index, claims) = (receipt.index(), receipt.claims().clone());
    // Of the keys of a DID document the receipt names one.
    let verified = keys.iter().map(|key| receipt.clone().verify(&leaf, key));
    let verified = verified.reduce(|one, next| if matches!(one, Err(ReceiptError::OtherKey)) { next } else { one });
    match verified.unwrap_or(Err(ReceiptError::OtherKey)) {
        Ok(verified) => {
            let mut out = String::new();
            let (size, issuer) = (verified.size(), clean(&claims.issuer));
            let _ = writeln!(out, "in the log of {issuer}, by the word of this key: entry {index} of {size}");
            let _ = writeln!(out, "  received     {received_at}");
            let _ = writeln!(out, "  entry        {}", clean(&claims.subject));
            let _ = writeln!(out, "  root         {}", verified.root().to_base64());
            let _ =
                writeln!(out, "No checkpoint and no witness stands behind a receipt: `verifier check` asks for both.");
            crate::print(out.as_bytes())
        }
        Err(error) => {
            Failure::new(format!("the receipt does not hold: {error} ({})", error.code())).print();
            Ok(1)
        }
    }
}

/// The key in a file, or the Ed25519 keys that the DID document in it lists for assertions (W3C DID Core 1.0 §5.3.2), in its order.
fn keys(path: &Path) -> Result<Vec<PublicKey>, Failure> {
    const HINT: &str = "the registry's DID document is at /.well-known/did.json of its address";
    let bytes = read(path, MAX_KEY_FILE)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Failure::new(format!("{} is no text", path.display())))?;
    let document =
        serde_json::from_str::<Value>(text).ok().filter(|document| document.get("assertionMethod").is_some());
    let Some(document) = document else {
        let key = key_file::public::parse(path, text).map_err(|error| Failure::new(error).hint(HINT))?;
        return Ok(vec![key]);
    };
    let list = |name: &str| document.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let did = document.get("id").and_then(Value::as_str).unwrap_or_default();
    // Within the document, a DID URL may be its fragment alone.
    let absolute = |id: &str| if id.starts_with('#') { format!("{did}{id}") } else { id.to_owned() };
    let named = |id: &str| {
        let is_it = |method: &&Value| method.get("id").and_then(Value::as_str).map(absolute) == Some(absolute(id));
        list("verificationMethod").iter().find(is_it)
    };
    let methods = list("assertionMethod").iter().filter_map(|method| method.as_str().map_or(Some(method), named));
    let jwks = methods.filter_map(|method| method.get("publicKeyJwk"));
    let keys: Vec<_> = jwks.filter_map(|jwk| key_file::public::parse(path, &jwk.to_string()).ok()).collect();
    if keys.is_empty() {
        let error = format!("{} lists no Ed25519 key for assertions (publicKeyJwk)", path.display());
        return Err(Failure::new(error).hint(HINT));
    }
    Ok(keys)
}

/// A file, one byte past the limit at most: then it is refused for its length.
fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > limit {
        return Err(Failure::new(format!("{} has more than {limit} bytes", path.display()))
            .hint("the order is: receipt, then statement; --key names the key"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use primitives::{SecretKey, Signer as _};
    use tlog::{MemoryTree, ReceiptClaims};

    use super::*;

    const RECEIVED: u64 = 1_768_435_200_123;

    struct Files(tempfile::TempDir);

    impl Files {
        /// A receipt of the second of five entries, its statement, and the key's public half.
        fn new() -> Self {
            let (key, folder) = (SecretKey::from_seed(&[5; 32]), tempfile::tempdir().unwrap());
            let entry = |n: u8| Entry::encode(Timestamp::from_millis(RECEIVED), &[b'e', b'y', b'J', n]);
            let tree: MemoryTree = (b'a'..b'f').map(|n| leaf_hash(&entry(n))).collect();
            let claims = ReceiptClaims {
                issuer: "https://registry.example".into(),
                subject: "https://registry.example/v1/statements/1".into(),
                received_at: RECEIVED,
            };
            let (root, hashes) = (tlog::root(5, &tree).unwrap(), tlog::inclusion_proof(1, 5, &tree).unwrap());
            let receipt = Receipt::sign(claims, (5, root), (1, hashes), &key).unwrap();
            let files = Self(folder);
            files.write("receipt", &receipt.encode());
            files.write("statement", b"eyJb\n");
            files.write("key.jwk", key.public_key().to_jwk().as_bytes());
            files.write("other.jwk", SecretKey::from_seed(&[6; 32]).public_key().to_jwk().as_bytes());
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, bytes: &[u8]) {
            std::fs::write(self.path(name), bytes).unwrap();
        }

        fn run(&self, key: &str) -> Result<u8, Failure> {
            run(&ReceiptOptions {
                receipt: self.path("receipt"),
                statement: self.path("statement"),
                key: self.path(key),
            })
        }
    }

    #[test]
    fn a_receipt_holds_for_its_statement_under_its_key() {
        let files = Files::new();
        assert_eq!(files.run("key.jwk").unwrap(), 0);
        assert_eq!(files.run("other.jwk").unwrap(), 1, "another key");
        files.write("statement", b"eyJc");
        assert_eq!(files.run("key.jwk").unwrap(), 1, "another statement");
    }

    #[test]
    fn the_key_may_come_in_the_did_document_that_names_it() {
        let files = Files::new();
        let jwk = |name: &str| std::fs::read_to_string(files.path(name)).unwrap();
        let (key, other) = (jwk("key.jwk"), jwk("other.jwk"));
        let method = |id: &str, jwk: &str| format!(r#"{{"id":"{id}","type":"JsonWebKey2020","publicKeyJwk":{jwk}}}"#);
        let document = |methods: &[String], assertions: &str| {
            let methods = methods.join(",");
            format!(
                r#"{{"id":"did:web:registry.example","verificationMethod":[{methods}],"assertionMethod":[{assertions}]}}"#
            )
        };
        let (one, two) = ("did:web:registry.example#one", "did:web:registry.example#two");
        let both = [method(two, &other), method(one, &key)];
        for (document, status) in [
            (document(&both[1..], &format!(r#""{one}""#)), 0),
            (document(&both, &format!(r#""{two}","{one}""#)), 0),
            (document(&both, r##""#one""##), 0),
            (document(&[], &both[1]), 0),
            (document(&both, &format!(r#""{two}""#)), 1),
        ] {
            files.write("did.json", document.as_bytes());
            assert_eq!(files.run("did.json").unwrap(), status, "{document}");
        }
        let x25519 = method(one, &key.replace("Ed25519", "X25519"));
        for document in [
            document(&both, ""),
            document(&both, "7,null"),
            document(&[], &format!(r#""{one}""#)),
            document(&[x25519], &format!(r#""{one}""#)),
            r#"{"assertionMethod":"x"}"#.into(),
        ] {
            files.write("did.json", document.as_bytes());
            assert!(files.run("did.json").unwrap_err().text().contains("lists no Ed25519 key for assertions"));
        }
        for text in ["{}", "none", r#"{"verificationMethod":[]}"#] {
            files.write("did.json", text.as_bytes());
            assert!(files.run("did.json").unwrap_err().hint_text().contains("/.well-known/did.json"), "{text}");
        }
    }

    #[test]
    fn hostile_receipts_are_refused_with_the_reason() {
        let files = Files::new();
        let good = std::fs::read(files.path("receipt")).unwrap();
        let reason = |bytes: &[u8]| {
            files.write("receipt", bytes);
            files.run("key.jwk").unwrap_err().text().to_owned()
        };
        assert!(reason(b"").contains("(receipt_form)"));
        assert!(reason(b"c2sp.org/tlog-proof@v1\n").contains("(receipt_form)"));
        assert!(reason(&[good.as_slice(), b"\0"].concat()).contains("(not_deterministic)"));
        assert!(reason(&[0x9f; MAX_RECEIPT_SIZE + 1]).contains("more than 4096 bytes"));
        // Arrays in arrays, as deep as fits; a length that no memory holds.
        assert!(reason(&[0x81; MAX_RECEIPT_SIZE]).contains("(receipt_form)"));
        assert!(reason(&[0xd2, 0x9b, 255, 255, 255, 255, 255, 255, 255, 255]).contains("(receipt_form)"));
        for end in 0..good.len() {
            assert!(reason(&good[..end]).contains("(receipt_form)"), "cut to {end}");
        }
    }
}
