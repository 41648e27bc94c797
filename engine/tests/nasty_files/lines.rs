//! Files whose lines end in odd ways, or hold what is no letter.

use super::{NastyFile, text};

pub(super) fn files() -> Vec<NastyFile> {
    vec![
        text(
            "lines end with LF",
            "text,label\n\
             one,a\n\
             two,b\n",
            "text¦label",
            &["one¦a", "two¦b"],
        ),
        text(
            "lines end with CRLF",
            "text,label\r\n\
             one,a\r\n\
             two,b\r\n",
            "text¦label",
            &["one¦a", "two¦b"],
        ),
        text(
            "lines end with CR alone",
            "text,label\r\
             one,a\r\
             two,b\r",
            "text¦label",
            &["one¦a", "two¦b"],
        ),
        text(
            "lines end with CR alone, and a quoted cell has two lines",
            "text,label\r\
             \"one\r\
             and more\",a\r\
             two,b\r",
            "text¦label",
            &["one\rand more¦a", "two¦b"],
        ),
        text(
            "LF and CRLF mixed",
            "text,label\r\n\
             one,a\n\
             two,b\r\n\
             three,a\n",
            "text¦label",
            &["one¦a", "two¦b", "three¦a"],
        ),
        text(
            "LF, CRLF and CR alone mixed",
            "text,label\r\n\
             one,a\r\
             two,b\n\
             three,a\r\
             four,b\r\n",
            "text¦label",
            &["one¦a", "two¦b", "three¦a", "four¦b"],
        ),
        text(
            "CR CR LF, as a file that was converted twice",
            "text,label\r\r\n\
             one,a\r\r\n\
             two,b\r\r\n",
            "text¦label",
            &["one¦a", "two¦b"],
        ),
        text(
            "no line end behind the last row",
            "text,label\n\
             one,a\n\
             two,b",
            "text¦label",
            &["one¦a", "two¦b"],
        ),
        text(
            "a quoted last cell and no line end",
            "text,label\n\
             one,a\n\
             \"two, too\",\"b\"",
            "text¦label",
            &["one¦a", "two, too¦b"],
        ),
        text(
            "quoted line breaks",
            "text,label\n\
             \"one\n\
             \n\
             two\",a\n\
             three,b\n\
             \"four\n\
             \",a\n",
            "text¦label",
            &["one\n\ntwo¦a", "three¦b", "four\n¦a"],
        )
        .lines(&[2, 5, 6]),
        text(
            "quoted line breaks of both kinds stay as they are",
            "text,label\r\n\
             \"one\n\
             two\",a\r\n\
             \"three\r\n\
             four\",b\r\n",
            "text¦label",
            &["one\ntwo¦a", "three\r\nfour¦b"],
        ),
        text(
            "blank lines everywhere",
            "\n\
             \n\
             text,label\n\
             \n\
             one,a\n\
             \x20  \n\
             \n\
             two,b\n\
             \n\
             \n",
            "text¦label",
            &["one¦a", "two¦b"],
        )
        .lines(&[5, 8]),
        text(
            "separators of Unicode, vertical tabs and form feeds are letters",
            "text,label\n\
             one\u{2028}more,a\n\
             two\u{85}more,b\n\
             three\u{B}more,a\n\
             four\u{C}more,b\n",
            "text¦label",
            &[
                "one\u{2028}more¦a",
                "two\u{85}more¦b",
                "three\u{B}more¦a",
                "four\u{C}more¦b",
            ],
        ),
        text(
            "a stray zero byte in a text",
            "text,label\n\
             plain words here,a\n\
             he\0llo and more words,b\n\
             more plain words here,a\n",
            "text¦label",
            &[
                "plain words here¦a",
                "he\0llo and more words¦b",
                "more plain words here¦a",
            ],
        ),
        text(
            "zero bytes behind the last row, as a crash leaves them",
            "text,label\n\
             plain words here,a\n\
             more plain words here,b\n\
             \0\0\0\0\0\0\0\0",
            "text¦label",
            &["plain words here¦a", "more plain words here¦b"],
        )
        .skipped_or_not()
        .repaired_or_not(),
        text(
            "Ctrl+Z behind the last row, as DOS wrote it",
            "text,label\r\n\
             one,a\r\n\
             two,b\r\n\
             \u{1A}",
            "text¦label",
            &["one¦a", "two¦b"],
        )
        .skipped_or_not()
        .repaired_or_not(),
    ]
}
