//! The threads that compute on the CPU, kept awake while they are needed.
//!
//! A training step is hundreds of short parallel parts with moments between them in which one thread is enough. A
//! thread of rayon's falls asleep in such a moment, and waking it is a system call that costs more than many a part: on
//! two virtual cores an eighth of the whole time. So the threads look for the next part without a pause until the step
//! is done.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How long the work waits for the other threads to be awake.
const AWAKE_WITHIN: Duration = Duration::from_micros(500);
/// Pauses of the processor between two looks for a part: about a microsecond.
const PAUSES: u32 = 16;

/// Runs `work` on a thread of the pool while the others stay awake for its parts. One piece of work runs at a time;
/// others wait for their turn.
///
/// From outside of the pool each part would wait until a thread wakes up, and the calling thread would then wait for
/// its end. Not to be called from a thread of another pool: while that waits here, it may take up work that comes here
/// again.
pub(crate) fn run<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    // The threads have nothing else to do than this work: a thread that waits for a part of other work in the middle of
    // its own could otherwise begin to stay awake there, and never come back to it.
    static TURN: Mutex<()> = Mutex::new(());
    let Some(pool) = pool() else {
        return work();
    };
    if pool.current_thread_index().is_some() {
        return work();
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    pool.install(|| keep_awake(pool.current_num_threads() - 1, work))
}

/// As many threads as the processor runs at once, or as `RAYON_NUM_THREADS` says; `None` where the system gives no
/// threads.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    POOL.get_or_init(|| ThreadPoolBuilder::new().build().ok())
        .as_ref()
}

/// Runs `work` while `n_others` threads of the pool look for its parts.
fn keep_awake<R>(n_others: usize, work: impl FnOnce() -> R + Send) -> R
where
    R: Send,
{
    let shift = Shift {
        n_others,
        n_awake: AtomicUsize::new(0),
        is_full: AtomicBool::new(false),
        is_over: AtomicBool::new(false),
    };
    rayon::scope(|scope| {
        for _ in 0..n_others {
            scope.spawn(|_| shift.look_for_parts());
        }
        shift.wait_until_full();
        // The others go home in any case, a panic in `work` included.
        let _over = Over(&shift.is_over);
        work()
    })
}

/// One piece of work and the threads that are awake for it.
struct Shift {
    n_others: usize,
    n_awake: AtomicUsize,
    /// Nobody begins any more: a thread that came late could do so in the middle of a part, and would not end it.
    is_full: AtomicBool,
    is_over: AtomicBool,
}

impl Shift {
    fn wait_until_full(&self) {
        let began = Instant::now();
        while self.n_awake.load(Ordering::Acquire) < self.n_others && began.elapsed() < AWAKE_WITHIN
        {
            spin_loop();
        }
        self.is_full.store(true, Ordering::SeqCst);
    }

    fn look_for_parts(&self) {
        if self.is_full.load(Ordering::SeqCst) {
            return;
        }
        self.n_awake.fetch_add(1, Ordering::AcqRel);
        // Looking earlier, it could find the shift of another thread.
        while !self.is_full.load(Ordering::Acquire) {
            spin_loop();
        }
        while !self.is_over.load(Ordering::Acquire) {
            if rayon::yield_now() != Some(rayon::Yield::Executed) {
                for _ in 0..PAUSES {
                    spin_loop();
                }
            }
        }
    }
}

/// Ends a shift when it is dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    fn sum_in_parts(n: u64) -> u64 {
        (0..n).into_par_iter().map(|i| i * i).sum()
    }

    #[test]
    fn work_with_many_parts_comes_to_its_result() {
        let expected: u64 = (0..1000).map(|i| i * i).sum();
        for _ in 0..200 {
            let sums = run(|| (0..20).map(|_| sum_in_parts(1000)).collect::<Vec<_>>());
            assert_eq!(sums, vec![expected; 20]);
        }
    }

    #[test]
    fn works_that_begin_at_the_same_time_all_end() {
        let expected: u64 = (0..5000).map(|i| i * i).sum();
        std::thread::scope(|scope| {
            let others: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..50).map(|_| run(|| sum_in_parts(5000))).max()))
                .collect();
            for other in others {
                assert_eq!(other.join().unwrap(), Some(expected));
            }
        });
    }

    #[test]
    fn work_inside_of_work_runs_where_it_is() {
        assert_eq!(run(|| run(|| sum_in_parts(10))), 285);
    }

    #[test]
    fn a_panic_comes_out_and_the_threads_stay_usable() {
        let broken = std::panic::catch_unwind(|| run(|| assert!(sum_in_parts(10) == 0)));
        assert!(broken.is_err());
        assert_eq!(run(|| sum_in_parts(10)), 285);
    }
}
