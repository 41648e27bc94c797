//! `bench --typing`: from a typed word to the bars of its answer, in the real window on a virtual display.

use std::thread::sleep;
use std::time::{Duration, Instant};

use embert_driver::{DriverError, PATIENCE, Session};
use serde_json::json;

use crate::failure::Failure;
use crate::window::Window;
use crate::worker::Profile;
use crate::{model, place};

/// What is typed, word by word; each word is one measurement.
const TEXT: &str = "Hello, I was charged twice for my last order and nobody answers my mails, please give me the money \
                    back or tell me who can help me with this today";
/// What the answer may take, so that it seems to come while typing.
const GOAL_MS: f64 = 100.0;
const LONGEST_TRAINING: Duration = Duration::from_secs(600);

/// Measures how long the answer to a typed word takes and prints the median.
pub(crate) fn bench(profile: Profile) -> Result<(), Failure> {
    model::ensure()?;
    let window = Window::build(profile, "typing-home")?;
    window.forget_earlier_starts()?;
    let milliseconds = measure(&window).map_err(|error| {
        Failure::new(
            format!("Typing could not be measured: {error}"),
            "Run the command again on a quieter machine.",
        )
    })?;
    println!("\n{}", summary(&milliseconds));
    Ok(())
}

fn measure(window: &Window) -> Result<Vec<f64>, DriverError> {
    let models = place::models();
    let models = models.to_string_lossy();
    let display = Window::display()?;
    let window = window.open(&display, &[("EMBERT_MODELS", &models)])?;
    window.wait_for_text("h1")?;
    let project = trained_sample(&window)?;
    window.execute(&format!(
        "location.hash = {}; return true",
        json!(format!("#/project/{project}/try"))
    ))?;
    window.wait_for(
        "return document.querySelector('#try-text') !== null",
        PATIENCE,
    )?;
    // The first answer reads the model, which nobody waits for again.
    answer_time(&window, "a first text")?;
    let mut typed = String::new();
    TEXT.split_inclusive(' ')
        .map(|word| {
            typed += word;
            answer_time(&window, typed.trim_end())
        })
        .collect()
}

/// The id of a project with a model that was trained for a few steps: how good it is does not matter here.
fn trained_sample(window: &Session) -> Result<String, DriverError> {
    let project = window.invoke("create_sample_project", &json!({}))?["id"].clone();
    let settings = json!({
        "projectId": project, "baseModel": "minilm-l6", "recipe": {"epochs": 0.5, "minSteps": 1}
    });
    window.invoke("set_training", &settings)?;
    window.invoke("start_training", &json!({"projectId": project}))?;
    let started = Instant::now();
    loop {
        let run = window.invoke("list_projects", &json!({}))?[0]["lastRun"].clone();
        match run["state"].as_str() {
            Some("finished") => break,
            Some("running") if started.elapsed() < LONGEST_TRAINING => {
                sleep(Duration::from_millis(500));
            }
            _ => return Err(DriverError::Refused(run.to_string())),
        }
    }
    Ok(project.as_str().unwrap_or_default().to_owned())
}

/// Milliseconds from the moment in which the field says `text` to the drawn bars of its answer.
fn answer_time(window: &Session, text: &str) -> Result<f64, DriverError> {
    let script = format!(
        "const done = arguments[0]; \
         const field = document.querySelector('#try-text'); \
         const started = performance.now(); \
         const look = () => {{ \
            const verdict = document.querySelector('[data-testid=verdict]'); \
            if (verdict === null || verdict.classList.contains('stale')) requestAnimationFrame(look); \
            else requestAnimationFrame(() => done(performance.now() - started)); \
         }}; \
         field.value = {}; \
         field.dispatchEvent(new Event('input', {{bubbles: true}})); \
         requestAnimationFrame(look);",
        json!(text)
    );
    let found = window.execute_async(&script)?;
    found
        .as_f64()
        .ok_or_else(|| DriverError::Refused(found.to_string()))
}

fn summary(milliseconds: &[f64]) -> String {
    let mut sorted = milliseconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let last = sorted.len().saturating_sub(1);
        sorted
            .get((share * last as f64).round() as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let verdict = if at(0.5) < GOAL_MS { "within" } else { "above" };
    format!(
        "From a typed word to its bars: {:.0} ms (median of {}; nine of ten within {:.0} ms), {verdict} the goal of \
         {GOAL_MS} ms.",
        at(0.5),
        sorted.len(),
        at(0.9)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_slow_ones_are_told() {
        let times: Vec<f64> = (1..=11).map(|i| f64::from(i) * 10.0).collect();
        let text = summary(&times);
        assert!(
            text.contains("60 ms (median of 11; nine of ten within 100 ms), within"),
            "{text}"
        );
        assert!(summary(&[120.0]).contains("above"));
    }
}
