//! A Parquet file → rows.
//!
//! Data sets of Hugging Face keep labels as numbers and their names in the file's own notes. The names are put in place
//! of the numbers, and [`Format::Parquet`] says for which columns.

use std::collections::HashMap;
use std::path::Path;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{FileMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

use super::content::{Content, guarded};
use super::records::Records;
use super::{Dialect, Format, ROW_LIMIT_BYTES, RowPlace, Table, TableError, UNPACKED_LIMIT_BYTES};

const PARQUET: &str = "a Parquet file";

/// Under this name Hugging Face writes what the columns are.
const FEATURES_KEY: &str = "huggingface";

/// Groups in one another that become columns; deeper ones stay JSON text.
const MOST_LEVELS: usize = 16;

/// Reads all rows.
pub(super) fn read(content: Content, path: &Path) -> Result<Table, TableError> {
    guarded(path, PARQUET, || match content {
        Content::File(file) => read_rows(SerializedFileReader::new(file), path),
        Content::Watched(file) => read_rows(SerializedFileReader::new(file.into_file()), path),
        Content::Memory(bytes) => read_rows(SerializedFileReader::new(bytes.into_inner()), path),
    })
}

fn read_rows<R: ChunkReader + 'static>(
    reader: Result<SerializedFileReader<R>, ParquetError>,
    path: &Path,
) -> Result<Table, TableError> {
    let fault = |fault| parquet_fault(path, fault);
    let reader = reader.map_err(fault)?;
    let groups = reader.metadata().row_groups();
    if !groups.iter().all(is_unpackable) {
        return Err(TableError::Binary {
            path: path.to_owned(),
            kind: "a Parquet file that is packed in an unusual way",
        });
    }
    let n_bytes = groups
        .iter()
        .map(|group| u64::try_from(group.total_byte_size()).unwrap_or(0))
        .fold(0_u64, u64::saturating_add);
    if n_bytes > UNPACKED_LIMIT_BYTES {
        return Err(TableError::UnpackedTooLarge {
            path: path.to_owned(),
        });
    }
    let label_names = label_names(reader.metadata().file_metadata());
    let mut records = Records::new(path);
    let mut left_bytes = UNPACKED_LIMIT_BYTES;
    let rows = reader.get_row_iter(None).map_err(fault)?;
    for (line, row) in (1..).zip(rows) {
        let mut cells = Vec::new();
        for (name, field) in row.map_err(fault)?.into_columns() {
            let labels = label_names.get(&name).map_or(&[][..], Vec::as_slice);
            push(&mut cells, name, field, labels, 1);
        }
        let n_bytes = cells.iter().map(|(_, cell)| cell.len()).sum::<usize>();
        if n_bytes > ROW_LIMIT_BYTES {
            return Err(TableError::RowTooLong {
                path: path.to_owned(),
                line,
                place: RowPlace::Row,
            });
        }
        // A value that many rows share takes its room in the file once, and in memory each time.
        left_bytes =
            left_bytes
                .checked_sub(n_bytes as u64)
                .ok_or_else(|| TableError::UnpackedTooLarge {
                    path: path.to_owned(),
                })?;
        records.add(line, cells, None)?;
    }
    let schema = reader.metadata().file_metadata().schema();
    let columns = schema.get_fields().iter().map(|column| column.name());
    let dialect = Dialect {
        format: Format::Parquet {
            named_columns: columns
                .filter(|name| label_names.contains_key(*name))
                .map(str::to_owned)
                .collect(),
        },
        has_header: true,
        ..Dialect::default()
    };
    records.into_table(dialect)
}

fn is_unpackable(group: &RowGroupMetaData) -> bool {
    group.columns().iter().all(|column| {
        matches!(
            column.compression(),
            Compression::UNCOMPRESSED
                | Compression::SNAPPY
                | Compression::GZIP(_)
                | Compression::ZSTD(_)
        )
    })
}

fn parquet_fault(path: &Path, fault: ParquetError) -> TableError {
    TableError::Damaged {
        path: path.to_owned(),
        kind: PARQUET,
        source: fault.into(),
    }
}

/// Returns the names of the labels for each column that has some.
fn label_names(file: &FileMetaData) -> HashMap<String, Vec<String>> {
    let notes = file.key_value_metadata().into_iter().flatten();
    let features = notes
        .filter(|note| note.key == FEATURES_KEY)
        .find_map(|note| serde_json::from_str::<Value>(note.value.as_ref()?).ok());
    let columns = features
        .as_ref()
        .and_then(|notes| notes["info"]["features"].as_object());
    columns
        .into_iter()
        .flatten()
        .filter_map(|(column, feature)| Some((column.clone(), names_in(feature)?)))
        .collect()
}

