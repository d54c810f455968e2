//! Changes to named maps, gathered for one [`Database::apply`](crate::Database::apply).

use bytes::Bytes;

/// Most bytes of a key, the map's name included.
pub const MAX_KEY_BYTES: usize = 1024;
/// Most bytes of a value; a tile takes half of it.
pub const MAX_VALUE_BYTES: usize = 16 << 10;

/// Puts and removals in named maps, in order: of two for one key, the later one holds.
///
/// ```
/// use store::Puts;
/// let mut puts = Puts::new();
/// puts.put("rows", 7_u64.to_be_bytes(), vec![1, 2, 3]);
/// puts.remove("slots", b"freed");
/// assert_eq!(puts.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Puts {
    pub(crate) changes: Vec<Change>,
}

/// One put, or one removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name of the map.
    pub map: &'static str,
    /// Key in it; maps are ordered by their keys' bytes.
    pub key: Bytes,
    /// The value put, or `None` for a removal.
    pub value: Option<Bytes>,
}

impl Puts {
    /// No changes.
    #[must_use]
    pub const fn new() -> Self {
        Self { changes: Vec::new() }
    }

    /// Puts a value under a key of a map, in place of any other.
    pub fn put(&mut self, map: &'static str, key: impl AsRef<[u8]>, value: impl Into<Bytes>) {
        self.changes.push(Change { map, key: Bytes::copy_from_slice(key.as_ref()), value: Some(value.into()) });
    }

    /// Removes a key from a map.
    pub fn remove(&mut self, map: &'static str, key: impl AsRef<[u8]>) {
        self.changes.push(Change { map, key: Bytes::copy_from_slice(key.as_ref()), value: None });
    }

    /// Adds all changes of `later` after these.
    pub fn append(&mut self, mut later: Self) {
        self.changes.append(&mut later.changes);
    }

    /// Number of changes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter()
    }
}

impl Extend<Change> for Puts {
    fn extend<T: IntoIterator<Item = Change>>(&mut self, changes: T) {
        self.changes.extend(changes);
    }
}
