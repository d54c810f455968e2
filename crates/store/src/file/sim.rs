//! A disk in memory with a volatile cache, that fails and loses power on order (feature `testing`).
//!
//! It models what a real one may do to a writer: unsynced sectors and names survive a power cut in any combination, and a
//! sync that failed leaves its pages clean in the cache, so that a later sync succeeds without having written them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::frame::SECTOR;
use super::{Disk, DiskFile};

/// How one operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// It fails and does nothing. A sync that fails so leaves its sectors clean, and not on the device.
    Before,
    /// It does all of its work, and reports failure.
    After,
    /// A write that does the first half of its sectors, and reports failure; other operations do nothing.
    Half,
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// The process is killed: the system's cache lives on, synced or not.
    Process,
    /// The power is cut, and nothing that was not synced reached the device.
    Power,
    /// The power is cut, and some of what was not synced reached the device, sector by sector and name by name, as this
    /// seed says.
    PowerSome(u64),
}

#[derive(Clone, Debug, Default)]
struct Inode {
    cache: Vec<u8>,
    device: Vec<u8>,
    dirty: BTreeSet<usize>,
    resized: bool,
}

impl Inode {
    fn touch(&mut self, begin: usize, end: usize) {
        self.dirty.extend(begin / SECTOR..end.div_ceil(SECTOR));
    }

    /// Writes the chosen dirty sectors to the device, and the length if it is chosen.
    fn settle(&mut self, mut sector: impl FnMut() -> bool, resize: bool) {
        if self.resized && resize {
            self.device.resize(self.cache.len(), 0);
        }
        for number in std::mem::take(&mut self.dirty) {
            let begin = number * SECTOR;
            let end = (begin + SECTOR).min(self.cache.len()).min(self.device.len());
            if let (Some(from), Some(to), true) =
                (self.cache.get(begin..end), self.device.get_mut(begin..end.max(begin)), sector())
            {
                to.copy_from_slice(from);
            }
        }
        self.resized = false;
    }
}

#[derive(Clone, Debug)]
enum NameChange {
    Set(String, usize),
    Remove(String),
    Rename(String, String, usize),
}

#[derive(Clone, Debug, Default)]
struct State {
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    device_names: BTreeMap<String, usize>,
    unsynced_names: Vec<NameChange>,
    operations: u64,
    fault: Option<(u64, DiskFault)>,
    dies: bool,
    dead: bool,
    lies: bool,
}

impl State {
    /// Counts an operation and says how it is to fail.
    fn next(&mut self) -> Result<Option<DiskFault>, io::Error> {
        if self.dead {
            return Err(io::Error::other("the device is gone"));
        }
        let nth = self.operations;
        self.operations += 1;
        let fault = self.fault.filter(|(at, _)| *at == nth).map(|(_, fault)| fault);
        self.dead = self.dies && fault.is_some();
        Ok(fault)
    }

    fn apply(names: &mut BTreeMap<String, usize>, change: &NameChange) {
        match change {
            NameChange::Set(name, inode) => drop(names.insert(name.clone(), *inode)),
            NameChange::Remove(name) => drop(names.remove(name)),
            NameChange::Rename(from, to, inode) => {
                names.remove(from);
                names.insert(to.clone(), *inode);
            }
        }
    }

    fn change(&mut self, change: NameChange) {
        Self::apply(&mut self.names, &change);
        self.unsynced_names.push(change);
    }

    fn inode(&mut self, number: usize) -> &mut Inode {
        while self.inodes.len() <= number {
            self.inodes.push(Inode::default());
        }
        #[expect(clippy::indexing_slicing, reason = "made just above")]
        &mut self.inodes[number]
    }
}

/// A [`Disk`] in memory. Clones are handles of the same disk.
#[derive(Clone, Debug, Default)]
pub struct SimDisk {
    state: Arc<Mutex<State>>,
}

/// An open file of a [`SimDisk`].
#[derive(Debug)]
pub struct SimFile {
    state: Arc<Mutex<State>>,
    inode: usize,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn injected(fault: DiskFault) -> io::Error {
    io::Error::other(format!("injected fault: {fault:?}"))
}

impl SimDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of changing operations so far: the range to run through in an exhaustive test.
    #[must_use]
    pub fn operations(&self) -> u64 {
        lock(&self.state).operations
    }

    /// Makes changing operation number `nth` fail, counted from 0. If it `dies`, so do all that follow.
    pub fn fail(&self, nth: u64, fault: DiskFault, dies: bool) {
        let mut state = lock(&self.state);
        state.fault = Some((nth, fault));
        state.dies = dies;
    }

    /// Makes every sync succeed without doing anything, as a disk does whose cache ignores flushes.
    pub fn lie(&self) {
        lock(&self.state).lies = true;
    }

