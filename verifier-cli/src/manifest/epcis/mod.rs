//! EPCIS 2.0 documents (GS1 EPCIS 2.0 §9.3, JSON), event by event in constant memory.
//!
//! Read are a document (`epcisBody.eventList`), the answer to a query (`queryResults.resultsBody.eventList`), one event by
//! itself, and an array of events. Of an event, what is in the shipment:
//!
//! | list | of | read |
//! |---|---|---|
//! | `epcList`, `quantityList` | object and transaction events | yes |
//! | `childEPCs`, `childQuantityList` | aggregation and association events: what is packed | yes |
//! | `outputEPCList`, `outputQuantityList` | transformation events: what was made | yes |
//! | `inputEPCList`, `inputQuantityList` | transformation events: what was used up | no: it is in no box any more |
//! | `parentID` | the pallet | no: it is no goods |
//!
//! An EPC is a Digital Link URI, and so a label; URNs (`urn:epc:…`) carry no proof, and are faults. An event's `action`
//! may stand behind its lists, so it is not looked at. One thing may be in several events (made, packed, sent): their numbers
//! in the [`Place`](super::Place) tell that from a list that has it twice.
//!
//! The parser is `serde_json`, whose document is walked from outside in and never held; `guard` sees the bytes first.

mod class;
mod guard;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, BufReader, Read};

use label::digital_link::{DigitalLink, Options};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::input::without_mark;

use super::cell;
use super::error::{ManifestError, Stop};
use super::fault::{Fault, Reason};
use super::line::{At, Declared, Item, Labelled, LotQuantity};
use super::reader::Sink;
use super::row::cut;
use guard::Guarded;

/// Bytes of the parser's buffer.
const BUFFER: usize = 64 << 10;

/// Reads a document to its end.
pub(super) fn read(source: impl Read, sink: &mut Sink) -> Result<(), Stop> {
    let mut source = BufReader::with_capacity(BUFFER, Guarded::new(source));
    pass_mark(&mut source)?;
    let mut events = Events { sink, event: 0, is_epcis: false, stop: None };
    let mut parser = serde_json::Deserializer::from_reader(source);
    let parsed = Node { events: &mut events, is_event: true }.deserialize(&mut parser).and_then(|()| parser.end());
    match (events.stop, parsed) {
        (Some(stop), _) => Err(stop),
        (None, Ok(())) if events.is_epcis => Ok(()),
        (None, Ok(())) => Err(ManifestError::NotEpcis.into()),
        (None, Err(error)) => Err(refusal(error, events.is_epcis).into()),
    }
}

/// A byte order mark before JSON is an error to the parser, but not to the programs that write one.
fn pass_mark(source: &mut impl io::BufRead) -> io::Result<()> {
    let bytes = source.fill_buf()?;
    let mark = bytes.len() - without_mark(bytes).len();
    source.consume(mark);
    Ok(())
}

fn refusal(error: serde_json::Error, is_epcis: bool) -> ManifestError {
    if error.is_io() {
        return ManifestError::from(io::Error::from(error));
    }
    if error.is_data() && !is_epcis {
        return ManifestError::NotEpcis;
    }
    let (line, column) = (error.line(), error.column());
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or_default().to_owned();
    ManifestError::JsonInvalid { what, line, column }
}

/// What is handed out, while the document is walked.
struct Events<'s> {
    sink: &'s mut Sink,
    /// The number of the event that is being read.
    event: u64,
    /// A member of an EPCIS document has been seen.
    is_epcis: bool,
    /// Why the walk was broken off.
    stop: Option<Stop>,
}

impl Events<'_> {
    fn push<E: de::Error>(&mut self, list: &'static str, item: u64, what: Item) -> Result<(), E> {
        let at = At::Event { event: self.event.max(1), list, item };
        self.sink.push(at, what).map_err(|stop| {
            self.stop = Some(stop);
            E::custom("nobody reads on")
        })
    }
}

