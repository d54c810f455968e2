//! A witness on this machine that does what the test says: a small real one, or one that is wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use primitives::{SecretKey, Signer, Timestamp};
use tlog::{AddCheckpoint, Checkpoint, NoteSignature, Vkey};

use crate::parties::now;

/// What it does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Cosigns what extends the last size, without checking more.
    Honest,
    /// Takes this long for it.
    Slow(Duration),
    /// Reads the request and never answers.
    Hangs,
    /// Answers a byte a second.
    Drips,
    /// Hangs up.
    HangsUp,
    /// Answers with this status and nothing.
    Status(u16),
    /// Answers without end.
    Endless,
    /// Cosigns with another key of the same name.
    OtherKey,
    /// Cosigns the next larger tree.
    OtherTree,
    /// Cosigns as of an hour ago.
    OldTime,
    /// Answers what is no signature line.
    Nonsense,
    /// Says 409 to everything, with what was sent.
    SameSize,
    /// Says 409 with a size that no log has.
    HugeSize,
    /// Says 409 with no number.
    NoSize,
    /// Sends the client elsewhere.
    Redirects,
}

pub(crate) struct FakeWitness {
    address: SocketAddr,
    key: SecretKey,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl FakeWitness {
    pub(crate) fn new(seed: u8, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let key = SecretKey::from_seed(&[seed; 32]);
        let manner = Arc::new(Mutex::new(manner));
        let (asked, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let this = Self {
            address,
            key: key.clone(),
            manner: Arc::clone(&manner),
            asked: Arc::clone(&asked),
            stopped: Arc::clone(&stopped),
        };
        let size = Arc::new(Mutex::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let asked = Arc::clone(&asked);
                let (key, manner, size) = (key.clone(), *manner.lock().unwrap(), Arc::clone(&size));
                std::thread::spawn(move || {
                    // A client that has given up is no concern of its.
                    let _ = answer(stream.unwrap(), &key, manner, &size, &asked);
                });
            }
        });
        this
    }

    pub(crate) fn vkey(&self) -> Vkey {
        Vkey::witness("w.example/w", self.key.public_key()).unwrap()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes its manner.
    pub(crate) fn turn(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// Requests for a cosignature so far.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Drop for FakeWitness {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
    }
}

fn answer(
    stream: TcpStream,
    key: &SecretKey,
    manner: Manner,
    size: &Mutex<u64>,
    asked: &AtomicUsize,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    // It keeps no copies to show.
    if first.starts_with("GET ") && manner != Manner::Hangs {
        return write!(&stream, "HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }
    asked.fetch_add(usize::from(!first.starts_with("GET ")), Ordering::Relaxed);
    if manner == Manner::Hangs {
        std::thread::sleep(Duration::from_secs(60));
        return Ok(());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let request = AddCheckpoint::parse(&body).unwrap();
    let checkpoint = Checkpoint::parse(request.checkpoint.text()).unwrap();
    let mut stream = stream;
    let mut reply = |status: u16, body: &str| {
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n{body}"
        )
    };
    let line = |checkpoint: &Checkpoint, key: &SecretKey, time: Timestamp| {
        NoteSignature::cosignature_v1(checkpoint, "w.example/w", key, time).unwrap().to_string()
    };
    match manner {
        Manner::Honest | Manner::Slow(_) => {
            if let Manner::Slow(time) = manner {
                std::thread::sleep(time);
            }
            let mut size = size.lock().unwrap();
            if request.old != *size {
                return reply(409, &format!("{size}\n"));
            }
            *size = checkpoint.size();
            reply(200, &line(&checkpoint, key, now()))
        }
        Manner::Hangs => Ok(()),
        Manner::Drips => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")?;
            for _ in 0..60 {
                stream.write_all(b"x")?;
                std::thread::sleep(Duration::from_millis(100));
            }
            Ok(())
        }
        Manner::HangsUp => Ok(()),
        Manner::Status(status) => reply(status, ""),
        Manner::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4096])?;
            }
        }
        Manner::OtherKey => reply(200, &line(&checkpoint, &SecretKey::from_seed(&[77; 32]), now())),
        Manner::OtherTree => {
            let other = Checkpoint::new(checkpoint.origin(), checkpoint.size() + 1, checkpoint.root()).unwrap();
            reply(200, &line(&other, key, now()))
        }
        Manner::OldTime => reply(200, &line(&checkpoint, key, Timestamp::from_millis(now().millis() - 3_600_000))),
        Manner::Nonsense => reply(200, "thank you\n"),
        Manner::SameSize => reply(409, &format!("{}\n", request.old)),
        Manner::HugeSize => reply(409, "18446744073709551615\n"),
        Manner::NoSize => reply(409, "five\n"),
        Manner::Redirects => reply(307, ""),
    }
}