    /// What is left after a crash, on a disk that works again.
    #[must_use]
    pub fn crash(&self, crash: Crash) -> Self {
        let mut state = lock(&self.state).clone();
        let mut random = match crash {
            Crash::Process => {
                state.fault = None;
                (state.dies, state.dead, state.operations) = (false, false, 0);
                return Self { state: Arc::new(Mutex::new(state)) };
            }
            Crash::Power => Random(None),
            Crash::PowerSome(seed) => Random(Some(seed)),
        };
        let mut names = state.device_names;
        for change in &state.unsynced_names {
            if random.next() {
                State::apply(&mut names, change);
            }
        }
        for inode in &mut state.inodes {
            let resize = random.next();
            inode.settle(|| random.next(), resize);
            inode.cache.clone_from(&inode.device);
        }
        let state = State { inodes: state.inodes, device_names: names.clone(), names, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// A second disk with the same contents, all of them on the device.
    #[must_use]
    pub fn copy(&self) -> Self {
        let copy = Self::new();
        for name in self.names().unwrap_or_default() {
            copy.put(&name, self.bytes(&name));
        }
        copy
    }

    /// The bytes of a file; empty if there is none.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let mut state = lock(&self.state);
        let inode = state.names.get(name).copied();
        inode.map(|inode| state.inode(inode).cache.clone()).unwrap_or_default()
    }

    /// Makes a file hold these bytes, on the device, whatever it held.
    pub fn put(&self, name: &str, bytes: Vec<u8>) {
        let mut state = lock(&self.state);
        let inode = state.names.get(name).copied().unwrap_or(state.inodes.len());
        *state.inode(inode) = Inode { device: bytes.clone(), cache: bytes, ..Inode::default() };
        state.names.insert(name.into(), inode);
        state.device_names.insert(name.into(), inode);
    }
}

/// A coin for each question; without a seed, always no.
struct Random(Option<u64>);

impl Random {
    fn next(&mut self) -> bool {
        let Some(state) = &mut self.0 else { return false };
        // SplitMix64.
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) & 1 == 1
    }
}

/// Does the work of one operation as its fault says.
fn perform(state: &mut State, work: impl FnOnce(&mut State)) -> io::Result<()> {
    match state.next()? {
        None => {
            work(state);
            Ok(())
        }
        Some(fault) => {
            if fault == DiskFault::After {
                work(state);
            }
            Err(injected(fault))
        }
    }
}

impl Disk for SimDisk {
    type File = SimFile;

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(lock(&self.state).names.keys().cloned().collect())
    }

    fn create(&self, name: &str) -> io::Result<SimFile> {
        let mut state = lock(&self.state);
        if state.names.contains_key(name) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let inode = state.inodes.len();
        perform(&mut state, |state| {
            state.inode(inode);
            state.change(NameChange::Set(name.into(), inode));
        })?;
        Ok(SimFile { state: self.state.clone(), inode })
    }

    fn open(&self, name: &str) -> io::Result<SimFile> {
        let inode = lock(&self.state).names.get(name).copied().ok_or(ErrorKind::NotFound)?;
        Ok(SimFile { state: self.state.clone(), inode })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = lock(&self.state);
        if state.names.contains_key(to) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let inode = state.names.get(from).copied().ok_or(ErrorKind::NotFound)?;
        perform(&mut state, |state| state.change(NameChange::Rename(from.into(), to.into(), inode)))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = lock(&self.state);
        if !state.names.contains_key(name) {
            return Err(ErrorKind::NotFound.into());
        }
        perform(&mut state, |state| state.change(NameChange::Remove(name.into())))
    }

    fn sync_names(&self) -> io::Result<()> {
        let mut state = lock(&self.state);
        let lies = state.lies;
        perform(&mut state, |state| {
            if !lies {
                state.device_names = state.names.clone();
                state.unsynced_names.clear();
            }
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from("sim").join(name)
    }
}

impl SimFile {
    fn sync(&self) -> io::Result<()> {
        let mut state = lock(&self.state);
        let lies = state.lies;
        let number = self.inode;
        let result = perform(&mut state, |state| {
            if !lies {
                state.inode(number).settle(|| true, true);
            }
        });
        if result.is_err() {
            let inode = state.inode(number);
            inode.dirty.clear();
            inode.resized = false;
        }
        result
    }

    fn resize(&self, size: u64, shrink: bool) -> io::Result<()> {
        let size = usize::try_from(size).map_err(io::Error::other)?;
        perform(&mut lock(&self.state), |state| {
            let inode = state.inode(self.inode);
            if shrink || size > inode.cache.len() {
                inode.cache.resize(size, 0);
                inode.resized = true;
            }
        })
    }
}

impl DiskFile for SimFile {
    fn size(&self) -> io::Result<u64> {
        Ok(lock(&self.state).inode(self.inode).cache.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let mut state = lock(&self.state);
        let cache = &state.inode(self.inode).cache;
        let rest = usize::try_from(at).ok().and_then(|at| cache.get(at..)).unwrap_or_default();
        let len = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        Ok(len)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        let begin = usize::try_from(at).map_err(io::Error::other)?;
        let mut state = lock(&self.state);
        let fault = state.next()?;
        let len = match fault {
            None | Some(DiskFault::After) => bytes.len(),
            Some(DiskFault::Before) => 0,
            // A whole number of sectors of the file, as the system copies them.
            Some(DiskFault::Half) => ((begin + bytes.len() / 2) / SECTOR * SECTOR).saturating_sub(begin),
        };
        if len > 0 {
            let inode = state.inode(self.inode);
            let end = begin + len;
            if end > inode.cache.len() {
                inode.cache.resize(end, 0);
                inode.resized = true;
            }
            if let (Some(to), Some(from)) = (inode.cache.get_mut(begin..end), bytes.get(..len)) {
                to.copy_from_slice(from);
            }
            inode.touch(begin, end);
        }
        fault.map_or(Ok(()), |fault| Err(injected(fault)))
    }

    fn reserve(&self, size: u64) -> io::Result<()> {
        self.resize(size, false)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.resize(size, true)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.sync()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync()
    }
}
