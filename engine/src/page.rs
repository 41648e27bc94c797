//! The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.
//!
//! Comes in: a [`Report`], the events of its run, a name and a language. Goes out: the page as text. It follows the
//! reader's light or dark theme; the figures stand on white ground in both.

mod sentences;
mod several;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use self::several::Headline;
use crate::event::{TrainEvent, read_log};
use crate::plot::{Figure, Language, figures};
use crate::report::{BaselineScores, JudgedText, Report};
use crate::whole_file::{self, Readers, folder_of};

const STYLE: &str = include_str!("page/style.css");
/// Mistakes that the page shows; the JSON has them all.
const SHOWN_MISTAKES: usize = 50;
const SHOWN_PAIRS: usize = 20;

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The title: the name of the project or of the file.
    pub name: &'a str,
    /// The numbers.
    pub report: &'a Report,
    /// What the run told, for the curves; empty where there was none.
    pub events: &'a [TrainEvent],
    /// The language of the words.
    pub language: Language,
}

/// Writes `report.html` and `figures/*.svg` into the run folder `folder`, with the curves of its log.
///
/// # Errors
/// When a file can't be written.
pub fn write_into_run(folder: &Path, name: &str, report: &Report) -> io::Result<()> {
    let events = read_log(folder);
    let page = Page {
        name,
        report,
        events: &events,
        language: Language::En,
    };
    for figure in figures(report, &events, page.language) {
        let file = folder.join("figures").join(figure.name);
        write(&file.with_extension("svg"), &figure.svg)?;
    }
    write(&folder.join("report.html"), &page.html())
}

/// Writes a text file as a whole or not at all; a missing folder is made.
///
/// # Errors
/// When it can't be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    whole_file::write(path, Readers::Usual, |file| file.write_all(text.as_bytes()))
}

