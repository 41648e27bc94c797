//! `embert inspect`: how a file is read, before anything is done with it.

use std::fmt::{Display, Write};
use std::path::PathBuf;

use embert_engine::Error;
use embert_engine::dataset::{self, Dataset, DatasetError, MappingRequest};
use embert_engine::protocol::{Finding, InspectParams, Inspection, LabelCount};
use embert_engine::quality::{self, DataFinding, Material};
use embert_engine::same_text::NearTexts;
use embert_engine::table::{Archive, Dialect, Format, LineEnd, Runs, Table, WorkbookType};

use crate::arguments::InspectArguments;
use crate::convert::line_name;
use crate::corrections::Corrections;
use crate::failure::{Failure, Outcome};
use crate::output::{self, count};

/// Findings that the text shows; JSON has them all.
const SHOWN_FINDINGS: usize = 10;

/// Runs the command.
pub(crate) fn run(arguments: &InspectArguments) -> Result<Outcome, Failure> {
    let inspection = inspect(&InspectParams {
        file: arguments.files.first().cloned().unwrap_or_default(),
        other_files: arguments.files.iter().skip(1).cloned().collect(),
        columns: arguments.columns(),
        dialect: arguments.dialect.request(),
        edits: arguments.edits.clone(),
    })?;
    if arguments.json {
        output::print_json(&inspection)?;
    } else {
        output::print(&to_text(&inspection))?;
    }
    Ok(Outcome::Done)
}

/// Reads a file and says what is in it. That it can't be trained on is a finding, not a failure.
pub(crate) fn inspect(params: &InspectParams) -> Result<Inspection, Failure> {
    let corrections = Corrections::read(params.edits.as_deref())?;
    let files: Vec<PathBuf> = std::iter::once(&params.file)
        .chain(&params.other_files)
        .cloned()
        .collect();
    let table = Table::read_parts(&files, &params.dialect)?;
    let mut inspection = Inspection {
        dialect: table.dialect.clone(),
        columns: table.columns.clone(),
        n_rows: table.rows.len(),
        mapping: None,
        reasons: Vec::new(),
        n_edits: None,
        ignored: Vec::new(),
        labels: Vec::new(),
        n_examples: 0,
        findings: reading_findings(&table),
    };
    let found = find_labels(
        &table,
        &params.columns,
        corrections.as_ref(),
        &mut inspection,
    );
    if let Err(error) = found {
        // A column that the person named wrongly is a failure: the answer would be about another one.
        if let DatasetError::Table(error) = error {
            return Err(error.into());
        }
        let error = Error::from(error);
        let hint = error
            .hint()
            .map(|hint| format!(". {hint}"))
            .unwrap_or_default();
        let message = format!("{error}{}", hint.trim_end_matches('.'));
        inspection.findings.push(Finding {
            code: error.code().to_owned(),
            line: None,
            message,
        });
    }
    Ok(inspection)
}

fn reading_findings(table: &Table) -> Vec<Finding> {
    let finding = |code: &str, line: u64, message: &str| Finding {
        code: code.to_owned(),
        line: Some(line),
        message: message.to_owned(),
    };
    let repaired = table
        .repaired
        .iter()
        .map(|row| finding("row.repaired", row.line, &row.reason));
    let skipped = table
        .skipped
        .iter()
        .map(|row| finding("row.skipped", row.line, &row.reason));
    repaired.chain(skipped).collect()
}

