//! F1 of each label as a bar, the highest first.

use super::sheet::{
    Drawn, EDGE, LINE, Lies, SOFT, SUNKEN, TEAL, TEXT, fill, fitting, picture, stroke, width_of,
    write,
};
use super::{Figure, Language};
use crate::metrics::LabelScore;
use crate::report::Report;

const WIDTH: u32 = 900;
const MOST_NAMES: f64 = 230.0;
const RIGHT: f64 = 110.0;
const HEAD: f64 = 34.0;
/// Labels that are drawn; of more the worst ones, which need a look.
const MOST_LABELS: usize = 100;

/// Draws the bars; `None` without labels.
pub(super) fn draw(report: &Report, language: Language) -> Option<Figure> {
    let mut labels: Vec<(&str, &LabelScore)> = report
        .labels
        .names()
        .iter()
        .map(String::as_str)
        .zip(&report.scores.per_label)
        .collect();
    labels.sort_by(|a, b| b.1.f1.total_cmp(&a.1.f1));
    let shown = &labels[labels.len().saturating_sub(MOST_LABELS)..];
    let (first, last) = (shown.first()?, shown.last()?);
    let row = if shown.len() <= 30 { 28.0 } else { 20.0 };
    let size = if row > 24.0 { 14.0 } else { 12.5 };
    let widths = shown.iter().map(|(name, _)| width_of(name, size));
    let names = (widths.fold(30.0, f64::max) + 30.0).min(MOST_NAMES);
    let height = HEAD + row * shown.len() as f64 + 12.0;
    let svg = picture((WIDTH, height as u32), |area| {
        let (left, right) = (names, f64::from(WIDTH) - RIGHT);
        let at = |share: f64| left + share * (right - left);
        for i in 0..=5 {
            let share = f64::from(i) / 5.0;
            let x = at(share).round() as i32;
            let line = vec![(x, HEAD as i32 - 4), (x, height as i32 - 8)];
            stroke(area, line, if i == 0 { EDGE } else { LINE })?;
            let name = language.number(share, if i % 5 == 0 { 0 } else { 1 });
            write(
                area,
                &name,
                (at(share), HEAD - 15.0),
                12.5,
                SOFT,
                Lies::Around,
            )?;
        }
        let texts = language.pick("texts", "Texte");
        write(
            area,
            "F1",
            (names - 14.0, HEAD - 15.0),
            12.5,
            SOFT,
            Lies::Before,
        )?;
        write(
            area,
            texts,
            (f64::from(WIDTH) - 8.0, HEAD - 15.0),
            12.5,
            SOFT,
            Lies::Before,
        )?;
        for (i, (name, score)) in shown.iter().enumerate() {
            let middle = HEAD + row * (i as f64 + 0.5);
            let thick = (0.56 * row).round();
            let top = (middle - thick / 2.0).round();
            fill(
                area,
                (left + 1.0, top),
                (right - left - 1.0, thick),
                &SUNKEN,
            )?;
            fill(
                area,
                (left + 1.0, top),
                (score.f1 * (right - left) - 1.0, thick),
                &TEAL,
            )?;
            let name = fitting(name, size, names - 22.0);
            write(
                area,
                &name,
                (names - 14.0, middle),
                size,
                TEXT,
                Lies::Before,
            )?;
            let f1 = language.number(score.f1, 3);
            write(area, &f1, (right + 10.0, middle), size, TEXT, Lies::After)?;
            let n = language.count(score.n_examples);
            let place = (f64::from(WIDTH) - 8.0, middle);
            write(area, &n, place, size, SOFT, Lies::Before)?;
        }
        Drawn::Ok(())
    });
    let [highest, lowest] = [first, last].map(|(_, score)| language.number(score.f1, 3));
    let description = match language {
        Language::En => format!(
            "F1 of {} labels as bars, from {highest} for \"{}\" down to {lowest} for \"{}\".",
            shown.len(),
            first.0,
            last.0
        ),
        Language::De => format!(
            "F1 von {} Labels als Balken, von {highest} für „{}“ bis {lowest} für „{}“.",
            shown.len(),
            first.0,
            last.0
        ),
    };
    Some(Figure {
        name: "labels",
        svg,
        description,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    #[test]
    fn the_bars_are_in_the_order_of_their_length() {
        let report = report(
            &["worse", "better", "best"],
            &[1, 0, 1, 1, 2],
            &[0, 0, 1, 1, 2],
        );
        let figure = draw(&report, Language::En).unwrap();
        let place = |name: &str| figure.svg.find(&format!("\n{name}\n")).unwrap();
        assert!(place("best") < place("better") && place("better") < place("worse"));
        assert_eq!(
            figure.description,
            "F1 of 3 labels as bars, from 1.000 for \"best\" down to 0.667 for \"worse\"."
        );
    }

    #[test]
    fn of_very_many_labels_the_worst_are_drawn() {
        let names: Vec<String> = (0..150).map(|i| format!("label{i:03}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let actual: Vec<usize> = (0..150).collect();
        let mut predicted = actual.clone();
        predicted[149] = 0;
        let figure = draw(&report(&names, &predicted, &actual), Language::De).unwrap();
        assert!(figure.svg.contains("label149"));
        assert_eq!(figure.svg.matches("label").count(), MOST_LABELS);
    }
}
