//! Text in every dialect becomes the rows that were meant, with the reason for each decision, and a person may decide
//! otherwise.

#![allow(clippy::unwrap_used)]

use embert_engine::table::{
    AboveReason, CommentReason, DelimiterReason, Dialect, DialectRequest, EncodingReason,
    EscapeReason, HeaderReason, LineEnd, QuoteReason, RowFault, Runs, Table,
};
use embert_engine::wish::Wish;
use encoding_rs::Encoding;

fn read(bytes: &[u8]) -> Table {
    read_with(bytes, &DialectRequest::default())
}

fn read_with(bytes: &[u8], request: &DialectRequest) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("texts.csv");
    std::fs::write(&path, bytes).unwrap();
    Table::read_with(&path, request).unwrap()
}

/// Rows as `cell|cell`, those with the names first.
fn shown(table: &Table) -> Vec<String> {
    let header = table.dialect.has_header.then(|| table.columns.join("|"));
    let rows = table.rows.iter().map(|row| row.cells.join("|"));
    header.into_iter().chain(rows).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) -> Dialect {
    let table = read(text.as_bytes());
    assert_eq!(shown(&table), expected, "{text:?} {:?}", table.dialect);
    table.dialect
}

#[test]
fn delimiters_of_every_kind_are_found() {
    let rows = ["text|label", "so good|pos", "so bad|neg", "well, well|pos"];
    for delimiter in ["\t", ";", "|", "~", "^", "\u{1F}", ":"] {
        let text = rows.join("\n").replace('|', delimiter);
        let dialect = check(&text, &rows);
        assert_eq!(dialect.delimiter, delimiter.chars().next());
    }
    let dialect = check(
        "text            label\nso good         pos\nquite so bad    neg\n",
        &["text|label", "so good|pos", "quite so bad|neg"],
    );
    assert_eq!(
        (dialect.delimiter, dialect.runs),
        (Some(' '), Runs::TwoOrMore)
    );
    let dialect = check(
        "  1  2 3\n 10 20 30\n100 2 3\n",
        &["1|2|3", "10|20|30", "100|2|3"],
    );
    assert_eq!((dialect.delimiter, dialect.runs), (Some(' '), Runs::Any));
    check(
        "John Smith\nMary Jones\nJane Doe\n",
        &["John Smith", "Mary Jones", "Jane Doe"],
    );
}

#[test]
fn quotation_marks_and_escapes_are_found() {
    let dialect = check(
        "'text','label'\n'so, so','a'\n'well','b'\n",
        &["text|label", "so, so|a", "well|b"],
    );
    assert_eq!(dialect.quote, Some('\''));
    let dialect = check(
        "text,label\n\"he said \\\"no\\\", twice\",a\n\"a \\\\ b\",b\n",
        &["text|label", "he said \"no\", twice|a", "a \\ b|b"],
    );
    assert_eq!(dialect.escape, Some('\\'));
    let dialect = check(
        "text,label\n\"C:\\temp\\\",a\n\"well\",b\n",
        &["text|label", "C:\\temp\\|a", "well|b"],
    );
    assert_eq!(dialect.escape, None);
    let dialect = check(
        "text\tlabel\n\"oh no\ta\n\"what\tb\nfine\ta\n",
        &["text|label", "\"oh no|a", "\"what|b", "fine|a"],
    );
    assert_eq!(dialect.quote, None);
    assert_eq!(dialect.evidence.quote, Some(QuoteReason::PartOfText));
    let dialect = check(
        "text,label\nrock\\, paper,a\nwell,b\n",
        &["text|label", "rock, paper|a", "well|b"],
    );
    assert_eq!(dialect.escape, Some('\\'));
}

#[test]
fn line_ends_of_every_kind_are_found() {
    for (text, line_end) in [
        ("text,label\none,a\ntwo,b\n", LineEnd::Lf),
        ("text,label\r\none,a\r\ntwo,b\r\n", LineEnd::CrLf),
        ("text,label\rone,a\rtwo,b\r", LineEnd::Cr),
        ("text,label\r\none,a\ntwo,b", LineEnd::Mixed),
        ("text,label\rone,a\r\ntwo,b\n", LineEnd::Mixed),
    ] {
        let dialect = check(text, &["text|label", "one|a", "two|b"]);
        assert_eq!(dialect.line_end, Some(line_end));
    }
    check(
        "text,label\rone\nand more,a\rtwo,b\r",
        &["text|label", "one\nand more|a", "two|b"],
    );
    check(
        "text,label\n\"one\rand more\",a\ntwo,b\n",
        &["text|label", "one\rand more|a", "two|b"],
    );
}

