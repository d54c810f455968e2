//! Members: typed reading of a payload's objects, with the path of whatever is wrong.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

use primitives::{Country, Day, Timestamp};

use crate::did::Did;
use crate::error::Error;
use crate::fault::Fault;
use crate::json::Value;
use crate::{text, uri};

/// Where a value is, as a chain of borrowed names: written out only when something is wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Name(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    const fn name(parent: Option<&'p Path<'p>>, name: &'p str) -> Self {
        Self { parent, step: Step::Name(name) }
    }

    const fn index(parent: &'p Path<'p>, index: usize) -> Self {
        Self { parent: Some(parent), step: Step::Index(index) }
    }

    /// The path in writing: `credentialSubject.conformityAssessment[0].id`.
    fn render(&self) -> String {
        let mut out = self.parent.map_or_else(String::new, Self::render);
        match self.step {
            Step::Name(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Step::Index(index) => out.push_str(&format!("[{index}]")),
        }
        out
    }

    pub(crate) fn fault(&self, fault: Fault) -> Error {
        Error::Member { path: self.render(), fault }
    }
}

/// One value and where it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'d, 'p> {
    value: Value<'d>,
    path: Path<'p>,
}

/// An object and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Object<'d, 'p> {
    value: Value<'d>,
    path: Option<Path<'p>>,
    /// Where the next member is looked for first.
    next: Cell<usize>,
}

impl<'d, 'p> Object<'d, 'p> {
    /// The payload itself.
    pub(crate) fn root(value: Value<'d>) -> Self {
        Self { value, path: None, next: Cell::new(0) }
    }

    /// An error about the object as a whole.
    pub(crate) fn fault(&self, fault: Fault) -> Error {
        match &self.path {
            Some(path) => path.fault(fault),
            None => Error::Member { path: "payload".to_owned(), fault },
        }
    }

    /// Refuses members of any other name, so that nothing is signed that nobody reads.
    pub(crate) fn only(&self, names: &[&str]) -> Result<(), Error> {
        match self.value.other_member(names) {
            Some(name) => Err(Path::name(self.path.as_ref(), &text::excerpt(name)).fault(Fault::Unknown)),
            None => Ok(()),
        }
    }

    /// The member of this name, if there is one.
    pub(crate) fn find<'n>(&'n self, name: &'n str) -> Option<Member<'d, 'n>> {
        self.value
            .member_from(name, &self.next)
            .map(|value| Member { value, path: Path::name(self.path.as_ref(), name) })
    }

    /// The member of this name.
    pub(crate) fn member<'n>(&'n self, name: &'n str) -> Result<Member<'d, 'n>, Error> {
        self.find(name).ok_or_else(|| Path::name(self.path.as_ref(), name).fault(Fault::Missing))
    }
}

impl<'d, 'p> Member<'d, 'p> {
    pub(crate) fn fault(&self, fault: Fault) -> Error {
        self.path.fault(fault)
    }

    /// Turns a check's outcome into this member's error.
    pub(crate) fn check<T>(&self, outcome: Result<T, Fault>) -> Result<T, Error> {
        outcome.map_err(|fault| self.fault(fault))
    }

    pub(crate) fn object(self) -> Result<Object<'d, 'p>, Error> {
        if self.value.is_object() {
            Ok(Object { value: self.value, path: Some(self.path), next: Cell::new(0) })
        } else {
            Err(self.fault(Fault::WrongType("an object")))
        }
    }

    /// The items of an array, at most `limit`, each handed to `read`.
    pub(crate) fn items<T>(
        &self,
        limit: usize,
        mut read: impl FnMut(Member<'d, '_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let items = self.value.items().ok_or_else(|| self.fault(Fault::WrongType("an array")))?;
        let mut out = Vec::new();
        for (index, value) in items.enumerate() {
            if index == limit {
                return Err(self.fault(Fault::TooManyItems(limit)));
            }
            out.push(read(Member { value, path: Path::index(&self.path, index) })?);
        }
        Ok(out)
    }

    /// The one item of an array.
    pub(crate) fn single<T>(&self, read: impl FnMut(Member<'d, '_>) -> Result<T, Error>) -> Result<T, Error> {
        let count = self.value.items().ok_or_else(|| self.fault(Fault::WrongType("an array")))?.take(2).count();
        if count != 1 {
            return Err(self.fault(Fault::WrongCount("one item")));
        }
        self.items(1, read)?.pop().ok_or_else(|| self.fault(Fault::WrongCount("one item")))
    }

    pub(crate) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// The string, where it is one.
    pub(crate) fn as_string(&self) -> Option<&'d str> {
        self.value.string()
    }

