//! Multinomial logistic regression with L2 regularisation, by L-BFGS; one against the rest where texts have several labels.
//!
//! The best weights are a sum of the rows (representer theorem: Kimeldorf and Wahba 1971), and so is every point on the
//! way there. So a point is kept as one coefficient per text and label instead of one weight per term and label, which
//! are many more; its products with the rows, the scores, are kept beside it. Then an inner product of two points needs
//! no terms, a step along a line costs only a softmax, and the terms are visited once per step.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::sparse::Sparse;

/// Steps that L-BFGS remembers (Liu and Nocedal 1989 find 3 to 7 enough).
const MEMORY: usize = 6;
/// A step along a line is long enough when its slope has fallen to this part.
const SLOPE_LEFT: f64 = 0.3;
/// Points that are tried on a line.
const MOST_TRIALS: usize = 20;
/// Numbers that a thread adds up at once.
const ADDED_AT_ONCE: usize = 8192;
/// Texts that a thread takes at once.
const TEXTS_AT_ONCE: usize = 64;
/// Multiplications after which the fit ends with what it has: about half a minute on two slow threads.
const MOST_PRODUCTS: f64 = 1e11;
const FEWEST_STEPS: usize = 15;

/// How a regression is fitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    /// scikit-learn's `C`: how much the texts count against the size of the weights.
    pub(super) inverse_regularisation: f64,
    /// The length of the gradient, relative to the first one, at which the fit ends.
    pub(super) tolerance: f64,
    /// Most steps.
    pub(super) most_steps: usize,
}

/// As far as it pays: on the data sets of `docs/baseline.md` the answers to the test texts no longer get better after
/// some 25 steps.
impl Default for Fit {
    fn default() -> Fit {
        Fit {
            inverse_regularisation: 1.0,
            tolerance: 3e-3,
            most_steps: 40,
        }
    }
}

/// The labels of the texts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Targets<'a> {
    /// Each text has one: the probabilities of all labels are shared out among them.
    One(&'a [usize]),
    /// Each text has any number: every label is a question of its own.
    Any(&'a [&'a [usize]]),
}

impl Targets<'_> {
    fn len(&self) -> usize {
        match self {
            Targets::One(ids) => ids.len(),
            Targets::Any(ids) => ids.len(),
        }
    }

    fn of(&self, text: usize) -> &[usize] {
        match self {
            Targets::One(ids) => std::slice::from_ref(&ids[text]),
            Targets::Any(ids) => ids[text],
        }
    }

    fn link(&self) -> Link {
        match self {
            Targets::One(_) => Link::Softmax,
            Targets::Any(_) => Link::Sigmoid,
        }
    }
}

/// What makes probabilities of scores.
#[derive(Debug, Clone, Copy)]
enum Link {
    Softmax,
    Sigmoid,
}

impl Link {
    fn apply(self, scores: &mut [f32]) {
        match self {
            Link::Softmax => softmax(scores),
            Link::Sigmoid => {
                for score in scores {
                    *score = 1.0 / (1.0 + (-*score).exp());
                }
            }
        }
    }
}

/// Weights of the terms for each label.
#[derive(Debug)]
pub(super) struct Regression {
    link: Link,
    /// `[terms, labels]`, row by row.
    weights: Vec<f32>,
    /// `[labels]`.
    bias: Vec<f32>,
}

impl Regression {
    /// Minimises `C · Σ loss + ½ · |weights|²` over the weights; the bias is not regularised. With two labels each has
    /// weights of its own, so that scikit-learn's result for two labels is that of twice its `C`.
    pub(super) fn fit(rows: &Sparse, targets: Targets, n_labels: usize, fit: Fit) -> Regression {
        let problem = Problem {
            rows,
            columns: rows.transposed(),
            targets,
            n_labels,
            decay: 1.0 / (fit.inverse_regularisation * targets.len().max(1) as f64),
        };
        let best = problem.minimise(fit);
        let mut weights = vec![0.0; rows.n_columns() * n_labels];
        problem.columns.times(&best.coefs, n_labels, &mut weights);
        Regression {
            link: targets.link(),
            weights,
            bias: best.bias,
        }
    }

    /// Number of labels.
    pub(super) fn n_labels(&self) -> usize {
        self.bias.len()
    }

    /// Probability of each label for each row, `[rows, labels]`.
    pub(super) fn probabilities(&self, rows: &Sparse) -> Vec<f32> {
        let n_labels = self.n_labels();
        let mut scores = vec![0.0; rows.n_rows() * n_labels];
        rows.times(&self.weights, n_labels, &mut scores);
        for scores in scores.chunks_exact_mut(n_labels) {
            for (score, bias) in scores.iter_mut().zip(&self.bias) {
                *score += bias;
            }
            self.link.apply(scores);
        }
        scores
    }
}