/// Finds the names in `{"names": […], "_type": "ClassLabel"}`, also where that is what a list holds.
fn names_in(feature: &Value) -> Option<Vec<String>> {
    let of_list = [feature, &feature["feature"], &feature[0]];
    let label = of_list
        .into_iter()
        .find(|feature| feature["_type"] == "ClassLabel")?;
    let names = label["names"].as_array()?.iter();
    names.map(|name| Some(name.as_str()?.to_owned())).collect()
}

/// Returns what stands for a number where there are names of labels: its name, or nothing for the -1 that Hugging Face
/// writes where there is no label. A number without a name stays.
fn label_text(field: &Field, labels: &[String]) -> Option<String> {
    if labels.is_empty() {
        return None;
    }
    match whole_number(field)? {
        -1 => Some(String::new()),
        id => labels.get(usize::try_from(id).ok()?).cloned(),
    }
}

fn whole_number(field: &Field) -> Option<i64> {
    match field {
        Field::Byte(id) => Some((*id).into()),
        Field::Short(id) => Some((*id).into()),
        Field::Int(id) => Some((*id).into()),
        Field::Long(id) => Some(*id),
        Field::UByte(id) => Some((*id).into()),
        Field::UShort(id) => Some((*id).into()),
        Field::UInt(id) => Some((*id).into()),
        Field::ULong(id) => i64::try_from(*id).ok(),
        _ => None,
    }
}

/// Adds the cell that a value makes, or those of a group. `level` counts the groups around it.
fn push(
    cells: &mut Vec<(String, String)>,
    name: String,
    field: Field,
    labels: &[String],
    level: usize,
) {
    if let Some(label) = label_text(&field, labels) {
        cells.push((name, label));
        return;
    }
    match field {
        Field::Null => cells.push((name, String::new())),
        Field::Str(text) => cells.push((name, text)),
        Field::Bytes(bytes) => {
            let text = match std::str::from_utf8(bytes.data()) {
                Ok(text) => text.to_owned(),
                Err(_) => format!("({} bytes)", bytes.len()),
            };
            cells.push((name, text));
        }
        Field::Group(row) if level < MOST_LEVELS => {
            for (inner, field) in row.into_columns() {
                push(cells, format!("{name}.{inner}"), field, &[], level + 1);
            }
        }
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => {
            cells.push((name, to_json(&field, labels).to_string()));
        }
        Field::Float(value) => cells.push((name, format!("{value:?}"))),
        Field::Double(value) => cells.push((name, format!("{value:?}"))),
        other => cells.push((name, other.to_string())),
    }
}

