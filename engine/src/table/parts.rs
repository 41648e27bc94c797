//! Several files with the same columns → one table, in which a column says the part of each row.
//!
//! The names of the files say what each is for, as in `train.csv`, `data_test.csv` or `train-00000-of-00002.parquet`;
//! where they don't, the name of the folder does, as in `train/0000.parquet`. The lines are counted on from file to file,
//! as if the files stood one below another, so that a number means one row.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::folder::PART_NAMES;
use super::{Dialect, Format, PartFile, Table, TableError, unique_names};

/// Name of the column, unless a file has one of that name.
const COLUMN: &str = "split";

/// Joins what `read_one` reads of each file. The order is that of the parts and then of the names.
pub(super) fn read(
    paths: &[PathBuf],
    mut read_one: impl FnMut(&Path) -> Result<Table, TableError>,
) -> Result<Table, TableError> {
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let place = place_of(path).ok_or_else(|| TableError::UnknownPart { path: path.clone() })?;
        files.push((place, path));
    }
    files.sort();
    files.dedup();
    let has_parts = files.windows(2).any(|pair| pair[0].0 != pair[1].0);
    let mut joined: Option<Joined<'_>> = None;
    for (place, path) in files {
        let mut table = read_one(path)?;
        let part = PART_NAMES.get(place).copied().unwrap_or_default();
        if has_parts {
            for row in &mut table.rows {
                row.cells.push(part.to_owned());
            }
        }
        match &mut joined {
            None => joined = Some(Joined::new(table, path, part)),
            Some(joined) => joined.add(table, path, part)?,
        }
    }
    let joined = joined.ok_or_else(|| TableError::Missing {
        path: PathBuf::new(),
    })?;
    Ok(joined.into_table(has_parts))
}

/// Where the part that a file belongs to stands among the names of parts.
fn place_of(path: &Path) -> Option<usize> {
    let folder = || path.parent().and_then(Path::file_name);
    path.file_name()
        .and_then(only_part)
        .or_else(|| folder().and_then(only_part))
}

/// The one part that a name speaks of; none where it speaks of two.
fn only_part(name: &OsStr) -> Option<usize> {
    let name = name.to_string_lossy().to_lowercase();
    let place = |word: &str| PART_NAMES.iter().position(|part| *part == word);
    let mut places = name.split(|c: char| !c.is_alphabetic()).filter_map(place);
    let first = places.next()?;
    places.all(|other| other == first).then_some(first)
}

/// The rows so far, with the columns of the first file. The part of a row stands in a cell behind these.
struct Joined<'a> {
    table: Table,
    first: &'a Path,
    files: Vec<PartFile>,
}

impl<'a> Joined<'a> {
    fn new(table: Table, path: &'a Path, part: &str) -> Joined<'a> {
        Joined {
            table,
            first: path,
            files: vec![PartFile {
                name: name_of(path),
                part: part.to_owned(),
                first_line: 1,
            }],
        }
    }

    fn add(&mut self, mut table: Table, path: &Path, part: &str) -> Result<(), TableError> {
        let order = self
            .order_of(&table.columns)
            .ok_or_else(|| TableError::DifferentColumns {
                path: path.to_owned(),
                columns: table.columns.clone(),
                other_path: self.first.to_owned(),
                other_columns: self.table.columns.clone(),
            })?;
        let n_lines = last_line(&self.table);
        if !order.is_sorted() {
            for row in &mut table.rows {
                // What stands behind the columns stays there.
                let behind = row.cells.split_off(order.len());
                let mut before = std::mem::take(&mut row.cells);
                let take = |&from: &usize| before.get_mut(from).map(std::mem::take);
                row.cells = order.iter().filter_map(take).collect();
                row.cells.extend(behind);
            }
        }
        table.rows.iter_mut().for_each(|row| row.line += n_lines);
        table
            .repaired
            .iter_mut()
            .for_each(|row| row.line += n_lines);
        table.skipped.iter_mut().for_each(|row| row.line += n_lines);
        self.table.rows.append(&mut table.rows);
        self.table.repaired.append(&mut table.repaired);
        self.table.skipped.append(&mut table.skipped);
        if self.table.dialect.encoding != table.dialect.encoding {
            self.table.dialect.encoding = None;
        }
        self.files.push(PartFile {
            name: name_of(path),
            part: part.to_owned(),
            first_line: n_lines + 1,
        });
        Ok(())
    }

    /// Where each column of the table stands among `columns`, if they are the same.
    fn order_of(&self, columns: &[String]) -> Option<Vec<usize>> {
        let place = |name: &String| columns.iter().position(|other| other == name);
        let order: Option<Vec<usize>> = self.table.columns.iter().map(place).collect();
        order.filter(|order| order.len() == columns.len())
    }

    fn into_table(self, has_parts: bool) -> Table {
        let Joined {
            mut table, files, ..
        } = self;
        if has_parts {
            table.columns.push(COLUMN.to_owned());
            table.columns = unique_names(table.columns);
        }
        table.dialect = Dialect {
            format: Format::Parts { files },
            encoding: table.dialect.encoding.take(),
            has_header: table.dialect.has_header,
            ..Dialect::default()
        };
        table
    }
}

/// The last line in which something starts.
fn last_line(table: &Table) -> u64 {
    let rows = table.rows.iter().map(|row| row.line);
    let skipped = table.skipped.iter().map(|row| row.line);
    rows.chain(skipped).max().unwrap_or(0)
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::DialectRequest;
    use super::super::sample_files::{check, folder_of};
    use super::*;

    fn read_all(files: &[(&str, &[u8])]) -> Result<Table, TableError> {
        let folder = folder_of(files);
        let paths: Vec<PathBuf> = files
            .iter()
            .map(|(name, _)| folder.path().join(name))
            .collect();
        Table::read_parts(&paths, &DialectRequest::default())
    }

    fn part_of(path: &str) -> Option<&'static str> {
        place_of(Path::new(path)).map(|place| PART_NAMES[place])
    }

