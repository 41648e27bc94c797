//! The sentences of a page that hold numbers, in both languages.

use super::Page;
use crate::plot::Language;
use crate::report::{BaselineScores, JudgedText, Remark};

impl Page<'_> {
    /// The score in words, with its interval.
    pub(super) fn sentence(&self) -> String {
        let (report, language) = (self.report, self.language);
        if let Some(multi) = &report.multi_label {
            return self.sentence_of_several(multi);
        }
        let [low, high] = report
            .accuracy_interval
            .map(|share| language.percent(share));
        let [right, all] =
            [report.scores.n_right(), report.scores.n_examples].map(|n| language.count(n));
        match language {
            Language::En => format!(
                "{right} of {all} texts that the model had never seen. On other texts of the same kind, expect between \
                 {low} and {high} (95% interval)."
            ),
            Language::De => format!(
                "{right} von {all} Texten, die das Modell nie gesehen hatte. Bei anderen Texten dieser Art sind {low} \
                 bis {high} zu erwarten (95-%-Intervall)."
            ),
        }
    }

    /// What simpler answers give, in words.
    pub(super) fn baselines(&self) -> String {
        let (report, language) = (self.report, self.language);
        if let Some(multi) = &report.multi_label {
            return self.baselines_of_several(multi);
        }
        let label = &report.majority.label;
        let guessed = language.percent(report.majority.accuracy);
        let counted = report.word_count.as_ref();
        let counted = counted.map(|word_count| language.percent(word_count.accuracy));
        match (counted, language) {
            (Some(counted), Language::En) => format!(
                "A model that only counts words gets {counted} right, always answering “{label}” {guessed}."
            ),
            (Some(counted), Language::De) => format!(
                "Ein Modell, das nur Wörter zählt, hat {counted} richtig, immer „{label}“ zu antworten {guessed}."
            ),
            (None, Language::En) => {
                format!("Always answering “{label}” would be right on {guessed}.")
            }
            (None, Language::De) => {
                format!("Immer „{label}“ zu antworten wäre bei {guessed} richtig.")
            }
        }
    }

    /// The name of the majority's bar.
    pub(super) fn always(&self) -> String {
        let label = &self.report.majority.label;
        match self.language {
            Language::En => format!("Always answering “{label}”"),
            Language::De => format!("Immer „{label}“ antworten"),
        }
    }

    /// Whether the classifier beats the word-count model.
    pub(super) fn verdict(&self, word_count: &BaselineScores) -> String {
        let language = self.language;
        let [model, words] =
            [word_count.n_only_classifier, word_count.n_only_baseline].map(|n| language.count(n));
        let p = match (word_count.p_value, language) {
            (p, _) if p >= 0.0001 => {
                format!("p = {}", language.number(p, if p < 0.01 { 4 } else { 2 }))
            }
            (_, Language::En) => "p less than 0.0001".to_owned(),
            (_, Language::De) => "p kleiner als 0,0001".to_owned(),
        };
        let judged = self.judged(word_count);
        let test = match language {
            _ if self.report.multi_label.is_some() => self.test_of_several(&p),
            Language::En => format!(
                "{model} texts only this model got right, {words} only the word counts (McNemar's exact test, {p})."
            ),
            Language::De => format!(
                "{model} Texte hat nur dieses Modell richtig, {words} nur das Zählen (exakter McNemar-Test, {p})."
            ),
        };
        let part = if word_count.n_train < self.report.n_train {
            let [part, all] = [word_count.n_train, self.report.n_train].map(|n| language.count(n));
            match language {
                Language::En => format!(" The counts were learned from {part} of the {all} texts."),
                Language::De => format!(" Gezählt wurde in {part} der {all} Texte."),
            }
        } else {
            String::new()
        };
        format!("{judged} {test}{part}")
    }

    /// Something that the person should know.
    pub(super) fn remark(&self, remark: &Remark) -> String {
        let (report, language) = (self.report, self.language);
        match (remark, language) {
            (Remark::NotBetterThanMajority, Language::En) => format!(
                "This is not surely better than always answering “{}”. More or clearer examples may help.",
                report.majority.label
            ),
            (Remark::NotBetterThanMajority, Language::De) => format!(
                "Das ist nicht sicher besser, als immer „{}“ zu antworten. Mehr oder klarere Beispiele können helfen.",
                report.majority.label
            ),
            (
                Remark::FewTestTexts {
                    n_labels,
                    fewer_than,
                },
                Language::En,
            ) => format!(
                "{n_labels} of {} labels {} fewer than {fewer_than} test texts; such scores can be far off.",
                report.labels.len(),
                if *n_labels == 1 { "has" } else { "have" },
            ),
            (
                Remark::FewTestTexts {
                    n_labels,
                    fewer_than,
                },
                Language::De,
            ) => format!(
                "{n_labels} von {} Labels {} weniger als {fewer_than} Testtexte; solche Werte können weit \
                 danebenliegen.",
                report.labels.len(),
                if *n_labels == 1 { "hat" } else { "haben" },
            ),
        }
    }

    /// How many test texts were cut.
    pub(super) fn cut(&self) -> String {
        let n = self.language.count(self.report.n_cut);
        match (self.report.n_cut, self.language) {
            (0, Language::En) => "None was cut".to_owned(),
            (0, Language::De) => "Keiner wurde gekürzt".to_owned(),
            (1, Language::En) => "1 was too long and lost its middle".to_owned(),
            (1, Language::De) => "1 war zu lang und verlor seine Mitte".to_owned(),
            (_, Language::En) => format!("{n} were too long and lost their middle"),
            (_, Language::De) => format!("{n} waren zu lang und verloren ihre Mitte"),
        }
    }

    /// Which of the mistakes are shown.
    pub(super) fn which_mistakes(&self, most: usize) -> String {
        let n = self.report.n_mistakes();
        let [shown, all] = [n.min(most), n].map(|n| self.language.count(n));
        let which = match self.language {
            Language::En if n > most => {
                format!("The {shown} of {all} mistakes with the highest scores.")
            }
            Language::De if n > most => {
                format!("Die {shown} von {all} Fehlern mit den höchsten Werten.")
            }
            Language::En => "All mistakes, those with the highest scores first.".to_owned(),
            Language::De => "Alle Fehler, die mit den höchsten Werten zuerst.".to_owned(),
        };
        let why = self.pick(
            "Some of them may be labelled wrongly in the file.",
            "Manche davon können in der Datei falsch beschriftet sein.",
        );
        format!("{which} {why}")
    }

    /// Where a mistake stands and how sure the model was.
    pub(super) fn line_and_score(&self, mistake: &JudgedText) -> String {
        let language = self.language;
        let line = language.count(usize::try_from(mistake.line).unwrap_or(usize::MAX));
        let score = language.percent(mistake.score);
        match language {
            Language::En => format!("Line {line} · score {score}"),
            Language::De => format!("Zeile {line} · Wert {score}"),
        }
    }

    /// How the model came about: names and values. What is not known is left out.
    pub(super) fn training_facts(&self) -> Vec<(&'static str, String)> {
        let (report, language) = (self.report, self.language);
        let training = report.training.clone().unwrap_or_default();
        let texts = |n: usize| {
            let noun = match (n, language) {
                (1, Language::En) => "text",
                (_, Language::En) => "texts",
                (1, Language::De) => "Text",
                (_, Language::De) => "Texte",
            };
            (n > 0).then(|| format!("{} {noun}", language.count(n)))
        };
        let steps = training.best_step.zip(training.n_steps);
        let of = language.pick("of", "von");
        let facts = [
            (
                language.pick("Base model", "Basismodell"),
                training.base_model,
            ),
            (language.pick("Device", "Gerät"), training.device),
            (
                language.pick("Time", "Zeit"),
                training.seconds.map(|seconds| duration(seconds, language)),
            ),
            (
                language.pick("Most memory used", "Größter Speicherbedarf"),
                training
                    .peak_memory_bytes
                    .map(|bytes| format!("{} MB", language.number(bytes as f64 / 1e6, 0))),
            ),
            (
                language.pick("Best step", "Bester Schritt"),
                steps.map(|(best, all)| {
                    format!("{} {of} {}", language.count(best), language.count(all))
                }),
            ),
            (
                language.pick("Training part", "Trainingsteil"),
                texts(report.n_train),
            ),
            (
                language.pick("Validation part", "Validierungsteil"),
                texts(report.n_valid),
            ),
            (language.pick("Test part", "Testteil"), texts(report.n_test)),
            (
                language.pick("Loss on the test part", "Loss am Testteil"),
                Some(language.number(report.loss, 3)),
            ),
        ];
        facts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// The last line.
    pub(super) fn made_with(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match self.language {
            Language::En => format!(
                "Made with Embert {version} on the computer where the model was trained. This page needs no connection \
                 and sends nothing."
            ),
            Language::De => format!(
                "Erstellt mit Embert {version} auf dem Computer, auf dem das Modell trainiert wurde. Diese Seite \
                 braucht keine Verbindung und sendet nichts."
            ),
        }
    }
}

fn duration(seconds: f64, language: Language) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..60 => format!("{} s", language.number(seconds, 1)),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}