fn find_labels(
    table: &Table,
    request: &MappingRequest,
    corrections: Option<&Corrections>,
    inspection: &mut Inspection,
) -> Result<(), DatasetError> {
    let guessed = dataset::guess_mapping(table, request)?;
    inspection.mapping = Some(guessed.mapping.clone());
    inspection.reasons = guessed.reasons.iter().map(ToString::to_string).collect();
    inspection.ignored = guessed.ignored.iter().map(ToString::to_string).collect();
    let mut dataset = Dataset::from_table(table, &guessed.mapping)?;
    let mut check = Ok(());
    if let Some(corrections) = corrections {
        let corrected = corrections.make(&dataset);
        inspection.n_edits = Some(corrected.n_made);
        let left_out = corrected.left_out.iter().map(|left_out| Finding {
            code: left_out.reason.code().to_owned(),
            line: None,
            message: corrections.sentence(left_out),
        });
        inspection.findings.extend(left_out);
        check = corrected.edited.check();
        dataset = corrected.edited.dataset;
    }
    inspection.n_examples = dataset.examples.len();
    let labels = dataset.labels.names().iter().zip(dataset.label_counts());
    inspection.labels = labels
        .map(|(label, n_examples)| LabelCount {
            label: label.clone(),
            n_examples,
        })
        .collect();
    let found = quality::findings(&Material {
        dataset: &dataset,
        near: &NearTexts::find(&dataset.examples),
        rows: Some((table, &guessed.mapping)),
    });
    let findings = &mut inspection.findings;
    // What is true of many rows comes before what is true of one.
    drop(findings.splice(0..0, found.iter().map(data_finding)));
    findings.extend(dataset.skipped.into_iter().map(|skipped| Finding {
        code: "example.skipped".to_owned(),
        line: Some(skipped.line),
        message: skipped.fault.to_string(),
    }));
    check
}

fn data_finding(found: &DataFinding) -> Finding {
    let lines: Vec<String> = found.lines.iter().map(u64::to_string).collect();
    let message = match lines.as_slice() {
        [] | [_] => found.message.clone(),
        _ => format!("{} (lines {})", found.message, lines.join(", ")),
    };
    Finding {
        code: format!("data.{}", found.matter.code()),
        line: found.lines.first().copied(),
        message,
    }
}

/// How a file was read and why: only what there is in a format of its kind.
fn dialect_facts(dialect: &Dialect) -> Vec<(&'static str, String)> {
    let evidence = &dialect.evidence;
    let mut facts = vec![("Format", format_name(dialect))];
    if let Some(name) = &dialect.encoding {
        facts.push(("Encoding", because(name, evidence.encoding.as_ref())));
    }
    match &dialect.format {
        Format::Delimited => facts.extend(mark_facts(dialect)),
        Format::Workbook { sheet, sheets, .. } => {
            facts.push(("Sheet", sheet.clone()));
            if sheets.len() > 1 {
                facts.push(("Sheets", sheets.join(", ")));
            }
        }
        Format::Parquet { named_columns } if !named_columns.is_empty() => {
            let columns = named_columns.join(", ");
            facts.push(("Names", format!("in place of the numbers in {columns}")));
        }
        Format::Parts { files } => {
            for file in files {
                facts.push(("File", format!("{} ({})", file.name, file.part)));
            }
        }
        Format::JsonLines | Format::Json | Format::Parquet { .. } | Format::Folder { .. } => {}
    }
    if matches!(dialect.format, Format::Delimited | Format::Workbook { .. }) {
        let header = match (dialect.has_header, dialect.header_row) {
            (true, Some(line)) => format!("line {line}"),
            (true, None) => "yes".to_owned(),
            (false, _) => "no".to_owned(),
        };
        facts.push(("Header", because(&header, evidence.header.as_ref())));
    }
    facts
}

/// How the lines of a text are cut into cells.
fn mark_facts(dialect: &Dialect) -> Vec<(&'static str, String)> {
    let evidence = &dialect.evidence;
    let delimiter = match dialect.delimiter {
        Some('\t') => "tab".to_owned(),
        Some(character) => format!("\"{character}\""),
        None => "none".to_owned(),
    };
    let delimiter = match dialect.runs {
        Runs::Each => delimiter,
        Runs::Any => format!("one {delimiter} or more"),
        Runs::TwoOrMore => format!("two {delimiter} or more"),
    };
    let quote = dialect.quote.map_or("none".to_owned(), String::from);
    let mut facts = vec![
        (
            "Separator",
            because(&delimiter, evidence.delimiter.as_ref()),
        ),
        ("Quotes", because(&quote, evidence.quote.as_ref())),
    ];
    if let Some(escape) = dialect.escape {
        let escape = because(&escape.to_string(), evidence.escape.as_ref());
        facts.push(("Escape", escape));
    }
    let line_end = dialect.line_end.map(|line_end| match line_end {
        LineEnd::Lf => "LF",
        LineEnd::CrLf => "CR LF",
        LineEnd::Cr => "CR",
        LineEnd::Mixed => "mixed",
    });
    facts.extend(line_end.map(|name| ("Line ends", name.to_owned())));
    if let Some(mark) = &dialect.comment {
        facts.push(("Comments", because(mark, evidence.comment.as_ref())));
    }
    if let Some(reason) = &evidence.above {
        let n_lines = usize::try_from(dialect.n_lines_above).unwrap_or(usize::MAX);
        let above = format!("{} left out", count(n_lines, "line"));
        facts.push(("Above", because(&above, Some(reason))));
    }
    facts
}

