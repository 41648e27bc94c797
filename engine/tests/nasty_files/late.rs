//! Files in which what matters comes after thousands of rows, or is very large.

use super::{NastyFile, in_encoding, text};

/// More rows than anyone looks at to find out how a file is written: 294 kB.
const N_PLAIN_ROWS: usize = 6000;

pub(super) fn files() -> Vec<NastyFile> {
    let mut files = after_plain_rows();
    files.extend(large());
    files.extend(across_borders());
    files
}

/// A file whose last rows differ from all others. `end` are the lines as written, `rows` what they say.
fn late(name: &'static str, encoding: &str, end: &str, rows: &[&str]) -> NastyFile {
    let plain: Vec<String> = (0..N_PLAIN_ROWS)
        .map(|i| format!("a plain row of words, number {i:05} of them all"))
        .collect();
    let mut body = "text;label\n".to_owned();
    for row in &plain {
        body += &format!("{row};a\n");
    }
    body += end;
    let mut expected: Vec<String> = plain.iter().map(|row| format!("{row}¦a")).collect();
    expected.extend(rows.iter().map(|&row| row.to_owned()));
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    in_encoding(name, encoding, &body, "text¦label", &expected).delimiter(';')
}

fn after_plain_rows() -> Vec<NastyFile> {
    let n_lines_above = N_PLAIN_ROWS as u64 + 1;
    vec![
        late(
            "the first letter beyond ASCII comes late, in UTF-8",
            "utf-8",
            "schöne Grüße aus Köln;b\n",
            &["schöne Grüße aus Köln¦b"],
        )
        .encoding(&["UTF-8"]),
        late(
            "the first letter beyond ASCII comes late, in windows-1252",
            "windows-1252",
            "schöne Grüße aus Köln;b\n\
             Ärger über Öl;b\n",
            &["schöne Grüße aus Köln¦b", "Ärger über Öl¦b"],
        )
        .encoding(&["windows-1252"]),
        late(
            "the first quoted cell comes late",
            "utf-8",
            "\"one; two\n\
             and \"\"three\"\"\";b\n\
             four;b\n",
            &["one; two\nand \"three\"¦b", "four¦b"],
        ),
        late(
            "a mark that is never closed comes late",
            "utf-8",
            "\"oh no;b\n\
             four;b\n",
            &["\"oh no¦b", "four¦b"],
        )
        .repaired(&[n_lines_above + 1]),
        late(
            "a row without a label comes late",
            "utf-8",
            "four\n\
             five;b\n",
            &["four¦", "five¦b"],
        )
        .repaired(&[n_lines_above + 1]),
    ]
}

fn large() -> Vec<NastyFile> {
    let words = "word ".repeat(200_000);
    let many_lines = "a line, and a \"\"mark\"\"\n".repeat(20_000);
    let as_read = many_lines.replace("\"\"", "\"");
    let names: Vec<String> = (1..=300).map(|i| format!("column of {i}")).collect();
    let numbers: Vec<String> = (1..=300).map(|i| i.to_string()).collect();
    vec![
        text(
            "a text of a million letters",
            &format!("text,label\nshort,a\n{words},b\nshort,a\n"),
            "text¦label",
            &["short¦a", &format!("{words}¦b"), "short¦a"],
        ),
        text(
            "a quoted text of 20,000 lines",
            &format!("text,label\nshort,a\n\"{many_lines}\",b\nshort,a\n"),
            "text¦label",
            &["short¦a", &format!("{as_read}¦b"), "short¦a"],
        )
        .lines(&[2, 3, 20_004]),
        text(
            "300 columns",
            &format!(
                "{}\n{}\n{}\n",
                names.join(","),
                numbers.join(","),
                numbers.join(",")
            ),
            &names.join("¦"),
            &[&numbers.join("¦"), &numbers.join("¦")],
        ),
    ]
}

/// Files are read in pieces. Whatever their size, some letter or line end of these lies across the border of two.
fn across_borders() -> Vec<NastyFile> {
    let table = |name, encoding, mark: &str, letters: &str, line_end: &str| {
        let texts: Vec<String> = (0..20_000)
            .map(|i| format!("{}{letters}", "x".repeat(i % 7)))
            .collect();
        let mut body = format!("{mark}text,label{line_end}");
        for text in &texts {
            body += &format!("{text},a{line_end}");
        }
        let expected: Vec<String> = texts.iter().map(|text| format!("{text}¦a")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        in_encoding(name, encoding, &body, "text¦label", &expected)
    };
    vec![
        table(
            "letters of three bytes across borders",
            "utf-8",
            "",
            "日本語です",
            "\n",
        )
        .encoding(&["UTF-8"]),
        table(
            "letters of two bytes across borders",
            "shift_jis",
            "",
            "とても良い商品でした",
            "\n",
        )
        .encoding(&["Shift_JIS"]),
        table(
            "letters of two units across borders",
            "utf-16be",
            "\u{FEFF}",
            "👍🏽 fine",
            "\n",
        )
        .encoding(&["UTF-16BE"]),
        table("CRLF across borders", "utf-8", "", "plain text", "\r\n"),
    ]
}