/// What is minimised: the mean loss plus `½ · decay · |weights|²`, which has its minimum at the same place.
struct Problem<'a> {
    rows: &'a Sparse,
    /// The rows transposed.
    columns: Sparse,
    targets: Targets<'a>,
    n_labels: usize,
    decay: f64,
}

/// Weights and bias: the weights are the sum of the rows times `coefs`.
#[derive(Debug, Clone)]
struct Point {
    /// `[texts, labels]`.
    coefs: Vec<f32>,
    /// The weights' products with the rows, `[texts, labels]`.
    scores: Vec<f32>,
    /// `[labels]`.
    bias: Vec<f32>,
}

/// A step that was done, and how the gradient changed by it.
struct Step {
    moved: Point,
    change: Point,
    /// Their inner product.
    curvature: f64,
}

impl Problem<'_> {
    fn minimise(&self, fit: Fit) -> Point {
        let mut point = self.start();
        let mut gradient = self.gradient(&point);
        let target = fit.tolerance * dot(&gradient, &gradient).sqrt();
        let mut steps: VecDeque<Step> = VecDeque::new();
        for _ in 0..self.affordable_steps(fit.most_steps) {
            if dot(&gradient, &gradient).sqrt() <= target {
                break;
            }
            let direction = direction(&gradient, &steps);
            let length = self.step_length(&point, &direction);
            let mut moved = direction;
            moved.scale(length);
            point.add(1.0, &moved);
            let before = std::mem::replace(&mut gradient, self.gradient(&point));
            let mut change = before;
            change.scale(-1.0);
            change.add(1.0, &gradient);
            let curvature = dot(&moved, &change);
            // Rounding: nothing is left to gain.
            if curvature <= 0.0 {
                break;
            }
            if steps.len() == MEMORY {
                steps.pop_front();
            }
            steps.push_back(Step {
                moved,
                change,
                curvature,
            });
        }
        point
    }

    fn affordable_steps(&self, most: usize) -> usize {
        let products = 2.0 * self.rows.n_values() as f64 * self.n_labels as f64;
        let affordable = (MOST_PRODUCTS / products.max(1.0)) as usize;
        affordable.max(FEWEST_STEPS).min(most)
    }

    /// No weights, and the labels as probable as they are frequent.
    fn start(&self) -> Point {
        let mut counts = vec![1.0_f32; self.n_labels];
        for text in 0..self.targets.len() {
            for id in self.targets.of(text) {
                counts[*id] += 1.0;
            }
        }
        let n = self.rows.n_rows() * self.n_labels;
        let n_texts = self.targets.len() as f32;
        let bias = |count: &f32| match self.targets.link() {
            Link::Softmax => count.ln(),
            // Two more than the texts, so that neither yes nor no is impossible.
            Link::Sigmoid => (count / (n_texts + 2.0 - count)).ln(),
        };
        Point {
            coefs: vec![0.0; n],
            scores: vec![0.0; n],
            bias: counts.iter().map(bias).collect(),
        }
    }

    fn gradient(&self, point: &Point) -> Point {
        let n_texts = self.rows.n_rows() as f32;
        // What each text pulls at each label: probability minus truth.
        let mut coefs = self.logits(&point.scores, &point.bias);
        let link = self.targets.link();
        self.by_text(&mut coefs, |label_ids, logits| {
            link.apply(logits);
            for id in label_ids {
                logits[*id] -= 1.0;
            }
            for pull in logits {
                *pull /= n_texts;
            }
        });
        let mut bias = vec![0.0_f64; self.n_labels];
        for pulls in coefs.chunks_exact(self.n_labels) {
            for (sum, pull) in bias.iter_mut().zip(pulls) {
                *sum += f64::from(*pull);
            }
        }
        let mut weights = vec![0.0; self.rows.n_columns() * self.n_labels];
        self.columns.times(&coefs, self.n_labels, &mut weights);
        let mut scores = vec![0.0; coefs.len()];
        self.rows.times(&weights, self.n_labels, &mut scores);
        add(&mut coefs, self.decay as f32, &point.coefs);
        add(&mut scores, self.decay as f32, &point.scores);
        Point {
            coefs,
            scores,
            bias: bias.iter().map(|sum| *sum as f32).collect(),
        }
    }

    /// How far to go along `direction`: to where the slope is nearly flat. The function is convex, so that the slope
    /// only grows and its root can be enclosed.
    fn step_length(&self, point: &Point, direction: &Point) -> f64 {
        let line = Line {
            logits: self.logits(&point.scores, &point.bias),
            direction: self.logits(&direction.scores, &direction.bias),
            decay: self.decay * dot_of(&point.coefs, &direction.scores),
            decay_growth: self.decay * dot_of(&direction.coefs, &direction.scores),
        };
        let start = self.slope(&line, 0.0);
        let (mut low, mut high) = ((0.0, start), None);
        let mut length = 1.0;
        for _ in 0..MOST_TRIALS {
            let slope = self.slope(&line, length);
            if slope.abs() <= SLOPE_LEFT * start.abs() {
                break;
            }
            if slope < 0.0 {
                low = (length, slope);
            } else {
                high = Some((length, slope));
            }
            length = match high {
                Some(high) => between(low, high),
                None => 4.0 * length,
            };
        }
        length
    }

    fn slope(&self, line: &Line, length: f64) -> f64 {
        let (n_labels, link) = (self.n_labels, self.targets.link());
        let part = TEXTS_AT_ONCE * n_labels;
        let parts: Vec<f64> = line
            .logits
            .par_chunks(part)
            .zip(line.direction.par_chunks(part))
            .enumerate()
            .map(|(part, (logits, direction))| {
                let mut there = vec![0.0; n_labels];
                let texts = logits
                    .chunks_exact(n_labels)
                    .zip(direction.chunks_exact(n_labels));
                texts
                    .zip(part * TEXTS_AT_ONCE..)
                    .map(|((logits, direction), text)| {
                        for (there, (at, by)) in there.iter_mut().zip(logits.iter().zip(direction))
                        {
                            *there = at + length as f32 * by;
                        }
                        link.apply(&mut there);
                        let has = self.targets.of(text).iter();
                        let of_labels = has.map(|id| f64::from(direction[*id]));
                        small_dot(&there, direction) - of_labels.sum::<f64>()
                    })
                    .sum::<f64>()
            })
            .collect();
        parts.iter().sum::<f64>() / self.rows.n_rows() as f64
            + line.decay
            + length * line.decay_growth
    }

    fn logits(&self, scores: &[f32], bias: &[f32]) -> Vec<f32> {
        let mut logits = scores.to_vec();
        self.by_text(&mut logits, |_, logits| {
            for (logit, bias) in logits.iter_mut().zip(bias) {
                *logit += bias;
            }
        });
        logits
    }

    /// Does something with the numbers of each text, and its labels.
    fn by_text(&self, numbers: &mut [f32], work: impl Fn(&[usize], &mut [f32]) + Sync) {
        numbers
            .par_chunks_exact_mut(self.n_labels)
            .with_min_len(TEXTS_AT_ONCE)
            .enumerate()
            .for_each(|(text, numbers)| work(self.targets.of(text), numbers));
    }
}

