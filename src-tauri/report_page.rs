//! The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.

use std::fmt::Write as _;
use std::path::Path;

use embert_engine::report::Report;

use crate::fault::Fault;
use crate::files;

/// Mistakes that the page shows; the JSON has them all.
const SHOWN_MISTAKES: usize = 50;

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 2rem; } h2 { margin-top: 2.5rem; font-size: 1.25rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid #8884; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; } .scroll { overflow-x: auto; } .right { font-weight: 600; }
.soft { opacity: 0.7; }
";

/// Writes the page. The file appears whole or not at all.
///
/// # Errors
/// When the file can't be written.
pub fn write(path: &Path, name: &str, report: &Report) -> Result<(), Fault> {
    files::write(path, page(name, report).as_bytes())?;
    make_readable(path)
}

/// A temporary file is the person's alone; the report is an ordinary file.
fn make_readable(path: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(path, rights).map_err(Fault::file(path))?;
    }
    Ok(())
}

fn page(name: &str, report: &Report) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{0}: report</title><style>{STYLE}</style>\
         <h1>{0}</h1><p>{1}</p>",
        escaped(name),
        escaped(&headline(report)),
    );
    if !report.notes.is_empty() {
        let notes: String = report
            .notes
            .iter()
            .map(|note| format!("<li>{}</li>", escaped(note)))
            .collect();
        let _ = write!(html, "<ul>{notes}</ul>");
    }
    html += &label_table(report);
    html += &confusion_table(report);
    html += &mistakes_table(report);
    html + "</html>\n"
}

fn headline(report: &Report) -> String {
    format!(
        "Right on {:.1} % of {} test texts (95 % interval {:.1} to {:.1} %). Always answering \"{}\" would be right on {:.1} %. \
         Macro-F1 {:.1} %: every label counts the same.",
        100.0 * report.scores.accuracy,
        report.n_test,
        100.0 * report.accuracy_interval[0],
        100.0 * report.accuracy_interval[1],
        report.majority.label,
        100.0 * report.majority.accuracy,
        100.0 * report.scores.macro_f1
    )
}

fn label_table(report: &Report) -> String {
    let mut html = "<h2>Labels</h2><div class=\"scroll\"><table><tr><th>Label<th class=\"n\">Precision<th class=\"n\">Recall\
                    <th class=\"n\">F1<th class=\"n\">Texts</tr>"
        .to_owned();
    for (label, score) in report.labels.names().iter().zip(&report.scores.per_label) {
        let _ = write!(
            html,
            "<tr><td>{}<td class=\"n\">{:.1} %<td class=\"n\">{:.1} %<td class=\"n\">{:.1} %<td class=\"n\">{}</tr>",
            escaped(label),
            100.0 * score.precision,
            100.0 * score.recall,
            100.0 * score.f1,
            score.n_examples
        );
    }
    html + "</table></div>"
}

fn confusion_table(report: &Report) -> String {
    let names = report.labels.names();
    let head: String = names
        .iter()
        .map(|name| format!("<th class=\"n\">{}", escaped(name)))
        .collect();
    let mut html = format!(
        "<h2>What was taken for what</h2><p class=\"soft\">Rows: the label a text has. Columns: the label it was given.</p>\
         <div class=\"scroll\"><table><tr><th>{head}</tr>"
    );
    for (i, (name, row)) in names.iter().zip(&report.scores.confusion).enumerate() {
        let cells = row.iter().enumerate().map(|(j, n)| {
            let class = if i == j { "n right" } else { "n" };
            let text = if *n == 0 {
                String::new()
            } else {
                n.to_string()
            };
            format!("<td class=\"{class}\">{text}")
        });
        let _ = write!(
            html,
            "<tr><th>{}{}</tr>",
            escaped(name),
            cells.collect::<String>()
        );
    }
    html + "</table></div>"
}

fn mistakes_table(report: &Report) -> String {
    if report.mistakes.is_empty() {
        return String::new();
    }
    let mut html = "<h2>The surest mistakes</h2><div class=\"scroll\"><table><tr><th class=\"n\">Line<th>Text<th>Has<th>Was given\
                    <th class=\"n\">Score</tr>"
        .to_owned();
    for mistake in report.mistakes.iter().take(SHOWN_MISTAKES) {
        let text_b = mistake
            .text_b
            .as_ref()
            .map(|text| format!("<br>{}", escaped(text)))
            .unwrap_or_default();
        let _ = write!(
            html,
            "<tr><td class=\"n\">{}<td>{}{text_b}<td>{}<td>{}<td class=\"n\">{:.2}</tr>",
            mistake.line,
            escaped(&mistake.text),
            escaped(&mistake.actual),
            escaped(&mistake.predicted),
            mistake.score
        );
    }
    html + "</table></div>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
