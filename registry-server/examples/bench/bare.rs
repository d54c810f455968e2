//! The limits that figures are held against: strict verification alone, and a bare axum handler.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use label::Label;
use primitives::{PublicKey, SecretKey, Signature, Signer};
use tokio::runtime::Runtime;

/// Strict verifications a second on one core, of messages of this size, each another one.
pub(crate) fn verifications(message_bytes: usize, time: Duration) -> f64 {
    let key = SecretKey::from_seed(&[7; 32]);
    let signed: Vec<(Vec<u8>, Signature)> = (0..512_u32)
        .map(|number| {
            let mut message = vec![0; message_bytes.max(4)];
            message[..4].copy_from_slice(&number.to_be_bytes());
            let signature = key.sign(&message).unwrap();
            (message, signature)
        })
        .collect();
    let (public, started, mut count) = (key.public_key(), Instant::now(), 0_u32);
    while started.elapsed() < time {
        for (message, signature) in &signed {
            public.verify_strict(message, signature).unwrap();
            count += 1;
        }
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

/// An axum server on a runtime of its own, with two handlers that answer with a body of the same size: one at once, one after one
/// strict verification.
pub(crate) struct Bare {
    pub(crate) address: SocketAddr,
    _runtime: Runtime,
}

#[derive(serde::Deserialize)]
struct Asked {
    label: String,
}

impl Bare {
    pub(crate) fn start(body: usize, labels: Vec<Label>, key: PublicKey) -> Self {
        let runtime = crate::runtime("bare");
        let answer = bytes::Bytes::from(vec![b'x'; body]);
        let (other, labels, next) = (answer.clone(), Arc::new(labels), Arc::new(AtomicUsize::new(0)));
        let checked = move |Query(asked): Query<Asked>| {
            let (answer, labels, next) = (other.clone(), Arc::clone(&labels), Arc::clone(&next));
            async move {
                let label = &labels[next.fetch_add(1, Ordering::Relaxed) % labels.len()];
                assert!(!asked.label.is_empty());
                key.verify_strict(&label.signed_bytes(), &label.blob().signature).unwrap();
                ([("content-type", "application/json")], answer)
            }
        };
        let at_once = move |Query(asked): Query<Asked>| {
            let answer = answer.clone();
            async move {
                assert!(!asked.label.is_empty());
                ([("content-type", "application/json")], answer)
            }
        };
        let router = Router::new().route("/checked", get(checked)).route("/bare", get(at_once));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, _runtime: runtime }
    }
}
