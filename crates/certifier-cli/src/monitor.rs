//! `certifier monitor`: follows the log, and tells what was signed in a party's name and not by its own hand.
//!
//! Every entry is read and hashed, so that the log cannot show this party another tree than it shows everybody. Where it stopped and what
//! is still to be answered for is in `<state>/monitor/<origin>-<party>.json`, replaced in one step: a run that is cut off is run again.

mod place;
mod watch;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use client::terminal::clean;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::book::Book;
use crate::cli::MonitorOptions;
use crate::desk::Desk;
use crate::failure::{Failure, say};
use crate::report;
use place::Place;
use watch::{Event, Found, Watch};

pub(crate) fn run(options: &MonitorOptions) -> Result<(), Failure> {
    let party = options.who.did()?;
    let desk = Desk::open(&options.registry)?;
    let (mut place, book) = (Place::open(&desk, &party)?, Book::of(&desk));
    if !options.adopt.is_empty() {
        return adopt(&desk, &mut place, &book, options);
    }
    let watch = Watch { party: &party, book: &book };
    loop {
        match pass(&desk, &mut place, &watch, options) {
            Ok(()) if !options.follow => return conclude(&place),
            Ok(()) => {}
            // A registry that is away comes back; one that contradicts itself is what this is for.
            Err(failure) if options.follow && failure.is_passing() => failure.print(),
            Err(failure) => return Err(failure),
        }
        thread::sleep(Duration::from_secs(options.every.into()));
    }
}

/// Reads what was logged since, tells it, and remembers that it was told.
fn pass(desk: &Desk, place: &mut Place, watch: &Watch<'_>, options: &MonitorOptions) -> Result<(), Failure> {
    let checkpoint = desk.registry().checkpoint()?;
    let bar = ProgressBar::new(checkpoint.size()).with_position(place.size());
    if let Ok(style) = ProgressStyle::with_template("reading the log {wide_bar} {pos}/{len} entries {eta} left") {
        bar.set_style(style);
    }
    let (mut tree, mut events) = (place.tree()?, Vec::new());
    let read = desk.registry().entries(&mut tree, &checkpoint, &mut |first: u64, entries: &[&[u8]]| {
        for (entry, index) in entries.iter().zip(first..) {
            events.extend(watch.look(index, entry));
        }
        bar.set_position(first + entries.len() as u64);
    });
    bar.finish_and_clear();
    read?;
    for event in &events {
        tell(event, options)?;
    }
    place.advance(&tree, events.iter().filter(|event| event.found == Found::Foreign).map(|event| event.index))
}

fn tell(event: &Event, options: &MonitorOptions) -> Result<(), Failure> {
    if options.json {
        report::print_json(vec![event.json()])?;
    } else {
        crate::print(&format!("{}\n", clean(&event.sentence())))?;
    }
    match &options.run {
        Some(program) if event.found == Found::Foreign => call(program, event),
        Some(_) | None => Ok(()),
    }
}

/// Runs the program with the event as JSON on its standard input. It is told as well where the program fails: nobody may think it was.
fn call(program: &std::path::Path, event: &Event) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::refused(format!("{}: {error}; entry {} will be told again", program.display(), event.index))
    };
    let mut child = Command::new(program).stdin(Stdio::piped()).spawn().map_err(|error| failed(&error))?;
    if let Some(mut input) = child.stdin.take() {
        // A program that does not read is told by what it is called.
        let _ = input.write_all(event.json().to_string().as_bytes());
    }
    let status = child.wait().map_err(|error| failed(&error))?;
    if status.success() { Ok(()) } else { Err(failed(&status)) }
}

fn conclude(place: &Place) -> Result<(), Failure> {
    if place.foreign().is_empty() {
        return crate::print(&format!("{} entries read: nothing that is not in the own book\n", place.size()));
    }
    let list: Vec<_> = place.foreign().iter().map(ToString::to_string).collect();
    let first = list.first().cloned().unwrap_or_default();
    Err(Failure::refused(format!("signed in this party's name, and not in the own book: entry {}", list.join(", "))).hint(
        format!(
            "if it was signed on another device: certifier monitor --adopt {first}; if not, somebody has the key: tell the accreditor, \
             and look at certifier blast-radius KEY"
        ),
    ))
}

/// Takes statements that were signed elsewhere into the own book.
fn adopt(desk: &Desk, place: &mut Place, book: &Book, options: &MonitorOptions) -> Result<(), Failure> {
    for index in &options.adopt {
        if !place.foreign().contains(index) {
            return Err(Failure::input(format!("entry {index} is none that was told as not in the own book"))
                .hint("certifier monitor lists them"));
        }
        let stored = desk.registry().statement(*index)?;
        book.note(&stored.statement)?;
        place.forget(*index)?;
        if options.json {
            report::print_json(vec![json!({"adopted": index})])?;
        } else {
            say("note", &format!("entry {index} is in the own book now"));
        }
    }
    Ok(())
}