impl Page<'_> {
    /// Returns the page.
    #[must_use]
    pub fn html(&self) -> String {
        let figures = figures(self.report, self.events, self.language);
        let figure = |name: &str| figures.iter().find(|figure| figure.name == name);
        let name = escaped(self.name);
        let title = self.pick("Report", "Bericht");
        let parts = [
            self.score(),
            self.remarks(),
            figure("training").map_or_else(String::new, |curves| self.curves(curves)),
            self.labels(figure("labels")),
            match &self.report.multi_label {
                Some(multi) => self.outcomes(multi),
                None => self.confusion(figure("confusion")),
            },
            self.mistakes(),
            self.facts(),
        ];
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{name}: {title}</title>\n\
             <style>\n{STYLE}</style>\n<header><p>{title}</p><h1>{name}</h1></header>\n<main>\n{}</main>\n\
             <footer><p>{}</p></footer>\n</html>\n",
            self.pick("en", "de"),
            parts.concat(),
            self.made_with(),
        )
    }

    fn pick<'a>(&self, en: &'a str, de: &'a str) -> &'a str {
        self.language.pick(en, de)
    }

    fn score(&self) -> String {
        let (report, language) = (self.report, self.language);
        let headline = Headline::of(report);
        let mut bars = self.bar(
            self.pick("This model", "Dieses Modell"),
            headline.share,
            Some(headline.interval),
            "this",
        );
        let mut verdict = String::new();
        if let Some(word_count) = &report.word_count {
            let name = self.pick("Counting words", "Wörter zählen");
            let (share, interval) = headline.word_count.unwrap_or_default();
            bars += &self.bar(name, share, Some(interval), "");
            verdict = self.verdict_box(word_count);
        }
        bars += &self.bar(&self.always(), headline.majority, None, "");
        let facts = [
            (
                self.pick("Macro-F1", "Makro-F1"),
                language.number(report.scores.macro_f1, 3),
                self.pick(
                    "The mean F1 of the labels; every label counts the same",
                    "Das mittlere F1 der Labels; jedes zählt gleich",
                )
                .to_owned(),
            ),
            (
                self.pick("Weighted F1", "Gewichtetes F1"),
                language.number(report.scores.weighted_f1, 3),
                self.pick("Frequent labels count more", "Häufige Labels zählen mehr")
                    .to_owned(),
            ),
            (
                self.pick("Test texts", "Testtexte"),
                language.count(report.n_test),
                self.cut(),
            ),
        ];
        let facts: String = facts
            .iter()
            .map(|(name, value, hint)| {
                format!("<div><dt>{name}</dt><dd class=\"num\">{value}</dd><dd class=\"small\">{hint}</dd></div>")
            })
            .collect();
        format!(
            "<section class=\"score\"><div><p class=\"big num\">{}</p><p class=\"lead\">{}</p><p>{}</p><p>{}</p>\
             <dl class=\"facts\">{facts}</dl></div><div><h2>{}</h2><ul class=\"bars\">{bars}</ul>{verdict}</div></section>\n",
            language.percent(headline.share),
            if report.multi_label.is_some() {
                self.pick(
                    "is the micro-F1: precision and recall over all labels together",
                    "ist das Mikro-F1: Genauigkeit und Trefferquote über alle Labels zusammen",
                )
            } else {
                self.pick(
                    "of the test texts got the right label",
                    "der Testtexte bekamen das richtige Label",
                )
            },
            escaped(&self.sentence()),
            escaped(&self.baselines()),
            self.pick(
                "Compared with simpler answers",
                "Im Vergleich zu einfacheren Antworten"
            ),
        )
    }

    fn bar(&self, name: &str, share: f64, interval: Option<[f64; 2]>, class: &str) -> String {
        let whisker = interval.map_or_else(String::new, |[low, high]| {
            let (left, width) = (100.0 * low, 100.0 * (high - low));
            format!("<b style=\"left:{left:.2}%;width:{width:.2}%\"></b>")
        });
        format!(
            "<li class=\"{class}\"><div class=\"head\"><span>{}</span><span class=\"num\">{}</span></div>\
             <div class=\"track\" aria-hidden=\"true\"><i style=\"width:{:.2}%\"></i>{whisker}</div></li>",
            escaped(name),
            self.language.percent(share),
            100.0 * share
        )
    }

    fn verdict_box(&self, word_count: &BaselineScores) -> String {
        let class = serde_json::to_value(word_count.verdict).unwrap_or_default();
        format!(
            "<p class=\"verdict {}\">{}</p>",
            class.as_str().unwrap_or_default(),
            escaped(&self.verdict(word_count))
        )
    }

    fn remarks(&self) -> String {
        if self.report.remarks.is_empty() {
            return String::new();
        }
        let remarks = self.report.remarks.iter();
        let items: String = remarks
            .map(|remark| format!("<li>{}</li>", escaped(&self.remark(remark))))
            .collect();
        let title = self.pick("Good to know", "Gut zu wissen");
        format!("<section class=\"notes\"><h2>{title}</h2><ul>{items}</ul></section>\n")
    }

    fn curves(&self, curves: &Figure) -> String {
        format!(
            "<section><h2>{}</h2><p class=\"soft\">{}</p>{}</section>\n",
            self.pick("How the training went", "Wie das Training verlief"),
            self.pick(
                "The model learns from the training texts and is checked on others while it learns. The best check is \
                 kept.",
                "Das Modell lernt aus den Trainingstexten und wird dabei an anderen geprüft. Der beste Stand wird \
                 behalten."
            ),
            picture(curves)
        )
    }

    fn labels(&self, figure: Option<&Figure>) -> String {
        let language = self.language;
        let head = [
            self.pick("Label", "Label"),
            "F1",
            self.pick("Precision", "Genauigkeit"),
            self.pick("Recall", "Trefferquote"),
            self.pick("Texts", "Texte"),
            self.pick("Given", "Vergeben"),
        ];
        let names = self.report.labels.names().iter();
        let rows = names
            .zip(&self.report.scores.per_label)
            .map(|(name, score)| {
                [
                    escaped(name),
                    language.percent(score.f1),
                    language.percent(score.precision),
                    language.percent(score.recall),
                    language.count(score.n_examples),
                    language.count(score.n_predicted),
                ]
            });
        let open = if self.report.labels.len() <= 12 {
            " open"
        } else {
            ""
        };
        format!(
            "<section><h2>{}</h2><p \
             class=\"soft\">{}</p>{}<details{open}><summary>{}</summary>{}</details></section>\n",
            self.pick("Label by label", "Label für Label"),
            self.pick(
                "F1 is precision and recall in one number: precision is how many of the texts given a label have it, \
                 recall how many that have it were given it.",
                "F1 vereint Genauigkeit und Trefferquote: Genauigkeit ist, wie viele der Texte mit dem vergebenen \
                 Label es haben; Trefferquote, wie viele, die es haben, es bekamen."
            ),
            figure.map_or_else(String::new, picture),
            self.pick("All numbers as a table", "Alle Zahlen als Tabelle"),
            table(&head, rows)
        )
    }

    fn confusion(&self, figure: Option<&Figure>) -> String {
        let names = &self.report.labels;
        let pairs = self.report.confused_pairs();
        let rows = pairs
            .iter()
            .take(SHOWN_PAIRS)
            .map(|(n, actual, predicted)| {
                [
                    escaped(names.name(*actual)),
                    escaped(names.name(*predicted)),
                    self.language.count(*n),
                ]
            });
        let head = [
            self.pick("Real label", "Richtiges Label"),
            self.pick("Taken for", "Gehalten für"),
            self.pick("Texts", "Texte"),
        ];
        let most = if pairs.is_empty() {
            String::new()
        } else {
            table(&head, rows)
        };
        format!(
            "<section><h2>{}</h2><p class=\"soft\">{}</p>{}{most}</section>\n",
            self.pick("What is taken for what", "Was wofür gehalten wird"),
            self.pick(
                "A row for each real label, a column for each given one. The stronger the colour, the larger the share \
                 of the row; green is right, red is wrong.",
                "Eine Zeile je richtigem Label, eine Spalte je vergebenem. Je kräftiger die Farbe, desto größer der \
                 Anteil an der Zeile; grün ist richtig, rot ist falsch."
            ),
            figure.map_or_else(String::new, picture),
        )
    }

    fn mistakes(&self) -> String {
        let shown = self.report.mistakes.iter().take(SHOWN_MISTAKES);
        if self.report.mistakes.is_empty() {
            return String::new();
        }
        let items: String = shown.map(|mistake| self.mistake(mistake)).collect();
        format!(
            "<section class=\"mistakes\"><h2>{}</h2><p class=\"soft\">{}</p><ol>{items}</ol></section>\n",
            self.pick("Sure but wrong", "Sicher, aber falsch"),
            self.which_mistakes(SHOWN_MISTAKES),
        )
    }

    fn mistake(&self, mistake: &JudgedText) -> String {
        let text_b = mistake.text_b.as_ref().map_or_else(String::new, |text| {
            format!("<blockquote>{}</blockquote>", escaped(text))
        });
        format!(
            "<li><p class=\"small soft num\">{}</p><blockquote>{}</blockquote>{text_b}<p class=\"small\">{} <strong>{}</strong> \
             &ensp; {} <strong class=\"bad\">{}</strong></p></li>",
            self.line_and_score(mistake),
            escaped(&mistake.text),
            self.pick("Real label:", "Richtiges Label:"),
            escaped(&mistake.actual),
            self.pick("Given label:", "Vergebenes Label:"),
            escaped(&mistake.predicted),
        )
    }

    fn facts(&self) -> String {
        let facts: String = self
            .training_facts()
            .into_iter()
            .map(|(name, value)| {
                format!(
                    "<div><dt>{name}</dt><dd class=\"num\">{}</dd></div>",
                    escaped(&value)
                )
            })
            .collect();
        let title = self.pick("How it was made", "Wie es entstand");
        format!("<section><h2>{title}</h2><dl class=\"facts\">{facts}</dl></section>\n")
    }
}

