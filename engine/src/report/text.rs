//! The report as plain text for a terminal.

use super::{BaselineScores, MultiLabelReport, Remark, Report, TrainingFacts, Verdict};

/// Most labels, and pairs of labels, that the text shows; the rest is in the JSON.
const MOST_SHOWN_LABELS: usize = 40;
const MOST_SHOWN_PAIRS: usize = 5;

impl Report {
    /// Returns the report as plain text for a terminal.
    pub fn to_text(&self) -> String {
        let mut text = match &self.multi_label {
            Some(multi) => self.headline_of_several(multi),
            None => self.headline(),
        };
        text += &format!(
            "Macro-F1 {} (every label counts the same), weighted F1 {}.\n\n",
            percent(self.scores.macro_f1),
            percent(self.scores.weighted_f1)
        );
        text += &self.label_table();
        text += &self.pairs_in_words();
        if let Some(training) = &self.training {
            text += &format!("\n{}\n", training.to_text(self.n_train, self.n_valid));
        }
        if self.n_cut > 0 {
            text += &format!(
                "{} of {} test texts were too long and lost their middle.\n",
                self.n_cut, self.n_test
            );
        }
        for remark in &self.remarks {
            text += &format!("Note: {}\n", remark.to_text(self));
        }
        text
    }

    fn headline(&self) -> String {
        let mut text = format!(
            "Right on {} of {} test texts (95 % interval {:.1} to {:.1} %).\n",
            percent(self.scores.accuracy),
            self.n_test,
            100.0 * self.accuracy_interval[0],
            100.0 * self.accuracy_interval[1]
        );
        if let Some(word_count) = &self.word_count {
            text += &word_count.to_text(self.n_train);
        }
        text += &format!(
            "Always answering \"{}\" would be right on {}.\n",
            self.majority.label,
            percent(self.majority.accuracy)
        );
        text
    }

    fn headline_of_several(&self, multi: &MultiLabelReport) -> String {
        let scores = &multi.scores;
        let [low, high] = scores.micro_f1_interval.map(|share| 100.0 * share);
        let mut text = format!(
            "Micro-F1 {} on {} test texts (95 % interval {low:.1} to {high:.1} %).\n\
             {} of the labels that it gave are right, and it gave {} of those that the texts have.\n\
             All labels are right on {} of the texts; {} of the single decisions are wrong (Hamming loss).\n",
            percent(scores.micro_f1),
            self.n_test,
            percent(scores.micro_precision),
            percent(scores.micro_recall),
            percent(self.scores.accuracy),
            percent(scores.hamming_loss),
        );
        if let (Some(word_count), Some(micro_f1)) = (&self.word_count, multi.word_count_micro_f1) {
            text += &format!(
                "Counting words{} would have a micro-F1 of {}.\n{} (drawing the test texts anew, p {}).\n",
                word_count.learned_from(self.n_train),
                percent(micro_f1),
                word_count.verdict.to_text(),
                p_value(word_count.p_value)
            );
        }
        text += &format!(
            "Always giving \"{}\" would have a micro-F1 of {}.\n",
            self.majority.label,
            percent(multi.majority_micro_f1)
        );
        text
    }

    fn label_table(&self) -> String {
        let width = self
            .labels
            .names()
            .iter()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0)
            .clamp(5, 40);
        let mut table = format!(
            "{:<width$}  {:>9}  {:>7}  {:>7}  {:>5}\n",
            "Label", "Precision", "Recall", "F1", "Texts"
        );
        for (name, score) in self
            .labels
            .names()
            .iter()
            .zip(&self.scores.per_label)
            .take(MOST_SHOWN_LABELS)
        {
            table += &format!(
                "{:<width$}  {:>9}  {:>7}  {:>7}  {:>5}\n",
                shortened(name, width),
                percent(score.precision),
                percent(score.recall),
                percent(score.f1),
                score.n_examples
            );
        }
        if self.labels.len() > MOST_SHOWN_LABELS {
            table += &format!(
                "… and {} more labels\n",
                self.labels.len() - MOST_SHOWN_LABELS
            );
        }
        table
    }

    fn pairs_in_words(&self) -> String {
        let pairs = self.confused_pairs();
        if pairs.is_empty() {
            return String::new();
        }
        let mut text = "\nMost often confused:\n".to_owned();
        for (n, actual, predicted) in pairs.into_iter().take(MOST_SHOWN_PAIRS) {
            let texts = if n == 1 { "text" } else { "texts" };
            text += &format!(
                "  {n} {texts} of \"{}\" taken for \"{}\"\n",
                self.labels.name(actual),
                self.labels.name(predicted)
            );
        }
        text
    }
}