/// A line through a point, in scores; and how the regularisation changes along it.
struct Line {
    logits: Vec<f32>,
    direction: Vec<f32>,
    decay: f64,
    decay_growth: f64,
}

/// Where the slope is zero if it is straight between two lengths, not too near to either.
fn between(low: (f64, f64), high: (f64, f64)) -> f64 {
    let width = high.0 - low.0;
    let root = low.0 - low.1 * width / (high.1 - low.1);
    root.clamp(low.0 + 0.1 * width, high.0 - 0.1 * width)
}

/// The direction of L-BFGS: the gradient, bent by what the last steps told about the curvature (Nocedal and Wright
/// 2006, algorithm 7.4).
fn direction(gradient: &Point, steps: &VecDeque<Step>) -> Point {
    let mut direction = gradient.clone();
    let mut shares = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let share = dot(&step.moved, &direction) / step.curvature;
        direction.add(-share, &step.change);
        shares.push(share);
    }
    if let Some(last) = steps.back() {
        direction.scale(last.curvature / dot(&last.change, &last.change));
    }
    for (step, share) in steps.iter().zip(shares.iter().rev()) {
        let other = dot(&step.change, &direction) / step.curvature;
        direction.add(share - other, &step.moved);
    }
    direction.scale(-1.0);
    direction
}

impl Point {
    fn add(&mut self, factor: f64, other: &Point) {
        add(&mut self.coefs, factor as f32, &other.coefs);
        add(&mut self.scores, factor as f32, &other.scores);
        add(&mut self.bias, factor as f32, &other.bias);
    }

    fn scale(&mut self, factor: f64) {
        for numbers in [&mut self.coefs, &mut self.scores, &mut self.bias] {
            numbers
                .par_chunks_mut(ADDED_AT_ONCE)
                .for_each(|part| part.iter_mut().for_each(|x| *x *= factor as f32));
        }
    }
}

/// Inner product of the weights and biases of two points.
fn dot(a: &Point, b: &Point) -> f64 {
    dot_of(&a.coefs, &b.scores) + small_dot(&a.bias, &b.bias)
}

