//! What an assessment rests on: files that are named by their digest, never by their content.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Hash, base64};

use crate::credential::MAX_NAME;
use crate::error::Error;
use crate::json::Writer;
use crate::member::Member;

/// Files that an attestation can name.
pub const MAX_EVIDENCE: usize = 16;

/// Header of a SHA-256 digest as a multihash: function 0x12, length 32 (draft-multiformats-multihash §3).
const SHA2_256: [u8; 2] = [0x12, 0x20];
/// Header of base64url without padding (draft-multiformats-multibase §2).
const BASE64_URL: char = 'u';
/// A file that is to be had from nobody's address: a named information URI (RFC 6920 §3).
const UNPUBLISHED: &str = "ni:///sha-256;";

/// A file that an attestation rests on, such as an audit report. It stays where it is: the attestation holds its SHA-256 alone, as
/// a UNTP `Link` with `digestMultibase` (VC Data Integrity 1.0 §2.6), so that whoever is shown the file can tell that it is the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// What it is, for people: at most [`MAX_NAME`] characters.
    pub name: String,
    /// Where it can be asked for; `None`: nowhere, and a URI stands there that says its digest again.
    pub url: Option<String>,
    /// SHA-256 of the file's bytes.
    pub digest: Hash,
}

impl EvidenceFile {
    /// The digest as VC Data Integrity writes it: base64url of 0x12 0x20 and the 32 bytes, after `u`.
    pub fn digest_multibase(&self) -> String {
        let mut multihash = SHA2_256.to_vec();
        multihash.extend_from_slice(self.digest.as_bytes());
        format!("{BASE64_URL}{}", base64::url_encode(&multihash))
    }

    fn unpublished(digest: &Hash) -> String {
        format!("{UNPUBLISHED}{}", base64::url_encode(digest.as_bytes()))
    }
}

/// Writes the list, where there is one.
pub(super) fn write(json: &mut Writer, files: &[EvidenceFile]) {
    if files.is_empty() {
        return;
    }
    json.array("evidence", |json| {
        for file in files {
            json.object_item(|json| {
                json.string("linkURL", &file.url.clone().unwrap_or_else(|| EvidenceFile::unpublished(&file.digest)));
                json.string("linkName", &file.name);
                json.string("digestMultibase", &file.digest_multibase());
            });
        }
    });
}

/// The files of a list, at most [`MAX_EVIDENCE`]. Links of another form may stand in an attestation, and are read over.
pub(super) fn read(member: &Member<'_, '_>) -> Vec<EvidenceFile> {
    let files = member.items(MAX_EVIDENCE, |item| Ok(file(item).ok().flatten()));
    files.unwrap_or_default().into_iter().flatten().collect()
}

/// `None` for a digest of another form.
fn file(item: Member<'_, '_>) -> Result<Option<EvidenceFile>, Error> {
    let link = item.object()?;
    let Some(digest) = digest(link.member("digestMultibase")?.string()?) else { return Ok(None) };
    let url = link.member("linkURL")?;
    let url = if url.string()? == EvidenceFile::unpublished(&digest) { None } else { Some(url.uri()?.into()) };
    Ok(Some(EvidenceFile { name: link.member("linkName")?.text(MAX_NAME)?.into(), url, digest }))
}

fn digest(text: &str) -> Option<Hash> {
    let multihash = base64::url_decode(text.strip_prefix(BASE64_URL)?)?;
    multihash.strip_prefix(&SHA2_256)?.try_into().ok().map(Hash)
}

#[cfg(test)]
mod tests {
    use primitives::Signer as _;
    use serde_json::{Value, json};

    use super::*;
    use crate::sample::{self, certifier_key, changed, did};
    use crate::{Attestation, Statement};

    const EVIDENCE: &str = "/credentialSubject/conformityAssessment/0/evidence";

    fn report() -> EvidenceFile {
        EvidenceFile {
            name: "Audit report, January 2026".into(),
            url: Some("https://certifier.example/reports/417".into()),
            digest: Hash::of(b"report"),
        }
    }

    fn payload(evidence: Vec<EvidenceFile>) -> Vec<u8> {
        let attestation = Attestation { evidence, ..sample::attestation() };
        attestation.to_payload(&certifier_key().public_key().thumbprint())
    }

    fn read(payload: &[u8]) -> Vec<EvidenceFile> {
        let opened = sample::open(payload, &did("did:web:certifier.example"), &certifier_key()).unwrap().into_inner();
        let Statement::Attestation(attestation) = opened else { panic!("another kind: {opened:?}") };
        attestation.evidence
    }

    #[test]
    fn what_is_written_is_read_back() {
        let unpublished = EvidenceFile { url: None, ..report() };
        for files in [Vec::new(), [report()].into(), [report(), unpublished].into()] {
            assert_eq!(read(&payload(files.clone())), files);
        }
    }

    /// The empty file's digest in the form of the VC Data Integrity specification: made with Python's hashlib and base64.
    #[test]
    fn the_digest_has_the_form_of_the_specification() {
        let empty = EvidenceFile { digest: Hash::of(b""), ..report() };
        assert_eq!(empty.digest_multibase(), "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ");
    }

    #[test]
    fn links_of_another_form_are_read_over() {
        let link = |digest: &str| json!({"linkURL": "https://a.example/1", "linkName": "A", "digestMultibase": digest});
        let others: [Value; 7] = [
            json!([]),
            json!("none"),
            json!([{"linkURL": "https://a.example/1", "linkName": "A"}]),
            // Base58, a digest of 31 bytes, another function.
            json!([link("zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n")]),
            json!([link("uEh-jsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4")]),
            json!([link("uEyDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ")]),
            json!([{"linkURL": "no uri", "linkName": "A", "digestMultibase": report().digest_multibase()}]),
        ];
        for other in others {
            assert_eq!(read(&changed(&payload([report()].into()), (EVIDENCE, Some(other.clone())))), [], "{other}");
        }
        let one_more = changed(
            &payload([report()].into()),
            ("/credentialSubject/conformityAssessment/0/evidence/-", Some(link("z"))),
        );
        assert_eq!(read(&one_more), [report()]);
    }
}
