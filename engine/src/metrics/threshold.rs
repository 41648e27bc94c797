//! From which score on a text gets a label, where it can have several.

/// The threshold of a label about which nothing is known.
pub const USUAL_THRESHOLD: f32 = 0.5;

/// More rounds are never needed on real scores; each is at least as good as the one before.
const MOST_ROUNDS: usize = 50;

/// Finds, for each label, a threshold, so that the micro-F1 of all labels together is the highest on texts whose labels
/// are known. `scores` and `has` are `[texts, labels]`, row by row.
///
/// Micro-F1 is a fraction, 2 TP / (given + present), and both sides of it are sums over the labels. So for the value λ that
/// it has so far, each label alone looks for the largest 2 TP - λ given, and λ is computed anew until it no longer grows
/// (Dinkelbach 1967, "On nonlinear fractional programming"). The highest F1 of each label alone would give a label that
/// was hardly learned to nearly every text (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to
/// maximize F1 measure").
///
/// The threshold lies in the middle between the last score that gets the label and the next one. Of equally good ones the
/// nearest to [`USUAL_THRESHOLD`] is taken, which is also that of a label that none of the texts has. A label that is best
/// never given has a threshold above its highest score.
#[must_use]
pub fn best_thresholds(scores: &[f32], has: &[bool], n_labels: usize) -> Vec<f32> {
    let of_label = |id: usize| {
        let scores = scores.iter().skip(id).step_by(n_labels);
        let has = has.iter().skip(id).step_by(n_labels);
        sorted(scores.copied().zip(has.copied()).collect())
    };
    let labels: Vec<Vec<(f32, bool)>> = (0..n_labels).map(of_label).collect();
    let n_present = has.iter().filter(|has| **has).count();
    let mut lambda = 0.0;
    for _ in 0..MOST_ROUNDS {
        let cuts: Vec<Cut> = labels.iter().map(|texts| best_cut(texts, lambda)).collect();
        let n_right: usize = cuts.iter().map(|cut| cut.n_right).sum();
        let n_given: usize = cuts.iter().map(|cut| cut.n_given).sum();
        let micro_f1 = 2.0 * n_right as f64 / (n_given + n_present).max(1) as f64;
        if micro_f1 <= lambda {
            return cuts.into_iter().map(|cut| cut.threshold).collect();
        }
        lambda = micro_f1;
    }
    labels
        .iter()
        .map(|texts| best_cut(texts, lambda).threshold)
        .collect()
}

/// The texts of a label, those with the highest scores first.
fn sorted(mut texts: Vec<(f32, bool)>) -> Vec<(f32, bool)> {
    texts.retain(|(score, _)| score.is_finite());
    texts.sort_by(|a, b| b.0.total_cmp(&a.0));
    texts
}

/// A threshold, and what it does.
#[derive(Debug, Clone, Copy)]
struct Cut {
    threshold: f32,
    n_given: usize,
    n_right: usize,
}

fn best_cut(texts: &[(f32, bool)], lambda: f64) -> Cut {
    let n_with = texts.iter().filter(|(_, has)| *has).count();
    let highest = texts.first().map_or(0.0, |(score, _)| *score);
    if n_with == 0 {
        let given = texts.iter().filter(|(score, _)| *score >= USUAL_THRESHOLD);
        return Cut {
            threshold: USUAL_THRESHOLD,
            n_given: given.count(),
            n_right: 0,
        };
    }
    let mut best = Cut {
        threshold: USUAL_THRESHOLD.max(middle(1.0, highest)),
        n_given: 0,
        n_right: 0,
    };
    let gain = |cut: &Cut| 2.0 * cut.n_right as f64 - lambda * cut.n_given as f64;
    let distance = |cut: &Cut| (cut.threshold - USUAL_THRESHOLD).abs();
    let mut n_right = 0;
    for (i, (score, has)) in texts.iter().enumerate() {
        n_right += usize::from(*has);
        let next = texts.get(i + 1).map_or(0.0, |(next, _)| *next);
        // Equal scores get the label together.
        if i + 1 < texts.len() && next >= *score {
            continue;
        }
        let cut = Cut {
            threshold: middle(*score, next),
            n_given: i + 1,
            n_right,
        };
        let is_as_good = gain(&cut) == gain(&best) && gain(&cut) > 0.0;
        if gain(&cut) > gain(&best) || (is_as_good && distance(&cut) < distance(&best)) {
            best = cut;
        }
    }
    best
}

/// Between two scores; the higher one where rounding leaves no number between them.
fn middle(score: f32, next: f32) -> f32 {
    let middle = next + (score - next) / 2.0;
    if middle > next { middle } else { score }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[(f32, bool)], expected: f32) {
        let (scores, has): (Vec<f32>, Vec<bool>) = texts.iter().copied().unzip();
        let found = best_thresholds(&scores, &has, 1)[0];
        assert!(
            (found - expected).abs() < 1e-6,
            "{texts:?}: {found}, not {expected}"
        );
    }

    #[test]
    fn the_threshold_with_the_best_f1_is_found() {
        // F1 after each score: 2/3, 1, 4/5.
        check(&[(0.9, true), (0.3, true), (0.1, false)], 0.2);
        // 2/3, 1/2, 4/5, 2/3: one wrong text is worth it.
        check(
            &[(0.3, true), (0.2, false), (0.1, true), (0.05, false)],
            0.075,
        );
        // 0.4 gets it with its equal.
        check(&[(0.4, true), (0.4, false), (0.1, false)], 0.25);
    }

    #[test]
    fn without_a_text_that_has_the_label_it_is_the_usual_one() {
        check(&[(0.9, false), (0.2, false)], 0.5);
        check(&[], 0.5);
    }

    #[test]
    fn of_equally_good_ones_the_nearest_to_the_usual_one_is_taken() {
        // 2/(2+1) after 0.9, 4/(2+4) after 0.3.
        check(
            &[
                (0.9, true),
                (0.8, false),
                (0.7, false),
                (0.3, true),
                (0.1, false),
            ],
            0.2,
        );
        check(
            &[(0.5, true), (0.1, false), (0.06, false), (0.04, true)],
            0.3,
        );
    }

    #[test]
    fn a_label_that_was_not_learned_is_not_given_to_everybody() {
        // The first label is certain; alone, the second would be given to all six texts for an F1 of 2/7.
        let scores = [
            0.9, 0.3, 0.9, 0.29, 0.9, 0.28, 0.1, 0.27, 0.1, 0.26, 0.1, 0.25,
        ];
        let first = [true, true, true, false, false, false];
        let second = [false, false, false, false, false, true];
        let has: Vec<bool> = first
            .into_iter()
            .zip(second)
            .flat_map(|(a, b)| [a, b])
            .collect();
        let found = best_thresholds(&scores, &has, 2);
        assert!((found[0] - 0.5).abs() < 1e-6, "{found:?}");
        assert!(found[1] > 0.3, "{found:?}");
    }

    #[test]
    fn each_label_has_its_own() {
        let scores = [0.9, 0.2, 0.6, 0.1, 0.2, 0.0];
        let has = [true, true, false, false, false, false];
        let found = best_thresholds(&scores, &has, 2);
        assert!(
            (found[0] - 0.75).abs() < 1e-6 && (found[1] - 0.15).abs() < 1e-6,
            "{found:?}"
        );
    }
}
