//! Files whose quotation marks and backslashes mean one thing or another.

use super::{NastyFile, text};

pub(super) fn files() -> Vec<NastyFile> {
    vec![
        text(
            "a cell with a delimiter is quoted",
            "text,label\n\
             \"hello, you\",a\n\
             bye,b\n",
            "text¦label",
            &["hello, you¦a", "bye¦b"],
        )
        .quote('"'),
        text(
            "everything is quoted",
            "\"text\",\"label\"\n\
             \"hello\",\"a\"\n\
             \"bye, bye\",\"b\"\n",
            "text¦label",
            &["hello¦a", "bye, bye¦b"],
        )
        .quote('"'),
        text(
            "single quotation marks around everything",
            "'text','label'\n\
             'hello, you','a'\n\
             'bye','b'\n\
             'it is fine, really','a'\n",
            "text¦label",
            &["hello, you¦a", "bye¦b", "it is fine, really¦a"],
        )
        .quote('\''),
        text(
            "single quotation marks where needed",
            "text,label\n\
             'hello, you',a\n\
             bye,b\n\
             'well, well, well',a\n\
             'so, no',b\n",
            "text¦label",
            &["hello, you¦a", "bye¦b", "well, well, well¦a", "so, no¦b"],
        )
        .quote('\''),
        text(
            "single quotation marks doubled",
            "text;label\n\
             'it''s fine; really';a\n\
             'don''t; please';b\n\
             'yes; no';a\n",
            "text¦label",
            &["it's fine; really¦a", "don't; please¦b", "yes; no¦a"],
        )
        .quote('\''),
        text(
            "apostrophes are letters",
            "text,label\n\
             it's fine,a\n\
             'tis the season,b\n\
             don't,a\n\
             rock 'n' roll,b\n",
            "text¦label",
            &[
                "it's fine¦a",
                "'tis the season¦b",
                "don't¦a",
                "rock 'n' roll¦b",
            ],
        )
        .quote('"'),
        text(
            "doubled marks",
            "text,label\n\
             \"she said \"\"hello\"\", then left\",a\n\
             \"\"\"quoted\"\"\",b\n\
             \"\"\"\",a\n",
            "text¦label",
            &["she said \"hello\", then left¦a", "\"quoted\"¦b", "\"¦a"],
        ),
        text(
            "marks escaped with a backslash",
            "text,label\n\
             \"she said \\\"hello\\\", then left\",a\n\
             \"\\\"quoted\\\"\",b\n\
             plain,a\n\
             \"one \\\"two\\\"\",b\n",
            "text¦label",
            &[
                "she said \"hello\", then left¦a",
                "\"quoted\"¦b",
                "plain¦a",
                "one \"two\"¦b",
            ],
        ),
        text(
            "backslashes escaped with a backslash",
            "text,label\n\
             \"a \\\\ and a \\\"mark\\\"\",a\n\
             \"ends with \\\\\",b\n\
             \"the \\\"other\\\", too\",a\n",
            "text¦label",
            &[
                "a \\ and a \"mark\"¦a",
                "ends with \\¦b",
                "the \"other\", too¦a",
            ],
        ),
        text(
            "delimiters escaped with a backslash, and no marks",
            "text,label\n\
             hello\\, you,a\n\
             bye,b\n\
             well\\, well\\, well,a\n\
             no\\, thanks,b\n",
            "text¦label",
            &[
                "hello, you¦a",
                "bye¦b",
                "well, well, well¦a",
                "no, thanks¦b",
            ],
        ),
        text(
            "backslashes that escape nothing",
            "text,label\n\
             \"C:\\temp\\\",a\n\
             C:\\new\\file,b\n\
             \"\\alpha, \\beta\",a\n\
             \"a \"\"mark\"\"\",b\n",
            "text¦label",
            &[
                "C:\\temp\\¦a",
                "C:\\new\\file¦b",
                "\\alpha, \\beta¦a",
                "a \"mark\"¦b",
            ],
        ),
        text(
            "a space before a quoted cell",
            "text, label\n\
             hello, \"a, b\"\n\
             bye, \"c, d\"\n",
            "text¦label",
            &["hello¦a, b", "bye¦c, d"],
        ),
        text(
            "inch marks in texts",
            "text,label\n\
             a 5\" pipe,a\n\
             a 7\" pipe and a 9\" one,b\n\
             12\",a\n",
            "text¦label",
            &["a 5\" pipe¦a", "a 7\" pipe and a 9\" one¦b", "12\"¦a"],
        )
        .repaired_or_not(),
        text(
            "marks within quoted texts that nobody doubled",
            "text,label\n\
             \"He said \"hello\" to me\",a\n\
             \"He said \"well, no\" to me\",b\n\
             plain,a\n",
            "text¦label",
            &[
                "He said \"hello\" to me¦a",
                "He said \"well, no\" to me¦b",
                "plain¦a",
            ],
        )
        .repaired_or_not(),
        text(
            "texts that begin and end with quotations",
            "text,label\n\
             \"yes\" or \"no\",a\n\
             \"well\" he said,b\n\
             he said \"well\",a\n",
            "text¦label",
            &[
                "\"yes\" or \"no\"¦a",
                "\"well\" he said¦b",
                "he said \"well\"¦a",
            ],
        )
        .repaired_or_not(),
        text(
            "one mark that is never closed",
            "text,label\n\
             one,a\n\
             \"oh no,b\n\
             two,a\n\
             three,b\n\
             four,a\n",
            "text¦label",
            &["one¦a", "\"oh no¦b", "two¦a", "three¦b", "four¦a"],
        )
        .repaired(&[3]),
        text(
            "two marks that are never closed",
            "text,label\n\
             one,a\n\
             \"oh no,b\n\
             two,a\n\
             three,b\n\
             \"again,a\n\
             four,b\n",
            "text¦label",
            &[
                "one¦a",
                "\"oh no¦b",
                "two¦a",
                "three¦b",
                "\"again¦a",
                "four¦b",
            ],
        )
        .repaired(&[3, 6]),
        text(
            "a mark that is never closed above a quoted cell of two lines",
            "text,label\n\
             \"oh no,a\n\
             fine,b\n\
             \"two\n\
             lines\",a\n\
             last,b\n",
            "text¦label",
            &["\"oh no¦a", "fine¦b", "two\nlines¦a", "last¦b"],
        )
        .repaired(&[2]),
        text(
            "a mark that is never closed in the last cell of a row",
            "text,label\n\
             one,a\n\
             two,\"b\n\
             three,a\n\
             four,b\n",
            "text¦label",
            &["one¦a", "two¦\"b", "three¦a", "four¦b"],
        )
        .repaired(&[3]),
        text(
            "a mark that is never closed in the last row",
            "text,label\n\
             one,a\n\
             two,b\n\
             \"three,a\n",
            "text¦label",
            &["one¦a", "two¦b", "\"three¦a"],
        )
        .repaired(&[4]),
        text(
            "a mark that is closed and never opened",
            "text,label\n\
             one,a\n\
             oh no\",b\n\
             two,a\n",
            "text¦label",
            &["one¦a", "oh no\"¦b", "two¦a"],
        )
        .repaired_or_not(),
        text(
            "a mark that is never closed, with single quotation marks",
            "text;label\n\
             'one; two';a\n\
             'three; four';b\n\
             'tis bad;a\n\
             'five; six';b\n\
             'seven; eight';a\n\
             'nine; ten';b\n",
            "text¦label",
            &[
                "one; two¦a",
                "three; four¦b",
                "'tis bad¦a",
                "five; six¦b",
                "seven; eight¦a",
                "nine; ten¦b",
            ],
        )
        .repaired(&[4]),
    ]
}