#[test]
fn what_stands_above_between_and_below_the_rows_is_left_out_and_listed() {
    let faults = |text: &str| -> Vec<(u64, RowFault)> {
        let skipped = read(text.as_bytes()).skipped;
        skipped
            .into_iter()
            .map(|row| (row.line, row.faults[0].clone()))
            .collect()
    };
    let text = "Survey 2024\n\nby the office\ntext,label\none,a\ntwo,b\n";
    let dialect = check(text, &["text|label", "one|a", "two|b"]);
    assert_eq!((dialect.header_row, dialect.n_lines_above), (Some(4), 3));
    assert_eq!(
        dialect.evidence.above,
        Some(AboveReason::FewerCells { n_lines: 3 })
    );
    assert_eq!(
        faults(text),
        [(1, RowFault::AboveTable), (3, RowFault::AboveTable)]
    );

    let text = "# made by hand\ntext,label\none,a\n# the rest is new\ntwo,b\n";
    let dialect = check(text, &["text|label", "one|a", "two|b"]);
    assert_eq!(dialect.comment.as_deref(), Some("#"));
    assert_eq!(
        dialect.evidence.comment,
        Some(CommentReason::NoRows { n_lines: 2 })
    );
    assert_eq!(
        faults(text),
        [(1, RowFault::Comment), (4, RowFault::Comment)]
    );
    check(
        "text,label\n#fun day,a\n#bad day,b\n",
        &["text|label", "#fun day|a", "#bad day|b"],
    );

    let text = "text,label\none,a\ntext,label\ntwo,b\n";
    check(text, &["text|label", "one|a", "two|b"]);
    assert_eq!(faults(text), [(3, RowFault::RepeatedHeader)]);

    check(
        "\n\ntext,label\n\none,a\n  \ntwo,b\n\n",
        &["text|label", "one|a", "two|b"],
    );
    check("text\none\n\ntwo\n", &["text", "one", "", "two"]);
    let table = read(b"text,label\none,a,\ntwo,b,\n");
    assert_eq!(shown(&table), ["text|label", "one|a", "two|b"]);
}

#[test]
fn what_stands_above_has_its_reason_and_may_be_kept() {
    let notes = "made by us, in May\nnot for sale, really\ntext,label\none,a\ntwo,b\n";
    let groups = "Message,,Verdict\ntext,language,label\none,en,a\ntwo,de,b\n";
    let types = "id,text,label\nint,string,string\n1,one,a\n2,two,b\n3,three,a\n";
    let above = |text: &str| read(text.as_bytes()).dialect.evidence.above;
    assert_eq!(above(notes), Some(AboveReason::Sentences { n_lines: 2 }));
    assert_eq!(above(groups), Some(AboveReason::Groups { n_lines: 1 }));
    let table = read(types.as_bytes());
    assert_eq!(
        table.dialect.evidence.header,
        Some(HeaderReason::TypesBelow)
    );
    assert_eq!(table.skipped[0].line, 2);
    assert_eq!(table.skipped[0].faults, [RowFault::TypesRow]);
    for text in [notes, groups, types] {
        let request = DialectRequest {
            header_row: Some(1),
            ..DialectRequest::default()
        };
        let table = read_with(text.as_bytes(), &request);
        assert_eq!(table.rows[0].line, 2, "{text}");
        let request = DialectRequest {
            has_header: Some(false),
            ..DialectRequest::default()
        };
        let table = read_with(text.as_bytes(), &request);
        assert_eq!(table.rows[0].line, 1, "{text}");
    }
    let comments = "# made by a script, in May\ntext,label\none,a\n# by hand, later\ntwo,b\n";
    assert_eq!(read(comments.as_bytes()).skipped.len(), 2);
    let request = DialectRequest {
        comment: Wish::None,
        ..DialectRequest::default()
    };
    let table = read_with(comments.as_bytes(), &request);
    assert!(table.rows.iter().any(|row| row.cells[0].starts_with('#')));
}