fn to_json(field: &Field, labels: &[String]) -> Value {
    if let Some(label) = label_text(field, labels) {
        return label.into();
    }
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => (*value).into(),
        Field::ULong(value) => (*value).into(),
        Field::Float(value) => (*value).into(),
        Field::Double(value) => (*value).into(),
        Field::Str(text) => text.as_str().into(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into(),
        Field::Group(row) => row
            .get_column_iter()
            .map(|(name, field)| (name.clone(), to_json(field, &[])))
            .collect(),
        Field::ListInternal(list) => {
            let elements = list.elements().iter();
            elements.map(|field| to_json(field, labels)).collect()
        }
        Field::MapInternal(map) => map
            .entries()
            .iter()
            .map(|(key, value)| {
                let key = match key {
                    Field::Str(key) => key.clone(),
                    other => other.to_string(),
                };
                (key, to_json(value, &[]))
            })
            .collect(),
        other => match whole_number(other) {
            Some(number) => number.into(),
            None => other.to_string().into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
    };
    use parquet::file::metadata::KeyValue;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
    use parquet::schema::parser::parse_message_type;

    use super::super::sample_files::{check, check_error, gz_of, read};
    use super::*;

    const SCHEMA: &str = "message schema {
        REQUIRED BYTE_ARRAY text (UTF8);
        OPTIONAL INT64 label;
        REQUIRED BOOLEAN ok;
        REQUIRED DOUBLE score;
        REQUIRED INT32 day (DATE);
        REQUIRED GROUP tags (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (UTF8); } }
        REQUIRED GROUP kinds (LIST) { REPEATED GROUP list { REQUIRED INT64 element; } }
        REQUIRED GROUP user { REQUIRED BYTE_ARRAY name (UTF8); }
    }";

    const FEATURES: &str = r#"{"info": {"features": {
        "text": {"dtype": "string", "_type": "Value"},
        "label": {"names": ["neg", "pos"], "_type": "ClassLabel"},
        "kinds": {"feature": {"names": ["x", "y"], "_type": "ClassLabel"}, "_type": "Sequence"}
    }}}"#;

    fn texts(texts: &[&str]) -> Vec<ByteArray> {
        texts.iter().map(|text| ByteArray::from(*text)).collect()
    }

    /// Writes a file of three rows.
    fn file(compression: Compression, features: Option<&str>) -> Vec<u8> {
        let note = features.map(|text| KeyValue::new(FEATURES_KEY.to_owned(), text.to_owned()));
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_key_value_metadata(note.map(|note| vec![note]))
            .build();
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut n_columns = 0;
        while let Some(column) = group.next_column().unwrap() {
            write_column(n_columns, column);
            n_columns += 1;
        }
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    fn write_column(position: usize, mut column: SerializedColumnWriter<'_>) {
        fn put<T: DataType>(
            column: &mut SerializedColumnWriter<'_>,
            values: &[T::T],
            defined: Option<&[i16]>,
            repeated: Option<&[i16]>,
        ) {
            let column = column.typed::<T>();
            column.write_batch(values, defined, repeated).unwrap();
        }
        let column_ref = &mut column;
        match position {
            0 => put::<ByteArrayType>(column_ref, &texts(&["one", "two", "one"]), None, None),
            1 => put::<Int64Type>(column_ref, &[1, -1], Some(&[1, 0, 1]), None),
            2 => put::<BoolType>(column_ref, &[true, false, true], None, None),
            3 => put::<DoubleType>(column_ref, &[0.5, 2.0, -1.25], None, None),
            4 => put::<Int32Type>(column_ref, &[0, 1, 20_000], None, None),
            5 => put::<ByteArrayType>(
                column_ref,
                &texts(&["a", "b \"c\"", "d"]),
                Some(&[1, 1, 0, 1]),
                Some(&[0, 1, 0, 0]),
            ),
            6 => put::<Int64Type>(
                column_ref,
                &[0, 1, 7],
                Some(&[1, 1, 0, 1]),
                Some(&[0, 1, 0, 0]),
            ),
            _ => put::<ByteArrayType>(column_ref, &texts(&["A", "B", "C"]), None, None),
        }
        column.close().unwrap();
    }

    #[test]
    fn every_usual_packing_gives_the_same_rows() {
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(Default::default()),
            Compression::ZSTD(Default::default()),
        ] {
            let table = read(&file(compression, None)).unwrap();
            check(
                &table,
                "text|label|ok|score|day|tags|kinds|user.name",
                &[
                    "one|1|true|0.5|1970-01-01|[\"a\",\"b \\\"c\\\"\"]|[0,1]|A",
                    "two||false|2.0|1970-01-02|[]|[]|B",
                    "one|-1|true|-1.25|2024-10-04|[\"d\"]|[7]|C",
                ],
            );
            let named_columns = Vec::new();
            assert_eq!(table.dialect.format, Format::Parquet { named_columns });
            assert_eq!(table.rows[2].line, 3);
        }
    }

    #[test]
    fn names_of_labels_stand_in_place_of_numbers() {
        let table = read(&gz_of(&file(Compression::SNAPPY, Some(FEATURES)))).unwrap();
        let labels: Vec<&str> = table.rows.iter().map(|row| row.cells[1].as_str()).collect();
        assert_eq!(labels, ["pos", "", ""]);
        let kinds: Vec<&str> = table.rows.iter().map(|row| row.cells[6].as_str()).collect();
        assert_eq!(kinds, ["[\"x\",\"y\"]", "[]", "[7]"]);
        let named_columns = vec!["label".to_owned(), "kinds".to_owned()];
        assert_eq!(table.dialect.format, Format::Parquet { named_columns });
        let other = read(&file(Compression::SNAPPY, Some("no JSON"))).unwrap();
        assert_eq!(other.rows[0].cells[1], "1");
    }

    #[test]
    fn a_damaged_file_is_an_error_and_no_crash() {
        let sound = file(Compression::SNAPPY, None);
        let cut = &sound[..sound.len() - 20];
        check_error(&read(cut).unwrap_err(), "table.damaged", "a Parquet file");
        check_error(
            &read(b"PAR1").unwrap_err(),
            "table.damaged",
            "a Parquet file",
        );
        let mut random = crate::random::Random::new(5);
        for _ in 0..2000 {
            let mut bytes = sound.clone();
            let place = random.below(sound.len());
            bytes[place] = random.below(256) as u8;
            let _ = read(&bytes);
        }
    }
}
