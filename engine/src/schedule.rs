//! The learning rate over the run.

use crate::recipe::Schedule;

/// Learning rate at `step`: linear warm-up, then decay to zero along a line or half a cosine.
///
/// `step` counts optimizer steps from 0; the result is in `0.0..=peak`. The same numbers as
/// `get_linear_schedule_with_warmup` and `get_cosine_schedule_with_warmup` of `transformers`.
#[must_use]
pub fn learning_rate(
    schedule: Schedule,
    step: usize,
    n_warmup: usize,
    n_steps: usize,
    peak: f64,
) -> f64 {
    if step < n_warmup {
        return peak * step as f64 / n_warmup as f64;
    }
    let progress = (step - n_warmup) as f64 / n_steps.saturating_sub(n_warmup).max(1) as f64;
    let share = match schedule {
        Schedule::Linear => 1.0 - progress,
        Schedule::Cosine => 0.5 * (1.0 + (std::f64::consts::PI * progress).cos()),
    };
    peak * share.max(0.0)
}
