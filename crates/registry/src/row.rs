//! Row: what the State keeps of one attestation, 44 bytes.

use primitives::{Country, Day, Hash, Timestamp};
use statement::{Claims, Gtin, Lot, Unit};

use crate::attested::Attested;
use crate::codec::{Reader, Write};
use crate::encoding::DecodeError;

/// First 16 bytes of SHA-256 of GTIN ‖ 0x00 ‖ lot; the GTIN is empty where the product has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductDigest(pub [u8; 16]);

impl ProductDigest {
    /// The digest of a product's lot.
    pub fn of(gtin: Option<&Gtin>, lot: &Lot) -> Self {
        let gtin = gtin.map_or(&[][..], |gtin| gtin.as_str().as_bytes());
        let whole = Hash::of_parts(&[gtin, &[0], lot.as_str().as_bytes()]).0;
        Self(whole.first_chunk().copied().unwrap_or_default())
    }
}

/// In what an attestation went beyond its certifier's accreditation as it was at the attestation's index.
///
/// The registry's gate refuses such an attestation. One that sits in a log nevertheless keeps its row, so that
/// its labels are refused for the true reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeFaults(u8);

impl ScopeFaults {
    /// Nothing: the attestation is in scope.
    pub const NONE: Self = Self(0);
    /// The country of origin is not in the scope.
    pub const COUNTRY: Self = Self(1);
    /// The HS chapter is not in the scope.
    pub const HS_CHAPTER: Self = Self(2);
    /// A claim is not in the scope.
    pub const TOPIC: Self = Self(4);
    /// The day of receipt is before the accreditation's first day or after its last.
    pub const DAY: Self = Self(8);

    const ALL: u8 = 15;

    /// Both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every fault of `other` is one of these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Stable words for the faults: `country`, `hs_chapter`, `topic`, `day`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [(Self::COUNTRY, "country"), (Self::HS_CHAPTER, "hs_chapter"), (Self::TOPIC, "topic"), (Self::DAY, "day")]
            .into_iter()
            .filter(move |(fault, _)| self.contains(*fault))
            .map(|(_, name)| name)
    }
}

/// One attestation. Written once: what changes later (holds, compromised keys) is kept beside it.
///
/// Fields stand in the order that leaves no padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    product: ProductDigest,
    index: u32,
    labels: u32,
    quantity: u32,
    received: u32,
    key: u16,
    first_day: Day,
    last_day: Day,
    country: Country,
    claims: Claims,
    faults: ScopeFaults,
    hs_chapter: u8,
    unit: Unit,
}

const _: () = assert!(size_of::<Row>() == Row::SIZE, "a row is its 44 bytes and no padding");

impl Row {
    /// Bytes of a row, in memory and encoded.
    pub const SIZE: usize = 44;

    /// The row of the attestation at this index, as it is kept.
    pub(crate) const fn new(index: u32, key: u16, received: u32, faults: ScopeFaults, attested: &Attested) -> Self {
        let Attested { product, labels, quantity, first_day, last_day, country, claims, hs_chapter, unit, .. } =
            *attested;
        Self {
            product,
            index,
            labels,
            quantity,
            received,
            key,
            first_day,
            last_day,
            country,
            claims,
            faults,
            hs_chapter,
            unit,
        }
    }

    /// Log index of the attestation.
    pub fn index(&self) -> u64 {
        u64::from(self.index)
    }
    pub(crate) const fn short_index(&self) -> u32 {
        self.index
    }
    /// Number of the key that signed it: see [`State::key_numbered`](crate::State::key_numbered).
    pub const fn key_number(&self) -> u16 {
        self.key
    }
    /// Digest of GTIN and lot.
    pub const fn product(&self) -> ProductDigest {
        self.product
    }
    /// Number of labels that may be printed: serials 1 to this.
    pub const fn labels(&self) -> u32 {
        self.labels
    }
    /// First day of validity.
    pub const fn first_day(&self) -> Day {
        self.first_day
    }
    /// Last day of validity.
    pub const fn last_day(&self) -> Day {
        self.last_day
    }
    /// What is claimed.
    pub const fn claims(&self) -> Claims {
        self.claims
    }
    /// In what it went beyond its certifier's scope.
    pub const fn faults(&self) -> ScopeFaults {
        self.faults
    }
    /// Country of origin.
    pub const fn country(&self) -> Country {
        self.country
    }
    /// HS chapter, 1 to 99.
    pub const fn hs_chapter(&self) -> u8 {
        self.hs_chapter
    }
    /// Quantity, in [`Row::unit`].
    pub const fn quantity(&self) -> u32 {
        self.quantity
    }
    /// Unit of the quantity.
    pub const fn unit(&self) -> Unit {
        self.unit
    }
    /// When the log received it, rounded down to a whole second.
    pub const fn received_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.received as u64)
    }

    /// Writes the 44 bytes: those of the snapshot's row first, the time of receipt last.
    pub(crate) fn encode(&self, out: &mut impl Write) {
        out.u32(self.index);
        out.u16(self.key);
        out.put(&self.product.0);
        out.u32(self.labels);
        out.u16(self.first_day.days());
        out.u16(self.last_day.days());
        out.u8(self.claims.bits());
        out.u8(self.faults.0);
        out.put(self.country.as_bytes());
        out.u8(self.hs_chapter);
        out.u32(self.quantity);
        out.u8(self.unit.number());
        out.u32(self.received);
    }

    pub(crate) fn decode(bytes: &[u8; Self::SIZE]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        Ok(Self {
            index: reader.u32()?,
            key: reader.u16()?,
            product: ProductDigest(reader.array()?),
            labels: reader.u32()?,
            first_day: Day::from_days(reader.u16()?),
            last_day: Day::from_days(reader.u16()?),
            claims: Claims::from_bits(reader.u8()?).map_err(|_| DecodeError::Invalid("claims"))?,
            faults: match reader.u8()? {
                faults @ 0..=ScopeFaults::ALL => ScopeFaults(faults),
                _ => return Err(DecodeError::Invalid("scope faults")),
            },
            country: country(&mut reader)?,
            hs_chapter: reader.u8()?,
            quantity: reader.u32()?,
            unit: Unit::from_number(reader.u8()?).ok_or(DecodeError::Invalid("unit"))?,
            received: reader.u32()?,
        })
    }
}

/// Two letters.
pub(crate) fn country(reader: &mut Reader<'_>) -> Result<Country, DecodeError> {
    let letters = reader.array::<2>()?;
    core::str::from_utf8(&letters)
        .ok()
        .and_then(|text| Country::parse(text).ok())
        .ok_or(DecodeError::Invalid("country"))
}
