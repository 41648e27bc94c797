//! What was taken for what: a row for each real label, a column for each given one, colour for the share of the row.

use plotters::style::{Color, RGBColor};

use super::sheet::{
    CORAL, Drawn, Lies, SOFT, SUNKEN, TEAL, TEXT, fill, fitting, picture, readable_on, width_of,
    write,
};
use super::{Figure, Language};
use crate::report::Report;

/// As wide as the matrix is at most, without the names of the rows.
const MOST_WIDTH: f64 = 860.0;
/// Cells narrower than this have no number, and no name.
const LEAST_FOR_NUMBER: f64 = 24.0;
const LEAST_FOR_NAME: f64 = 8.0;
const MOST_NAME: f64 = 200.0;
/// The space for the names of the axes.
const AXIS: f64 = 26.0;

/// Draws the matrix; `None` without labels, and where no label is taken for another because texts can have several.
pub(super) fn draw(report: &Report, language: Language) -> Option<Figure> {
    let names = report.labels.names();
    if names.is_empty() || report.scores.confusion.len() < names.len() {
        return None;
    }
    let sheet = Sheet::for_names(names);
    let svg = picture(sheet.size(names.len()), |area| {
        let (left, top) = sheet.corner;
        let side = sheet.cell * names.len() as f64;
        fill(area, (left, top), (side, side), &SUNKEN)?;
        let given = language.pick("Given label →", "Vergebenes Label →");
        write(area, given, (left, AXIS / 2.0), 13.0, SOFT, Lies::After)?;
        let real = language.pick("Real label ↓", "Richtiges Label ↓");
        write(area, real, (8.0, top - 12.0), 13.0, SOFT, Lies::After)?;
        for (i, name) in names.iter().enumerate() {
            let middle = (i as f64 + 0.5) * sheet.cell;
            if let Some(size) = sheet.letters {
                let name = fitting(name, size, MOST_NAME - 12.0);
                write(
                    area,
                    &name,
                    (left - 8.0, top + middle),
                    size,
                    TEXT,
                    Lies::Before,
                )?;
                write(
                    area,
                    &name,
                    (left + middle, top - 8.0),
                    size,
                    TEXT,
                    Lies::Upwards,
                )?;
            }
            sheet.draw_row(area, &report.scores.confusion[i], i, language)?;
        }
        Drawn::Ok(())
    });
    Some(Figure {
        name: "confusion",
        svg,
        description: describe(report, language),
    })
}

fn describe(report: &Report, language: Language) -> String {
    let n_labels = report.labels.len();
    let n_right = report.scores.n_right();
    let n = report.scores.n_examples;
    match language {
        Language::En => format!(
            "Matrix of {n_labels} real by {n_labels} given labels: {n_right} of {n} texts lie on the diagonal."
        ),
        Language::De => format!(
            "Matrix aus {n_labels} richtigen und {n_labels} vergebenen Labels: {n_right} von {n} Texten liegen auf der \
             Diagonale."
        ),
    }
}

/// Where everything lies.
struct Sheet {
    cell: f64,
    /// Height of the names; `None` where there is no room for any.
    letters: Option<f64>,
    /// Of the first cell.
    corner: (f64, f64),
}

impl Sheet {
    fn for_names(names: &[String]) -> Sheet {
        let cell = (MOST_WIDTH / names.len() as f64).floor().clamp(1.0, 64.0);
        let letters = (cell >= LEAST_FOR_NAME).then(|| (cell - 1.0).min(13.0));
        let longest = letters.map_or(0.0, |size| {
            let widths = names.iter().map(|name| width_of(name, size));
            widths.fold(0.0, f64::max).min(MOST_NAME - 12.0) + 14.0
        });
        let room = longest.max(110.0);
        Sheet {
            cell,
            letters,
            corner: (room, AXIS + longest.max(30.0)),
        }
    }

    fn size(&self, n_labels: usize) -> (u32, u32) {
        let side = self.cell * n_labels as f64;
        let width = (self.corner.0 + side + 12.0).max(420.0);
        (width as u32, (self.corner.1 + side + 12.0) as u32)
    }

    /// Draws the cells with texts in them.
    fn draw_row(
        &self,
        area: &super::sheet::Area,
        counts: &[usize],
        row: usize,
        language: Language,
    ) -> Drawn {
        let n: usize = counts.iter().sum();
        let gap = if self.cell >= 6.0 { 1.0 } else { 0.0 };
        for (column, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let x = self.corner.0 + column as f64 * self.cell;
            let y = self.corner.1 + row as f64 * self.cell;
            let hue = if row == column { TEAL } else { CORAL };
            // The root lifts small shares, which are the interesting ones.
            let strength = (*count as f64 / n as f64).sqrt();
            let side = self.cell - gap;
            let ground = mixed(hue, 0.12 + 0.88 * strength);
            fill(area, (x, y), (side, side), &ground)?;
            if self.cell >= LEAST_FOR_NUMBER {
                let colour = readable_on(ground);
                let middle = (x + self.cell / 2.0, y + self.cell / 2.0);
                let size = if self.cell < 34.0 { 10.5 } else { 13.5 };
                write(
                    area,
                    &language.count(*count),
                    middle,
                    size,
                    colour,
                    Lies::Around,
                )?;
            }
        }
        Ok(())
    }
}

/// `hue` on the ground of an empty cell.
fn mixed(hue: RGBColor, share: f64) -> RGBColor {
    let mix = |hue: u8, ground: u8| {
        (f64::from(hue) * share + f64::from(ground) * (1.0 - share)).round() as u8
    };
    let ((r, g, b), ground) = (hue.rgb(), SUNKEN.rgb());
    RGBColor(mix(r, ground.0), mix(g, ground.1), mix(b, ground.2))
}

#[cfg(test)]
mod tests {
    use super::super::sheet::luminance;
    use super::super::tests::report;
    use super::*;

    #[test]
    fn a_small_matrix_shows_its_numbers() {
        let report = report(&["a", "b"], &[0, 0, 0, 1], &[0, 0, 1, 1]);
        let figure = draw(&report, Language::En).unwrap();
        for number in ["\n2\n", "\n1\n"] {
            assert!(figure.svg.contains(number), "{number:?}");
        }
        assert_eq!(
            figure.description,
            "Matrix of 2 real by 2 given labels: 3 of 4 texts lie on the diagonal."
        );
    }

    #[test]
    fn a_huge_matrix_draws_only_what_is_there() {
        let names: Vec<String> = (0..1500).map(|i| format!("label {i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let ids: Vec<usize> = (0..1500).collect();
        let figure = draw(&report(&names, &ids, &ids), Language::En).unwrap();
        assert!(figure.svg.len() < 400_000, "{}", figure.svg.len());
        assert!(!figure.svg.contains("label 7"), "no room for names");
    }

    #[test]
    fn the_number_in_a_cell_can_be_read_whatever_its_colour() {
        for hue in [TEAL, CORAL] {
            for percent in 0..=100 {
                let ground = mixed(hue, f64::from(percent) / 100.0);
                let [a, b] = [readable_on(ground), ground].map(|colour| luminance(colour) + 0.05);
                let contrast = a.max(b) / a.min(b);
                assert!(contrast > 4.0, "{hue:?} at {percent} %: {contrast:.1}");
            }
        }
    }
}
