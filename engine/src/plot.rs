//! The figures of a report, as SVG: the curves of the training, F1 by label, what was taken for what.
//!
//! Comes in: a [`Report`], the events of its run and the language of the words. Goes out: a [`Figure`] for each. Texts
//! stay texts in the system's own font, so that a figure needs no other file. The colours are those of the app's light
//! theme; a figure brings its own white ground.

mod bars;
mod curves;
mod matrix;
mod sheet;
mod words;

use crate::event::TrainEvent;
use crate::report::Report;

pub use words::Language;

/// A picture with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it shows: `training`, `labels` or `confusion`. Also the name of its file.
    pub name: &'static str,
    /// The picture.
    pub svg: String,
    /// The picture in words, for those who don't see it.
    pub description: String,
}

/// Draws the figures. The curves are left out when `events` has no steps.
#[must_use]
pub fn figures(report: &Report, events: &[TrainEvent], language: Language) -> Vec<Figure> {
    let curves = curves::Curves::of(events);
    [
        curves.draw(language),
        bars::draw(report, language),
        matrix::draw(report, language),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::LabelMap;
    use crate::report::Judged;

    pub(super) fn report(names: &[&str], predicted: &[usize], actual: &[usize]) -> Report {
        Report::new(&Judged {
            labels: &LabelMap::in_order(names.iter().map(|name| (*name).to_owned()).collect()),
            predicted,
            actual,
            train_label_ids: &[],
            word_count: None,
            loss: 0.1,
        })
    }

    #[test]
    fn a_report_without_a_training_has_two_figures() {
        let report = report(&["a", "b"], &[0, 1, 1], &[0, 1, 0]);
        let names = |events: &[TrainEvent]| -> Vec<&str> {
            figures(&report, events, Language::En)
                .iter()
                .map(|figure| figure.name)
                .collect()
        };
        assert_eq!(names(&[]), ["labels", "confusion"]);
        let step = TrainEvent::Step {
            step: 1,
            epoch: 0.1,
            loss: 0.7,
            learning_rate: 1e-4,
            gradient_norm: None,
            examples_per_second: 10.0,
            seconds_left: 3.0,
        };
        assert_eq!(names(&[step]), ["training", "labels", "confusion"]);
    }

    #[test]
    fn names_can_hold_whatever_they_like_and_stay_texts() {
        let report = report(&["<script>", "a & \"b\""], &[0, 1], &[0, 1]);
        for figure in figures(&report, &[], Language::En) {
            assert!(figure.svg.contains("&lt;script&gt;"), "{}", figure.svg);
            assert!(!figure.svg.contains("<script>"), "{}", figure.svg);
            assert!(figure.svg.contains("<text"), "{}", figure.svg);
        }
    }

    #[test]
    fn a_figure_refers_to_nothing_outside() {
        let report = report(&["a", "b"], &[0, 1], &[0, 1]);
        for figure in figures(&report, &[], Language::De) {
            let without_namespace = figure.svg.replace("http://www.w3.org/2000/svg", "");
            for outside in ["http", "href", "url(", "@import", "<image"] {
                assert!(!without_namespace.contains(outside), "{outside}");
            }
        }
    }
}