    #[test]
    fn the_name_of_a_file_says_its_part() {
        for (path, part) in [
            ("train.csv", "train"),
            ("data/validation-00000-of-00001.parquet", "validation"),
            ("sst2_Test.csv.gz", "test"),
            ("x/my dev.jsonl", "dev"),
            ("train1.tsv", "train"),
            ("default/test/0000.parquet", "test"),
            ("test/train.csv", "train"),
        ] {
            assert_eq!(part_of(path), Some(part), "{path}");
        }
        for path in [
            "texts.csv",
            "training-and-test.csv",
            "trainer.csv",
            "latest.csv",
            "",
        ] {
            assert_eq!(part_of(path), None, "{path}");
        }
    }

    #[test]
    fn files_of_several_parts_become_one_table() {
        let table = read_all(&[
            ("test.csv", b"text;label\nfive;b\nsix;a\n"),
            ("train-00001.jsonl", b"{\"label\": \"b\", \"text\": \"three\"}\n{\"label\": \"a\", \"text\": \"four\"}\n"),
            ("train-00000.csv", b"text,label\none,a\n\"t\nw\no\",b\n"),
        ])
        .unwrap();
        check(
            &table,
            "text|label|split",
            &[
                "one|a|train",
                "t\nw\no|b|train",
                "three|b|train",
                "four|a|train",
                "five|b|test",
                "six|a|test",
            ],
        );
        let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 7, 8]);
        let Format::Parts { files } = &table.dialect.format else {
            panic!("{:?}", table.dialect.format);
        };
        let files: Vec<(&str, &str, u64)> = files
            .iter()
            .map(|file| (file.name.as_str(), file.part.as_str(), file.first_line))
            .collect();
        assert_eq!(
            files,
            [
                ("train-00000.csv", "train", 1),
                ("train-00001.jsonl", "train", 4),
                ("test.csv", "test", 6)
            ]
        );
        let place = table.dialect.format.place_of(7);
        assert_eq!(place, (Some("test.csv"), 2));
        assert_eq!(
            table.dialect.format.place_of(3),
            (Some("train-00000.csv"), 3)
        );
    }

    #[test]
    fn faults_are_told_in_the_lines_of_the_table() {
        let table = read_all(&[
            ("a_train.csv", b"text,label\none,a\ntwo\n"),
            ("a_test.jsonl", b"{\"text\": \"three\", \"label\": \"a\"}\nno\n{\"text\": \"four\", \"label\": \"b\"}\n"),
        ])
        .unwrap();
        let repaired: Vec<u64> = table.repaired.iter().map(|row| row.line).collect();
        let skipped: Vec<u64> = table.skipped.iter().map(|row| row.line).collect();
        assert_eq!((repaired, skipped), (vec![3], vec![5]));
        assert_eq!(table.dialect.format.place_of(5), (Some("a_test.jsonl"), 2));
    }

    #[test]
    fn pieces_of_one_part_say_nothing_about_parts() {
        let table = read_all(&[
            ("train-1.csv", b"text,label\none,a\n"),
            ("train-2.csv", b"text,label\ntwo,b\n"),
        ])
        .unwrap();
        check(&table, "text|label", &["one|a", "two|b"]);
    }

    #[test]
    fn a_column_that_is_called_split_stays_what_it_is() {
        let table = read_all(&[
            ("train.csv", b"text,split\none,a\n"),
            ("test.csv", b"text,split\ntwo,b\n"),
        ])
        .unwrap();
        check(
            &table,
            "text|split|split (2)",
            &["one|a|train", "two|b|test"],
        );
    }

    #[test]
    fn files_that_don_t_fit_together_are_told_by_name() {
        let error = read_all(&[
            ("train.csv", b"text,label\none,a\n"),
            ("test.csv", b"text,id\ntwo,7\n"),
        ])
        .unwrap_err();
        assert_eq!(error.code(), "table.differentColumns");
        let message = error.to_string();
        for part in [
            "test.csv",
            "\"text\", \"id\"",
            "train.csv",
            "\"text\", \"label\"",
        ] {
            assert!(message.contains(part), "{message}");
        }
        let error = read_all(&[
            ("train.csv", b"text,label\none,a\n"),
            ("more.csv", b"text,label\ntwo,b\n"),
        ])
        .unwrap_err();
        assert_eq!(error.code(), "table.unknownPart");
        assert!(error.to_string().contains("more.csv"));
        assert!(error.hint().unwrap().contains("train.csv"));
    }

    #[test]
    fn a_file_that_was_chosen_twice_counts_once() {
        let folder = folder_of(&[("train.csv", b"text,label\none,a\n")]);
        let path = folder.path().join("train.csv");
        let table = Table::read_parts(&[path.clone(), path], &DialectRequest::default()).unwrap();
        check(&table, "text|label", &["one|a"]);
    }
}
