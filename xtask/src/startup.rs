//! `bench --startup`: from starting the program to a page that can be used, on a virtual display.

use std::time::Instant;

use embert_driver::{DriverError, PATIENCE};

use crate::failure::Failure;
use crate::window::Window;
use crate::worker::Profile;

/// Starts that are measured, after one that warms up the disk.
const STARTS: usize = 9;
/// What a person should not have to wait longer for.
const GOAL_SECONDS: f64 = 1.5;

/// Measures the start of the window and prints the median.
pub(crate) fn bench(profile: Profile) -> Result<(), Failure> {
    let built = Window::build(profile, "startup-home")?;
    let measure = || -> Result<Vec<f64>, DriverError> {
        let display = Window::display()?;
        (0..=STARTS)
            .map(|_| {
                let started = Instant::now();
                let window = built.open(&display, &[])?;
                // The button answers as soon as it is there: everything before it has been loaded and drawn.
                window.wait_for(
                    "return [...document.querySelectorAll('main button')].some((button) => !button.disabled)",
                    PATIENCE,
                )?;
                Ok(started.elapsed().as_secs_f64())
            })
            .collect()
    };
    let seconds = measure().map_err(|error| {
        Failure::new(
            format!("The start could not be measured: {error}"),
            "Run the command again on a quieter machine.",
        )
    })?;
    println!("\n{}", summary(&seconds[1..]));
    Ok(())
}

fn summary(seconds: &[f64]) -> String {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let (least, most) = (
        sorted.first().copied().unwrap_or(0.0),
        sorted.last().copied().unwrap_or(0.0),
    );
    let verdict = if median < GOAL_SECONDS {
        "within"
    } else {
        "above"
    };
    format!(
        "From start to usable window: {median:.2} s (median of {}, {least:.2} to {most:.2} s), {verdict} the goal of \
         {GOAL_SECONDS} s.\nThe start of the window's driver is part of it.",
        sorted.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_what_counts() {
        let text = summary(&[9.0, 1.0, 1.25, 1.5, 1.125]);
        assert!(
            text.contains("1.25 s (median of 5, 1.00 to 9.00 s), within"),
            "{text}"
        );
        assert!(summary(&[2.0, 1.0, 3.0]).contains("2.00 s"), "{text}");
        assert!(summary(&[2.0, 1.0, 3.0]).contains("above"), "{text}");
    }
}
