//! The curves of a training: loss above, macro-F1 below, over the same steps.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::element::Circle;
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::sheet::{
    ACCENT, Area, CORAL, Drawn, EDGE, LINE, Lies, SOFT, TEAL, TEXT, WHITE, fill, letters, picture,
    stroke, width_of, write,
};
use super::{Figure, Language};
use crate::event::TrainEvent;

const WIDTH: u32 = 900;
const LOSS_HEIGHT: u32 = 330;
const F1_HEIGHT: u32 = 270;
const HEAD: f64 = 34.0;
/// Points of the raw curve that are drawn: more can't be told apart.
const MOST_POINTS: usize = 600;

type Point = (f64, f64);
type Chart<'a, 'b> = ChartContext<
    'a,
    plotters::backend::SVGBackend<'b>,
    Cartesian2d<RangedCoordf64, RangedCoordf64>,
>;

/// The numbers over the steps, in their order.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Curves {
    loss: Vec<Point>,
    valid_loss: Vec<Point>,
    macro_f1: Vec<Point>,
    best_step: Option<f64>,
}

/// One line of a chart.
struct Curve<'a> {
    name: &'a str,
    points: &'a [Point],
    colour: RGBColor,
    look: Look,
}

#[derive(Clone, Copy, PartialEq)]
enum Look {
    Faint,
    Solid,
    DashedWithDots,
}

impl Curves {
    /// Reads the curves from what a run told. Where it went back to an earlier step and went on from there, the later
    /// numbers count.
    pub(super) fn of(events: &[TrainEvent]) -> Curves {
        let mut curves = Curves::default();
        for event in events {
            match event {
                TrainEvent::Step { step, loss, .. } => append(&mut curves.loss, *step, *loss),
                TrainEvent::Validated {
                    step,
                    loss,
                    macro_f1,
                    is_best,
                    ..
                } => {
                    append(&mut curves.valid_loss, *step, *loss);
                    append(&mut curves.macro_f1, *step, *macro_f1);
                    if *is_best {
                        curves.best_step = Some(*step as f64);
                    }
                }
                TrainEvent::Finished { best_step, .. } => {
                    curves.best_step = Some(*best_step as f64);
                }
                TrainEvent::Started { .. }
                | TrainEvent::Resumed { .. }
                | TrainEvent::Checkpoint { .. }
                | TrainEvent::Notice { .. }
                | TrainEvent::StoppedEarly { .. }
                | TrainEvent::Testing { .. } => {}
            }
        }
        curves
    }

    /// Draws them; `None` without any step.
    pub(super) fn draw(&self, language: Language) -> Option<Figure> {
        let last_step = self
            .loss
            .iter()
            .chain(&self.macro_f1)
            .map(|(step, _)| *step);
        let last_step = last_step.reduce(f64::max)?;
        let smooth = smoothed(&self.loss);
        let raw = thinned(&self.loss);
        let losses = [
            Curve {
                name: language.pick("Training loss", "Trainings-Loss"),
                points: &raw,
                colour: ACCENT,
                look: Look::Faint,
            },
            Curve {
                name: language.pick("smoothed", "geglättet"),
                points: &smooth,
                colour: ACCENT,
                look: Look::Solid,
            },
            Curve {
                name: language.pick("Validation loss", "Validierungs-Loss"),
                points: &self.valid_loss,
                colour: CORAL,
                look: Look::DashedWithDots,
            },
        ];
        let scores = [Curve {
            name: language.pick("Validation macro-F1", "Makro-F1 der Validierung"),
            points: &self.macro_f1,
            colour: TEAL,
            look: Look::DashedWithDots,
        }];
        let panel = Panel {
            last_step: last_step.max(1.0),
            best_step: self.best_step,
            language,
        };
        let svg = picture((WIDTH, LOSS_HEIGHT + F1_HEIGHT), |area| {
            let (above, below) = area.split_vertically(LOSS_HEIGHT);
            panel.draw(&above, &losses, highest(&losses), "")?;
            let step = language.pick("Step", "Schritt");
            panel.draw(&below, &scores, 1.0, step)
        });
        Some(Figure {
            name: "training",
            svg,
            description: self.describe(language),
        })
    }

