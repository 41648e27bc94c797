//! The share that a page is about, and what it says otherwise where a text can have several labels.

use super::{Page, escaped, table};
use crate::metrics::LabelOutcomes;
use crate::plot::Language;
use crate::report::{BaselineScores, MultiLabelReport, Report, Verdict};

/// The share that a report is about, with those of simpler answers: right answers, or micro-F1.
pub(super) struct Headline {
    pub(super) share: f64,
    pub(super) interval: [f64; 2],
    pub(super) word_count: Option<(f64, [f64; 2])>,
    pub(super) majority: f64,
}

impl Headline {
    pub(super) fn of(report: &Report) -> Headline {
        let word_count = report.word_count.as_ref();
        match &report.multi_label {
            Some(multi) => Headline {
                share: multi.scores.micro_f1,
                interval: multi.scores.micro_f1_interval,
                word_count: multi
                    .word_count_micro_f1
                    .zip(multi.word_count_micro_f1_interval),
                majority: multi.majority_micro_f1,
            },
            None => Headline {
                share: report.scores.accuracy,
                interval: report.accuracy_interval,
                word_count: word_count.map(|scores| (scores.accuracy, scores.accuracy_interval)),
                majority: report.majority.accuracy,
            },
        }
    }
}

impl Page<'_> {
    /// The score in words, with its interval.
    pub(super) fn sentence_of_several(&self, multi: &MultiLabelReport) -> String {
        let language = self.language;
        let scores = &multi.scores;
        let [low, high] = scores
            .micro_f1_interval
            .map(|share| language.percent(share));
        let [precision, recall, all] = [
            scores.micro_precision,
            scores.micro_recall,
            self.report.scores.accuracy,
        ]
        .map(|share| language.percent(share));
        let n = language.count(self.report.n_test);
        match language {
            Language::En => format!(
                "On {n} texts that the model had never seen, {precision} of the labels that it gave are right, and it gave {recall} of those that the texts have; {all} of the texts got exactly their labels. On other texts of the same kind, expect a micro-F1 between {low} and {high} (95% interval)."
            ),
            Language::De => format!(
                "Bei {n} Texten, die das Modell nie gesehen hatte, sind {precision} der vergebenen Labels richtig, und {recall} der Labels, die die Texte haben, wurden vergeben; {all} der Texte bekamen genau ihre Labels. Bei anderen Texten dieser Art ist ein Mikro-F1 von {low} bis {high} zu erwarten (95-%-Intervall)."
            ),
        }
    }

    /// What simpler answers give, in words.
    pub(super) fn baselines_of_several(&self, multi: &MultiLabelReport) -> String {
        let language = self.language;
        let label = &self.report.majority.label;
        let guessed = language.percent(multi.majority_micro_f1);
        let counted = multi
            .word_count_micro_f1
            .map(|share| language.percent(share));
        match (counted, language) {
            (Some(counted), Language::En) => format!(
                "A model that only counts words has a micro-F1 of {counted}, always giving “{label}” one of {guessed}."
            ),
            (Some(counted), Language::De) => format!(
                "Ein Modell, das nur Wörter zählt, hat ein Mikro-F1 von {counted}, immer „{label}“ zu vergeben eines von {guessed}."
            ),
            (None, Language::En) => {
                format!("Always giving “{label}” would have a micro-F1 of {guessed}.")
            }
            (None, Language::De) => {
                format!("Immer „{label}“ zu vergeben hätte ein Mikro-F1 von {guessed}.")
            }
        }
    }

    /// Which test decided, in place of the one that counts right texts.
    pub(super) fn test_of_several(&self, p: &str) -> String {
        match self.language {
            Language::En => format!("By micro-F1, drawing the test texts anew: {p}."),
            Language::De => format!("Nach dem Mikro-F1, mit neu gezogenen Testtexten: {p}."),
        }
    }

    /// The four counts of each label.
    pub(super) fn outcomes(&self, multi: &MultiLabelReport) -> String {
        let language = self.language;
        let head = [
            self.pick("Label", "Label"),
            self.pick("Rightly given", "Zu Recht vergeben"),
            self.pick("Given, but wrong", "Zu Unrecht vergeben"),
            self.pick("Missed", "Übersehen"),
            self.pick("Rightly not given", "Zu Recht nicht vergeben"),
            self.pick("Given from", "Vergeben ab"),
        ];
        let names = self.report.labels.names().iter();
        let counts = multi.scores.outcomes.iter().zip(&multi.thresholds);
        let rows = names.zip(counts).map(|(name, (outcome, threshold))| {
            let LabelOutcomes {
                n_right,
                n_too_much,
                n_missed,
                n_rightly_without,
            } = *outcome;
            let [right, too_much, missed, without] =
                [n_right, n_too_much, n_missed, n_rightly_without].map(|n| language.count(n));
            let threshold = language.number(f64::from(*threshold), 2);
            [escaped(name), right, too_much, missed, without, threshold]
        });
        format!(
            "<section><h2>{}</h2><p class=\"soft\">{}</p>{}</section>\n",
            self.pick("What each label got right and wrong", "Was bei jedem Label stimmt und was nicht"),
            self.pick(
                "A text can have several labels, so each label is a question of its own: is it right for this text or not? A text gets a label from the score in the last column on; these limits were chosen on the validation part.",
                "Ein Text kann mehrere Labels haben, also ist jedes Label eine eigene Frage: Passt es zu diesem Text oder nicht? Ab dem Wert in der letzten Spalte bekommt ein Text das Label; diese Grenzen wurden am Validierungsteil gewählt."
            ),
            table(&head, rows)
        )
    }

    /// Whether the classifier beats the word-count model.
    pub(super) fn judged(&self, word_count: &BaselineScores) -> &'static str {
        match word_count.verdict {
            Verdict::Better => self.language.pick(
                "This model is surely better than one that only counts words.",
                "Dieses Modell ist sicher besser als eines, das nur Wörter zählt.",
            ),
            Verdict::NotSurelyDifferent => self.language.pick(
                "This model is not surely better than one that only counts words: chance could explain the difference.",
                "Dieses Modell ist nicht sicher besser als eines, das nur Wörter zählt: Auch der Zufall könnte den Unterschied erklären.",
            ),
            Verdict::Worse => self.language.pick(
                "This model is surely worse than one that only counts words.",
                "Dieses Modell ist sicher schlechter als eines, das nur Wörter zählt.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::LabelMap;
    use crate::metrics::LabelTable;
    use crate::report::JudgedTables;

    #[test]
    fn a_page_about_several_labels_tells_micro_f1_and_the_counts_of_each() {
        let labels = LabelMap::in_order(vec!["bug".to_owned(), "<wish>".to_owned()]);
        let sets: [&[usize]; 3] = [&[0], &[0, 1], &[]];
        let actual: Vec<&[usize]> = (0..30).map(|i| sets[i % 3]).collect();
        let given: Vec<&[usize]> = (0..30).map(|i| sets[i % 3 / 2 * 2]).collect();
        let given = LabelTable::of(given, 2);
        let report = Report::of_tables(&JudgedTables {
            labels: &labels,
            predicted: &given,
            actual: &LabelTable::of(actual.clone(), 2),
            thresholds: &[0.5, 0.25],
            train_label_ids: &actual,
            word_count: Some((&given, 30)),
            loss: 0.2,
        });
        let html = |language| {
            let page = Page {
                name: "x",
                report: &report,
                events: &[],
                language,
            };
            page.html()
        };
        // 20 of 30 labels are given, and all of these are right: 40 / 50.
        let (english, german) = (html(Language::En), html(Language::De));
        for part in [
            "80.0%",
            "is the micro-F1",
            "Rightly given",
            "&lt;wish&gt;",
            "0.25",
        ] {
            assert!(english.contains(part), "{part} is not in {english}");
        }
        for part in ["80,0\u{a0}%", "Mikro-F1", "Zu Unrecht vergeben", "0,25"] {
            assert!(german.contains(part), "{part} is not in {german}");
        }
        assert!(!english.contains("taken for") && !german.contains("gehalten"));
        let (_, german) = german.split_once("</style>").unwrap();
        for word in [" the ", " of ", "Given", "texts"] {
            assert!(!german.contains(word), "{word} is in {german}");
        }
    }
}
