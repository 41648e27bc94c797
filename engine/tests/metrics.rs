//! Scores equal those of scikit-learn, made by `tests/fixtures/golden/metrics.py`.

#![allow(clippy::unwrap_used)]

use embert_engine::metrics::Scores;
use serde_json::{Value, json};

/// Both sides add the same doubles in another order, which differs by a few units in the last place.
const TOLERANCE: f64 = 1e-12;

fn ids(value: &Value) -> Vec<usize> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn scores_equal_those_of_scikit_learn() {
    let golden: Value =
        serde_json::from_str(include_str!("../../tests/fixtures/golden/metrics.json")).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for (number, expected) in cases.iter().enumerate() {
        let n_labels = expected["nLabels"].as_u64().unwrap() as usize;
        let scores = Scores::new(
            &ids(&expected["predicted"]),
            &ids(&expected["actual"]),
            n_labels,
        );
        let scores = json!(scores);
        assert_eq!(scores["confusion"], expected["confusion"], "case {number}");
        for name in [
            "accuracy",
            "macroPrecision",
            "macroRecall",
            "macroF1",
            "weightedPrecision",
            "weightedRecall",
            "weightedF1",
        ] {
            check(
                &scores[name],
                &expected[name],
                &format!("{name} of case {number}"),
            );
        }
        let per_label = expected["perLabel"].as_array().unwrap();
        assert_eq!(scores["perLabel"].as_array().unwrap().len(), n_labels);
        for (label, expected) in per_label.iter().enumerate() {
            for (name, value) in expected.as_object().unwrap() {
                let what = format!("{name} of label {label} in case {number}");
                check(&scores["perLabel"][label][name], value, &what);
            }
        }
    }
}

fn check(score: &Value, expected: &Value, what: &str) {
    let (score, expected) = (score.as_f64().unwrap(), expected.as_f64().unwrap());
    assert!(
        (score - expected).abs() < TOLERANCE,
        "{what}: {score}, not {expected}"
    );
}
