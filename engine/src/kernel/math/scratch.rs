//! Memory that a computation needs for a moment, kept for the next one.

use std::cell::Cell;

thread_local! {
    /// Blocks that this thread has given back.
    static FREE: Cell<Vec<Vec<f32>>> = const { Cell::new(Vec::new()) };
}

/// A block of numbers that goes back to its thread when dropped. Its content is left over from
/// earlier use.
pub(super) struct Scratch {
    block: Vec<f32>,
    size: usize,
}

impl Scratch {
    /// A block of `size` elements.
    pub(super) fn take(size: usize) -> Self {
        let mut free = FREE.take();
        let mut block = free.pop().unwrap_or_default();
        FREE.set(free);
        if block.len() < size {
            block.resize(size, 0.0);
        }
        Self { block, size }
    }

    /// The elements.
    pub(super) fn elements(&mut self) -> &mut [f32] {
        &mut self.block[..self.size]
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut free = FREE.take();
        free.push(std::mem::take(&mut self.block));
        FREE.set(free);
    }
}
