//! The rows of a table that can be examples, and those that can't.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::label_list::labels_in;
use super::{
    Dataset, DatasetError, Example, LabelIds, LabelMap, Mapping, Part, SkippedExample, Task,
    one_hot, part_of,
};
use crate::table::{Row, RowFault, Table};

/// Rows with a text and labels, and those without.
pub(super) struct Rows<'a> {
    used: Vec<UsedRow<'a>>,
    skipped: Vec<SkippedExample>,
}

struct UsedRow<'a> {
    text: &'a str,
    text_b: Option<&'a str>,
    labels: Said<'a>,
    part: Option<Part>,
    line: u64,
}

/// The labels that a row names.
enum Said<'a> {
    One(Cow<'a, str>),
    Any(Vec<Cow<'a, str>>),
}

impl Said<'_> {
    fn names(&self) -> &[Cow<'_, str>] {
        match self {
            Said::One(name) => std::slice::from_ref(name),
            Said::Any(names) => names,
        }
    }
}

/// Where the labels stand.
enum LabelCells<'m> {
    /// Each cell of a column is a label, as it is typed.
    Whole(usize),
    /// A cell of a column holds several, with this between them.
    List(usize, &'m str),
    /// Each column is a label and says yes or no.
    Marks(Vec<usize>),
}

impl<'m> LabelCells<'m> {
    fn of(table: &Table, mapping: &'m Mapping) -> Result<LabelCells<'m>, DatasetError> {
        if !mapping.labels.is_empty() {
            let indices = mapping.labels.iter().map(|name| table.column(name));
            let indices = indices.collect::<Result<_, _>>()?;
            return Ok(LabelCells::Marks(indices));
        }
        let Some(label) = &mapping.label else {
            let text = mapping.text.clone();
            return Err(match table.columns.len() {
                1 => DatasetError::OneColumn { text },
                _ => DatasetError::NoLabelColumn { text },
            });
        };
        let index = table.column(label)?;
        Ok(match &mapping.label_separator {
            Some(separator) => LabelCells::List(index, separator),
            None => LabelCells::Whole(index),
        })
    }

    /// The labels of a row, or what is wrong with them.
    fn labels<'a>(&self, row: &'a Row, mapping: &'a Mapping) -> Result<Said<'a>, RowFault> {
        let no_label = || RowFault::NoLabel {
            column: mapping.label_columns(),
        };
        let cell = |index: usize| row.cells[index].as_str();
        let names: Vec<Cow<'a, str>> = match self {
            LabelCells::Whole(index) | LabelCells::List(index, _)
                if cell(*index).trim().is_empty() =>
            {
                return Err(no_label());
            }
            LabelCells::Whole(index) => vec![Cow::Borrowed(cell(*index))],
            LabelCells::List(index, separator) => labels_in(cell(*index), separator),
            LabelCells::Marks(indices) => {
                if indices.iter().all(|index| cell(*index).trim().is_empty()) {
                    return Err(no_label());
                }
                let mut names = Vec::new();
                for (index, name) in indices.iter().zip(&mapping.labels) {
                    let mark = one_hot::mark(cell(*index)).ok_or_else(|| RowFault::NoMark {
                        column: name.clone(),
                    })?;
                    names.extend(mark.then_some(Cow::Borrowed(name.as_str())));
                }
                names
            }
        };
        match mapping.task {
            Task::Multi => Ok(Said::Any(names)),
            Task::Single => {
                let n_labels = names.len();
                let mut names = names.into_iter();
                match (names.next(), n_labels) {
                    (Some(only), 1) => Ok(Said::One(only)),
                    (None, _) => Err(no_label()),
                    (Some(_), _) => Err(RowFault::SeveralLabels { n_labels }),
                }
            }
        }
    }
}

impl<'a> Rows<'a> {
    /// Reads the rows of `table`.
    pub(super) fn read(table: &'a Table, mapping: &'a Mapping) -> Result<Rows<'a>, DatasetError> {
        mapping.check_different()?;
        let labels = LabelCells::of(table, mapping)?;
        let index_of = |column: &Option<String>| {
            let name = column.as_ref();
            name.map(|name| table.column(name)).transpose()
        };
        let text = table.column(&mapping.text)?;
        let (text_b, split) = (index_of(&mapping.text_b)?, index_of(&mapping.split)?);
        let mut rows = Rows {
            used: Vec::new(),
            skipped: Vec::new(),
        };
        for row in &table.rows {
            let cell = |index: usize| row.cells[index].as_str();
            let said = if cell(text).trim().is_empty() {
                let column = mapping.text.clone();
                Err(RowFault::NoText { column })
            } else {
                labels.labels(row, mapping)
            };
            match said {
                Ok(labels) => rows.used.push(UsedRow {
                    text: cell(text),
                    text_b: text_b.map(cell),
                    labels,
                    part: split
                        .map(|index| part_of(cell(index), row.line))
                        .transpose()?
                        .flatten(),
                    line: row.line,
                }),
                Err(fault) => rows.skipped.push(SkippedExample {
                    line: row.line,
                    fault,
                }),
            }
        }
        if rows.used.is_empty() {
            return Err(DatasetError::NoExamples {
                n_rows: table.rows.len(),
                text: mapping.text.clone(),
                label: mapping.label_columns(),
            });
        }
        Ok(rows)
    }

    /// Number of rows that can be used.
    pub(super) fn n_used(&self) -> usize {
        self.used.len()
    }

    /// The labels that the rows name. Columns that are labels keep their order and count also where no row has them.
    pub(super) fn labels(&self, mapping: &Mapping) -> LabelMap {
        if !mapping.labels.is_empty() {
            return LabelMap::in_order(mapping.labels.clone());
        }
        let names = self.used.iter().flat_map(|row| row.labels.names());
        let distinct: HashSet<&str> = names.map(AsRef::as_ref).collect();
        LabelMap::sorted(distinct.into_iter().map(str::to_owned))
    }

    /// Gives each label its id.
    pub(super) fn into_dataset(
        self,
        labels: LabelMap,
        task: Task,
    ) -> Result<Dataset, DatasetError> {
        let ids: HashMap<&str, usize> =
            labels.names().iter().map(String::as_str).zip(0..).collect();
        let mut examples = Vec::with_capacity(self.used.len());
        for row in self.used {
            let id = |name: &Cow<'_, str>| {
                ids.get(name.as_ref())
                    .copied()
                    .ok_or_else(|| DatasetError::UnknownLabel {
                        label: name.to_string(),
                        line: row.line,
                        n_labels: labels.len(),
                    })
            };
            let label_ids = match &row.labels {
                Said::One(name) => LabelIds::One(id(name)?),
                Said::Any(names) => LabelIds::any(names.iter().map(id).collect::<Result<_, _>>()?),
            };
            examples.push(Example {
                text: row.text.to_owned(),
                text_b: row.text_b.map(str::to_owned),
                label_ids,
                line: row.line,
                part: row.part,
            });
        }
        Ok(Dataset {
            task,
            labels,
            examples,
            skipped: self.skipped,
        })
    }
}
