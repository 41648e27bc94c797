//! Reading the files of a new project: it tells how far it has come, and the person can end it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};
use std::time::Duration;

use embert_engine::event::WorkProgress;
use embert_engine::table::ReadWatch;

use crate::lock;

/// The page gets no more news than it can draw.
const TELL_EVERY: Duration = Duration::from_millis(50);

/// A place for the reading that goes on, so that it can be found again to be cancelled.
#[derive(Debug, Default)]
pub struct Importing(Mutex<Option<Arc<ReadWatch>>>);

impl Importing {
    /// Does `work` with a watch over what it reads, and tells `listener` how many bytes are done.
    pub fn run<T>(
        &self,
        work: impl FnOnce(&Arc<ReadWatch>) -> T,
        listener: impl FnMut(WorkProgress) + Send,
    ) -> T {
        let watch = Arc::new(ReadWatch::default());
        *lock(&self.0) = Some(Arc::clone(&watch));
        let is_over = AtomicBool::new(false);
        let done = thread::scope(|scope| {
            let (watch, is_over) = (&watch, &is_over);
            let teller = scope.spawn(move || tell(watch, is_over, listener));
            // Dropped whatever becomes of the work: the scope waits for the teller.
            let _end = End {
                is_over,
                teller: teller.thread().clone(),
            };
            work(watch)
        });
        *lock(&self.0) = None;
        done
    }

    /// Ends the reading, if there is one.
    pub fn cancel(&self) {
        if let Some(watch) = lock(&self.0).as_ref() {
            watch.cancel();
        }
    }
}

fn tell(watch: &ReadWatch, is_over: &AtomicBool, mut listener: impl FnMut(WorkProgress)) {
    let mut told = None;
    while !is_over.load(Ordering::SeqCst) {
        let progress = WorkProgress {
            done: number(watch.done_bytes()),
            total: number(watch.total_bytes()),
        };
        // A folder has no size that is known.
        if progress.total > 0 && told != Some(progress) {
            listener(progress);
            told = Some(progress);
        }
        thread::park_timeout(TELL_EVERY);
    }
}

fn number(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// Ends the teller when it goes.
struct End<'a> {
    is_over: &'a AtomicBool,
    teller: Thread,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.teller.unpark();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::PathBuf;
    use std::sync::mpsc;

    use embert_engine::table::{DialectRequest, Table};

    use super::*;

    fn file() -> (tempfile::TempDir, [PathBuf; 1]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("texts.csv");
        std::fs::write(&path, "text,label\none,a\ntwo,b\n").unwrap();
        (folder, [path])
    }

    #[test]
    fn who_waits_hears_how_far_it_is() {
        let (_folder, paths) = file();
        let (sender, told) = mpsc::channel();
        let table = Importing::default().run(
            |watch| {
                let table = Table::read_watched(&paths, &DialectRequest::default(), watch);
                // The last news come while the work goes on.
                let last = told.recv_timeout(Duration::from_secs(10)).unwrap();
                (table, last)
            },
            move |progress| sender.send(progress).unwrap_or(()),
        );
        let (table, last) = table;
        assert_eq!(table.unwrap().unwrap().rows.len(), 2);
        let total = 2 * std::fs::metadata(&paths[0]).unwrap().len() as usize;
        assert_eq!(last.total, total);
        assert!(last.done <= total);
    }

    #[test]
    fn a_reading_can_be_ended_and_the_next_one_begins_anew() {
        let (_folder, paths) = file();
        let importing = Importing::default();
        let read = |is_cancelled: bool| {
            importing.run(
                |watch| {
                    if is_cancelled {
                        importing.cancel();
                    }
                    Table::read_watched(&paths, &DialectRequest::default(), watch).unwrap()
                },
                |_| {},
            )
        };
        assert!(read(true).is_none());
        assert!(read(false).is_some());
        importing.cancel();
        assert!(read(false).is_some());
    }

    #[test]
    fn a_fault_in_the_work_ends_the_news() {
        fn fails(_: &Arc<ReadWatch>) -> usize {
            panic!("on purpose")
        }
        let panicked = std::panic::catch_unwind(|| Importing::default().run(fails, |_| {}));
        assert!(panicked.is_err());
    }
}
