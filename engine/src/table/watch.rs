//! Watching the reading of files from another thread: how far it is, and an end when somebody wants one.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How often a file is read through: once for its encoding and once for its rows.
const PASSES: u64 = 2;

/// How far a reading is, and whether it shall end. The reader and whoever watches it share one.
#[derive(Debug, Default)]
pub struct ReadWatch {
    done_bytes: AtomicU64,
    total_bytes: AtomicU64,
    is_cancelled: AtomicBool,
}

impl ReadWatch {
    /// Asks the reader to end.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
    }

    /// Whether the reader was asked to end.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }

    /// Bytes that were read, never more than there are.
    pub fn done_bytes(&self) -> u64 {
        let done = self.done_bytes.load(Ordering::Relaxed);
        done.min(self.total_bytes())
    }

    /// Bytes to read; those that are read twice count twice. 0 while nobody knows.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes.load(Ordering::Relaxed)
    }

    /// Announces what is going to be read, and returns how much of it each file is. Of a folder nobody knows.
    pub(super) fn expect(&self, files: &[impl AsRef<Path>]) -> Vec<u64> {
        let size = |file: &Path| match std::fs::metadata(file) {
            Ok(about) if about.is_file() => about.len().saturating_mul(PASSES),
            _ => 0,
        };
        let sizes: Vec<u64> = files.iter().map(|file| size(file.as_ref())).collect();
        self.total_bytes
            .store(sizes.iter().sum(), Ordering::Relaxed);
        sizes
    }

    /// Goes on to here, because a file is done: not every format is read byte by byte.
    pub(super) fn go_to(&self, done_bytes: u64) {
        self.done_bytes.store(done_bytes, Ordering::Relaxed);
    }
}

/// A file that is watched while it is read.
pub(super) struct Watched {
    file: File,
    watch: Arc<ReadWatch>,
}

impl Watched {
    pub(super) fn new(file: File, watch: &Arc<ReadWatch>) -> Watched {
        Watched {
            file,
            watch: Arc::clone(watch),
        }
    }

    /// The file, for a reader that wants it as it is.
    pub(super) fn into_file(self) -> File {
        self.file
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.is_cancelled() {
            // Not `Interrupted`, after which readers try again.
            return Err(io::Error::other("the reading was cancelled"));
        }
        let n = self.file.read(buffer)?;
        self.watch.done_bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample_files::write;
    use super::super::{DialectRequest, Table};
    use super::*;

    #[test]
    fn a_reading_ends_where_all_is_read() {
        let rows = "one,a\ntwo,b\n".repeat(1000);
        let (_folder, path) = write("a.csv", format!("text,label\n{rows}").as_bytes());
        let paths = [path];
        let watch = Arc::new(ReadWatch::default());
        let table = Table::read_watched(&paths, &DialectRequest::default(), &watch);
        assert_eq!(table.unwrap().unwrap().rows.len(), 2000);
        let total = 2 * std::fs::metadata(&paths[0]).unwrap().len();
        assert_eq!((watch.done_bytes(), watch.total_bytes()), (total, total));
    }

    #[test]
    fn a_reading_that_is_cancelled_gives_nothing() {
        let (_folder, path) = write("a.csv", b"text,label\none,a\n");
        let watch = Arc::new(ReadWatch::default());
        watch.cancel();
        let table = Table::read_watched(&[path], &DialectRequest::default(), &watch);
        assert!(table.unwrap().is_none());
        assert_eq!(watch.done_bytes(), 0);
    }

    #[test]
    fn a_reader_stops_in_the_middle_of_a_file() {
        let (_folder, path) = write("a.csv", &[b'a'; 1000]);
        let watch = Arc::new(ReadWatch::default());
        watch.expect(&[&path]);
        let mut file = Watched::new(File::open(&path).unwrap(), &watch);
        let mut piece = [0; 100];
        file.read_exact(&mut piece).unwrap();
        assert_eq!((watch.done_bytes(), watch.total_bytes()), (100, 2000));
        watch.cancel();
        assert!(file.read_exact(&mut piece).is_err());
        assert_eq!(watch.done_bytes(), 100);
    }
}
