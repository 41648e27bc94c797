//! Files whose delimiter is easy to miss.

use super::{NastyFile, text};

pub(super) fn files() -> Vec<NastyFile> {
    vec![
        text(
            "commas",
            "text,label\n\
             hello there,a\n\
             bye; see you,b\n",
            "text¦label",
            &["hello there¦a", "bye; see you¦b"],
        )
        .delimiter(','),
        text(
            "semicolons, with commas in every text",
            "Satz;Klasse\n\
             eins, zwei;gut\n\
             drei, vier;schlecht\n\
             fünf, sechs;gut\n",
            "Satz¦Klasse",
            &["eins, zwei¦gut", "drei, vier¦schlecht", "fünf, sechs¦gut"],
        )
        .delimiter(';'),
        text(
            "semicolons and decimal commas, as a German Excel saves",
            "Text;Preis;Note\r\n\
             Gut und günstig;3,50;1,0\r\n\
             Zu teuer;12,99;4,5\r\n\
             Geht so;1.200,00;3,0\r\n",
            "Text¦Preis¦Note",
            &[
                "Gut und günstig¦3,50¦1,0",
                "Zu teuer¦12,99¦4,5",
                "Geht so¦1.200,00¦3,0",
            ],
        )
        .delimiter(';'),
        text(
            "tabs, with commas and semicolons in the texts",
            "text\tlabel\n\
             hello, you; there\ta\n\
             bye\tb\n\
             well, well\ta\n",
            "text¦label",
            &["hello, you; there¦a", "bye¦b", "well, well¦a"],
        )
        .delimiter('\t'),
        text(
            "pipes, with commas in the texts",
            "label|text\n\
             spam|win, win, win\n\
             ham|see you, mum\n\
             ham|on my way\n",
            "label¦text",
            &["spam¦win, win, win", "ham¦see you, mum", "ham¦on my way"],
        )
        .delimiter('|'),
        text(
            "pipes in texts of a table with tabs",
            "text\tlabel\n\
             a | b\tx\n\
             c | d\ty\n",
            "text¦label",
            &["a | b¦x", "c | d¦y"],
        )
        .delimiter('\t'),
        text(
            "runs of spaces between texts of several words",
            "label    text\n\
             spam     win a prize now\n\
             ham      see you at noon\n\
             spam     free entry for you\n\
             ham      call me later please\n",
            "label¦text",
            &[
                "spam¦win a prize now",
                "ham¦see you at noon",
                "spam¦free entry for you",
                "ham¦call me later please",
            ],
        ),
        text(
            "spaces and runs of spaces between single words",
            "height weight  sex\n\
             170    65      f\n\
             182    70      m\n\
             1655   5       f\n\
             160    52      f\n",
            "height¦weight¦sex",
            &["170¦65¦f", "182¦70¦m", "1655¦5¦f", "160¦52¦f"],
        ),
        text(
            "circumflexes",
            "text^label\n\
             this is text 0, well^a\n\
             this is text 1, well^b\n\
             this is text 2, well^a\n\
             this is text 3, well^b\n\
             this is text 4, well^a\n\
             this is text 5, well^b\n\
             this is text 6, well^a\n\
             this is text 7, well^b\n\
             this is text 8, well^a\n\
             this is text 9, well^b\n\
             this is text 10, well^a\n\
             this is text 11, well^b\n",
            "text¦label",
            &[
                "this is text 0, well¦a",
                "this is text 1, well¦b",
                "this is text 2, well¦a",
                "this is text 3, well¦b",
                "this is text 4, well¦a",
                "this is text 5, well¦b",
                "this is text 6, well¦a",
                "this is text 7, well¦b",
                "this is text 8, well¦a",
                "this is text 9, well¦b",
                "this is text 10, well¦a",
                "this is text 11, well¦b",
            ],
        )
        .delimiter('^'),
        text(
            "sep=; on top",
            "sep=;\n\
             text;label\n\
             hello, you;a\n\
             bye, bye;b\n",
            "text¦label",
            &["hello, you¦a", "bye, bye¦b"],
        )
        .delimiter(';'),
        text(
            "sep=; on top, with a byte order mark and CRLF",
            "\u{FEFF}sep=;\r\n\
             text;label\r\n\
             hello;a\r\n\
             bye;b\r\n",
            "text¦label",
            &["hello¦a", "bye¦b"],
        )
        .encoding(&["UTF-8"])
        .delimiter(';'),
        text(
            "sep= and a tab on top, where commas would do too",
            "sep=\t\n\
             first, second\tthird\n\
             a, b\tc\n\
             d, e\tf\n",
            "first, second¦third",
            &["a, b¦c", "d, e¦f"],
        )
        .delimiter('\t'),
        text(
            "one row below the header",
            "text,label\n\
             hello,a\n",
            "text¦label",
            &["hello¦a"],
        )
        .delimiter(','),
        text(
            "one column of texts with commas",
            "text\n\
             hello, you\n\
             well\n\
             a, b, c\n",
            "text",
            &["hello, you", "well", "a, b, c"],
        )
        .one_column(),
        text(
            "one column without a name",
            "Hello, how are you?\n\
             Well.\n\
             And you?\n\
             Bad, very bad, thanks\n",
            "column 1",
            &[
                "Hello, how are you?",
                "Well.",
                "And you?",
                "Bad, very bad, thanks",
            ],
        )
        .one_column()
        .header(false),
        text(
            "a delimiter in a quoted name",
            "\"text, in full\",label\n\
             hello,a\n\
             bye,b\n",
            "text, in full¦label",
            &["hello¦a", "bye¦b"],
        )
        .delimiter(','),
        text(
            "times and web addresses do not make colons delimiters",
            "text,label\n\
             meet at 10:30,a\n\
             see https://example.org/a:b,b\n\
             at 11:45 sharp,a\n",
            "text¦label",
            &[
                "meet at 10:30¦a",
                "see https://example.org/a:b¦b",
                "at 11:45 sharp¦a",
            ],
        )
        .delimiter(','),
        text(
            "tweets without a header, two tabs in every row",
            "17\tI love it\tpos\n\
             18\tI hate it, really\tneg\n\
             19\tnot bad\tpos\n",
            "column 1¦column 2¦column 3",
            &[
                "17¦I love it¦pos",
                "18¦I hate it, really¦neg",
                "19¦not bad¦pos",
            ],
        )
        .delimiter('\t')
        .header(false),
    ]
}
