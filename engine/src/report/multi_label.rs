//! The report where a text can have several labels: micro-F1 stands where otherwise the share of right answers does.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    BaselineScores, MajorityBaseline, Report, SURE, Verdict, interval, least_frequent_first,
};
use crate::dataset::LabelMap;
use crate::metrics::{LabelTable, MultiLabelScores, Scores, micro_f1, paired_p_value};

/// What a report says besides where a text can have several labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MultiLabelReport {
    /// Scores over all labels together.
    pub scores: MultiLabelScores,
    /// Score from which on a text gets a label, by label id.
    pub thresholds: Vec<f32>,
    /// Micro-F1 of always giving the most frequent label.
    pub majority_micro_f1: f64,
    /// Micro-F1 of the word-count model, which has thresholds of its own; `None` without one.
    pub word_count_micro_f1: Option<f64>,
    /// 95 % interval of it.
    pub word_count_micro_f1_interval: Option<[f64; 2]>,
}

/// What a report is made of where a text can have several labels.
#[derive(Debug, Clone, Copy)]
pub struct JudgedTables<'a> {
    /// The labels.
    pub labels: &'a LabelMap,
    /// Labels that the classifier gave.
    pub predicted: &'a LabelTable,
    /// Labels that the texts have.
    pub actual: &'a LabelTable,
    /// From which score on it gave them.
    pub thresholds: &'a [f32],
    /// Label ids of the training texts, which decide what the most frequent label is; empty = that of `actual`.
    pub train_label_ids: &'a [&'a [usize]],
    /// Labels that the word-count model gave to the same texts, and the number of texts that it learned from.
    pub word_count: Option<(&'a LabelTable, usize)>,
    /// Mean loss.
    pub loss: f64,
}

impl Report {
    /// Judges several labels per text. What is not in [`JudgedTables`] is left empty for the caller to fill in.
    #[must_use]
    pub fn of_tables(judged: &JudgedTables<'_>) -> Report {
        let actual = judged.actual;
        let scores = Scores::of_tables(judged.predicted, actual);
        let (majority, majority_micro_f1) = majority(judged);
        let word_count = judged.word_count.map(|(predicted, _)| {
            let scores = MultiLabelScores::new(predicted, actual);
            (scores.micro_f1, scores.micro_f1_interval)
        });
        let mut report = Report {
            labels: judged.labels.clone(),
            accuracy_interval: interval(&scores),
            majority,
            word_count: judged
                .word_count
                .map(|(predicted, n_train)| compared(judged, predicted, n_train)),
            loss: judged.loss,
            n_train: judged.train_label_ids.len(),
            n_valid: 0,
            n_test: actual.n_texts(),
            n_cut: 0,
            training: None,
            remarks: Vec::new(),
            mistakes: Vec::new(),
            right: Vec::new(),
            scores,
            multi_label: Some(MultiLabelReport {
                scores: MultiLabelScores::new(judged.predicted, actual),
                thresholds: judged.thresholds.to_vec(),
                majority_micro_f1,
                word_count_micro_f1: word_count.map(|(score, _)| score),
                word_count_micro_f1_interval: word_count.map(|(_, interval)| interval),
            }),
        };
        report.remarks = report.remarks_on_scores();
        report
    }
}

/// The word-count model beside the classifier. Texts count as right when all their labels are; whether the classifier is
/// better is decided by micro-F1.
fn compared(judged: &JudgedTables<'_>, predicted: &LabelTable, n_train: usize) -> BaselineScores {
    let actual = judged.actual;
    let scores = Scores::of_tables(predicted, actual);
    let rows = judged
        .predicted
        .rows()
        .zip(predicted.rows())
        .zip(actual.rows());
    let (mut n_only_classifier, mut n_only_baseline) = (0, 0);
    for ((classifier, baseline), actual) in rows {
        match (classifier == actual, baseline == actual) {
            (true, false) => n_only_classifier += 1,
            (false, true) => n_only_baseline += 1,
            (true, true) | (false, false) => {}
        }
    }
    let p_value = paired_p_value(judged.predicted, predicted, actual);
    let difference = micro_f1(judged.predicted, actual) - micro_f1(predicted, actual);
    BaselineScores {
        accuracy: scores.accuracy,
        accuracy_interval: interval(&scores),
        macro_f1: scores.macro_f1,
        n_train,
        n_only_classifier,
        n_only_baseline,
        p_value,
        verdict: match difference {
            _ if p_value >= SURE => Verdict::NotSurelyDifferent,
            difference if difference > 0.0 => Verdict::Better,
            _ => Verdict::Worse,
        },
    }
}

