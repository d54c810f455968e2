//! What the registry signs with keys that a mirror has not: its DID document, status lists, receipts. Copied when they are asked for, held
//! against the log here, and given out as they came.
//!
//! A list's bits and a receipt's root follow from the log, so that the source cannot slip in another. That the key in the DID document is
//! the registry's is the source's word, here as there: no trust file names it.
//!
//! ```text
//! <data>/did.json    the registry's DID document
//! ```

use std::collections::HashMap;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use flate2::read::GzDecoder;
use primitives::{PublicKey, Thumbprint, Timestamp, base64};
use serde_json::Value;
use statement::{Origin, StatusSlot, Token};
use tlog::{MAX_RECEIPT_SIZE, leaf_hash};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::timeout;

use super::mirrored::Mirrored;
use crate::app::App;
use crate::follow_error::FollowError;
use crate::identity;
use crate::log_source::LogSource;
use crate::problem::Problem;
use crate::status_lists::LIST_BYTES;
use crate::whole_file;

/// Largest DID document read.
const DID_BYTES: u64 = 64 * 1024;
/// Largest status list read: its bits do not shrink where they are random.
const LIST_LIMIT: u64 = 64 * 1024;
/// Questions to the source at once, on behalf of whoever asks here.
const ASKING: usize = 16;
/// Time for one of them.
const ANSWER: Duration = Duration::from_secs(8);
/// How long the log here may take to reach what the source's answer is of.
const CATCH_UP: Duration = Duration::from_secs(4);
/// How long a source that gave no list is not asked for it again.
const SILENT_SECONDS: u64 = 5;
/// Lists that are kept.
const MOST: usize = 1_000;

/// The copies that are at hand.
pub(crate) struct Copies {
    file: PathBuf,
    did: ArcSwapOption<DidDocument>,
    /// By key and number.
    lists: Mutex<HashMap<(Thumbprint, u32), Place>>,
    asking: Semaphore,
}

/// The registry's DID document, and the key in it.
pub(crate) struct DidDocument {
    pub(crate) bytes: Bytes,
    pub(crate) key: PublicKey,
}

/// Where a list is kept, locked for as long as the source is asked for it.
type Place = Arc<Mutex<Kept>>;

/// What is known of one status list.
#[derive(Default)]
struct Kept {
    list: Option<List>,
    /// Until when the source is not asked again, which had no answer: seconds since 1970.
    silent_until: u64,
}

/// A status list as it came.
#[derive(Clone)]
struct List {
    jws: Bytes,
    bits: Vec<u8>,
    valid_from: Timestamp,
    valid_until: Timestamp,
    /// The second in which it came.
    second: u64,
}

impl std::fmt::Debug for Copies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Copies").finish_non_exhaustive()
    }
}

impl Copies {
    /// Reads what was copied before; what cannot be read is copied again.
    pub(super) fn open(file: PathBuf, origin: &Origin) -> std::io::Result<Self> {
        let did = whole_file::read(&file)?.and_then(|bytes| DidDocument::read(bytes.into(), origin).ok());
        let did = ArcSwapOption::new(did.map(Arc::new));
        Ok(Self { file, did, lists: Mutex::default(), asking: Semaphore::new(ASKING) })
    }

    async fn place(&self, key: Thumbprint, list: u32) -> Place {
        let mut lists = self.lists.lock().await;
        if lists.len() >= MOST {
            lists.clear();
        }
        Arc::clone(lists.entry((key, list)).or_default())
    }

    /// The DID document, once it was copied.
    pub(crate) fn did(&self) -> Option<Arc<DidDocument>> {
        self.did.load_full()
    }

