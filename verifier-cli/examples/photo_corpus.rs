//! How well `photo::read` reads bad pictures, beside the two libraries alone.
//!
//! `cargo run --release -p verifier-cli --example photo_corpus -- [--seed N] [--each N] [--keep DIR]`
//!
//! Makes the same pictures every time ([`camera`]): eleven kinds of bad photograph, 18 of each unless told. Prints, for
//! each kind and in all, how many of the labels `rxing` alone, `rqrr` alone and `photo::read` give back exactly, then
//! the milliseconds a picture, file decoding included. A text that differs from the label printed is an error: exit 1.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use verifier_cli::photo;

#[expect(clippy::indexing_slicing, reason = "the same file is a test's, where a slip may panic")]
#[path = "../src/photo/tests/camera.rs"]
mod camera;

use camera::{Class, Random, Shot, label};

type Reader = (&'static str, fn(&[u8]) -> Vec<String>);

const READERS: [Reader; 3] = [
    ("rxing alone", rxing_alone),
    ("rqrr alone", rqrr_alone),
    ("photo::read", |bytes| photo::read(bytes).unwrap_or_default()),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut seed, mut each, mut keep) = (1u64, 18usize, None);
    while let Some(flag) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match (flag.as_str(), value.parse::<u64>()) {
            ("--seed", Ok(number)) => seed = number,
            ("--each", Ok(number)) => each = usize::try_from(number).unwrap_or(18),
            ("--keep", _) if !value.is_empty() => keep = Some(PathBuf::from(value)),
            _ => {
                eprintln!("usage: photo_corpus [--seed N] [--each N] [--keep DIR]");
                return ExitCode::from(2);
            }
        }
    }
    let mut random = Random(seed);
    let mut scores = READERS.map(|_| Score::default());
    println!("{:22}{:>8}{:>14}{:>14}{:>14}", "", "pictures", READERS[0].0, READERS[1].0, READERS[2].0);
    for class in Class::ALL {
        let mut read = [0usize; 3];
        for number in 0..each {
            let text = label(&mut random);
            let picture = Shot::draw(class, &mut random).take(&text, &mut random);
            if let Some(folder) = &keep {
                let kind = if picture.starts_with(b"\x89PNG") { "png" } else { "jpg" };
                let name = format!("{}-{number:02}.{kind}", class.name().replace([' ', ','], "_"));
                if let Err(error) = std::fs::write(folder.join(&name), &picture) {
                    eprintln!("{name}: {error}");
                    return ExitCode::FAILURE;
                }
            }
            for ((score, read), (_, reader)) in scores.iter_mut().zip(&mut read).zip(READERS) {
                *read += usize::from(score.measure(reader, &picture, &text));
            }
        }
        println!("{:22}{each:8}{:14}{:14}{:14}", class.name(), read[0], read[1], read[2]);
    }
    println!("{:22}{:8}{}", "read", each * Class::ALL.len(), row(&scores, |s| format!("{:.1} %", s.rate())));
    println!("{:30}{}", "median", row(&scores, |s| format!("{:.1} ms", s.percentile(50))));
    println!("{:30}{}", "95th percentile", row(&scores, |s| format!("{:.1} ms", s.percentile(95))));
    println!("{:30}{}", "read wrongly", row(&scores, |s| s.wrong.to_string()));
    ExitCode::from(u8::from(scores[2].wrong > 0))
}

fn row(scores: &[Score], cell: impl Fn(&Score) -> String) -> String {
    scores.iter().map(|score| format!("{:>14}", cell(score))).collect()
}

#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    milliseconds: Vec<f64>,
}

impl Score {
    fn measure(&mut self, reader: fn(&[u8]) -> Vec<String>, picture: &[u8], text: &str) -> bool {
        let start = Instant::now();
        let texts = reader(picture);
        self.milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
        let right = texts.iter().any(|t| t == text);
        self.right += usize::from(right);
        self.wrong += texts.iter().filter(|t| *t != text).count();
        right
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred pictures")]
    fn rate(&self) -> f64 {
        100.0 * self.right as f64 / self.milliseconds.len() as f64
    }

    fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
    }
}

fn grey(bytes: &[u8]) -> image::GrayImage {
    image::load_from_memory(bytes).expect("the corpus is made of pictures").into_luma8()
}

fn rxing_alone(bytes: &[u8]) -> Vec<String> {
    let picture = grey(bytes);
    let (width, height) = picture.dimensions();
    let kind = Some(rxing::BarcodeFormat::QR_CODE);
    rxing::helpers::detect_in_luma(picture.into_raw(), width, height, kind)
        .map(|result| result.getText().to_owned())
        .into_iter()
        .collect()
}

fn rqrr_alone(bytes: &[u8]) -> Vec<String> {
    let picture = grey(bytes);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixel = |x: usize, y: usize| picture.as_raw().get(y * width + x).copied().unwrap_or_default();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok().map(|(_, text)| text)).collect()
}