    fn describe(&self, language: Language) -> String {
        let smooth = smoothed(&self.loss);
        let loss = smooth.last().map(|(_, loss)| language.short(*loss));
        let best = self.macro_f1.iter().map(|(_, f1)| *f1).reduce(f64::max);
        let best = best.map(|f1| language.short(f1));
        let (title, loss_ends, best_is) = match language {
            Language::En => (
                "Curves of the training",
                "the smoothed training loss ends at",
                "the best macro-F1 on the validation texts is",
            ),
            Language::De => (
                "Kurven des Trainings",
                "der geglättete Trainings-Loss endet bei",
                "das beste Makro-F1 der Validierung ist",
            ),
        };
        let parts = [(loss_ends, loss), (best_is, best)];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(what, value)| Some(format!("{what} {}", value?)))
            .collect();
        format!("{title}: {}.", parts.join(", "))
    }
}

/// What the charts have in common.
struct Panel {
    last_step: f64,
    best_step: Option<f64>,
    language: Language,
}

impl Panel {
    fn draw(&self, area: &Area, curves: &[Curve], top: f64, axis: &str) -> Drawn {
        legend(area, curves)?;
        let language = self.language;
        let mut chart = ChartBuilder::on(area)
            .margin_top(HEAD as i32 + 6)
            .margin_right(18)
            .margin_left(8)
            .x_label_area_size(if axis.is_empty() { 26 } else { 48 })
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..self.last_step, 0.0..top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(LINE)
            .light_line_style(WHITE.mix(0.0))
            .axis_style(EDGE)
            .x_labels(8)
            .y_labels(5)
            .x_desc(axis)
            .axis_desc_style(letters(13.0, &SOFT))
            .label_style(letters(13.0, &SOFT))
            .x_label_formatter(&|step| language.count(*step as usize))
            .y_label_formatter(&|value| language.short(*value))
            .draw()?;
        self.mark_best(&mut chart, top)?;
        for curve in curves {
            draw_curve(&mut chart, curve)?;
        }
        if let Some(step) = self.best_step {
            let (x, y) = chart.backend_coord(&(step, 0.0));
            let (left, above) = area.get_base_pixel();
            let at = (f64::from(x - left), f64::from(y - above) - 12.0);
            let name = language.pick("best", "bester");
            let (at, lies) = if step > 0.8 * self.last_step {
                ((at.0 - 7.0, at.1), Lies::Before)
            } else {
                ((at.0 + 7.0, at.1), Lies::After)
            };
            write(area, name, at, 12.5, SOFT, lies)?;
        }
        Ok(())
    }

    fn mark_best(&self, chart: &mut Chart, top: f64) -> Drawn {
        let Some(step) = self.best_step else {
            return Ok(());
        };
        let line = [(step, 0.0), (step, top)];
        chart.draw_series(DashedLineSeries::new(line, 2, 4, SOFT.stroke_width(1)))?;
        Ok(())
    }
}

fn draw_curve(chart: &mut Chart, curve: &Curve) -> Drawn {
    let points = curve.points.iter().copied();
    match curve.look {
        Look::Faint => chart.draw_series(LineSeries::new(
            points,
            curve.colour.mix(0.35).stroke_width(1),
        ))?,
        Look::Solid => chart.draw_series(LineSeries::new(points, curve.colour.stroke_width(2)))?,
        Look::DashedWithDots => {
            let style = curve.colour.stroke_width(2);
            chart.draw_series(DashedLineSeries::new(points.clone(), 6, 4, style))?;
            chart.draw_series(points.map(|point| Circle::new(point, 3, curve.colour.filled())))?
        }
    };
    Ok(())
}

/// The names of the curves, beside pieces of them.
fn legend(area: &Area, curves: &[Curve]) -> Drawn {
    let mut x = 60.0;
    let y = HEAD / 2.0 + 2.0;
    for curve in curves {
        let (from, to) = (x as i32, x as i32 + 26);
        let style: ShapeStyle = match curve.look {
            Look::Faint => curve.colour.mix(0.6).stroke_width(1),
            Look::Solid => curve.colour.stroke_width(2),
            Look::DashedWithDots => {
                let dot = Circle::new(((from + to) / 2, y as i32), 3, curve.colour.filled());
                area.draw(&dot)?;
                curve.colour.stroke_width(2)
            }
        };
        stroke(area, vec![(from, y as i32), (to, y as i32)], style)?;
        if curve.look == Look::DashedWithDots {
            fill(area, (x + 6.0, y - 2.0), (3.0, 4.0), &WHITE)?;
            fill(area, (x + 18.0, y - 2.0), (3.0, 4.0), &WHITE)?;
        }
        write(area, curve.name, (x + 34.0, y), 13.5, TEXT, Lies::After)?;
        x += 34.0 + width_of(curve.name, 13.5) + 26.0;
    }
    Ok(())
}

