//! From which score on a text gets a label, where it can have several.

/// The threshold of a label about which nothing is known.
pub const USUAL_THRESHOLD: f32 = 0.5;

/// Finds, for each label, the threshold with the highest F1 on texts whose labels are known. `scores` and `has` are
/// `[texts, labels]`, row by row.
///
/// Every score that occurs is tried; the threshold lies in the middle between the last score that gets the label and the
/// next one. Of equally good ones the nearest to [`USUAL_THRESHOLD`] is taken, which is also that of a label that none of
/// the texts has. (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1 measure".)
#[must_use]
pub fn best_thresholds(scores: &[f32], has: &[bool], n_labels: usize) -> Vec<f32> {
    let of_label = |id: usize| {
        let scores = scores.iter().skip(id).step_by(n_labels);
        let has = has.iter().skip(id).step_by(n_labels);
        best_threshold(scores.copied().zip(has.copied()).collect())
    };
    (0..n_labels).map(of_label).collect()
}

fn best_threshold(mut texts: Vec<(f32, bool)>) -> f32 {
    texts.retain(|(score, _)| score.is_finite());
    texts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let n_with = texts.iter().filter(|(_, has)| *has).count();
    let (mut best, mut best_f1) = (USUAL_THRESHOLD, 0.0);
    let mut n_right = 0;
    for (i, (score, has)) in texts.iter().enumerate() {
        n_right += usize::from(*has);
        let next = texts.get(i + 1).map_or(0.0, |(next, _)| *next);
        // Equal scores get the label together.
        if i + 1 < texts.len() && next >= *score {
            continue;
        }
        let f1 = 2.0 * n_right as f64 / (n_with + i + 1) as f64;
        let threshold = middle(*score, next);
        let distance = |threshold: f32| (threshold - USUAL_THRESHOLD).abs();
        if f1 > best_f1 || (f1 == best_f1 && f1 > 0.0 && distance(threshold) < distance(best)) {
            (best, best_f1) = (threshold, f1);
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
        let found = best_threshold(texts.to_vec());
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
