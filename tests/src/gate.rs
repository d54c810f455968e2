//! A gate before a server: it lets so many requests through, and then no more, as if the network were cut.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Forwards connections to a server on this machine. It is gone with the test.
pub struct Gate(SocketAddr);

impl Gate {
    /// Opens a gate to a server's `http://localhost:PORT` for so many requests. What a client writes at once counts as one request.
    ///
    /// # Panics
    /// When no port is free, or the address is another.
    pub fn open(url: &str, requests: usize) -> Self {
        let port = url.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).expect("a port");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let left = Arc::new(AtomicUsize::new(requests));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let left = Arc::clone(&left);
                thread::spawn(move || forward(&client, &server, &left));
            }
        });
        Self(address)
    }

    /// Where clients reach the server through it.
    pub fn url(&self) -> String {
        format!("http://{}", self.0)
    }
}

/// Either side may go away at any moment; then both are let go.
fn forward(client: &TcpStream, server: &TcpStream, left: &AtomicUsize) {
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut from, mut to) = (client, server);
            let mut buffer = [0; 1 << 16];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                let is_open =
                    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
                if !is_open || to.write_all(buffer.get(..length).unwrap_or_default()).is_err() {
                    break;
                }
            }
            close(client, server);
        });
        let (mut from, mut to) = (server, client);
        // A client that has gone away is no fault here.
        let _ = std::io::copy(&mut from, &mut to);
        close(client, server);
    });
}

fn close(client: &TcpStream, server: &TcpStream) {
    for stream in [client, server] {
        // It may be closed already.
        let _ = stream.shutdown(Shutdown::Both);
    }
}
