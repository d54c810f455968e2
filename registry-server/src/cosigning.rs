//! Gathering cosignatures: one checkpoint at a time goes to all witnesses at once, until enough have cosigned it.
//!
//! It runs beside the log and nothing waits for it: a statement is answered when it is durable. A round has one checkpoint, so that
//! witnesses that take different times still meet on one tree. It ends when the quorum is there and the log has grown (or the
//! cosignatures want to be renewed), or when the quorum has been waited for long enough and the log has grown; never sooner than a
//! second after it began.
//!
//! Each witness has a task of its own, which asks it one thing at a time: one that hangs, lies or is gone holds nobody up but where
//! the trust file asks for it.

mod ask;

use std::sync::Arc;
use std::time::Duration;

use tlog::{Note, NoteSignature, OpenedCheckpoint, Vkey};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use verify::TrustedRegistry;

use crate::app::App;
use crate::cosigned::Cosigned;
use crate::log::LogReader;
use ask::{AskError, Asked};

/// How often witnesses are asked, and how long they are waited for.
#[derive(Debug, Clone)]
pub struct Cosigning {
    /// From the beginning of a round to the next, at least.
    pub every: Duration,
    /// After which a log that has not grown is cosigned anew, so that its age does not grow with its silence.
    pub renew: Duration,
    /// How long a round waits for the quorum before a longer log takes its place.
    pub patience: Duration,
    /// For one request to one witness, connection and answer in all.
    pub timeout: Duration,
    /// How long a witness that failed is left alone: at first, then twice as long each time…
    pub first_wait: Duration,
    /// … up to this.
    pub longest_wait: Duration,
}

impl Default for Cosigning {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(1),
            renew: Duration::from_secs(5 * 60),
            patience: Duration::from_secs(10),
            timeout: Duration::from_secs(10),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
        }
    }
}

/// What a round asks for.
#[derive(Debug)]
struct Target {
    round: u64,
    reader: LogReader,
    note: Note,
}

/// One witness's answer.
struct Cosignature {
    round: u64,
    witness: Vkey,
    line: NoteSignature,
}

