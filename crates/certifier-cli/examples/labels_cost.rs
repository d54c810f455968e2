//! What it costs to print 10,000 labels as a PDF, beside signing them and making their codes alone on one core, and how much memory
//! it takes: `cargo run --release -p certifier-cli --example labels_cost [LABELS]`.

use std::time::{Duration, Instant};

use certifier_cli::render::{Face, Fonts, Format, Layout, Press, RenderError, Resolution, Stock};
use label::{Label, ShortCode};
use primitives::{Day, SecretKey, Timestamp};
use qrcode::{EcLevel, QrCode};
use statement::{Claims, Gtin, Lot, Origin, Serial};

const INDEX: u64 = 94_567;

fn sign(number: u32, key: &SecretKey) -> Face {
    let origin = Origin::parse("registry.example").expect("a host");
    let gtin = Gtin::parse("09521234543213").expect("a GTIN");
    let lot = Lot::parse("KTM-2026").expect("a lot");
    let serial = Serial::new(Some(INDEX), number).expect("not zero");
    let label = Label::sign(origin, Some(gtin), lot, serial, Claims::ALL, INDEX, Day::from_days(21_000), key);
    Face::of(&label.expect("in memory"), "Hand-knotted wool carpet, 170 x 240 cm")
}

/// The time that all threads of this program have had a core, where the system tells (in hundredths of a second): on a shared machine,
/// what others take is not in it.
fn core_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let ticks = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Some(Duration::from_millis(10) * ticks.sum::<Result<u32, _>>().ok()?)
}

/// The most memory that this program has had so far, in MB. An allocator that counts would slow the threads down, not the one.
fn greatest_memory() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u32>().ok()? / 1_024)
}

fn since(start: Option<Duration>) -> Option<Duration> {
    Some(core_time()?.saturating_sub(start?))
}

fn each(time: Duration, labels: u32) -> String {
    format!("{:>8.0}/s   {:>7.1?} each", f64::from(labels) / time.as_secs_f64(), time / labels)
}

fn main() -> Result<(), RenderError> {
    let labels: u32 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let key = SecretKey::from_seed(&[1; 32]);
    let fonts = Fonts::built_in();
    let texts = (1..=labels).filter_map(|number| {
        let serial = Serial::new(Some(INDEX), number).ok()?;
        Some((serial.to_string(), ShortCode { index: INDEX, number }.to_string()))
    });
    let longest = sign(labels, &key).longest(texts, &fonts);
    for stock in [Stock::default(), "l7651".parse().expect("a name")] {
        let layout = Layout::new(stock, Resolution::default(), None, &longest, &fonts)?;
        let level = match layout.level().to_string().as_str() {
            "H" => EcLevel::H,
            "Q" => EcLevel::Q,
            "M" => EcLevel::M,
            _ => EcLevel::L,
        };
        // Both in the same seconds, in turns: the machine may be shared.
        let sample = (labels / 10).max(1);
        let mut alone = Duration::ZERO;
        let mut alone_on_core = Some(Duration::ZERO);
        let mut bare = |from: u32| {
            let (start, core) = (Instant::now(), core_time());
            for number in from..from + sample {
                let code = QrCode::with_error_correction_level(sign(number, &key).url, level);
                std::hint::black_box(code.expect("it fits"));
            }
            alone += start.elapsed();
            alone_on_core = alone_on_core.zip(since(core)).map(|(before, this)| before + this);
        };
        let folder = tempfile::tempdir().expect("a folder");
        let numbers: Vec<u32> = (1..=labels).collect();
        let formats = [Format::Pdf];
        let made = Timestamp::from_seconds(1_795_000_000);
        let press = Press { layout: &layout, folder: folder.path(), formats: &formats, first: 0, split: 1_000, made };
        let batches = press.batches(&numbers);
        bare(1);
        let (start, core) = (Instant::now(), core_time());
        press.print::<RenderError>(&batches, &|number| Ok(sign(number, &key)), &|| {})?;
        let (printed, printed_on_core) = (start.elapsed(), since(core));
        bare(1);
        let bytes: u64 = batches
            .iter()
            .flat_map(|batch| press.files(batch))
            .filter_map(|path| path.metadata().ok())
            .map(|file| file.len())
            .sum();
        let per_sample = alone / 2;
        println!("{labels} labels on {stock}, level {}, modules of {:.2} mm", layout.level(), layout.module_mm());
        println!("  signed and encoded, one core   {}", each(per_sample, sample));
        println!("  printed as a PDF, all cores    {}", each(printed, labels));
        let rate = f64::from(labels) / printed.as_secs_f64() / (f64::from(sample) / per_sample.as_secs_f64());
        println!("  that is {:.0} % of the first (aim 60 %)", rate * 100.0);
        if let Some((alone, printed)) = alone_on_core.zip(printed_on_core) {
            let (alone, printed) = (alone / (2 * sample), printed / labels);
            println!(
                "  of a core's time, {alone:.1?} and {printed:.1?} a label: {:.0} % a core",
                100.0 * alone.as_secs_f64() / printed.as_secs_f64()
            );
        }
        println!(
            "  greatest memory so far {} MB; {} bytes a label",
            greatest_memory().unwrap_or_default(),
            bytes / u64::from(labels)
        );
    }
    Ok(())
}