/// What always giving the most frequent label of the train texts gives, and its micro-F1.
fn majority(judged: &JudgedTables<'_>) -> (MajorityBaseline, f64) {
    let (actual, n_labels) = (judged.actual, judged.labels.len());
    let mut counts = vec![0; n_labels];
    if judged.train_label_ids.is_empty() {
        for row in actual.rows() {
            for (count, has) in counts.iter_mut().zip(row) {
                *count += usize::from(*has);
            }
        }
    } else {
        let ids = judged.train_label_ids.iter().flat_map(|ids| ids.iter());
        for id in ids.filter(|id| **id < n_labels) {
            counts[*id] += 1;
        }
    }
    let most = least_frequent_first(&counts).last().copied().unwrap_or(0);
    let always = LabelTable::of(
        (0..actual.n_texts()).map(|_| std::slice::from_ref(&most)),
        n_labels,
    );
    let scores = Scores::of_tables(&always, actual);
    let majority = MajorityBaseline {
        label: judged.labels.name(most).to_owned(),
        accuracy: scores.accuracy,
        macro_f1: scores.macro_f1,
    };
    (majority, micro_f1(&always, actual))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::report::Remark;

    /// 60 texts about three labels, the first of which every other text has; every tenth text gets one label too many.
    pub(in crate::report) fn report() -> Report {
        let labels = ["bug", "praise", "wish"].map(str::to_owned).to_vec();
        let labels = LabelMap::in_order(labels);
        let sets: [&[usize]; 4] = [&[0], &[1, 2], &[0, 1], &[]];
        let actual: Vec<&[usize]> = (0..60).map(|i| sets[i % 4]).collect();
        let predicted: Vec<&[usize]> = (0..60)
            .map(|i| {
                if i % 10 == 0 {
                    &[0, 2][..]
                } else {
                    sets[i % 4]
                }
            })
            .collect();
        let counted: Vec<&[usize]> = (0..60).map(|i| sets[i % 2]).collect();
        Report::of_tables(&JudgedTables {
            labels: &labels,
            predicted: &LabelTable::of(predicted, 3),
            actual: &LabelTable::of(actual.clone(), 3),
            thresholds: &[0.5, 0.3, 0.4],
            train_label_ids: &actual,
            word_count: Some((&LabelTable::of(counted, 3), 60)),
            loss: 0.2,
        })
    }

    #[test]
    fn micro_f1_decides_whether_the_classifier_is_better() {
        let report = report();
        let multi = report.multi_label.as_ref().unwrap();
        // 75 labels; of the six texts with [0, 2] three have [0] and three [0, 1].
        assert_eq!(multi.scores.outcomes[2].n_too_much, 6);
        assert_eq!(report.n_mistakes(), 6);
        assert_eq!(report.majority.label, "bug");
        let word_count = report.word_count.as_ref().unwrap();
        assert_eq!(word_count.verdict, Verdict::Better);
        assert!(multi.word_count_micro_f1 < Some(multi.scores.micro_f1));
        assert!(!report.remarks.contains(&Remark::NotBetterThanMajority));
    }

    #[test]
    fn it_survives_json_and_other_reports_say_nothing_of_it() {
        let report = report();
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(
            serde_json::from_value::<Report>(json.clone())
                .unwrap()
                .to_text(),
            report.to_text()
        );
        assert!(
            json["multiLabel"]["scores"]["microF1"].is_number(),
            "{json}"
        );
        let single = serde_json::to_value(crate::report::tests::report(3)).unwrap();
        assert!(single.get("multiLabel").is_none());
    }
}
