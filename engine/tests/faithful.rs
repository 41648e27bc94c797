//! What is written for the person is read again as it was, however odd its names and cells are.

#![allow(clippy::unwrap_used)]

use embert_engine::table::{Dialect, Row, Table};

fn table(columns: &[&str], rows: &[&[&str]]) -> Table {
    let owned = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect();
    Table {
        columns: owned(columns),
        rows: (2..)
            .zip(rows)
            .map(|(line, cells)| Row {
                line,
                cells: owned(cells),
            })
            .collect(),
        dialect: Dialect::default(),
        repaired: Vec::new(),
        skipped: Vec::new(),
    }
}

/// Writes and reads a table, and returns the file.
fn check(table: &Table) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    table.write_faithful(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let again = Table::read(&path).unwrap_or_else(|error| panic!("{error}: {text:?}"));
    assert_eq!(again.columns, table.columns, "{text:?}");
    assert_eq!(again.rows.len(), table.rows.len(), "{text:?}");
    for (row, written) in again.rows.iter().zip(&table.rows) {
        assert_eq!(row.cells, written.cells, "{text:?}");
    }
    assert!(
        again.repaired.is_empty() && again.skipped.is_empty(),
        "{text:?}"
    );
    text
}

#[test]
fn an_ordinary_table_is_written_plainly() {
    let text = check(&table(
        &["text", "label"],
        &[
            &["one, two", "a"],
            &["say \"three\"", "b"],
            &["four\nfive", "a"],
            &["six", ""],
        ],
    ));
    assert_eq!(
        text,
        "text,label\n\"one, two\",a\n\"say \"\"three\"\"\",b\n\"four\nfive\",a\nsix,\n"
    );
}

#[test]
fn names_that_begin_like_another_format_are_read_again() {
    for first in [
        "PAR1",
        "PK\u{3}\u{4}",
        "GIF8",
        "BZh",
        "Rar!",
        "%PDF-1.4",
        "MZ\u{90}",
        "{\"a\": 1}",
        "{}",
        "[1]",
        "[{\"a\": 1}]",
        "sep=;",
        "sep=",
        "#",
        "# a",
        "//",
        "--",
        "\u{1F}\u{8B}",
        "1",
        "01",
        "2024-01-01",
        "true",
        "NA",
        "a\nb",
        "a;b",
        "a\tb",
        "a|b",
        "'a'",
        "\"a\"",
        "a very long name that is more like a sentence, as it never ends and says too much",
        "I like it.",
    ] {
        check(&table(
            &[first, "b"],
            &[&["one", "1"], &["two", "2"], &["three", "1"]],
        ));
        check(&table(&[first], &[&["one"], &["two"], &["one"]]));
    }
}

#[test]
fn cells_that_look_like_marks_are_read_again() {
    for cell in [
        "",
        " ",
        "  ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\n\n",
        "\u{A0}",
        "\u{2028}",
        "\u{0}",
        "\u{1}\u{2}\u{3}",
        " a",
        "a ",
        "#",
        "# a",
        "sep=;",
        "\"",
        "\"\"",
        "'",
        "'a'",
        "\\",
        "\\\"",
        "a\\",
        ",",
        ";",
        "|",
        "a,",
        ",a",
        "a;b;c",
        "a\tb",
        "NA",
        "null",
        "0x1",
        "\u{FEFF}",
        "\u{FFFD}",
        "{\"a\": 1}",
        "--",
        "...",
    ] {
        check(&table(
            &["text", "label"],
            &[&[cell, "a"], &["b", cell], &[cell, cell]],
        ));
        check(&table(&["text"], &[&[cell], &["b"], &[cell]]));
        check(&table(&["text"], &[&[cell]]));
        check(&table(&["n"], &[&[cell], &[cell]]));
        check(&table(
            &["a", "b", "c"],
            &[&["x", "y", cell], &[cell, "y", "z"]],
        ));
    }
}

#[test]
fn rows_without_anything_in_them_stay() {
    check(&table(&["text"], &[&[""], &[""]]));
    check(&table(&["text", "label"], &[&["", ""], &["", ""]]));
    check(&table(
        &["text", "label"],
        &[&["a", "b"], &["", ""], &["c", ""], &["", ""]],
    ));
    check(&table(&["text", "label"], &[&[" ", " "], &["\n", "\n"]]));
}

#[test]
fn the_first_row_stays_what_it_is() {
    // Numbers under a name that is a number, and names that come back below.
    check(&table(&["1", "2"], &[&["3", "4"], &["5", "6"]]));
    check(&table(&["0.5"], &[&["0.25"], &["0.75"]]));
    check(&table(
        &["text", "label"],
        &[&["text", "label"], &["a", "b"], &["text", "label"]],
    ));
    check(&table(
        &["good", "yes"],
        &[&["good", "yes"], &["bad", "no"], &["good", "yes"]],
    ));
    check(&table(
        &["column 1", "column 2"],
        &[&["1", "2"], &["3", "4"]],
    ));
    check(&table(&["column 1"], &[&["a text"], &["another text"]]));
    check(&table(
        &["How are you?", "label"],
        &[&["Fine.", "a"], &["Well.", "b"]],
    ));
    check(&table(&["a"], &[&["b"]]));
    check(&table(&["1"], &[&["2"]]));
}

#[test]
fn other_delimiters_in_every_cell_don_t_matter() {
    for mark in [";", "\t", "|", " ", "  ", ":", "/"] {
        let name = format!("a{mark}b");
        let cell = format!("one{mark}two");
        let rows: Vec<&[&str]> = vec![std::slice::from_ref(&"x"); 2];
        check(&table(&[&name], &rows));
        let cells = [cell.as_str()];
        check(&table(&[&name], &[&cells, &cells, &cells]));
        let cells = [cell.as_str(), "a"];
        check(&table(&[&name, "label"], &[&cells, &cells, &cells]));
    }
}

#[test]
fn a_long_text_is_no_fault() {
    let long = "\"a\" ".repeat(4_200_000);
    check(&table(&["text", "label"], &[&[&long, "a"], &["b", "b"]]));
}

/// Any table of odd pieces: names are unique, cells are anything.
#[test]
fn tables_of_odd_pieces_are_read_again() {
    const PIECES: [&str; 24] = [
        "a", "B", "7", "01", ".", " ", "  ", ",", ";", "\t", "|", "\"", "\"\"", "'", "\\", "\n",
        "\r", "\r\n", "#", "sep=", "{", "[", "é", "\u{FEFF}",
    ];
    let mut state = 20_261_123_u64;
    let mut number = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..300 {
        let n_columns = 1 + number(3) as usize;
        let n_rows = 1 + number(6) as usize;
        let mut cell = || -> String {
            let n_pieces = number(4);
            (0..n_pieces).map(|_| PIECES[number(24) as usize]).collect()
        };
        let columns: Vec<String> = (0..n_columns)
            // No name that is read has a byte order mark around it.
            .map(|i| match cell().replace('\u{FEFF}', "").trim() {
                "" => format!("column {}", i + 1),
                name => format!("{name}{i}"),
            })
            .collect();
        let rows: Vec<Vec<String>> = (0..n_rows)
            .map(|_| (0..n_columns).map(|_| cell()).collect())
            .collect();
        let borrow = |cells: &Vec<String>| -> Vec<String> { cells.clone() };
        check(&Table {
            columns,
            rows: (2..)
                .zip(rows.iter().map(borrow))
                .map(|(line, cells)| Row { line, cells })
                .collect(),
            dialect: Dialect::default(),
            repaired: Vec::new(),
            skipped: Vec::new(),
        });
    }
}
