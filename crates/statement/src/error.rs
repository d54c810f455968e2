//! Why a token or statement is refused. Every reason has a stable code.

use alloc::string::String;
use core::fmt;

use primitives::SignError;
use thiserror::Error;

use crate::did::{Did, DidError};
use crate::fault::Fault;
use crate::json::JsonError;

/// A part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before the first dot.
    Header,
    /// Between the dots.
    Payload,
    /// After the second dot.
    Signature,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Why a token or a statement is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// Longer than is read.
    #[error("token has {found} bytes, expected at most {limit}")]
    TooLong {
        /// Bytes found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Not `header.payload.signature`.
    #[error("token has {0} parts, expected 3")]
    NotThreeParts(usize),
    /// A part that is not base64url in its one spelling.
    #[error("{0} is not canonical base64url without padding")]
    NotBase64url(Part),
    /// A part that is not strict JSON.
    #[error("{part}: {error}")]
    Json {
        /// Which part.
        part: Part,
        /// What is wrong with it.
        error: JsonError,
    },
    /// JSON, but no object.
    #[error("{0} is not a JSON object")]
    NotAnObject(Part),

    /// A header member other than `alg`, `typ`, `cty` and `kid`.
    #[error("header has the member {0:?}: {why}", why = why_refused(.0))]
    HeaderMember(String),
    /// A header member that has to be there.
    #[error("header has no member {0:?}")]
    HeaderMissing(&'static str),
    /// A header member that is no string.
    #[error("header member {0:?} is not a string")]
    HeaderType(&'static str),
    /// Another algorithm than Ed25519.
    #[error("algorithm is {0:?}, expected \"EdDSA\"")]
    Algorithm(String),
    /// Another `typ`.
    #[error("typ is {0:?}, expected \"vc+jwt\"")]
    Typ(String),
    /// Another `cty`.
    #[error("cty is {0:?}, expected \"vc\"")]
    Cty(String),
    /// `kid` is not a DID, `#` and a fragment.
    #[error("kid is not <DID>#<fragment>")]
    Kid,
    /// The DID in `kid` is none that is read.
    #[error("kid: {0}")]
    KidDid(DidError),
    /// A signature of another length.
    #[error("signature has {0} bytes, expected 64")]
    SignatureLength(usize),

    /// A claim of the kind that only bare JWTs have: a second word on validity or content.
    #[error("payload has the claim {0:?}, which says again what the credential says")]
    JwtClaim(&'static str),
    /// `iss` is not the issuer.
    #[error("iss is not the credential's issuer")]
    IssNotIssuer,
    /// The key's party is not the issuer.
    #[error("kid is of {kid}, the issuer is {issuer}")]
    KidNotIssuer {
        /// The DID in `kid`.
        kid: Did,
        /// The issuer.
        issuer: Did,
    },
    /// One member of the payload.
    #[error("{path} {fault}")]
    Member {
        /// Its path, such as `credentialSubject.lot.labels`.
        path: String,
        /// What is wrong with it.
        fault: Fault,
    },

    /// The signature does not verify under the key.
    #[error("signature does not verify")]
    BadSignature,
    /// The fragment of `kid` is no JWK thumbprint.
    #[error("kid does not end in a JWK thumbprint")]
    KidNotThumbprint,
    /// The thumbprint in `kid` is not that of the key that verified.
    #[error("kid names another key than the one that verified")]
    KidOfAnotherKey,
    /// A credential of none of the kinds that there are.
    #[error("credential is of no kind of statement: {0}")]
    UnknownKind(String),
}

impl Error {
    /// The reason's stable code, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::NotThreeParts(_) => "not_three_parts",
            Self::NotBase64url(_) => "not_base64url",
            Self::Json { error, .. } => error.code(),
            Self::NotAnObject(_) => "not_an_object",
            Self::HeaderMember(name) => match name.as_str() {
                "jwk" => "header_jwk",
                "jku" => "header_jku",
                "x5u" => "header_x5u",
                "x5c" => "header_x5c",
                "crit" => "header_crit",
                "b64" => "header_b64",
                _ => "header_unknown_member",
            },
            Self::HeaderMissing(_) => "header_missing_member",
            Self::HeaderType(_) => "header_wrong_type",
            Self::Algorithm(_) => "wrong_algorithm",
            Self::Typ(_) => "wrong_typ",
            Self::Cty(_) => "wrong_cty",
            Self::Kid | Self::KidDid(_) => "bad_kid",
            Self::SignatureLength(_) => "signature_length",
            Self::JwtClaim(name) => match *name {
                "exp" => "claim_exp",
                "nbf" => "claim_nbf",
                "vc" => "claim_vc",
                _ => "claim_vp",
            },
            Self::IssNotIssuer => "iss_not_issuer",
            Self::KidNotIssuer { .. } => "kid_not_issuer",
            Self::Member { fault, .. } => fault.code(),
            Self::BadSignature => "bad_signature",
            Self::KidNotThumbprint => "kid_not_thumbprint",
            Self::KidOfAnotherKey => "kid_of_another_key",
            Self::UnknownKind(_) => "unknown_kind",
        }
    }
}

impl JsonError {
    /// The reason's stable code, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8(_) => "not_utf8",
            Self::Syntax(_) => "bad_json",
            Self::DuplicateMember(_) => "duplicate_member",
            Self::TooDeep(_) => "too_deep",
            Self::TrailingBytes(_) => "trailing_bytes",
            Self::ForbiddenCharacter { .. } => "forbidden_character",
            Self::LoneSurrogate(_) => "lone_surrogate",
        }
    }
}

fn why_refused(name: &str) -> &'static str {
    match name {
        "jwk" | "x5c" => "a token must not bring its own key",
        "jku" | "x5u" => "a token must not say where its key is fetched",
        "crit" => "a token must not change the rules it is read by",
        "b64" => "a token must not change what is signed",
        _ => "only alg, typ, cty and kid are read",
    }
}

/// Why a payload could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SigningError {
    /// Every reader would refuse the statement.
    #[error("statement would be refused: {0}")]
    Refused(#[from] Error),
    /// The key could not sign.
    #[error(transparent)]
    Signer(#[from] SignError),
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    #[test]
    fn the_specification_lists_every_code() {
        let specification = include_str!("../README.md");
        let sources = [include_str!("error.rs"), include_str!("fault.rs")].concat();
        let codes: Vec<_> = sources
            .lines()
            .filter_map(|line| line.trim().split_once("=> \"")?.1.strip_suffix("\","))
            .filter(|code| !["header", "payload", "signature"].contains(code)) // the names of the parts
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'))
            .collect();
        assert!(codes.len() > 70, "{}", codes.len());
        for code in codes {
            assert!(specification.contains(&format!("`{code}`")), "{code}");
        }
    }
}
