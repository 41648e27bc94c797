//! How far a micro-F1 could be off: the same score of many sets of texts that are drawn, with repetitions, from those
//! that were judged (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 13 and 16).

use crate::random::Random;

/// Sets that are drawn. The ends of a 95 % interval then rest on 25 sets each.
const N_SETS: usize = 1000;
/// The same texts give the same interval.
const SEED: u64 = 42;

/// What was decided about one text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outcome {
    /// Labels that it has and was given.
    pub(super) n_right: usize,
    /// Labels that it was given and doesn't have, or has and was not given.
    pub(super) n_wrong: usize,
}

impl Outcome {
    pub(super) fn sum(outcomes: &[Outcome]) -> Outcome {
        outcomes.iter().fold(Outcome::default(), Outcome::plus)
    }

    fn plus(self, other: &Outcome) -> Outcome {
        Outcome {
            n_right: self.n_right + other.n_right,
            n_wrong: self.n_wrong + other.n_wrong,
        }
    }

    /// 2 · right / (given + had); 0 when there is nothing to divide by.
    pub(super) fn f1(self) -> f64 {
        super::divide(2.0 * self.n_right as f64, 2 * self.n_right + self.n_wrong)
    }
}

/// 95 % interval of the micro-F1, between percentiles. Without any text it is 0 to 1.
pub(super) fn micro_f1_interval(texts: &[Outcome]) -> [f64; 2] {
    if texts.is_empty() {
        return [0.0, 1.0];
    }
    let mut found: Vec<f64> = Vec::with_capacity(N_SETS);
    draw_sets(texts.len(), |set| {
        found.push(
            set.iter()
                .fold(Outcome::default(), |sum, i| sum.plus(&texts[*i]))
                .f1(),
        );
    });
    found.sort_by(f64::total_cmp);
    [found[N_SETS / 40], found[N_SETS - 1 - N_SETS / 40]]
}

/// Two-sided p-value of the difference between two micro-F1 on the same texts: twice the share of the sets in which the
/// difference is gone or turned round. It is never 0, because more sets could show it.
pub(super) fn paired_p_value(first: &[Outcome], second: &[Outcome]) -> f64 {
    let n = first.len().min(second.len());
    if n == 0 {
        return 1.0;
    }
    let (mut n_first, mut n_second) = (0, 0);
    draw_sets(n, |set| {
        let f1 = |of: &[Outcome]| {
            set.iter()
                .fold(Outcome::default(), |sum, i| sum.plus(&of[*i]))
                .f1()
        };
        let difference = f1(first) - f1(second);
        n_first += usize::from(difference >= 0.0);
        n_second += usize::from(difference <= 0.0);
    });
    (2.0 * (n_first.min(n_second) + 1) as f64 / (N_SETS + 1) as f64).min(1.0)
}

/// Draws the sets, each as long as there are texts.
fn draw_sets(n_texts: usize, mut see: impl FnMut(&[usize])) {
    let mut random = Random::new(SEED);
    let mut set = vec![0; n_texts];
    for _ in 0..N_SETS {
        set.iter_mut().for_each(|i| *i = random.below(n_texts));
        see(&set);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(n_right: usize, n_wrong: usize) -> Vec<Outcome> {
        let one = |n_right, n_wrong| Outcome { n_right, n_wrong };
        [vec![one(1, 0); n_right], vec![one(0, 1); n_wrong]].concat()
    }

    /// With one decision per text the score is 2k / (2k + n - k), and k is binomial; at k = 80 of 100 the interval of k
    /// is 72 to 87 (scipy 1.17: binom(100, 0.8).interval(0.95)).
    #[test]
    fn the_interval_is_that_of_the_drawn_texts() {
        let [low, high] = micro_f1_interval(&texts(80, 20));
        assert!((low - 144.0 / 172.0).abs() < 0.012, "{low}");
        assert!((high - 174.0 / 187.0).abs() < 0.012, "{high}");
        assert_eq!(micro_f1_interval(&texts(10, 0)), [1.0, 1.0]);
        assert_eq!(micro_f1_interval(&[]), [0.0, 1.0]);
    }

    #[test]
    fn a_clear_difference_is_sure_and_none_is_not() {
        let (better, worse) = (texts(90, 10), texts(60, 40));
        assert!(paired_p_value(&better, &worse) < 0.01);
        assert!(paired_p_value(&worse, &better) < 0.01);
        assert_eq!(paired_p_value(&better, &better), 1.0);
    }
}