#[test]
fn rows_without_names_for_all_cells_keep_their_cells() {
    check(
        "size,mark\nr1,1,2\nr2,3,4\nr3,5,6\nr4,7,8\nr5,9,0\n",
        &[
            "column 1|size|mark",
            "r1|1|2",
            "r2|3|4",
            "r3|5|6",
            "r4|7|8",
            "r5|9|0",
        ],
    );
}

#[test]
fn zeros_stay_and_do_not_make_a_file_binary() {
    check(
        "text,label\nhel\0lo,a\ntwo,b\n",
        &["text|label", "hel\0lo|a", "two|b"],
    );
    check(
        &format!("text,label\none,a\n{}", "\0".repeat(500)),
        &["text|label", "one|a"],
    );
}

#[test]
fn encodings_are_found() {
    let file = |header: &str, rows: &str| format!("{header}\n{}", rows.repeat(3));
    let german = file(
        "text,label",
        "schöne Grüße aus München,höflich\nÄrger über Öl,böse\n",
    );
    let russian = file(
        "текст,метка",
        "очень хороший фильм,хорошо\nэто было плохо,плохо\n",
    );
    let czech = file(
        "text,štítek",
        "žluťoučký kůň úpěl ďábelské ódy,dobré\nto je špatné řešení,zlé\n",
    );
    let chinese = file(
        "文本,标签",
        "这部电影非常好看我很喜欢,好\n这个产品质量太差了,坏\n",
    );
    let taiwanese = file(
        "文本,標籤",
        "這部電影非常好看我很喜歡,好\n這個產品質量太差了,壞\n",
    );
    let japanese = file(
        "テキスト,ラベル",
        "この映画はとても良かったです,良い\nひどい製品でした,悪い\n",
    );
    for (text, encoding) in [
        (&german, "windows-1252"),
        (&russian, "windows-1251"),
        // For the Russian letters it is the same as KOI8-R.
        (&russian, "KOI8-U"),
        (&czech, "windows-1250"),
        (&chinese, "gb18030"),
        (&taiwanese, "Big5"),
        (&japanese, "Shift_JIS"),
    ] {
        let of = Encoding::for_label(encoding.as_bytes()).unwrap();
        let (bytes, _, has_unknown) = of.encode(text);
        assert!(!has_unknown, "{encoding}");
        let table = read(&bytes);
        assert_eq!(table.dialect.encoding.as_deref(), Some(encoding));
        assert_eq!(
            table.dialect.evidence.encoding,
            Some(EncodingReason::Letters)
        );
        assert_eq!(table.columns.join(","), text.lines().next().unwrap());
    }
    for text in [&german, &russian, &chinese] {
        for (name, bytes) in unicode(text) {
            for with_mark in [false, true] {
                let mark = unicode("\u{FEFF}")
                    .into_iter()
                    .find(|(other, _)| *other == name);
                let mark = mark
                    .filter(|_| with_mark)
                    .map(|(_, mark)| mark)
                    .unwrap_or_default();
                let table = read(&[mark, bytes.clone()].concat());
                assert_eq!(table.dialect.encoding.as_deref(), Some(name));
                assert_eq!(
                    table.columns.join(","),
                    text.lines().next().unwrap(),
                    "{name}"
                );
                let is_marked =
                    table.dialect.evidence.encoding == Some(EncodingReason::ByteOrderMark);
                assert_eq!(is_marked, with_mark, "{name}");
            }
        }
    }
    let wide = unicode("text,label\nschön,a\n").remove(3).1;
    let named = DialectRequest {
        encoding: Some("utf-32be".to_owned()),
        ..DialectRequest::default()
    };
    assert_eq!(shown(&read_with(&wide, &named)), ["text|label", "schön|a"]);
}

fn unicode(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let units = || text.encode_utf16();
    vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16LE", units().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", units().flat_map(u16::to_be_bytes).collect()),
        (
            "UTF-32BE",
            text.chars()
                .flat_map(|c| u32::from(c).to_be_bytes())
                .collect(),
        ),
        (
            "UTF-32LE",
            text.chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect(),
        ),
    ]
}