    pub(crate) fn string(&self) -> Result<&'d str, Error> {
        self.as_string().ok_or_else(|| self.fault(Fault::WrongType("a string")))
    }

    pub(crate) fn boolean(&self) -> Result<bool, Error> {
        self.value.boolean().ok_or_else(|| self.fault(Fault::WrongType("true or false")))
    }

    /// Text for people: 1 to `limit` characters without white space around it.
    pub(crate) fn text(&self, limit: usize) -> Result<&'d str, Error> {
        let value = self.string()?;
        self.check(check_text(value, limit)).map(|()| value)
    }

    /// A plausible absolute URI.
    pub(crate) fn uri(&self) -> Result<&'d str, Error> {
        let value = self.string()?;
        if uri::is_plausible(value) { Ok(value) } else { Err(self.fault(Fault::Uri)) }
    }

    /// A string that can only be this one.
    pub(crate) fn exactly(&self, expected: &str) -> Result<(), Error> {
        if self.string()? == expected { Ok(()) } else { Err(self.fault(Fault::NotExpected(expected.to_owned()))) }
    }

    /// A string out of a list.
    pub(crate) fn one_of<T: Copy>(&self, list: &[(&str, T)]) -> Result<T, Error> {
        let value = self.string()?;
        let found = list.iter().find(|(name, _)| *name == value);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| self.fault(Fault::UnknownValue(text::excerpt(value))))
    }

    /// A number in plain digits.
    pub(crate) fn integer(&self, min: u64, max: u64) -> Result<u64, Error> {
        let digits = self.value.number().ok_or_else(|| self.fault(Fault::WrongType("an integer")))?;
        self.check(check_integer(digits, min, max))
    }

    pub(crate) fn unsigned_32(&self, min: u32, max: u32) -> Result<u32, Error> {
        let value = self.integer(min.into(), max.into())?;
        u32::try_from(value).map_err(|_| self.fault(Fault::OutOfRange { min: min.into(), max: max.into() }))
    }

    /// A number in plain digits, or the same digits as a string.
    pub(crate) fn unsigned_16(&self, min: u16, max: u16) -> Result<u16, Error> {
        let value = self.integer(min.into(), max.into())?;
        u16::try_from(value).map_err(|_| self.fault(Fault::OutOfRange { min: min.into(), max: max.into() }))
    }

    pub(crate) fn integer_or_string(&self, min: u32, max: u32) -> Result<u32, Error> {
        let Some(digits) = self.value.string() else { return self.unsigned_32(min, max) };
        let value = self.check(check_integer(digits, min.into(), max.into()))?;
        u32::try_from(value).map_err(|_| self.fault(Fault::OutOfRange { min: min.into(), max: max.into() }))
    }

    pub(crate) fn did(&self) -> Result<Did, Error> {
        Did::parse(self.string()?).map_err(|error| self.fault(Fault::Did(error)))
    }

    pub(crate) fn country(&self) -> Result<Country, Error> {
        Country::parse(self.string()?).map_err(|error| self.fault(Fault::Country(error)))
    }

    pub(crate) fn day(&self) -> Result<Day, Error> {
        Day::parse(self.string()?).map_err(|error| self.fault(Fault::Time(error)))
    }

    pub(crate) fn instant(&self) -> Result<Timestamp, Error> {
        Timestamp::parse_rfc3339(self.string()?).map_err(|error| self.fault(Fault::Time(error)))
    }

    /// An instant written without a fraction: reading cuts fractions to milliseconds, so the text decides.
    pub(crate) fn whole_second(&self) -> Result<Timestamp, Error> {
        let instant = self.instant()?;
        if self.string()?.contains('.') { Err(self.fault(Fault::NotWholeSecond)) } else { Ok(instant) }
    }
}

/// 1 to `limit` characters without white space around them.
pub(crate) fn check_text(value: &str, limit: usize) -> Result<(), Fault> {
    if value.is_empty() {
        return Err(Fault::EmptyText);
    }
    // No text has more characters than bytes.
    if value.len() > limit {
        let found = value.chars().count();
        if found > limit {
            return Err(Fault::TextTooLong { found, limit });
        }
    }
    if value.trim() != value { Err(Fault::PaddedText) } else { Ok(()) }
}

/// RFC 8259's `int` without a sign, fraction or exponent.
fn check_integer(digits: &str, min: u64, max: u64) -> Result<u64, Fault> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    if !plain || digits.is_empty() {
        return Err(Fault::NotPlainInteger);
    }
    let value: u64 = digits.parse().map_err(|_| Fault::OutOfRange { min, max })?;
    if (min..=max).contains(&value) { Ok(value) } else { Err(Fault::OutOfRange { min, max }) }
}

/// Refuses an item that equals an earlier one.
pub(crate) fn push_new<T: PartialEq>(items: &mut Vec<T>, item: T) -> Result<(), Fault> {
    if items.contains(&item) {
        return Err(Fault::RepeatedItem);
    }
    items.push(item);
    Ok(())
}
