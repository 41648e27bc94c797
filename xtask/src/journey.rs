//! The sample journey in the real window, where nobody can see it: on a display of its own, with pictures.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use embert_driver::{Display, DriverError, PATIENCE, PROGRAMS, Session};
use serde_json::{Value, json};

use crate::failure::{Failure, file_failure};
use crate::{machine, place, screens, shell};

/// The text that the trained model is asked about.
const TEXT: &str = "I was charged twice, please give me my money back";
/// A training that takes longer than this is stuck.
const LONGEST_TRAINING: Duration = Duration::from_secs(3600);
/// Between two lines about the training.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// Why the journey can't be made on this machine, or nothing. System packages are no obstacle where apt-get is.
pub(crate) fn obstacle() -> Option<String> {
    if let Some(reason) = screens::node_obstacle() {
        return Some(reason);
    }
    if machine::is_debian() {
        return None;
    }
    PROGRAMS
        .iter()
        .find(|program| shell::find(program).is_none())
        .map(|program| format!("{program} is not installed"))
}

/// Opens the sample in the window, trains, reads the report and asks the model, and says what came of it.
pub(crate) fn run() -> Result<(), Failure> {
    let pictures = place::target().join("screens").join("start");
    let (data, home) = (
        place::root().join("runs").join("window"),
        place::target().join("window-home"),
    );
    for folder in [&data, &home] {
        fs::create_dir_all(folder).map_err(|error| file_failure(folder, &error))?;
    }
    println!(
        "There is no display, so the window opens on a virtual one, and the sample is put through it."
    );
    let journey = travel(&data, &home, &pictures).map_err(|error| {
        Failure::new(
            format!("The journey through the window ended early: {error}"),
            format!(
                "The pictures so far are in {}; to train without a window: cargo xtask start --terminal.",
                place::shown(&pictures)
            ),
        )
    })?;
    journey.tell(&data, &pictures);
    Ok(())
}

/// What came of the journey.
struct Journey {
    project: Value,
    answer: String,
}

fn travel(data: &Path, home: &Path, pictures: &Path) -> Result<Journey, DriverError> {
    let display = Display::start(1280, 900)?;
    let data = data.to_string_lossy();
    let environment = [("EMBERT_DATA", &*data), ("GTK_THEME", "Adwaita")];
    let app = place::program("embert-desktop");
    let window = Session::open(&app, &display, home, &environment)?;

    window.wait_for_text("h1")?;
    window.pictures(pictures, "1-home")?;
    println!("  Home is open. Opening the sample.");
    window.press("Try the sample")?;
    window.wait_for(
        "return document.querySelectorAll('[data-testid=rows] tr.data').length",
        PATIENCE,
    )?;
    window.pictures(pictures, "2-data")?;
    window.press("Continue to Labels")?;
    window.wait_for_text("[data-testid=labels]")?;
    window.pictures(pictures, "3-labels")?;
    window.press("Continue to Model")?;
    window.wait_for(
        "return document.querySelector('aside dl') !== null",
        PATIENCE,
    )?;
    window.pictures(pictures, "4-model")?;
    window.press("Train")?;
    watch_training(&window, pictures)?;
    window.pictures(pictures, "6-trained")?;
    window.press("See the report")?;
    window.wait_for(
        "return document.querySelectorAll('table').length >= 2",
        PATIENCE,
    )?;
    window.pictures(pictures, "7-report")?;
    window.go_to("try")?;
    window.wait_for(
        "return document.querySelector('#try-text') !== null",
        PATIENCE,
    )?;
    window.type_into("#try-text", TEXT)?;
    let answer = window.wait_for_text("[data-testid=verdict]")?;
    window.pictures(pictures, "8-try")?;
    window.go_to("export")?;
    window.wait_for_text("main h1")?;
    window.pictures(pictures, "9-export")?;
    window.execute("location.hash = ''; return true")?;
    window.wait_for_text("[data-testid=project]")?;
    window.pictures(pictures, "home-with-project")?;
    let project = window.invoke("list_projects", &json!({}))?[0].clone();
    Ok(Journey { project, answer })
}

/// Says how the training goes, and takes a picture in the middle of it.
fn watch_training(window: &Session, pictures: &Path) -> Result<(), DriverError> {
    let started = Instant::now();
    let mut last_line: Option<Instant> = None;
    let mut has_picture = false;
    loop {
        let state = window.execute(
            "const words = (selector) => document.querySelector(selector)?.innerText.trim() ?? ''; \
             const progress = document.querySelector('main progress'); \
             return { \
                now: words('main [role=status]'), \
                share: progress?.hasAttribute('value') ? progress.value / progress.max : 0, \
                problem: words('main [role=alert]'), \
                isOver: [...document.querySelectorAll('button')] \
                    .some((button) => button.textContent.trim() === 'See the report'), \
             };",
        )?;
        if state["isOver"] == json!(true) {
            println!("  Trained in {} s.", started.elapsed().as_secs());
            return Ok(());
        }
        if let Some(problem) = state["problem"].as_str().filter(|words| !words.is_empty()) {
            return Err(DriverError::Refused(problem.replace('\n', " ")));
        }
        if started.elapsed() > LONGEST_TRAINING {
            return Err(DriverError::Patience {
                what: "the end of the training".to_owned(),
                waited: LONGEST_TRAINING,
                page: state.to_string(),
            });
        }
        let now = state["now"].as_str().unwrap_or_default().replace('\n', " ");
        if !now.is_empty() && last_line.is_none_or(|last| last.elapsed() > BETWEEN_LINES) {
            println!("  {now}");
            last_line = Some(Instant::now());
        }
        if !has_picture && state["share"].as_f64().is_some_and(|share| share > 0.2) {
            window.pictures(pictures, "5-training")?;
            has_picture = true;
        }
        sleep(Duration::from_millis(500));
    }
}

impl Journey {
    fn tell(&self, data: &Path, pictures: &Path) {
        let run = &self.project["lastRun"];
        let number = |name: &str| run[name].as_f64().unwrap_or(0.0);
        println!(
            "\nOn texts that it had never seen, the model gave {:.1} % the right label (macro-F1 {:.2}).",
            100.0 * number("accuracy"),
            number("macroF1")
        );
        println!(
            "To \"{TEXT}\" it answers: {}.",
            self.answer.replace('\n', ", ")
        );
        println!(
            "\nPictures of every screen, light and dark: {}",
            place::shown(pictures)
        );
        if let (Some(project), Some(run)) = (self.project["id"].as_str(), run["id"].as_str()) {
            let model: PathBuf = [data, Path::new("projects"), Path::new(project)]
                .iter()
                .collect::<PathBuf>()
                .join("runs")
                .join(run)
                .join("model");
            println!("The model: {}", place::shown(&model));
        }
    }
}