fn picture(figure: &Figure) -> String {
    let description = escaped(&figure.description);
    let svg = figure.svg.trim_start();
    // Only the page's own SVG comes here, and it begins with its tag.
    let body = svg.strip_prefix("<svg").unwrap_or(svg);
    format!("<figure><svg role=\"img\" aria-label=\"{description}\"{body}</figure>")
}

/// A table whose first column names the row; all others are numbers, unless they are the second of three.
fn table<const N: usize>(head: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let is_number = |column: usize| column > 0 && !(N == 3 && column == 1);
    let class = |column| {
        if is_number(column) {
            " class=\"num\""
        } else {
            ""
        }
    };
    let mut html = "<div class=\"scroll\"><table><thead><tr>".to_owned();
    for (column, name) in head.iter().enumerate() {
        let _ = write!(html, "<th scope=\"col\"{}>{name}</th>", class(column));
    }
    html += "</tr></thead><tbody>";
    for row in rows {
        html += "<tr>";
        for (column, cell) in row.iter().enumerate() {
            let _ = match column {
                0 => write!(html, "<th scope=\"row\">{cell}</th>"),
                _ => write!(html, "<td{}>{cell}</td>", class(column)),
            };
        }
        html += "</tr>";
    }
    html + "</tbody></table></div>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::LabelMap;
    use crate::event::LOG;
    use crate::report::{Judged, WordCountAnswers};

    fn report() -> Report {
        let names = ["a <b>", "bug & \"report\"", "praise"];
        let labels = LabelMap::in_order(names.iter().map(|name| (*name).to_owned()).collect());
        let actual: Vec<usize> = (0..60).map(|i| i % 3).collect();
        let mut predicted = actual.clone();
        predicted[0] = 1;
        let mut report = Report::new(&Judged {
            labels: &labels,
            predicted: &predicted,
            actual: &actual,
            train_label_ids: &actual,
            word_count: Some(WordCountAnswers {
                predicted: &[0; 60],
                n_train: 60,
            }),
            loss: 0.25,
        });
        report.mistakes = vec![JudgedText {
            line: 1234,
            text: "<script>alert(1)</script>".to_owned(),
            text_b: Some("second & last".to_owned()),
            actual: names[0].to_owned(),
            predicted: names[1].to_owned(),
            score: 0.871,
        }];
        report
    }

    fn events() -> Vec<TrainEvent> {
        let step = |step| TrainEvent::Step {
            step,
            epoch: 0.1,
            loss: 1.0 / step as f64,
            learning_rate: 1e-4,
            gradient_norm: None,
            examples_per_second: 10.0,
            seconds_left: 3.0,
        };
        (1..50).map(step).collect()
    }

    fn html(language: Language) -> String {
        let page = Page {
            name: "My <project>",
            report: &report(),
            events: &events(),
            language,
        };
        page.html()
    }

    #[test]
    fn the_page_has_the_score_both_baselines_figures_tables_and_mistakes() {
        let html = html(Language::En);
        for part in [
            "98.3%",
            "59 of 60 texts that the model had never seen.",
            "Counting words",
            "This model is surely better than one that only counts words. 40 texts only this model got right, 1 only \
             the word counts (McNemar\u{27}s exact test, p less than 0.0001).",
            "Always answering “a &lt;b&gt;”",
            "<td class=\"num\">95.0%</td>",
            "Line 1,234 · score 87.1%",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "second &amp; last",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert_eq!(html.matches("<svg role=\"img\" aria-label=\"").count(), 3);
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere_and_runs_nothing() {
        let html = html(Language::En).replace("http://www.w3.org/2000/svg", "");
        for outside in [
            "http",
            "<script",
            "<link",
            "src=",
            "url(",
            "@import",
            "javascript:",
        ] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(!html.contains("My <project>"));
    }

    #[test]
    fn a_german_page_is_german_throughout() {
        let html = html(Language::De);
        for german in [
            "<html lang=\"de\">",
            "98,3\u{a0}%",
            "59 von 60 Texten, die das Modell nie gesehen hatte.",
            "Dieses Modell ist sicher besser",
            "Zeile 1.234 · Wert 87,1\u{a0}%",
            "Vergebenes Label",
        ] {
            assert!(html.contains(german), "{german} is not in {html}");
        }
        let (_, body) = html.split_once("</style>").unwrap();
        for english in [
            " the ",
            " of ",
            "texts",
            "Real label",
            "Step<",
            "Training loss",
            "score",
        ] {
            let body = body.replace("class=\"score\"", "");
            assert!(!body.contains(english), "{english:?} is in the German page");
        }
    }

    #[test]
    fn a_page_without_a_training_and_mistakes_leaves_them_out() {
        let mut report = report();
        (report.word_count, report.mistakes) = (None, Vec::new());
        let page = Page {
            name: "x",
            report: &report,
            events: &[],
            language: Language::En,
        };
        let html = page.html();
        for part in ["How the training went", "Counting words", "Sure but wrong"] {
            assert!(!html.contains(part), "{part}");
        }
    }

    #[test]
    fn a_run_gets_its_page_and_its_figures() {
        let run = tempfile::tempdir().unwrap();
        // The last line of a run that was killed may be half there.
        let log = lines(&events()) + "\n{\"kind\":";
        fs::write(run.path().join(LOG), log).unwrap();
        write_into_run(run.path(), "desk", &report()).unwrap();
        for file in [
            "report.html",
            "figures/training.svg",
            "figures/labels.svg",
            "figures/confusion.svg",
        ] {
            let content = fs::read_to_string(run.path().join(file)).unwrap();
            assert!(content.contains("</svg>"), "{file}");
        }
    }

    #[test]
    fn steps_that_a_resumed_run_took_back_are_not_in_its_curves() {
        let curves = |events: &[TrainEvent]| {
            let run = tempfile::tempdir().unwrap();
            fs::write(run.path().join(LOG), lines(events)).unwrap();
            write_into_run(run.path(), "desk", &report()).unwrap();
            fs::read_to_string(run.path().join("figures/training.svg")).unwrap()
        };
        let mut told = events();
        let straight = curves(&told);
        // The event at this place is the step after as many.
        let last = told.len() - 1;
        let again = told[last].clone();
        if let TrainEvent::Step { loss, .. } = &mut told[last] {
            *loss += 5.0;
        }
        told.extend([TrainEvent::Resumed { step: last }, again]);
        assert_eq!(curves(&told), straight);
    }

    fn lines(events: &[TrainEvent]) -> String {
        let lines: Vec<String> = events
            .iter()
            .map(|event| serde_json::to_string(event).unwrap())
            .collect();
        lines.join("\n")
    }
}
