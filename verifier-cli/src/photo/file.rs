//! A picture file's bytes to grey levels, with every limit checked before pixels are allocated.
//!
//! PNG (ISO/IEC 15948) and JPEG (ISO/IEC 10918-1), told apart by their first bytes; decoding is the `image` crate's.

use std::io::{Cursor, ErrorKind};

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::{DynamicImage, ImageDecoder, ImageError, Limits};

use super::{PhotoError, grey::Grey, guard};

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// The longest side that is read, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// The most pixels that are read: a 48-megapixel phone picture passes.
pub const MAX_PIXELS: u64 = 50_000_000;
/// The most scans that a JPEG may have: progressive encoders write about ten, and each costs a pass over all pixels.
pub const MAX_JPEG_SCANS: usize = 64;

/// Decoded samples, before they become one grey byte a pixel: 50 million pixels of four bytes pass.
const MAX_DECODED_BYTES: u64 = 256 * 1024 * 1024;

/// An opened picture.
pub(super) struct Picture {
    pub(super) grey: Grey,
    /// The file ends before its image does, and the decoder filled in the rest.
    pub(super) cut_short: bool,
}

/// Opens the file and gives its picture.
pub(super) fn open(bytes: &[u8]) -> Result<Picture, PhotoError> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        within("bytes", bytes.len() as u64, MAX_FILE_BYTES as u64)?;
        let decoder = decoding(|| PngDecoder::with_limits(Cursor::new(bytes), limits()))?;
        Ok(Picture { grey: pixels(decoder)?, cut_short: false })
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        within("bytes", bytes.len() as u64, MAX_FILE_BYTES as u64)?;
        let scans = Scans::count(bytes);
        if scans.started > MAX_JPEG_SCANS {
            return Err(PhotoError::TooComplex { limit: MAX_JPEG_SCANS });
        }
        let decoder = decoding(|| {
            let mut decoder = JpegDecoder::new(Cursor::new(bytes))?;
            decoder.set_limits(limits())?;
            Ok(decoder)
        })?;
        Ok(Picture { grey: pixels(decoder)?, cut_short: !scans.ended })
    } else {
        Err(PhotoError::NotAPicture)
    }
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(2 * MAX_DECODED_BYTES);
    limits
}

fn pixels(decoder: impl ImageDecoder) -> Result<Grey, PhotoError> {
    let (width, height) = decoder.dimensions();
    within("pixels", u64::from(width) * u64::from(height), MAX_PIXELS)?;
    within("decoded bytes", decoder.total_bytes(), MAX_DECODED_BYTES)?;
    let image = decoding(|| DynamicImage::from_decoder(decoder))?;
    let luma = if image.color().has_alpha() { on_white(&image) } else { image.into_luma8().into_raw() };
    Grey::new(width as usize, height as usize, luma)
        .ok_or_else(|| PhotoError::Damaged { what: "it has no pixels".to_owned() })
}

/// What a transparent picture shows on white paper: a code of black on nothing would otherwise be black on black.
fn on_white(image: &DynamicImage) -> Vec<u8> {
    let blend = |grey: u8, alpha: u8| {
        let (grey, alpha) = (u32::from(grey), u32::from(alpha));
        u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    image.to_luma_alpha8().pixels().map(|pixel| blend(pixel.0[0], pixel.0[1])).collect()
}

fn within(unit: &'static str, found: u64, limit: u64) -> Result<(), PhotoError> {
    if found > limit { Err(PhotoError::TooLarge { unit, found, limit }) } else { Ok(()) }
}

/// Runs a decoder; a panic in it is damage like any other.
fn decoding<T>(work: impl FnOnce() -> Result<T, ImageError>) -> Result<T, PhotoError> {
    match guard::caught(work) {
        Some(Ok(value)) => Ok(value),
        Some(Err(ImageError::Limits(_))) => Err(PhotoError::TooLarge {
            unit: "pixels on a side",
            found: u64::from(MAX_SIDE) + 1,
            limit: MAX_SIDE.into(),
        }),
        Some(Err(error)) => Err(PhotoError::Damaged { what: damage(&error).to_owned() }),
        None => Err(PhotoError::Damaged { what: "its decoder gave up".to_owned() }),
    }
}

/// The decoders' own words are for those who write decoders.
fn damage(error: &ImageError) -> &'static str {
    let is_cut = matches!(error, ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof);
    match error {
        _ if is_cut => "it ends before its image does",
        ImageError::Unsupported(_) => "it is of a kind that is not read",
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Limits(_)
        | ImageError::IoError(_) => "its bytes are not those of a picture",
    }
}

/// A JPEG's scans, counted by its markers alone (ISO/IEC 10918-1 B.1.1).
struct Scans {
    started: usize,
    ended: bool,
}

impl Scans {
    fn count(bytes: &[u8]) -> Self {
        let mut scans = Self { started: 0, ended: false };
        let mut rest = bytes;
        // Inside a scan `FF 00` is a stuffed byte and `FF D0`–`FF D7` restart it; every other marker ends it.
        while let Some(at) = rest.windows(2).position(|pair| matches!(pair, [0xff, 1..=0xcf | 0xd8..=0xfe])) {
            let marker = rest.get(at + 1).copied().unwrap_or_default();
            rest = rest.get(at + 2..).unwrap_or_default();
            match marker {
                0xd8 | 0x01 => continue,
                0xd9 => return Self { ended: true, ..scans },
                0xda => scans.started += 1,
                _ => {}
            }
            let Some([high, low]) = rest.first_chunk().copied() else { break };
            rest = rest.get(usize::from(u16::from_be_bytes([high, low])).max(2)..).unwrap_or_default();
        }
        scans
    }
}