/// Says what was found and why, where that is known.
fn because(fact: &str, reason: Option<&impl Display>) -> String {
    match reason {
        Some(reason) => format!("{fact} ({reason})"),
        None => fact.to_owned(),
    }
}

fn format_name(dialect: &Dialect) -> String {
    let name = match &dialect.format {
        Format::Delimited => "text".to_owned(),
        Format::JsonLines => "JSON lines".to_owned(),
        Format::Json => "JSON".to_owned(),
        Format::Workbook { file_type, .. } => match file_type {
            WorkbookType::Xlsx => "Excel workbook (.xlsx)",
            WorkbookType::Xlsb => "Excel workbook (.xlsb)",
            WorkbookType::Xls => "Excel workbook (.xls)",
            WorkbookType::Ods => "OpenDocument workbook (.ods)",
        }
        .to_owned(),
        Format::Parquet { .. } => "Parquet".to_owned(),
        Format::Folder { n_files } => format!("folder of {}", count(*n_files, "text file")),
        Format::Parts { files } => count(files.len(), "file"),
    };
    match &dialect.archive {
        None => name,
        Some(Archive::Gzip) => format!("{name}, packed by gzip"),
        Some(Archive::Zip { file }) => format!("{name}, {file} of a ZIP archive"),
    }
}

fn to_text(inspection: &Inspection) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    for (name, value) in dialect_facts(&inspection.dialect) {
        let _ = writeln!(text, "{name:<10} {value}");
    }
    let _ = writeln!(text, "Rows       {}", inspection.n_rows);
    let _ = writeln!(text, "Columns    {}", inspection.columns.join(", "));
    if let Some(mapping) = &inspection.mapping {
        let parts = [
            ("Text", Some(&mapping.text)),
            ("Text b", mapping.text_b.as_ref()),
            ("Label", mapping.label.as_ref()),
            ("Split", mapping.split.as_ref()),
        ];
        for (name, column) in parts {
            if let Some(column) = column {
                let _ = writeln!(text, "{name:<10} column \"{column}\"");
            }
        }
        if !mapping.labels.is_empty() {
            let _ = writeln!(text, "Labels     columns {}", mapping.labels.join(", "));
        }
        if mapping.task.is_multi() {
            let _ = writeln!(text, "Task       any number of labels for each text");
        }
    }
    for reason in inspection.reasons.iter().chain(&inspection.ignored) {
        let _ = writeln!(text, "           {reason}");
    }
    if let Some(n_edits) = inspection.n_edits {
        let _ = writeln!(text, "Edits      {} made", count(n_edits, "correction"));
    }
    if !inspection.labels.is_empty() {
        let width = inspection
            .labels
            .iter()
            .map(|label| label.label.chars().count())
            .max()
            .unwrap_or(0);
        let _ = writeln!(
            text,
            "\n{} in {}",
            count(inspection.n_examples, "example"),
            count(inspection.labels.len(), "label")
        );
        for label in &inspection.labels {
            let _ = writeln!(text, "  {:<width$}  {:>6}", label.label, label.n_examples);
        }
    }
    if !inspection.findings.is_empty() {
        let _ = writeln!(text, "\n{}", count(inspection.findings.len(), "finding"));
        for finding in inspection.findings.iter().take(SHOWN_FINDINGS) {
            let line = finding
                .line
                .map(|line| format!("{}: ", line_name(&inspection.dialect.format, line)))
                .unwrap_or_default();
            let _ = writeln!(text, "  {line}{}", finding.message);
        }
        if let Some(more) = inspection
            .findings
            .len()
            .checked_sub(SHOWN_FINDINGS)
            .filter(|more| *more > 0)
        {
            let _ = writeln!(text, "  and {more} more; --json shows all");
        }
    }
    text
}