/// Added up in parts of one size, so that the sum does not depend on the number of threads.
fn dot_of(a: &[f32], b: &[f32]) -> f64 {
    let parts: Vec<f64> = a
        .par_chunks(ADDED_AT_ONCE)
        .zip(b.par_chunks(ADDED_AT_ONCE))
        .map(|(a, b)| small_dot(a, b))
        .collect();
    parts.iter().sum()
}

fn small_dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(a, b)| f64::from(*a) * f64::from(*b))
        .sum()
}

fn add(numbers: &mut [f32], factor: f32, others: &[f32]) {
    numbers
        .par_chunks_mut(ADDED_AT_ONCE)
        .zip(others.par_chunks(ADDED_AT_ONCE))
        .for_each(|(numbers, others)| {
            for (number, other) in numbers.iter_mut().zip(others) {
                *number += factor * other;
            }
        });
}

/// Makes scores positive with the sum 1.
fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - largest).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Sparse {
        let row = |i: usize| vec![(i as u32 % 3, 1.0), (3 + i as u32 % 2, 0.5)];
        Sparse::from_rows(&(0..12).map(row).collect::<Vec<_>>(), 5)
    }

    #[test]
    fn the_gradient_is_zero_where_the_fit_ends() {
        let label_ids: Vec<usize> = (0..12).map(|i| [0, 1, 2, 0][i % 4]).collect();
        let rows = rows();
        let problem = Problem {
            rows: &rows,
            columns: rows.transposed(),
            targets: Targets::One(&label_ids),
            n_labels: 3,
            decay: 0.01,
        };
        let first = problem.gradient(&problem.start());
        let best = problem.minimise(Fit {
            tolerance: 1e-5,
            most_steps: 200,
            ..Fit::default()
        });
        let last = problem.gradient(&best);
        assert!(
            dot(&last, &last).sqrt() <= 1.1e-5 * dot(&first, &first).sqrt(),
            "{last:?}"
        );
    }

    #[test]
    fn separable_rows_are_all_told_apart_without_ever_overflowing() {
        let label_ids: Vec<usize> = (0..12).map(|i| i % 3).collect();
        let fit = Fit {
            inverse_regularisation: 1e6,
            ..Fit::default()
        };
        let rows = rows();
        let regression = Regression::fit(&rows, Targets::One(&label_ids), 3, fit);
        let probabilities = regression.probabilities(&rows);
        for (probabilities, label_id) in probabilities.chunks_exact(3).zip(&label_ids) {
            assert!(probabilities[*label_id] > 0.99, "{probabilities:?}");
        }
    }

    #[test]
    fn rows_without_values_give_the_frequencies_of_the_labels() {
        let empty = Sparse::from_rows(&vec![Vec::new(); 4], 0);
        let regression = Regression::fit(&empty, Targets::One(&[0, 0, 0, 1]), 2, Fit::default());
        let probabilities = regression.probabilities(&Sparse::from_rows(&[Vec::new()], 0));
        assert!((probabilities[0] - 0.75).abs() < 1e-3, "{probabilities:?}");
    }
    #[test]
    fn each_of_several_labels_has_a_probability_of_its_own() {
        let empty = Sparse::from_rows(&vec![Vec::new(); 4], 0);
        let targets: [&[usize]; 4] = [&[0, 1], &[0], &[0], &[]];
        let fit = Fit {
            tolerance: 1e-5,
            ..Fit::default()
        };
        let regression = Regression::fit(&empty, Targets::Any(&targets), 2, fit);
        let found = regression.probabilities(&Sparse::from_rows(&[Vec::new()], 0));
        assert!(
            (found[0] - 0.75).abs() < 1e-3 && (found[1] - 0.25).abs() < 1e-3,
            "{found:?}"
        );
    }

    /// With two labels of which each text has one, a label against the rest is the multinomial regression of twice `C`.
    #[test]
    fn one_against_the_rest_is_the_regression_of_two_labels() {
        let label_ids: Vec<usize> = (0..12).map(|i| usize::from(i % 3 == 0)).collect();
        let both: Vec<&[usize]> = label_ids.iter().map(std::slice::from_ref).collect();
        let fit = |inverse_regularisation| Fit {
            inverse_regularisation,
            tolerance: 1e-6,
            most_steps: 300,
        };
        let rows = rows();
        let one =
            Regression::fit(&rows, Targets::One(&label_ids), 2, fit(1.0)).probabilities(&rows);
        let any = Regression::fit(&rows, Targets::Any(&both), 2, fit(2.0)).probabilities(&rows);
        for (one, any) in one.iter().zip(&any) {
            assert!((one - any).abs() < 1e-3, "{one} {any}");
        }
    }
}
