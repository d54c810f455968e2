//! What can be wrong with one member of a payload.

use alloc::string::String;

use primitives::{CountryError, KeyError, TimeError};
use thiserror::Error;

use crate::did::DidError;
use crate::gtin::GtinError;
use crate::hs_code::HsCodeError;
use crate::lot::LotError;
use crate::origin::OriginError;

/// What is wrong with one member of a payload. Where it is, is told by [`Error::Member`](crate::Error::Member).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// It has to be there.
    #[error("is missing")]
    Missing,
    /// It has no place here.
    #[error("has no place here")]
    Unknown,
    /// A value of another JSON type.
    #[error("is not {0}")]
    WrongType(&'static str),
    /// A number that is not written as plain digits.
    #[error("is not an integer in plain digits")]
    NotPlainInteger,
    /// An integer outside its range.
    #[error("is outside {min} to {max}")]
    OutOfRange {
        /// The least value.
        min: u64,
        /// The greatest value.
        max: u64,
    },
    /// Text without a character.
    #[error("is empty")]
    EmptyText,
    /// Text that begins or ends with white space: two names that look the same.
    #[error("begins or ends with white space")]
    PaddedText,
    /// More characters than there may be.
    #[error("has {found} characters, expected at most {limit}")]
    TextTooLong {
        /// Characters found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// A character that acts on a terminal, reorders what is seen, or is not seen.
    #[error("holds U+{0:04X}, a control, bidi or invisible character")]
    ForbiddenCharacter(u32),
    /// More items than there may be.
    #[error("has more than {0} items")]
    TooManyItems(usize),
    /// Another number of items.
    #[error("does not have exactly {0}")]
    WrongCount(&'static str),
    /// An item that is there already.
    #[error("is there twice")]
    RepeatedItem,
    /// Numbers that do not ascend.
    #[error("does not ascend")]
    NotAscending,
    /// A text outside a fixed list.
    #[error("is {0:?}, which is not in the list")]
    UnknownValue(String),
    /// A text other than the one that must stand here.
    #[error("is not {0:?}")]
    NotExpected(String),

    /// No plausible absolute URI.
    #[error("is not an absolute URI of scheme https, http, did or urn")]
    Uri,
    /// No DID.
    #[error("is no DID: {0}")]
    Did(DidError),
    /// No origin.
    #[error("is no origin: {0}")]
    Origin(OriginError),
    /// No country.
    #[error("is no country: {0}")]
    Country(CountryError),
    /// No day or instant.
    #[error("is no time: {0}")]
    Time(TimeError),
    /// An instant that has to be a whole second and is not.
    #[error("is not a whole second without a fraction")]
    NotWholeSecond,
    /// Not a second from beginning to end.
    #[error("ends before it lasted a second")]
    EmptyPeriod,
    /// A tag that is no language tag.
    #[error("is no language tag, such as ne or pt-BR")]
    Language,

    /// No JWK of an Ed25519 public key.
    #[error("is no Ed25519 public key as JWK")]
    Jwk,
    /// 32 bytes that are no key.
    #[error("is no key: {0}")]
    Key(KeyError),
    /// A secret key where a public one belongs.
    #[error("is a private key")]
    PrivateKey,
    /// No JWK thumbprint.
    #[error("is no JWK thumbprint (43 characters of base64url)")]
    Thumbprint,

    /// The product's identifier is neither of the two forms.
    #[error("is not https://<origin>/01/<GTIN-14>/10/<lot> nor https://<origin>/10/<lot>")]
    ProductId,
    /// A GTIN that is none.
    #[error("has no GTIN: {0}")]
    Gtin(GtinError),
    /// A lot that is none.
    #[error("is no lot: {0}")]
    Lot(LotError),
    /// An HS code that is none.
    #[error("is no HS code: {0}")]
    HsCode(HsCodeError),
    /// A unit that is not in the table.
    #[error("is {0:?}, which is no unit of the table")]
    Unit(String),
    /// A facility's name that is not `<region>, <country>`.
    #[error("is not <region>, <country code>: nothing finer is said of a facility")]
    FacilityName,
    /// An assessment of another product or facility than the first one.
    #[error("is not that of the first assessment")]
    Differs,
    /// The assessment did not find conformance.
    #[error("is not true")]
    NotConformant,
    /// The assessor did not verify what it names.
    #[error("is false")]
    NotVerified,
    /// A topic that no claim is made about.
    #[error("is {0:?}, which is no topic of a claim")]
    Topic(String),
    /// A metric that no claim is made about.
    #[error("is {0:?}, which is no metric of a claim")]
    Metric(String),
    /// Incidents were counted.
    #[error("is not 0")]
    Incidents,
    /// Topics and metrics do not tell of the same claims.
    #[error("does not measure what the topics claim")]
    MetricsDiffer,
    /// A claim without its criteria.
    #[error("does not name {0}")]
    Criteria(&'static str),
    /// Nothing is claimed.
    #[error("claims nothing")]
    NoClaim,
    /// Another status purpose.
    #[error("is not \"suspension\"")]
    StatusPurpose,
    /// A status list that is not one of this key at this registry.
    #[error("is not a status list of the signing key at this registry")]
    StatusList,
    /// Bytes of another length, or not in base64url.
    #[error("is not {0} bytes in base64url")]
    NotBytes(usize),
    /// A clearance that does neither or both.
    #[error("has to have either goods, or undoes with its reason")]
    Act,
    /// Goods without serials and without a quantity.
    #[error("has neither serials nor a quantity")]
    NothingCleared,
    /// A text that is no id of a report.
    #[error("is no id of a report (32 hexadecimal digits)")]
    ReportId,
    /// Another key than the one that signed.
    #[error("is not the key that signed")]
    NotTheSigner,
    /// Another thumbprint than that of the key beside it.
    #[error("is not the thumbprint of the key")]
    NotTheKey,
    /// A proof that is none of this request by the new key.
    #[error("is no signature of this request by the new key")]
    Proof,
    /// Neither or both of the targets.
    #[error("has to have either attestations or a party")]
    Target,
}

impl Fault {
    /// The reason's stable code, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing_member",
            Self::Unknown => "unknown_member",
            Self::WrongType(_) => "wrong_type",
            Self::NotPlainInteger => "not_plain_integer",
            Self::OutOfRange { .. } => "out_of_range",
            Self::EmptyText => "empty_text",
            Self::PaddedText => "padded_text",
            Self::ForbiddenCharacter(_) => "forbidden_character",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TooManyItems(_) => "too_many_items",
            Self::WrongCount(_) => "wrong_count",
            Self::RepeatedItem => "repeated_item",
            Self::NotAscending => "not_ascending",
            Self::UnknownValue(_) => "unknown_value",
            Self::NotExpected(_) => "unexpected_value",
            Self::Uri => "bad_uri",
            Self::Did(_) => "bad_did",
            Self::Origin(_) => "bad_origin",
            Self::Country(_) => "bad_country",
            Self::Time(_) => "bad_time",
            Self::NotWholeSecond => "not_whole_second",
            Self::EmptyPeriod => "empty_period",
            Self::Language => "bad_language",
            Self::Jwk => "bad_jwk",
            Self::Key(_) => "bad_key",
            Self::PrivateKey => "private_key",
            Self::Thumbprint => "bad_thumbprint",
            Self::ProductId => "bad_product_id",
            Self::Gtin(_) => "bad_gtin",
            Self::Lot(_) => "bad_lot",
            Self::HsCode(_) => "bad_hs_code",
            Self::Unit(_) => "unknown_unit",
            Self::FacilityName => "bad_facility_name",
            Self::Differs => "assessments_differ",
            Self::NotConformant => "not_conformant",
            Self::NotVerified => "not_verified",
            Self::Topic(_) => "unknown_topic",
            Self::Metric(_) => "unknown_metric",
            Self::Incidents => "incidents",
            Self::MetricsDiffer => "metrics_differ",
            Self::Criteria(_) => "criteria_missing",
            Self::NoClaim => "no_claim",
            Self::StatusPurpose => "wrong_status_purpose",
            Self::StatusList => "foreign_status_list",
            Self::NotBytes(_) => "wrong_length",
            Self::Act => "wrong_act",
            Self::NothingCleared => "nothing_cleared",
            Self::ReportId => "bad_report_id",
            Self::NotTheSigner => "not_the_signer",
            Self::NotTheKey => "not_the_key",
            Self::Proof => "bad_proof",
            Self::Target => "wrong_target",
        }
    }
}
