//! A log mirrored as static files, and a registry restored from them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use registry_server::{Config, Server};

use crate::cosigning::{free_address, name_witnesses, quick, wait_for, wait_for_cosigned};
use crate::parties::{certifier_key, sign_attestation};
use crate::serving_mirror::Mirror;
use crate::static_files::{StaticFiles, files};
use crate::wire;
use crate::witness::witness_vkey;
use crate::world::World;

pub(crate) fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
    command.args(arguments).env_remove("REGISTRY_LOG").env_remove("REGISTRY_DATA").output().unwrap()
}

/// Mirrors once what a URL serves.
pub(crate) fn mirror(url: &str, tiles: &Path, trust: &Path) -> Output {
    let (tiles, trust) = (tiles.to_str().unwrap(), trust.to_str().unwrap());
    program(&["mirror", url, "--tiles", tiles, "--trust", trust, "--once"])
}

/// Serves, which is to be refused: a server that goes on is ended.
fn serve(data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).env_remove("REGISTRY_LOG");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // It may have ended meanwhile.
    let _ = child.kill();
    child.wait_with_output().unwrap()
}

pub(crate) fn restore(from: &str, data: &Path, more: &[&str]) -> Output {
    program(&[&["restore", "--from", from, "--data", data.to_str().unwrap()], more].concat())
}

#[track_caller]
pub(crate) fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
pub(crate) fn refused(output: &Output, words: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(words) && error.contains("hint: "), "{error}");
    assert!(!error.contains("panicked"), "{error}");
    let parts: Vec<&str> = error.lines().next().unwrap_or_default().split(": ").collect();
    assert!(parts.windows(2).all(|pair| pair[0] != pair[1]), "a cause is told once: {error}");
}

pub(crate) fn url(world: &World) -> String {
    format!("http://{}", world.server().address())
}

pub(crate) fn trust(world: &World) -> PathBuf {
    world.data.join("trust.toml")
}