    /// Copies the DID document.
    pub(super) fn take_did(&self, source: &LogSource, origin: &Origin) -> Result<(), FollowError> {
        let path = ".well-known/did.json";
        // Static files have none, and nothing that would need it.
        let Some(bytes) = source.get(path, DID_BYTES)? else { return Ok(()) };
        if self.did().is_some_and(|known| known.bytes == bytes) {
            return Ok(());
        }
        let copy = |why: &str| FollowError::Copy {
            source_url: source.to_string(),
            what: path.to_owned(),
            why: why.to_owned(),
        };
        let document = DidDocument::read(bytes.into(), origin).map_err(copy)?;
        let failed = |source| FollowError::Io { file: self.file.display().to_string(), source };
        whole_file::replace(&self.file, &document.bytes).map_err(failed)?;
        self.did.store(Some(Arc::new(document)));
        Ok(())
    }
}

impl DidDocument {
    fn read(bytes: Bytes, origin: &Origin) -> Result<Self, &'static str> {
        let document: Value = serde_json::from_slice(&bytes).map_err(|_| "it is no JSON")?;
        if document.get("id").and_then(Value::as_str) != Some(&identity::did(origin)) {
            return Err("it is of another registry");
        }
        let jwk = document.pointer("/verificationMethod/0/publicKeyJwk");
        let member = |name: &str| jwk?.get(name)?.as_str();
        let key = || {
            let bytes = base64::url_decode(member("x").filter(|_| member("crv") == Some("Ed25519"))?)?;
            PublicKey::from_bytes(&bytes.try_into().ok()?).ok()
        };
        Ok(Self { key: key().ok_or("it names no Ed25519 key")?, bytes })
    }
}

impl App {
    /// A status list as the source signs it, held against the log here.
    ///
    /// # Errors
    /// `source_silent` where the source gives none, and none that still holds was given before; `bad_copy` where it is not what the log gives.
    pub(crate) async fn copied_list(
        &self,
        mirrored: &Mirrored,
        (key, number): (&Thumbprint, u16),
        list: u32,
    ) -> Result<Bytes, Problem> {
        let now = self.now();
        let place = mirrored.copies.place(*key, list).await;
        // One question at a time for each list: whoever waits finds the answer to the one before.
        let mut place = place.lock().await;
        if let Some(ready) = place.list.as_ref().filter(|ready| ready.second == now.seconds()) {
            return Ok(ready.jws.clone());
        }
        let is_silent = now.seconds() < place.silent_until;
        let asked = if is_silent {
            Err(self.silent())
        } else {
            self.fetch(mirrored, format!("v1/status/{key}/{list}"), LIST_LIMIT).await
        };
        let (fetched, at) = match asked {
            Ok(bytes) => {
                let signer = mirrored.copies.did().ok_or_else(|| self.silent())?;
                let list = List::open(bytes, &self.origin, &signer.key, (key, list), now);
                let list = list.map_err(|why| self.bad_copy(why))?;
                let at = list.valid_from;
                (list, at)
            }
            Err(problem) => {
                if !is_silent {
                    place.silent_until = now.seconds() + SILENT_SECONDS;
                }
                // As long as it says so itself, and the log here agrees.
                match place.list.clone().filter(|kept| now < kept.valid_until) {
                    Some(kept) => (kept, now),
                    None => return Err(problem),
                }
            }
        };
        let mut agrees = self.agrees(&fetched, (number, list), at).await?;
        if !agrees {
            self.catch_up(mirrored).await;
            agrees = self.agrees(&fetched, (number, list), at).await?;
        }
        if !agrees {
            return Err(self.bad_copy("the status list is not what the log here gives"));
        }
        let jws = fetched.jws.clone();
        place.list = Some(fetched);
        Ok(jws)
    }

    async fn agrees(&self, list: &List, place: (u16, u32), at: Timestamp) -> Result<bool, Problem> {
        let log = self.log();
        let published = log.published();
        let at = at.max(published.view.last_received_at());
        Ok(self.list_bits(&log, &published, place, at).await? == list.bits)
    }

