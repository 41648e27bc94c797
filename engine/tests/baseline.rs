//! The word-count model on public data sets: accuracy and seconds. Ignored by default, because the data is not here.
//!
//! `EMBERT_DATA_SETS=FOLDER cargo test --workspace --test baseline -- --ignored --nocapture`, with CSV files of the
//! columns `text`, `label` and `split` in the folder.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::Path;
use std::time::Instant;

use embert_engine::baseline::{Text, WordCountModel};
use embert_engine::dataset::{Dataset, MappingRequest, guess_mapping};
use embert_engine::metrics::Scores;
use embert_engine::split::{Fractions, split};
use embert_engine::table::Table;

/// Name, and the accuracy of scikit-learn's `LogisticRegression(C=20)` on the same terms and the official parts; for
/// sms_spam, which has none, that of cross-validation.
const SETS: [(&str, f64); 5] = [
    ("banking77", 0.9117),
    ("trec6", 0.890),
    ("sst2", 0.8232),
    ("sms_spam", 0.9901),
    ("ag_news_small", 0.888),
];

#[test]
#[ignore = "needs the public data sets; name their folder in EMBERT_DATA_SETS"]
fn word_counts_are_as_good_as_those_of_scikit_learn_on_public_data() {
    let folder = std::env::var("EMBERT_DATA_SETS").unwrap();
    for (name, reference) in SETS {
        let table = Table::read(&Path::new(&folder).join(format!("{name}.csv"))).unwrap();
        let mapping = guess_mapping(&table, &MappingRequest::default()).unwrap();
        let dataset = Dataset::from_table(&table, &mapping.mapping).unwrap();
        let fractions = Fractions {
            valid: 0.1,
            test: 0.1,
        };
        let split = split(&dataset, fractions, 42).unwrap();
        let texts = |part: &[usize]| -> Vec<Text> {
            let examples = part.iter().map(|i| &dataset.examples[*i]);
            examples
                .map(|example| (example.text.as_str(), example.text_b.as_deref()))
                .collect()
        };
        let ids = |part: &[usize]| -> Vec<usize> {
            part.iter()
                .map(|i| dataset.examples[*i].label_id())
                .collect()
        };
        // As scikit-learn, which needs no valid part.
        let train = [split.train.as_slice(), &split.valid].concat();
        let clock = Instant::now();
        let n_labels = dataset.labels.len();
        let model = WordCountModel::learn(&texts(&train), &ids(&train), n_labels);
        let learned = clock.elapsed().as_secs_f64();
        let predicted = model.predict(&texts(&split.test));
        let scores = Scores::new(&predicted, &ids(&split.test), n_labels);
        println!(
            "{name}: {} train, {} test, {n_labels} labels: accuracy {:.4}, macro-F1 {:.4}, learned in {learned:.2} s, \
             all in {:.2} s",
            train.len(),
            split.test.len(),
            scores.accuracy,
            scores.macro_f1,
            clock.elapsed().as_secs_f64()
        );
        assert!(scores.accuracy > reference - 0.01, "{name}");
    }
}
