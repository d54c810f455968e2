//! The protected header: exactly `alg`, `typ`, `cty` and `kid`, in any order.

use alloc::borrow::ToOwned;
use alloc::sync::Arc;

use primitives::Thumbprint;

use super::Signed;
use crate::error::{Error, Part};
use crate::json::{Document, Value};
use crate::text::excerpt;
use crate::{Did, Kid};

/// Longest fragment of a `kid`, in bytes.
const MAX_FRAGMENT: usize = 128;

/// Reads the header, as it stands in a token, and gives who signed.
pub(super) fn read(part: &[u8]) -> Result<Arc<Signed>, Error> {
    let document = Document::parse(super::decode(part, Part::Header)?)
        .map_err(|error| Error::Json { part: Part::Header, error })?;
    let root = document.root();
    if !root.is_object() {
        return Err(Error::NotAnObject(Part::Header));
    }
    // Members that would change how the token is read come before all else: they are attacks, not mistakes.
    if let Some((name, _)) = root.members().find(|(name, _)| !matches!(*name, "alg" | "typ" | "cty" | "kid")) {
        return Err(Error::HeaderMember(excerpt(name)));
    }
    let algorithm = text(root, "alg")?;
    // RFC 8037 names the algorithm EdDSA; RFC 9864 names the one curve of it that is meant.
    if !matches!(algorithm, "EdDSA" | "Ed25519") {
        return Err(Error::Algorithm(excerpt(algorithm)));
    }
    let typ = text(root, "typ")?;
    if typ != "vc+jwt" {
        return Err(Error::Typ(excerpt(typ)));
    }
    let cty = text(root, "cty")?;
    if cty != "vc" {
        return Err(Error::Cty(excerpt(cty)));
    }
    let (did, fragment) = text(root, "kid")?.split_once('#').ok_or(Error::Kid)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:+=".contains(&byte);
    if fragment.is_empty() || fragment.len() > MAX_FRAGMENT || !fragment.bytes().all(plain) {
        return Err(Error::Kid);
    }
    let kid = Kid { did: Did::parse(did).map_err(Error::KidDid)?, fragment: fragment.to_owned() };
    Ok(Arc::new(Signed { thumbprint: Thumbprint::parse(fragment), kid }))
}

fn text<'d>(root: Value<'d>, name: &'static str) -> Result<&'d str, Error> {
    root.member(name).ok_or(Error::HeaderMissing(name))?.string().ok_or(Error::HeaderType(name))
}
