//! Lines of a stream, in constant memory: a window that moves over it, in which a row of several lines lies in one piece.

use std::io::{self, Read};

use memchr::memchr;

/// The longest row that is read, in bytes; a label has at most 2048.
pub(super) const MAX_ROW: usize = 64 << 10;
/// Several rows, so that moving what is left of the last one costs little.
const CAPACITY: usize = 4 * MAX_ROW;

/// A stretch of a stream.
pub(super) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    newline: u8,
}

/// What follows in a stream, in bytes from where the window starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A line ends at `end`, and the next one begins at `next`; they are the same where the stream ends without a line
    /// break.
    Line { end: usize, next: usize },
    /// No line ends within [`MAX_ROW`].
    TooLong,
    /// The stream ends.
    Nothing,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: vec![0; CAPACITY], start: 0, end: 0, ended: false, newline: b'\n' }
    }

    /// Breaks lines at carriage returns, as spreadsheets for the Mac once did.
    pub(super) fn break_at_returns(&mut self) {
        self.newline = b'\r';
    }

    /// What is in the window now.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The first bytes in the window, with the carriage return of their line break, if they end in one.
    pub(super) fn slice(&self, from: usize, to: usize) -> &[u8] {
        self.bytes().get(from..to).unwrap_or_default()
    }

    /// Finds the line that begins at `from`. `wait` is called before more of the stream is asked for.
    pub(super) fn line<E: From<io::Error>>(
        &mut self,
        from: usize,
        mut wait: impl FnMut() -> Result<(), E>,
    ) -> Result<Found, E> {
        let mut searched = from;
        loop {
            if let Some(at) = memchr(self.newline, self.bytes().get(searched..).unwrap_or_default()) {
                let end = searched + at;
                return Ok(if end > MAX_ROW { Found::TooLong } else { Found::Line { end, next: end + 1 } });
            }
            searched = self.bytes().len();
            if searched > MAX_ROW {
                return Ok(Found::TooLong);
            }
            if self.ended {
                return Ok(if searched > from {
                    Found::Line { end: searched, next: searched }
                } else {
                    Found::Nothing
                });
            }
            wait()?;
            self.fill()?;
        }
    }

    /// Moves on by so many bytes.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// Moves past a line of any length.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = memchr(self.newline, self.bytes()) {
                self.advance(at + 1);
                return Ok(());
            }
            self.advance(self.bytes().len());
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads what is there, after what is left.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        loop {
            match self.source.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(window: &mut Window<impl Read>, from: usize) -> Found {
        window.line::<io::Error>(from, || Ok(())).unwrap()
    }

    /// A stream that gives one byte at a time.
    struct Drop<'a>(&'a [u8]);

    impl Read for Drop<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let bytes = buffer.len().min(1);
            (&mut self.0).read(buffer.get_mut(..bytes).unwrap())
        }
    }

    #[test]
    fn lines_are_found_however_they_arrive() {
        let mut window = Window::new(Drop(b"ab\n\ncd"));
        assert_eq!(line(&mut window, 0), Found::Line { end: 2, next: 3 });
        assert_eq!(line(&mut window, 3), Found::Line { end: 3, next: 4 });
        assert_eq!(line(&mut window, 4), Found::Line { end: 6, next: 6 });
        assert_eq!(line(&mut window, 6), Found::Nothing);
        window.advance(4);
        assert_eq!(window.slice(0, 2), b"cd");
    }

    #[test]
    fn a_line_of_the_greatest_length_is_read_and_a_longer_one_skipped() {
        let mut text = vec![b'a'; MAX_ROW];
        text.push(b'\n');
        text.extend(vec![b'b'; 10 * CAPACITY]);
        text.extend(b"\nc\n");
        let mut window = Window::new(&text[..]);
        assert_eq!(line(&mut window, 0), Found::Line { end: MAX_ROW, next: MAX_ROW + 1 });
        window.advance(MAX_ROW + 1);
        assert_eq!(line(&mut window, 0), Found::TooLong);
        window.skip_line().unwrap();
        assert_eq!(line(&mut window, 0), Found::Line { end: 1, next: 2 });
        assert_eq!(window.slice(0, 1), b"c");
        assert_eq!(window.buffer.len(), CAPACITY);
    }
}