    /// A receipt as the source signs it, held against the log here.
    ///
    /// # Errors
    /// `unknown_index`, `source_silent`, `bad_copy`.
    pub(crate) async fn copied_receipt(&self, mirrored: &Mirrored, index: u64) -> Result<Vec<u8>, Problem> {
        let entry = self.log().entry(index).await?.ok_or_else(|| Problem::unknown_index(index))?;
        let path = format!("v1/statements/{index}/receipt");
        let bytes = self.fetch(mirrored, path, MAX_RECEIPT_SIZE as u64).await?;
        let signer = mirrored.copies.did().ok_or_else(|| self.silent())?;
        let receipt = tlog::Receipt::parse(&bytes).map_err(|error| self.bad_copy(error))?;
        let size = receipt.size();
        if receipt.index() != index {
            return Err(self.bad_copy("the receipt is of another entry"));
        }
        let verified = receipt.verify(&leaf_hash(&entry), &signer.key).map_err(|error| self.bad_copy(error))?;
        if self.log().published().size < size {
            self.catch_up(mirrored).await;
        }
        match self.log().reader().root_of(size)? {
            Some(root) if root == verified.root() => Ok(bytes.into()),
            Some(_) => Err(self.bad_copy("the receipt is of another tree")),
            None => Err(self.silent()),
        }
    }

    /// Has the log here look for what is new, and waits for it a little.
    async fn catch_up(&self, mirrored: &Mirrored) {
        let mut sizes = self.log().sizes();
        mirrored.wake.notify_one();
        // Whoever asks looks again either way.
        drop(timeout(CATCH_UP, sizes.changed()).await);
    }

    async fn fetch(&self, mirrored: &Mirrored, path: String, limit: u64) -> Result<Bytes, Problem> {
        let _room = mirrored.copies.asking.try_acquire().map_err(|_| Problem::overloaded())?;
        let source = mirrored.source.clone();
        let fetch = move || source.get_within(&path, limit, ANSWER);
        match tokio::task::spawn_blocking(fetch).await.map_err(Problem::internal)? {
            Ok(Some(bytes)) => Ok(bytes.into()),
            Ok(None) => Err(self.silent()),
            Err(error) => Err(Problem { logged: Some(error.to_string()), ..self.silent() }),
        }
    }

    fn silent(&self) -> Problem {
        Problem::source_silent(&self.registry_url())
    }

    fn bad_copy(&self, why: impl ToString) -> Problem {
        Problem::bad_copy(&self.registry_url(), why)
    }
}

impl List {
    /// Opens a list, and checks all of it but its bits.
    fn open(
        jws: Bytes,
        origin: &Origin,
        key: &PublicKey,
        (of, list): (&Thumbprint, u32),
        now: Timestamp,
    ) -> Result<Self, &'static str> {
        let opened = Token::parse_credential(&jws)
            .and_then(|token| token.open_credential(key))
            .map_err(|_| "the status list is not signed by the registry's key")?;
        let payload: Value = serde_json::from_str(&opened.payload).map_err(|_| "the status list is no JSON")?;
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str);
        let id = StatusSlot { list, index: 0 }.list_url(origin, of);
        if text("/id") != Some(&id) || opened.issuer.as_str() != identity::did(origin) {
            return Err("the status list is another one");
        }
        let time = |pointer| text(pointer).and_then(|text| Timestamp::parse_rfc3339(text).ok());
        let (valid_from, valid_until) =
            time("/validFrom").zip(time("/validUntil")).ok_or("the status list has no time")?;
        let bits = text("/credentialSubject/encodedList").and_then(decoded).ok_or("the status list has no bits")?;
        let (jws, second) = (jws.clone(), now.seconds());
        Ok(Self { jws, bits, valid_from, valid_until, second })
    }
}

/// The bits of a list; `None` where they are none, or of another number: what unpacks to more is not unpacked.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let bytes = base64::url_decode(text.strip_prefix('u')?)?;
    let mut bits = Vec::with_capacity(LIST_BYTES);
    GzDecoder::new(bytes.as_slice()).take(LIST_BYTES as u64 + 1).read_to_end(&mut bits).ok()?;
    (bits.len() == LIST_BYTES).then_some(bits)
}