/// What a machine loses with its disk; keys and trust file were kept elsewhere.
pub(crate) fn lose(world: &World) {
    fs::remove_dir_all(world.data.join("journal")).unwrap();
    // Not all of the rest is there in a registry that ran for a moment.
    for folder in ["database", "private", "snapshots", "checkpoints"] {
        drop(fs::remove_dir_all(world.data.join(folder)));
    }
    for file in ["signed", "cosigned"] {
        drop(fs::remove_file(world.data.join(file)));
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

#[test]
fn a_lost_registry_is_restored_from_static_files_and_what_they_lack_is_named() {
    let mut world = World::with_attestation();
    let folder = tempfile::tempdir().unwrap();
    let (tiles, later) = (folder.path().join("tiles"), folder.path().join("later"));
    // As the log grows: within a tile, to the edge of one, past it.
    let mut next = 2;
    for size in [2, 130, 256, 300] {
        while next < size {
            next = u32::try_from(world.attest(next)).unwrap() + 1;
        }
        let said = done(&mirror(&url(&world), &tiles, &trust(&world)));
        assert!(said.contains(&format!("has {size} entries of registry.example")), "{said}");
    }
    let mirrored = files(&tiles);
    let names: Vec<&str> = mirrored.iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"];
    assert_eq!(names, expected, "partial tiles go when the full one is there");
    for (name, bytes) in &mirrored {
        assert_eq!(world.get(&format!("/{name}")).body, *bytes, "{name}");
    }
    // Nothing new: nothing is touched.
    done(&mirror(&url(&world), &tiles, &trust(&world)));
    assert_eq!(files(&tiles), mirrored);

    // Two more, which only a mirror of this mirror's neighbour has; it starts from the first one's files.
    let first = StaticFiles::new(&tiles);
    done(&mirror(&first.url(), &later, &trust(&world)));
    assert_eq!(files(&later), mirrored, "a mirror of a mirror is the same");
    assert_eq!((world.attest(300), world.attest(301)), (300, 301));
    done(&mirror(&url(&world), &later, &trust(&world)));
    let note = world.get("/checkpoint").body;
    let seen = folder.path().join("seen");
    fs::write(&seen, &note).unwrap();
    let seen = seen.to_str().unwrap();

    let (from, data) = (tiles.to_str().unwrap().to_owned(), world.data.clone());
    refused(&restore(&from, &data, &["--newest-ok"]), "a journal is never replaced");
    world.stop();
    lose(&world);
    refused(&restore(&from, &data, &[]), "nothing says what was signed last");
    refused(
        &restore(&from, &data, &["--seen", seen, "--newest-ok"]),
        "entries 300 to 301 were signed and are not there",
    );
    // Refused means that nothing is signed: neither on an empty journal, nor on the short one.
    refused(&serve(&data), "the journal is missing");
    fs::create_dir(data.join("journal")).unwrap();
    refused(&serve(&data), "a checkpoint was signed for 302");
    // The journal that it made has no entries: it is in nobody's way.
    refused(&restore(&from, &data, &[]), "entries 300 to 301 were signed and are not there");

    // What an interrupted restore left is no journal.
    fs::create_dir(data.join("journal.restoring")).unwrap();
    fs::write(data.join("journal.restoring/junk"), b"junk").unwrap();
    let files = StaticFiles::new(&later);
    let before = crate::static_files::files(&data);
    let said = done(&restore(&files.url(), &data, &["--seen", seen, "--dry-run"]));
    assert!(said.contains("would restore 302 entries"), "{said}");
    refused(&restore(&from, &data, &["--dry-run"]), "entries 300 to 301 were signed and are not there");
    assert_eq!(crate::static_files::files(&data), before, "a dry run writes nothing");
    let said = done(&restore(&files.url(), &data, &["--seen", seen, "--newest-ok"]));
    assert!(said.contains("restored 302 entries of registry.example"), "{said}");
    assert!(!data.join("journal.restoring").exists());
    world.start();
    assert_eq!(world.get("/checkpoint").body, note, "the same tree, signed to the same bytes");
    let label = world.parties.label_of(&world.parties.attestation(301), 301, 9, &certifier_key()).to_uri();
    assert_eq!(world.judge(&label)["outcome"], "verified");
    assert_eq!(world.attest(302), 302, "the log goes on where it was");
    done(&mirror(&url(&world), &later, &trust(&world)));
}

/// What the one file of evidence confirms without a network; it is taken away.
fn proved(world: &World, tiles: &Path, output: &Output) -> String {
    let is_evidence = |name: &str| name.starts_with("contradiction-");
    let names: Vec<String> = files(tiles).into_iter().map(|(name, _)| name).filter(|name| is_evidence(name)).collect();
    let [name] = &names[..] else { panic!("{names:?}") };
    assert!(String::from_utf8_lossy(&output.stderr).contains(name.as_str()));
    let text = fs::read_to_string(tiles.join(name)).unwrap();
    fs::remove_file(tiles.join(name)).unwrap();
    let trust = verify::Trust::from_toml(&fs::read_to_string(trust(world)).unwrap()).unwrap();
    verify::TwoNotes::parse(&text).unwrap().confirm(&trust).unwrap().0
}

#[test]
fn a_lost_journal_is_not_begun_anew() {
    let mut world = World::with_attestation();
    let folder = tempfile::tempdir().unwrap();
    let (tiles, data) = (folder.path().join("tiles"), world.data.clone());
    done(&mirror(&url(&world), &tiles, &trust(&world)));
    world.stop();
    lose(&world);
    let before = files(&data);
    let output = serve(&data);
    refused(&output, "the journal is missing");
    let error = String::from_utf8(output.stderr).unwrap();
    let data_text = data.to_str().unwrap();
    assert!(error.contains(&format!("registry-server restore --from DIR|URL --data {data_text}")), "{error}");
    assert!(error.contains(&format!("mkdir {data_text}/journal")), "{error}");
    assert_eq!(files(&data), before, "nothing is left behind");
    assert!(!data.join("journal").exists());
    done(&restore(tiles.to_str().unwrap(), &data, &["--newest-ok"]));
    world.start();
    assert_eq!(world.attest(2), 2);
    // With entries, it is never replaced, whatever else is gone.
    world.stop();
    let before = files(&data.join("journal"));
    refused(&restore(tiles.to_str().unwrap(), &data, &["--newest-ok"]), "a journal is never replaced");
    assert_eq!(files(&data.join("journal")), before);
    // The other way out: of a registry that never took a statement, only the folder is missing.
    let mut fresh = World::empty();
    fresh.stop();
    fs::remove_dir_all(fresh.data.join("journal")).unwrap();
    refused(&serve(&fresh.data), "the journal is missing");
    fs::create_dir(fresh.data.join("journal")).unwrap();
    fresh.start();
    fresh.accredit();
}

#[test]
fn a_restore_that_is_refused_says_what_to_do() {
    let mut world = World::with_attestation();
    let folder = tempfile::tempdir().unwrap();
    let (tiles, seen, copied) = (folder.path().join("tiles"), folder.path().join("seen"), folder.path().join("copied"));
    done(&mirror(&url(&world), &tiles, &trust(&world)));
    fs::write(&seen, world.get("/checkpoint").body).unwrap();
    let (copied_text, trust) = (copied.to_str().unwrap().to_owned(), trust(&world));
    done(&program(&["mirror", &url(&world), "--data", &copied_text, "--trust", trust.to_str().unwrap(), "--once"]));
    // Where there is nothing to restore from, nothing else is said: the journal is there, too.
    let (nowhere, data) = (folder.path().join("nowhere"), world.data.clone());
    for (from, words) in [
        (nowhere.to_str().unwrap(), "there is no such folder"),
        (folder.path().to_str().unwrap(), "it has no checkpoint"),
        (&copied_text, "it is the data folder of mirror --data"),
    ] {
        refused(&restore(from, &data, &[]), words);
    }
    world.stop();
    lose(&world);
    let (from, seen) = (tiles.to_str().unwrap(), seen.to_str().unwrap());
    // What somebody has seen is a lower bound, and no more of one when it is given again.
    let output = restore(from, &data, &["--seen", seen]);
    refused(&output, "that there were 2 entries, not that there were no more");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("say that this is it with --newest-ok"), "{error}");
    assert!(!error.contains("try again"), "there are no witnesses to wait for: {error}");
    // As with a signer or a token: there is no log.key here, and serve has to be told.
    let kept = folder.path().join("log.key");
    fs::rename(data.join("log.key"), &kept).unwrap();
    let said = done(&restore(from, &data, &["--seen", seen, "--newest-ok"]));
    assert!(said.contains(&format!("next: registry-server serve --data {} --log-key KEY\n", data.display())), "{said}");
    assert!(said.contains("unix:PATH of its signer"), "{said}");
    fs::rename(&kept, data.join("log.key")).unwrap();
    world.start();
    assert_eq!(world.attest(2), 2);
}

#[test]
fn a_log_that_contradicts_the_mirror_is_refused_and_the_evidence_kept() {
    let mut world = World::with_attestation();
    let folder = tempfile::tempdir().unwrap();
    let (tiles, face) = (folder.path().join("tiles"), folder.path().join("face"));
    let here = trust(&world);
    world.stop();
    copy(&world.data, &face);
    world.start();
    world.attest(1);
    world.attest(2);
    done(&mirror(&url(&world), &tiles, &here));
    let mirrored = files(&tiles);
    world.stop();
    // The other face, under the same key: first a prefix, then another tree, smaller, equal and larger.
    fs::rename(&world.data, folder.path().join("honest")).unwrap();
    fs::rename(&face, &world.data).unwrap();
    world.start();
    let behind = mirror(&url(&world), &tiles, &here);
    refused(&behind, "the checkpoint is of 2 entries, and 4 are here");
    assert_eq!(files(&tiles), mirrored);
    for slot in 11..14 {
        world.attest(slot);
        let output = mirror(&url(&world), &tiles, &here);
        refused(&output, "the evidence is in ");
        assert!(proved(&world, &tiles, &output).contains(" signed "));
        assert_eq!(files(&tiles), mirrored, "nothing of it is taken over");
    }
    // A mirror that has gone past the tile in which they part.
    let (deep, honest) = (folder.path().join("deep"), folder.path().join("honest"));
    for slot in 14..270 {
        world.attest(slot);
    }
    done(&mirror(&url(&world), &deep, &here));
    let mirrored = files(&deep);
    world.stop();
    fs::rename(&world.data, &face).unwrap();
    fs::rename(&honest, &world.data).unwrap();
    world.start();
    for slot in 3..290 {
        world.attest(slot);
    }
    let output = mirror(&url(&world), &deep, &here);
    refused(&output, "the evidence is in ");
    assert!(proved(&world, &deep, &output).contains("have the root"));
    assert_eq!(files(&deep), mirrored, "nothing of it is taken over");
    done(&mirror(&url(&world), &tiles, &here));
    // Another registry's log, however well signed.
    let other = World::named("other.example", |_| {});
    refused(&mirror(&url(&other), &tiles, &here), "the checkpoint is not this log's");
    refused(&mirror("http://127.0.0.1:1", &tiles, &here), "cannot be reached");
}

#[test]
fn damaged_entries_are_neither_mirrored_nor_restored() {
    let mut world = World::with_attestation();
    for slot in 1..270 {
        world.attest(slot);
    }
    let folder = tempfile::tempdir().unwrap();
    let (tiles, copied) = (folder.path().join("tiles"), folder.path().join("copied"));
    done(&mirror(&url(&world), &tiles, &trust(&world)));
    let note = fs::read(tiles.join("checkpoint")).unwrap();
    world.stop();
    lose(&world);
    let bundle = tiles.join("tile/entries/000");
    let whole = fs::read(&bundle).unwrap();
    let (mut flipped, cut) = (whole.clone(), whole[..whole.len() - 1].to_vec());
    flipped[500] ^= 1;
    for (bytes, words) in [(Some(flipped), "do not add up"), (Some(cut), "is no entry bundle"), (None, "is not there")]
    {
        match bytes {
            Some(bytes) => fs::write(&bundle, bytes).unwrap(),
            None => fs::remove_file(&bundle).unwrap(),
        }
        let server = StaticFiles::new(&tiles);
        refused(&mirror(&server.url(), &copied, &trust(&world)), words);
        assert!(files(&copied).is_empty(), "{words}: {:?}", files(&copied).len());
        let output = restore(&server.url(), &world.data, &["--newest-ok"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!world.data.join("journal").exists() && !world.data.join("journal.restoring").exists());
    }
    fs::write(&bundle, whole).unwrap();
    // A tile of the mirror's own, flipped: it does not build on it.
    for (name, words) in [("tile/1/000.p/1", "do not add up"), ("tile/0/001.p/15", "do not add up")] {
        let file = tiles.join(name);
        let good = fs::read(&file).unwrap();
        let mut bad = good.clone();
        bad[3] ^= 1;
        fs::write(&file, bad).unwrap();
        refused(&mirror("http://127.0.0.1:1", &tiles, &trust(&world)), words);
        fs::write(&file, good).unwrap();
    }
    // What is whole again is restored.
    done(&restore(tiles.to_str().unwrap(), &world.data, &["--newest-ok"]));
    world.start();
    assert_eq!(world.get("/checkpoint").body, note);
}

#[test]
fn what_a_witness_saw_bounds_a_restore() {
    let address = free_address();
    let mut watcher = World::named("watcher.example", |config| config.listen = address);
    watcher.stop();
    let witness = (witness_vkey(&watcher), format!("http://{address}"));
    let mut world = World::with(|config| {
        quick(config);
        name_witnesses(&config.data, 1, &[witness]);
    });
    watcher.config.witness_trust = vec![trust(&world)];
    watcher.start();
    world.accredit();
    wait_for_cosigned(&world, 1, 1);
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    done(&mirror(&url(&world), &old, &trust(&world)));
    assert_eq!(world.attest(0), 1);
    wait_for_cosigned(&world, 2, 1);
    done(&mirror(&url(&world), &new, &trust(&world)));
    let note = fs::read(new.join("checkpoint")).unwrap();
    world.stop();
    lose(&world);
    watcher.stop();
    let output = restore(new.to_str().unwrap(), &world.data, &[]);
    refused(&output, "witness watcher.example/witness gives no word");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("try again when one more witness answers"), "{error}");
    watcher.start();
    // An empty journal in the place of the lost one is none the better: the witness remembers.
    fs::create_dir(world.data.join("journal")).unwrap();
    let before = files(&world.data);
    refused(&serve(&world.data), "witness watcher.example/witness has seen 2 entries of this log");
    assert_eq!(files(&world.data), before, "nothing is left behind");
    let behind = "has 1 entry, and witness watcher.example/witness has seen 2: entry 1 was signed";
    refused(&restore(old.to_str().unwrap(), &world.data, &[]), behind);
    fs::remove_file(world.data.join("signed")).unwrap();
    // Whoever put the segments aside within the folder would lose them.
    let aside = world.data.join("journal/old");
    fs::create_dir(&aside).unwrap();
    refused(&restore(new.to_str().unwrap(), &world.data, &[]), "is there already: a journal is never replaced");
    fs::remove_dir(&aside).unwrap();
    let said = done(&restore(new.to_str().unwrap(), &world.data, &[]));
    assert!(said.contains("nothing that witness watcher.example/witness has seen is missing: 2 entries"), "{said}");
    assert_eq!(fs::read(world.data.join("cosigned")).unwrap(), note);
    world.start();
    assert_eq!(world.attest(1), 2);
    wait_for_cosigned(&world, 3, 1);
}

/// A process that mirrors for ever; killed when dropped.
struct Following(Child);

impl Following {
    fn new(world: &World, tiles: &Path) -> Self {
        let (url, trust) = (url(world), trust(world));
        let (tiles, trust) = (tiles.to_str().unwrap(), trust.to_str().unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
        command.args(["mirror", &url, "--tiles", tiles, "--trust", trust, "--every", "1", "--log", "off"]);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_mirror_follows_through_kills_and_outages_and_is_the_only_one_that_writes() {
    let mut world = World::with_attestation();
    world.config.listen = world.server().address();
    let folder = tempfile::tempdir().unwrap();
    let (tiles, trust) = (folder.path().join("tiles"), trust(&world));
    let mut next = 2;
    for round in 0..4 {
        let following = Following::new(&world, &tiles);
        while next < 2 + 70 * (round + 1) {
            next = u32::try_from(world.attest(next)).unwrap() + 1;
        }
        if round == 1 {
            world.stop();
            world.start();
            next = u32::try_from(world.attest(next)).unwrap() + 1;
        }
        let note = world.get("/checkpoint").body;
        wait_for("the mirror", || (fs::read(tiles.join("checkpoint")).ok()? == note).then_some(()));
        if round == 2 {
            refused(&mirror(&url(&world), &tiles, &trust), "another mirror writes this folder");
        }
        drop(following);
    }
    for (name, bytes) in files(&tiles).iter().filter(|(name, _)| !name.ends_with(".new")) {
        assert_eq!(world.get(&format!("/{name}")).body, *bytes, "{name}");
    }
}

/// The recovery drill: the whole folder is lost while two mirrors follow, one that keeps files and one that serves.
#[test]
fn ten_thousand_entries_outlive_the_machine() {
    const ENTRIES: u32 = 10_000;
    let mut world = World::with_attestation();
    let folder = tempfile::tempdir().unwrap();
    let (tiles, kept) = (folder.path().join("tiles"), folder.path().join("kept"));
    fs::create_dir(&kept).unwrap();
    for file in ["log.key", "status.key", "witness.key", "trust.toml"] {
        copy(&world.data.join(file), &kept.join(file));
    }
    let following = Following::new(&world, &tiles);
    let serving = Mirror::start(&url(&world), &folder.path().join("copy"), &kept.join("trust.toml"), &[]);
    let (address, parties) = (world.server().address(), &world.parties);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            scope.spawn(move || {
                for slot in (2..ENTRIES).skip(writer).step_by(8) {
                    let jws = sign_attestation(&parties.attestation(slot), &certifier_key());
                    let headers = [("content-type", "application/vc+jwt")];
                    let answer =
                        wire::send(address, "registry.example", "POST /v1/statements", &headers, jws.as_bytes());
                    assert_eq!(answer.status, 201, "{}", answer.text());
                }
            });
        }
    });
    let note = world.get("/checkpoint").body;
    wait_for("the mirror", || (fs::read(tiles.join("checkpoint")).ok()? == note).then_some(()));
    let last = world.get("/v1/statements/9999").body;
    drop(following);
    for slot in ENTRIES..ENTRIES + 3 {
        world.attest(slot);
    }
    let seen = folder.path().join("seen");
    let (newest, newest_entry) = (world.get("/checkpoint").body, world.get("/v1/statements/10002").body);
    fs::write(&seen, &newest).unwrap();
    // The other mirror has these, too.
    serving.wait_for_size(10_003);
    world.stop();
    fs::remove_dir_all(&world.data).unwrap();
    copy(&kept, &world.data);
    let second = folder.path().join("second");
    copy(&kept, &second);
    let said = done(&restore(&serving.url(), &second, &["--newest-ok", "--seen", seen.to_str().unwrap()]));
    assert!(said.contains("restored 10003 entries"), "{said}");
    let server = world.runtime.block_on(Server::start(Config::new(&second))).unwrap();
    let get = |target: &str| wire::send(server.address(), "registry.example", &format!("GET {target}"), &[], b"").body;
    assert_eq!((get("/checkpoint"), get("/v1/statements/10002")), (newest, newest_entry));
    let statement = sign_attestation(&world.parties.attestation(ENTRIES + 3), &certifier_key());
    let headers = [("content-type", "application/vc+jwt")];
    let answer =
        wire::send(server.address(), "registry.example", "POST /v1/statements", &headers, statement.as_bytes());
    assert_eq!((answer.status, answer.json()["index"].as_u64()), (201, Some(10_003)), "the log goes on");
    world.runtime.block_on(server.stop()).unwrap();
    drop(serving);
    // From the files alone, three are known to be missing.
    let from = tiles.to_str().unwrap();
    let output = restore(from, &world.data, &["--newest-ok", "--seen", seen.to_str().unwrap()]);
    refused(&output, "entries 10000 to 10002 were signed and are not there");
    // Nobody had told of them: the operator begins again.
    fs::remove_file(world.data.join("signed")).unwrap();
    let said = done(&restore(from, &world.data, &["--newest-ok"]));
    assert!(said.contains("restored 10000 entries"), "{said}");
    world.start();
    assert_eq!(world.get("/checkpoint").body, note);
    assert_eq!(world.get("/v1/statements/9999").body, last);
    for (name, bytes) in files(&tiles) {
        assert_eq!(world.get(&format!("/{name}")).body, bytes, "{name}");
    }
    assert_eq!(world.attest(ENTRIES), 10_000);
}
