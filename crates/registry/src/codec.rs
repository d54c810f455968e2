//! Writing and reading of the State's bytes: big-endian integers, runs of bytes after their length.
//!
//! What each chunk holds, byte for byte, stands in the crate's README.

use alloc::vec::Vec;

use crate::encoding::DecodeError;

/// Bytes being written.
pub(crate) trait Write {
    fn put(&mut self, bytes: &[u8]);

    fn u8(&mut self, n: u8) {
        self.put(&[n]);
    }
    fn u16(&mut self, n: u16) {
        self.put(&n.to_be_bytes());
    }
    fn u32(&mut self, n: u32) {
        self.put(&n.to_be_bytes());
    }
    fn u64(&mut self, n: u64) {
        self.put(&n.to_be_bytes());
    }
    /// A 4-byte count. Counts of things in memory that came from a log of 2³² entries.
    fn count(&mut self, n: usize) {
        self.u32(u32::try_from(n).unwrap_or(u32::MAX));
    }
    /// 2-byte length, then the text. Every text kept in a State was in a JWS of at most 48 KiB.
    fn text(&mut self, text: &str) {
        let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
        self.u16(length);
        self.put(text.as_bytes().get(..usize::from(length)).unwrap_or_default());
    }
    /// One byte 0, or 1 and what the value writes.
    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.u8(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

impl Write for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Bytes being read. Never reads past its end, never reserves more than what is there.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[n]| n)
    }
    pub(crate) fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }
    pub(crate) fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }
    pub(crate) fn u64(&mut self) -> Result<u64, DecodeError> {
        self.array().map(u64::from_be_bytes)
    }

    /// A 4-byte count of things of at least `width` bytes each: a count that cannot be true is refused before
    /// anything is reserved for it.
    pub(crate) fn count(&mut self, width: usize) -> Result<usize, DecodeError> {
        let count = usize::try_from(self.u32()?).map_err(|_| DecodeError::Truncated)?;
        if count.saturating_mul(width) > self.0.len() { Err(DecodeError::Truncated) } else { Ok(count) }
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, DecodeError> {
        let length = self.u16()?;
        core::str::from_utf8(self.take(usize::from(length))?).map_err(|_| DecodeError::Invalid("text"))
    }

    pub(crate) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(DecodeError::Invalid("option")),
        }
    }

    /// `count` things, each as `read` reads it.
    pub(crate) fn many<T>(
        &mut self,
        count: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let mut things = Vec::with_capacity(count);
        for _ in 0..count {
            things.push(read(self)?);
        }
        Ok(things)
    }

    pub(crate) const fn finish(&self) -> Result<(), DecodeError> {
        if self.0.is_empty() { Ok(()) } else { Err(DecodeError::TrailingBytes(self.0.len())) }
    }
}
