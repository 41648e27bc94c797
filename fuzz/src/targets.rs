//! What each fuzz target does with its bytes. The engine's test `mutate` does the same without a fuzzer.
//!
//! A target panics where something that always holds does not hold. An error is as good as a table.

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use embert_engine::table::{DialectRequest, Table};
use embert_engine::wish::Wish;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Reads text as it looks, and once more in a dialect that the person names, whatever it looks like.
pub fn table(bytes: &[u8]) {
    read(bytes, &DialectRequest::default());
    let named = DialectRequest {
        encoding: Some("utf-8".to_owned()),
        delimiter: Wish::Named(','),
        quote: Wish::Named('"'),
        has_header: Some(true),
        ..DialectRequest::default()
    };
    read(bytes, &named);
}

/// Reads JSON lines or a JSON document. What can't be one is left to [`table`].
pub fn json(bytes: &[u8]) {
    if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        read(bytes, &DialectRequest::default());
    }
}

/// Reads a workbook. What is no archive is taken for the XML of its only sheet, because a fuzzer hardly ever makes an
/// archive whose check sums are right.
pub fn workbook(bytes: &[u8]) {
    let is_archive = bytes.starts_with(b"PK") || bytes.starts_with(b"\xD0\xCF");
    if is_archive {
        read(bytes, &DialectRequest::default());
    } else if bytes.starts_with(b"<office:") {
        read(&ods_of(bytes), &DialectRequest::default());
    } else {
        read(&xlsx_of(bytes), &DialectRequest::default());
    }
}

/// Reads a Parquet file. Other bytes are left to [`table`].
pub fn parquet(bytes: &[u8]) {
    if bytes.starts_with(b"PAR1") {
        read(bytes, &DialectRequest::default());
    }
}

/// Reads the header of a safetensors file, and packs the model that it belongs to: first the bytes as they are, then as
/// a header whose length in front is right.
#[cfg(feature = "compute")]
pub fn weights(bytes: &[u8]) {
    use embert_engine::base_model::BaseModel;
    use embert_engine::bert::WeightFile;
    use embert_engine::pack;

    let mut framed = (bytes.len() as u64).to_le_bytes().to_vec();
    framed.extend(bytes);
    framed.extend([0; 64]);
    for file in [bytes, framed.as_slice()] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |name: &str, content: &[u8]| {
            fs::write(folder.path().join(name), content).expect("a file can be written");
        };
        write("config.json", br#"{"model_type": "bert"}"#);
        write("tokenizer.json", b"{}");
        write("model.safetensors", file);
        if let Ok(weights) = WeightFile::open(folder.path()) {
            let n_parameters = weights.n_parameters();
            assert!(n_parameters <= file.len(), "{n_parameters} parameters");
        }
        let model = BaseModel::open(folder.path()).expect("all files of the model are there");
        if let Err(error) = pack::pack(&model, &folder.path().join("packed")) {
            assert!(!error.to_string().is_empty());
        }
    }
}

/// Reads bytes, and checks what holds for every table and every error.
fn read(bytes: &[u8], request: &DialectRequest) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("file.dat");
    fs::write(&path, bytes).expect("a file can be written");
    match Table::read_with(&path, request) {
        Ok(table) => check(&table, folder.path()),
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("file.dat"), "{message}");
            assert!(error.hint().is_some(), "{message}");
        }
    }
}

fn check(table: &Table, folder: &Path) {
    let names: HashSet<&String> = table.columns.iter().collect();
    assert_eq!(names.len(), table.columns.len(), "{:?}", table.columns);
    assert!(!table.rows.is_empty());
    for row in &table.rows {
        assert_eq!(row.cells.len(), names.len(), "line {}", row.line);
    }
    let written = folder.join("written.csv");
    table.write_csv(&written).expect("a table can be written");
    let again = Table::read_own(&written).expect("what was written can be read");
    assert_eq!(again.columns, table.columns);
    assert_eq!(again.rows.len(), table.rows.len());
    for (again, row) in again.rows.iter().zip(&table.rows) {
        assert_eq!(again.cells, row.cells, "line {}", row.line);
    }
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// An Excel workbook with one sheet of this XML.
fn xlsx_of(sheet: &[u8]) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{PACKAGE}">
                <Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let workbook = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
            <sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    archive(&[
        (
            "_rels/.rels",
            relation("officeDocument", "xl/workbook.xml").as_bytes(),
        ),
        ("xl/workbook.xml", workbook.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", "worksheets/sheet1.xml").as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// An OpenDocument workbook with this content.
fn ods_of(content: &[u8]) -> Vec<u8> {
    archive(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("META-INF/manifest.xml", b"<manifest/>"),
        ("content.xml", content),
    ])
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer
            .start_file(*name, options)
            .expect("an archive in memory can be written");
        writer
            .write_all(bytes)
            .expect("an archive in memory can be written");
    }
    let written = writer.finish().expect("an archive in memory can be ended");
    written.into_inner()
}