/// Gathers until told to stop.
pub(crate) async fn keep(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let Some(registry) = app.trust.registry(&app.origin).cloned() else { return };
    let (asked, needed) = (registry.witness_urls.len(), registry.quorum.threshold());
    if asked < needed {
        tracing::warn!(
            asked,
            needed,
            "the trust file names the address of too few witnesses: no quorum will come together"
        );
    }
    if asked > 0 {
        tokio::select! {
            () = gather(&app, &registry) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn gather(app: &Arc<App>, registry: &TrustedRegistry) {
    let schedule = app.cosigning.clone();
    let (targets, _) = watch::channel(None);
    let (answers, mut answered) = mpsc::channel(2 * registry.witness_urls.len().max(1));
    // Ended when this future is dropped.
    let mut asking = JoinSet::new();
    for (vkey, url) in &registry.witness_urls {
        let asked = Asked::new(vkey.clone(), url, registry.log_keys.clone(), schedule.timeout);
        asking.spawn(ask_on(asked, Arc::clone(app), targets.subscribe(), answers.clone()));
    }
    for round in 1.. {
        let log = app.log();
        let (reader, mut sizes) = (log.reader(), log.sizes());
        let Ok(note) = Note::parse(&reader.published().checkpoint) else { return };
        let mut gathered = Gathered { note: note.clone(), lines: Vec::new(), is_quorate: false };
        let began = Instant::now();
        targets.send_replace(Some(Arc::new(Target { round, reader: reader.clone(), note })));
        loop {
            // One that was opened anew proves nothing by the old one's files.
            if !Arc::ptr_eq(&log, &app.log()) {
                break;
            }
            let grew = log.published().size > reader.published().size;
            let until = if grew && gathered.is_quorate {
                schedule.every
            } else if grew {
                schedule.every.max(schedule.patience)
            } else if gathered.is_quorate {
                schedule.every.max(schedule.renew)
            } else {
                // The witnesses go on being asked for this one.
                Duration::MAX
            };
            let until = began.checked_add(until);
            if until.is_some_and(|until| until <= Instant::now()) {
                break;
            }
            tokio::select! {
                answer = answered.recv() => match answer {
                    Some(answer) if answer.round == round => gathered.take(app, registry, answer, &reader).await,
                    Some(_) => {}
                    None => return,
                },
                // The sender lives as long as `log`.
                Ok(()) = sizes.changed() => {}
                () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => {}
                () = sleep(schedule.every) => {}
            }
        }
    }
}

/// What a round has so far.
struct Gathered {
    note: Note,
    lines: Vec<(Vkey, NoteSignature)>,
    is_quorate: bool,
}

impl Gathered {
    /// Takes a cosignature; publishes the checkpoint as soon as there are enough, and again with each one more.
    async fn take(&mut self, app: &Arc<App>, registry: &TrustedRegistry, answer: Cosignature, reader: &LogReader) {
        self.lines.retain(|(witness, _)| *witness != answer.witness);
        self.lines.push((answer.witness, answer.line));
        let own = self.note.signatures().iter().chain(self.lines.iter().map(|(_, line)| line)).cloned();
        let checkpoint = Note::from_parts(self.note.text(), own)
            .map_err(tlog::OpenError::from)
            .and_then(|note| OpenedCheckpoint::from_note(note, &registry.checkpoint_keys()));
        let checkpoint = match checkpoint {
            Ok(checkpoint) => checkpoint,
            Err(error) => return tracing::error!(%error, "cosignatures do not make a checkpoint"),
        };
        let published = Some(Arc::clone(reader.published()));
        let Some(cosigned) = Cosigned::new(&checkpoint, app.cosigned.quorum(), published) else { return };
        let (app, cosigned) = (Arc::clone(app), Arc::new(cosigned));
        let kept = tokio::task::spawn_blocking(move || {
            app.cosigned.publish(Arc::clone(&cosigned))?;
            app.anchors.keep(&cosigned)
        });
        match kept.await {
            Ok(Ok(())) => self.is_quorate = true,
            Ok(Err(error)) => tracing::error!(%error, "the cosigned checkpoint could not be written"),
            Err(error) => tracing::error!(%error, "the cosigned checkpoint could not be written"),
        }
    }
}

/// Asks one witness for each round's cosignature, and again until it gives it or the round is over.
async fn ask_on(
    mut asked: Asked,
    app: Arc<App>,
    mut targets: watch::Receiver<Option<Arc<Target>>>,
    answers: mpsc::Sender<Cosignature>,
) {
    let (mut done, mut failed) = (0, None);
    let mut wait = app.cosigning.first_wait;
    loop {
        let target = match targets.wait_for(|target| target.as_ref().is_some_and(|target| target.round > done)).await {
            Ok(target) => target.clone(),
            Err(_) => return,
        };
        let Some(target) = target else { continue };
        let (round, now) = (target.round, app.now());
        let exchange = tokio::task::spawn_blocking(move || {
            let answer = asked.ask(&target.reader, &target.note, now);
            (asked, answer)
        });
        let Ok((back, answer)) = exchange.await else { return };
        asked = back;
        let (name, outcome) = (asked.name().to_owned(), answer.as_ref().map_or_else(AskError::code, |_| "cosigned"));
        app.metrics.cosignature(outcome);
        match answer {
            Ok(line) => {
                if failed.take().is_some() {
                    tracing::info!(witness = name, "the witness cosigns again");
                }
                (done, wait) = (round, app.cosigning.first_wait);
                let witness = asked.vkey().clone();
                if answers.send(Cosignature { round, witness, line }).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                if failed != Some(error.code()) {
                    error.report(&name);
                    failed = Some(error.code());
                }
                sleep(wait).await;
                wait = (wait * 2).min(app.cosigning.longest_wait);
            }
        }
    }
}
