//! The writer: compact JSON, members in the order of the calls, so that equal statements are equal bytes.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{Display, Write};

/// Writes one JSON value.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    /// Writes an object whose members `fill` adds, and gives its bytes.
    pub(crate) fn document(fill: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut writer = Self::default();
        writer.braces('{', '}', fill);
        writer.out.into_bytes()
    }

    /// Adds a member that is an object.
    pub(crate) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.name(name);
        self.braces('{', '}', fill);
    }

    /// Adds a member that is an array, of whatever `fill` adds with the `item` methods.
    pub(crate) fn array(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.name(name);
        self.braces('[', ']', fill);
    }

    /// Adds a member that is a string.
    pub(crate) fn string(&mut self, name: &str, value: &str) {
        self.name(name);
        self.quoted(value);
    }

    /// Adds a member that is a string, from a value that prints itself.
    pub(crate) fn display(&mut self, name: &str, value: &dyn Display) {
        self.name(name);
        self.quoted(&alloc::string::ToString::to_string(value));
    }

    /// Adds a member that is an integer.
    pub(crate) fn integer(&mut self, name: &str, value: u64) {
        self.name(name);
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// Adds a member that is `true`, `false` or `null`.
    pub(crate) fn literal(&mut self, name: &str, value: Option<bool>) {
        self.name(name);
        self.out.push_str(match value {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        });
    }

    /// Adds an object to an array.
    pub(crate) fn object_item(&mut self, fill: impl FnOnce(&mut Self)) {
        self.comma();
        self.braces('{', '}', fill);
    }

    /// Adds an array to an array.
    pub(crate) fn array_item(&mut self, fill: impl FnOnce(&mut Self)) {
        self.comma();
        self.braces('[', ']', fill);
    }

    /// Adds a string to an array.
    pub(crate) fn string_item(&mut self, value: &str) {
        self.comma();
        self.quoted(value);
    }

    /// Adds an integer to an array.
    pub(crate) fn integer_item(&mut self, value: u64) {
        self.comma();
        let _ = write!(self.out, "{value}");
    }

    fn name(&mut self, name: &str) {
        self.comma();
        self.quoted(name);
        self.out.push(':');
    }

    fn comma(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
    }

    fn braces(&mut self, open: char, close: char, fill: impl FnOnce(&mut Self)) {
        self.out.push(open);
        fill(self);
        self.out.push(close);
    }

    fn quoted(&mut self, value: &str) {
        self.out.push('"');
        for character in value.chars() {
            match character {
                '"' | '\\' => self.out.extend(['\\', character]),
                '\0'..='\u{1f}' => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(character));
                }
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }
}