impl BaselineScores {
    fn to_text(&self, n_train: usize) -> String {
        let part = self.learned_from(n_train);
        let test = format!(
            "of the texts that only one of them got right, this model has {} and word counts {}; McNemar's exact test, \
             p {}",
            self.n_only_classifier,
            self.n_only_baseline,
            p_value(self.p_value)
        );
        let verdict = self.verdict.to_text();
        format!(
            "Counting words{part} would be right on {}.\n{verdict} ({test}).\n",
            percent(self.accuracy)
        )
    }
}

impl BaselineScores {
    /// From how many texts, where it is not all.
    fn learned_from(&self, n_train: usize) -> String {
        if self.n_train < n_train {
            format!(", learning from {} of the {n_train} texts,", self.n_train)
        } else {
            String::new()
        }
    }
}

impl Verdict {
    fn to_text(self) -> &'static str {
        match self {
            Verdict::Better => "This model is surely better",
            Verdict::NotSurelyDifferent => {
                "This model is not surely better, the difference is within what chance explains"
            }
            Verdict::Worse => "This model is surely worse: counting words does better here",
        }
    }
}

impl Remark {
    fn to_text(&self, report: &Report) -> String {
        match self {
            Self::NotBetterThanMajority => format!(
                "This is not surely better than always answering \"{}\". More or clearer examples may help.",
                report.majority.label
            ),
            Self::FewTestTexts {
                n_labels,
                fewer_than,
            } => {
                let have = if *n_labels == 1 { "has" } else { "have" };
                format!(
                    "{n_labels} of {} labels {have} fewer than {fewer_than} test texts; such scores can be far off.",
                    report.labels.len()
                )
            }
        }
    }
}

impl TrainingFacts {
    fn to_text(&self, n_train: usize, n_valid: usize) -> String {
        let mut text =
            format!("Learned from {n_train} texts, the best checkpoint chosen on {n_valid}");
        if let (Some(best), Some(last)) = (self.best_step, self.n_steps) {
            text += &format!(" (step {best} of {last})");
        }
        text.push('.');
        if let Some(seconds) = self.seconds {
            text += &format!(" Training took {}", duration(seconds));
            if let Some(device) = &self.device {
                text += &format!(" on {device}");
            }
            if let Some(bytes) = self.peak_memory_bytes {
                text += &format!(" and {} MB of memory", bytes / 1_000_000);
            }
            text.push('.');
        }
        text
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// As it stands after the letter p.
fn p_value(p: f64) -> String {
    if p < 0.0001 {
        "less than 0.0001".to_owned()
    } else if p < 0.01 {
        format!("= {p:.4}")
    } else {
        format!("= {p:.2}")
    }
}

fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

fn shortened(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    name.chars().take(width - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;

    #[test]
    fn the_text_gives_the_score_its_interval_and_both_baselines() {
        let text = report(10).to_text();
        assert!(
            text.starts_with("Right on 98.0 % of 100 test texts (95 % interval 93.0 to 99.4 %).\n"),
            "{text}"
        );
        for line in [
            "Counting words would be right on 90.0 %.\n",
            "This model is surely better (of the texts that only one of them got right, this model has 10 and word \
             counts 2; McNemar's exact test, p = 0.04).\n",
            "Always answering \"ham\" would be right on 80.0 %.\n",
            "  2 texts of \"ham\" taken for \"spam\"\n",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }

    #[test]
    fn a_classifier_that_does_not_beat_word_counts_says_so() {
        let text = report(2).to_text();
        assert!(
            text.contains(
                "This model is not surely better, the difference is within what chance explains ("
            ),
            "{text}"
        );
    }
    #[test]
    fn several_labels_are_told_by_their_micro_f1() {
        let text = super::super::multi_label::tests::report().to_text();
        for line in [
            "Micro-F1 94.1 % on 60 test texts (95 % interval ",
            "of the labels that it gave are right, and it gave 96.0 % of those that the texts have.\n",
            "All labels are right on 90.0 % of the texts; ",
            "This model is surely better (drawing the test texts anew, p ",
            "Always giving \"bug\" would have a micro-F1 of ",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert!(!text.contains("taken for"), "{text}");
    }
}