/// A document, its body, or an event, which are told apart by their members alone.
struct Node<'e, 's> {
    events: &'e mut Events<'s>,
    /// Whether an array here is one of events.
    is_event: bool,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an EPCIS document or event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let events = self.events;
        while let Some(name) = members.next_key::<String>()? {
            if let Some(list) = List::of(&name) {
                events.is_epcis = true;
                members.next_value_seed(Members { events: &mut *events, list })?;
                continue;
            }
            match name.as_str() {
                "epcisBody" | "queryResults" | "resultsBody" => {
                    events.is_epcis = true;
                    members.next_value_seed(Node { events: &mut *events, is_event: false })?;
                }
                "eventList" => {
                    events.is_epcis = true;
                    members.next_value_seed(Node { events: &mut *events, is_event: true })?;
                }
                // A body may hold one event without a list.
                "event" => members.next_value_seed(Node { events: &mut *events, is_event: true })?,
                // An event without a list of goods (of a sensor, say) is one all the same.
                "eventTime" => {
                    events.is_epcis = true;
                    members.next_value::<IgnoredAny>()?;
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if !self.is_event {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        loop {
            self.events.event += 1;
            if list.next_element_seed(Node { events: &mut *self.events, is_event: false })?.is_none() {
                return Ok(());
            }
        }
    }
}

/// A list of goods in an event.
#[derive(Clone, Copy)]
struct List {
    name: &'static str,
    has_quantities: bool,
}

impl List {
    fn of(name: &str) -> Option<Self> {
        const LISTS: [List; 6] = [
            List { name: "epcList", has_quantities: false },
            List { name: "childEPCs", has_quantities: false },
            List { name: "outputEPCList", has_quantities: false },
            List { name: "quantityList", has_quantities: true },
            List { name: "childQuantityList", has_quantities: true },
            List { name: "outputQuantityList", has_quantities: true },
        ];
        LISTS.into_iter().find(|list| list.name == name)
    }
}

/// The members of a list of goods.
struct Members<'e, 's> {
    events: &'e mut Events<'s>,
    list: List,
}

impl<'de> DeserializeSeed<'de> for Members<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Members<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of EPCs or quantities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        for item in 1.. {
            let what = if self.list.has_quantities {
                members.next_element::<Quantity>()?.map(Quantity::read)
            } else {
                members.next_element::<String>()?.map(|epc| goods(&epc))
            };
            let Some(what) = what else { break };
            self.events.push(self.list.name, item, what)?;
        }
        Ok(())
    }
}

/// An EPC: a label, unless it names no goods.
fn goods(epc: &str) -> Item {
    let epc = epc.trim();
    let fault = |reason| Item::Fault(Fault::new(reason).found(epc));
    if epc.is_empty() {
        return fault(Reason::LabelMissing);
    }
    if epc.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
        let is_goods = ["sgtin:", "lgtin:"].iter().any(|scheme| epc.contains(scheme));
        return fault(if is_goods { Reason::EpcUrn } else { Reason::LogisticUnit });
    }
    if is_logistic_unit(epc) {
        return fault(Reason::LogisticUnit);
    }
    Item::Label(Labelled { text: cut(epc), declared: Declared::default() })
}

/// Whether a Digital Link's primary key is an SSCC or a place. What is no Digital Link is left to the verdict.
fn is_logistic_unit(epc: &str) -> bool {
    // Parsing each link in full would cost as much as reading it.
    let may_be = epc.contains("/00/") || epc.contains("/414/");
    may_be
        && DigitalLink::parse(epc, &Options::default())
            .is_ok_and(|link| link.path().first().is_some_and(|key| matches!(key.ai(), "00" | "414")))
}

/// A `QuantityElement`.
#[derive(serde::Deserialize)]
struct Quantity {
    #[serde(rename = "epcClass")]
    class: String,
    quantity: Option<Amount>,
    /// UN/ECE Recommendation 20; without it, pieces are counted.
    uom: Option<String>,
}

impl Quantity {
    fn read(self) -> Item {
        let Self { class, quantity, uom } = self;
        let fault = |reason, found: &str| Item::Fault(Fault::new(reason).found(found));
        let (gtin, lot) = match class::read(class.trim()) {
            Ok(class) => class,
            Err(reason) => return fault(reason, &class),
        };
        let quantity = match quantity {
            Some(Amount(Ok(quantity))) => quantity,
            Some(Amount(Err(found))) => return fault(Reason::QuantityInvalid, &found),
            None => return fault(Reason::QuantityInvalid, ""),
        };
        match uom.as_deref().map_or(Ok(statement::Unit::Piece), |uom| cell::unit(uom.trim())) {
            Ok(unit) => Item::Quantity(LotQuantity { gtin, lot, quantity, unit }),
            Err(reason) => fault(reason, &uom.unwrap_or_default()),
        }
    }
}

/// A whole number from 1, or what stands there instead.
struct Amount(Result<u64, String>);

impl<'de> de::Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Amount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity")
            }

            fn visit_u64<E>(self, number: u64) -> Result<Amount, E> {
                Ok(Amount(if number > 0 { Ok(number) } else { Err(number.to_string()) }))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Amount, E> {
                Ok(Amount(Err(number.to_string())))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Amount, E> {
                // `12.0` is how some programs write 12.
                let digits = format!("{number:.0}");
                let is_whole = number.fract() == 0.0 && digits.len() <= 15;
                Ok(Amount(cell::quantity(&digits).ok().filter(|_| is_whole).ok_or_else(|| number.to_string())))
            }

            fn visit_str<E>(self, text: &str) -> Result<Amount, E> {
                Ok(Amount(cell::quantity(text).map_err(|_| text.to_owned())))
            }
        }

        deserializer.deserialize_any(Number)
    }
}