#[test]
fn every_decision_says_what_it_rests_on() {
    let evidence = read(b"text,label\n\"one, two\",a\nthree,b\n")
        .dialect
        .evidence;
    assert_eq!(evidence.encoding, Some(EncodingReason::Ascii));
    assert_eq!(
        evidence.delimiter,
        Some(DelimiterReason::Rows {
            n_rows: 3,
            n_equal: 3,
            n_cells: 2
        })
    );
    assert_eq!(evidence.quote, Some(QuoteReason::Cells { n_cells: 1 }));
    let name = "text".to_owned();
    assert_eq!(evidence.header, Some(HeaderReason::UsualName { name }));
    assert_eq!(
        (evidence.escape, evidence.above, evidence.comment),
        (None, None, None)
    );
    let told = read(b"sep=;\ntext;label\none;a\n").dialect;
    assert_eq!(told.evidence.delimiter, Some(DelimiterReason::ToldOnTop));
    assert_eq!((told.header_row, told.evidence.above), (Some(2), None));
    let list = read("Schön war es.\nNicht so.\n".as_bytes())
        .dialect
        .evidence;
    assert_eq!(list.encoding, Some(EncodingReason::Valid));
    assert_eq!(list.delimiter, Some(DelimiterReason::NoneFits));
    let escaped = read(b"text,label\n\"a \\\"b\\\", c\",x\nd,y\n")
        .dialect
        .evidence;
    assert!(
        matches!(escaped.escape, Some(EscapeReason::FewerFaults { n_without, n_with: 0 }) if n_without > 0),
        "{escaped:?}"
    );
}

#[test]
fn a_person_may_decide_otherwise() {
    let text = b"made by hand\nnot a name,neither\ntext,label\n#one,a\n\"two\\\", three\",b\n";
    let request = |change: &dyn Fn(&mut DialectRequest)| {
        let mut request = DialectRequest::default();
        change(&mut request);
        let table = read_with(text, &request);
        (shown(&table), table.dialect)
    };
    let (rows, dialect) = request(&|r| r.header_row = Some(3));
    assert_eq!(rows, ["text|label", "#one|a", "two\", three|b"]);
    assert_eq!((dialect.header_row, dialect.n_lines_above), (Some(3), 2));
    assert_eq!(dialect.evidence.header, Some(HeaderReason::Named));
    assert_eq!(dialect.evidence.above, Some(AboveReason::Named));

    let (rows, dialect) = request(&|r| r.skip_lines = Some(3));
    assert_eq!(rows[0], "#one|a");
    assert_eq!(dialect.evidence.above, Some(AboveReason::Named));

    let (rows, dialect) = request(&|r| {
        r.header_row = Some(3);
        r.comment = Wish::Named("#".to_owned());
        r.escape = Wish::None;
    });
    assert_eq!(rows[..1], ["text|label"]);
    assert!(!rows.iter().any(|row| row.starts_with('#')), "{rows:?}");
    assert_eq!(
        (dialect.comment.as_deref(), dialect.escape),
        (Some("#"), None)
    );

    let spaces = read_with(
        b"text label\nso  good\nwell bad\n",
        &DialectRequest {
            delimiter: Wish::Named(' '),
            runs: Some(Runs::Any),
            ..DialectRequest::default()
        },
    );
    assert_eq!(shown(&spaces), ["text|label", "so|good", "well|bad"]);
}

#[test]
fn what_older_versions_wrote_is_read() {
    let dialect = r#"{"encoding": "UTF-8", "delimiter": ",", "quote": "\"", "hasHeader": true}"#;
    let dialect: Dialect = serde_json::from_str(dialect).unwrap();
    assert_eq!(
        (dialect.runs, dialect.escape, dialect.header_row),
        (Runs::Each, None, None)
    );
    assert_eq!(dialect.evidence.header, None);
    let request =
        r#"{"encoding": null, "delimiter": ";", "quote": false, "hasHeader": null, "sheet": null}"#;
    let request: DialectRequest = serde_json::from_str(request).unwrap();
    assert_eq!(request.delimiter, Wish::Named(';'));
    assert_eq!(request.header_row, None);
}
