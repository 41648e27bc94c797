//! Files that are changed at random are read or refused, without a panic, a hang or a flood of memory: what the targets
//! in `fuzz/` do, for machines without a fuzzer. Ignored by default, because it takes as long as one likes.
//!
//! `EMBERT_MUTATE_SECONDS=600 cargo test -p embert-engine --test mutate -- --ignored --nocapture` gives ten minutes to
//! each target; with `--features compute` the weights are among them. `EMBERT_MUTATE_SEED` repeats a run. The bytes that
//! make a reader fail are kept in a file that the message names.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[allow(dead_code, reason = "only the bytes of the files count here")]
mod nasty_files;
#[path = "../../fuzz/src/targets.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets are a crate of their own")]
mod targets;

use std::cell::RefCell;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// No file may take longer.
const TIME_LIMIT: Duration = Duration::from_secs(25);

/// Memory that the process may need.
const MEMORY_LIMIT_KB: u64 = 2 * 1024 * 1024;

/// Longer files are cut: they find nothing that short ones don't, and take longer.
const MOST_BYTES: usize = 8 * 1024;

/// Name of the threads that read; their panics are reported with the file and not as they happen.
const READER: &str = "reader";

/// Bytes that mean something in one format or another.
const TELLING: &[u8] = b",;\t|\"'\\\r\n #{}[]:<>/=&\0\x01\x1A\x7F\x80\xBB\xBF\xC3\xEF\xFE\xFF09aZ";

/// Numbers at which readers break.
const NUMBERS: [u32; 7] = [0, 1, 0x7F, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

#[test]
#[ignore = "takes as long as EMBERT_MUTATE_SECONDS says"]
fn changed_text_is_read_or_refused() {
    let mut seeds = corpus("table");
    seeds.extend(nasty_files::all().into_iter().map(|file| file.bytes));
    mutate("table", targets::table, seeds);
}

#[test]
#[ignore = "takes as long as EMBERT_MUTATE_SECONDS says"]
fn changed_json_is_read_or_refused() {
    mutate("json", targets::json, corpus("json"));
}

#[test]
#[ignore = "takes as long as EMBERT_MUTATE_SECONDS says"]
fn changed_workbooks_are_read_or_refused() {
    mutate("workbook", targets::workbook, corpus("workbook"));
}

#[test]
#[ignore = "takes as long as EMBERT_MUTATE_SECONDS says"]
fn changed_parquet_is_read_or_refused() {
    mutate("parquet", targets::parquet, corpus("parquet"));
}

#[cfg(feature = "compute")]
#[test]
#[ignore = "takes as long as EMBERT_MUTATE_SECONDS says"]
fn changed_weights_are_read_or_refused() {
    mutate("weights", targets::weights, corpus("weights"));
}

/// The seeds of a fuzz target, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Reads every seed, and then changed ones until the time is up.
fn mutate(name: &str, target: fn(&[u8]), mut seeds: Vec<Vec<u8>>) {
    seeds.retain(|seed| seed.len() <= MOST_BYTES);
    assert!(!seeds.is_empty(), "no seeds for {name}");
    let seconds = variable("EMBERT_MUTATE_SECONDS").unwrap_or(20);
    let seed = variable("EMBERT_MUTATE_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        now.unwrap().as_secs()
    });
    println!(
        "{name}: {seconds} s, EMBERT_MUTATE_SEED={seed}, {} seeds",
        seeds.len()
    );
    listen();
    let current = Arc::new(Mutex::new(Vec::<u8>::new()));
    let (sender, receiver) = mpsc::channel();
    let reader = thread::Builder::new().name(READER.to_owned()).spawn({
        let current = Arc::clone(&current);
        move || {
            let mut random = Random(seed);
            let end = Instant::now() + Duration::from_secs(seconds);
            let mut n_read = 0;
            while n_read < seeds.len() || Instant::now() < end {
                let bytes = match seeds.get(n_read) {
                    Some(seed) => seed.clone(),
                    None => random.changed(&seeds),
                };
                current.lock().unwrap().clone_from(&bytes);
                if panic::catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                    return Err(LAST.take());
                }
                let memory_kb = peak_memory_kb();
                if memory_kb > MEMORY_LIMIT_KB {
                    return Err(format!("{memory_kb} kB of memory were needed"));
                }
                n_read += 1;
                sender.send(()).unwrap();
            }
            Ok(n_read)
        }
    });
    let reader = reader.unwrap();
    loop {
        match receiver.recv_timeout(TIME_LIMIT) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let kept = keep(name, &current.lock().unwrap());
                panic!(
                    "{name}: {} takes longer than {TIME_LIMIT:?}",
                    kept.display()
                );
            }
        }
    }
    match reader.join().unwrap() {
        Ok(n_read) => println!("{name}: {n_read} files were read or refused"),
        Err(fault) => {
            let kept = keep(name, &current.lock().unwrap());
            panic!("{name}: {}: {fault}", kept.display());
        }
    }
}

/// Writes what made a reader fail, to be looked at and to become a seed.
fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutate-{name}.bin"));
    fs::write(&path, bytes).unwrap();
    path
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

thread_local! {
    /// What the last panic of this thread said.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps what panics of the reading threads say. Most are caught by the engine and are none of its faults.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if thread::current().name() == Some(READER) {
                LAST.set(panic.to_string());
            } else {
                usual(panic);
            }
        }));
    });
}

/// The most memory that the process had so far; 0 where the system doesn't say.
fn peak_memory_kb() -> u64 {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return 0;
    };
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// SplitMix64 (Steele, Lea and Flood 2014), as in the engine.
struct Random(u64);

impl Random {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is at least 1.
    fn below(&mut self, bound: usize) -> usize {
        (self.next_u64() % bound as u64) as usize
    }

    /// A seed with a few changes.
    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(6) {
            self.change(&mut bytes, seeds);
            bytes.truncate(MOST_BYTES);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let (start, end) = self.range(bytes.len());
        match self.below(8) {
            0 => {
                if let Some(byte) = bytes.get_mut(start) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                if let Some(byte) = bytes.get_mut(start) {
                    *byte = TELLING[self.below(TELLING.len())];
                }
            }
            2 => bytes.insert(start, TELLING[self.below(TELLING.len())]),
            3 => drop(bytes.drain(start..end)),
            4 => bytes.truncate(end),
            5 => {
                let piece = bytes[start..end].repeat(1 + self.below(8));
                drop(bytes.splice(end..end, piece));
            }
            6 => {
                let other = &seeds[self.below(seeds.len())];
                let (from, to) = self.range(other.len());
                drop(bytes.splice(start..end, other[from..to].iter().copied()));
            }
            _ => {
                let number = NUMBERS[self.below(NUMBERS.len())].to_le_bytes();
                let n_bytes = 1_usize << self.below(3);
                let end = (start + n_bytes).min(bytes.len());
                drop(bytes.splice(start..end, number[..n_bytes].iter().copied()));
            }
        }
    }

    /// A part of something that has `n_bytes`; now and then an empty one.
    fn range(&mut self, n_bytes: usize) -> (usize, usize) {
        let start = self.below(n_bytes + 1);
        (start, start + self.below(n_bytes - start + 1))
    }
}