fn append(points: &mut Vec<Point>, step: usize, value: f64) {
    let step = step as f64;
    while points.last().is_some_and(|(last, _)| *last >= step) {
        points.pop();
    }
    if value.is_finite() {
        points.push((step, value));
    }
}

/// Exponential moving average over about a fortieth of the points, from 5 to 50; the same as on the screen.
fn smoothed(points: &[Point]) -> Vec<Point> {
    let keep = 1.0 - 1.0 / (points.len() as f64 / 40.0).clamp(5.0, 50.0);
    let (mut sum, mut weight) = (0.0, 0.0);
    let mut smooth = |&(x, y): &Point| {
        sum = keep * sum + (1.0 - keep) * y;
        weight = keep * weight + (1.0 - keep);
        (x, sum / weight)
    };
    points.iter().map(&mut smooth).collect()
}

/// At most about [`MOST_POINTS`] points with the same outline: of each stretch the lowest and the highest.
fn thinned(points: &[Point]) -> Vec<Point> {
    if points.len() <= MOST_POINTS {
        return points.to_vec();
    }
    let stretch = (2 * points.len()).div_ceil(MOST_POINTS);
    let outline = |points: &[Point]| {
        let mut ends: Vec<Point> = [
            points
                .iter()
                .copied()
                .reduce(|a, b| if b.1 < a.1 { b } else { a }),
            points
                .iter()
                .copied()
                .reduce(|a, b| if b.1 > a.1 { b } else { a }),
        ]
        .into_iter()
        .flatten()
        .collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        ends.dedup();
        ends
    };
    points.chunks(stretch).flat_map(outline).collect()
}

/// A round number that no curve exceeds.
fn highest(curves: &[Curve]) -> f64 {
    let values = curves.iter().flat_map(|curve| curve.points);
    let most = values.map(|(_, y)| *y).fold(0.0, f64::max);
    if most <= 0.0 {
        return 1.0;
    }
    let unit = 10_f64.powf(most.log10().floor()) / 4.0;
    (most / unit).ceil() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(step: usize, loss: f64) -> TrainEvent {
        TrainEvent::Step {
            step,
            epoch: 0.0,
            loss,
            learning_rate: 1e-4,
            gradient_norm: None,
            examples_per_second: 1.0,
            seconds_left: 0.0,
        }
    }

    #[test]
    fn a_run_that_went_back_is_drawn_once() {
        let events = [
            step(1, 0.9),
            step(2, 0.8),
            step(3, 0.1),
            step(2, 0.7),
            step(3, 0.6),
        ];
        assert_eq!(
            Curves::of(&events).loss,
            [(1.0, 0.9), (2.0, 0.7), (3.0, 0.6)]
        );
    }

    #[test]
    fn a_loss_that_is_no_number_is_left_out() {
        let curves = Curves::of(&[step(1, f64::NAN), step(2, 0.5)]);
        assert_eq!(curves.loss, [(2.0, 0.5)]);
        assert!(curves.draw(Language::En).is_some());
    }

    #[test]
    fn thinning_keeps_the_lowest_and_the_highest() {
        let points: Vec<Point> = (0..50_000)
            .map(|i| {
                (
                    f64::from(i),
                    if i == 31_234 {
                        9.0
                    } else {
                        1.0 / f64::from(i + 1)
                    },
                )
            })
            .collect();
        let thin = thinned(&points);
        assert!(thin.len() <= MOST_POINTS, "{}", thin.len());
        assert!(thin.contains(&(31_234.0, 9.0)));
        assert_eq!(thin.last(), points.last());
    }

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_curve() {
        let top = |most| {
            highest(&[Curve {
                name: "",
                points: &[(1.0, most)],
                colour: TEXT,
                look: Look::Solid,
            }])
        };
        assert_eq!(
            [top(0.9), top(1.83), top(4.3), top(0.0)],
            [0.9, 2.0, 4.5, 1.0]
        );
    }
}
