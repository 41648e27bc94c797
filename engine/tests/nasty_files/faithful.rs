//! Files whose cells other programs change: every one must stay as it is written.

use super::{NastyFile, in_encoding, text};

pub(super) fn files() -> Vec<NastyFile> {
    vec![
        text(
            "words that other programs take for nothing",
            "text,label\n\
             NA,NA\n\
             N/A,N/A\n\
             n/a,n/a\n\
             null,null\n\
             NULL,NULL\n\
             None,None\n\
             nan,nan\n\
             NaN,NaN\n\
             #N/A,#N/A\n\
             -,-\n\
             ?,?\n\
             missing,missing\n",
            "text¦label",
            &[
                "NA¦NA",
                "N/A¦N/A",
                "n/a¦n/a",
                "null¦null",
                "NULL¦NULL",
                "None¦None",
                "nan¦nan",
                "NaN¦NaN",
                "#N/A¦#N/A",
                "-¦-",
                "?¦?",
                "missing¦missing",
            ],
        ),
        text(
            "numbers as they are written",
            "text,label\n\
             number 01,01\n\
             number 1,1\n\
             number 001,001\n\
             number 1.0,1.0\n\
             number 1.00,1.00\n\
             number 1e5,1e5\n\
             number 1E5,1E5\n\
             number 0x1F,0x1F\n\
             number -0,-0\n\
             number +1,+1\n\
             number 1_000,1_000\n\
             number 1.5,1.5\n\
             number 12345678901234567890,12345678901234567890\n\
             number 0.1000,0.1000\n\
             number ٣,٣\n",
            "text¦label",
            &[
                "number 01¦01",
                "number 1¦1",
                "number 001¦001",
                "number 1.0¦1.0",
                "number 1.00¦1.00",
                "number 1e5¦1e5",
                "number 1E5¦1E5",
                "number 0x1F¦0x1F",
                "number -0¦-0",
                "number +1¦+1",
                "number 1_000¦1_000",
                "number 1.5¦1.5",
                "number 12345678901234567890¦12345678901234567890",
                "number 0.1000¦0.1000",
                "number ٣¦٣",
            ],
        ),
        text(
            "truth as it is written",
            "text,label\n\
             it is True,True\n\
             it is true,true\n\
             it is TRUE,TRUE\n\
             it is yes,yes\n\
             it is Yes,Yes\n\
             it is NO,NO\n\
             it is on,on\n\
             it is off,off\n\
             it is t,t\n\
             it is f,f\n",
            "text¦label",
            &[
                "it is True¦True",
                "it is true¦true",
                "it is TRUE¦TRUE",
                "it is yes¦yes",
                "it is Yes¦Yes",
                "it is NO¦NO",
                "it is on¦on",
                "it is off¦off",
                "it is t¦t",
                "it is f¦f",
            ],
        ),
        text(
            "dates and times as they are written",
            "text;label\n\
             on 01.02.2024;01.02.2024\n\
             on 2024-02-01;2024-02-01\n\
             on 1/2/24;1/2/24\n\
             on 2024-02-01T10:30:00Z;2024-02-01T10:30:00Z\n\
             on 10:30;10:30\n\
             on Feb 1;Feb 1\n\
             on 1-2;1-2\n",
            "text¦label",
            &[
                "on 01.02.2024¦01.02.2024",
                "on 2024-02-01¦2024-02-01",
                "on 1/2/24¦1/2/24",
                "on 2024-02-01T10:30:00Z¦2024-02-01T10:30:00Z",
                "on 10:30¦10:30",
                "on Feb 1¦Feb 1",
                "on 1-2¦1-2",
            ],
        ),
        text(
            "decimal commas in quoted cells",
            "text,rate\n\
             \"kostet 3,50 Euro\",\"3,50\"\n\
             \"kostet 12,99 Euro\",\"12,99\"\n\
             gratis,0\n",
            "text¦rate",
            &[
                "kostet 3,50 Euro¦3,50",
                "kostet 12,99 Euro¦12,99",
                "gratis¦0",
            ],
        ),
        text(
            "spaces around labels",
            "text,label\n\
             hello, good\n\
             bye,good \n\
             well,good\n\
             \x20 so  , good  \n",
            "text¦label",
            &["hello¦ good", "bye¦good ", "well¦good", "  so  ¦ good  "],
        ),
        text(
            "spaces in quoted cells",
            "text,label\n\
             \" hello \",\"a \"\n\
             \"\tbye\",\" b\"\n",
            "text¦label",
            &[" hello ¦a ", "\tbye¦ b"],
        ),
        text(
            "other kinds of spaces around labels",
            "text,label\n\
             hello,\u{A0}good\n\
             bye,good\u{A0}\n\
             well,\u{3000}good\n\
             so,good\u{2009}\n",
            "text¦label",
            &[
                "hello¦\u{A0}good",
                "bye¦good\u{A0}",
                "well¦\u{3000}good",
                "so¦good\u{2009}",
            ],
        ),
        text(
            "empty texts, quoted or not",
            "text,label\n\
             ,a\n\
             \"\",b\n\
             full,a\n\
             full,\"\"\n",
            "text¦label",
            &["¦a", "¦b", "full¦a", "full¦"],
        ),
        text(
            "é as one letter and as two",
            "text,label\n\
             café,é\n\
             cafe\u{301},e\u{301}\n",
            "text¦label",
            &["café¦é", "cafe\u{301}¦e\u{301}"],
        ),
        text(
            "letters that look alike",
            "text,label\n\
             fi\u{FB01} \u{FF21} \u{212B},K\n\
             fifi A Å,\u{212A}\n",
            "text¦label",
            &["fi\u{FB01} \u{FF21} \u{212B}¦K", "fifi A Å¦\u{212A}"],
        ),
        text(
            "emoji of several parts",
            "text,label\n\
             family 👨\u{200D}👩\u{200D}👧\u{200D}👦,👍🏽\n\
             flag 🇩🇪,❤\u{FE0F}\n\
             heart ❤,👍\n",
            "text¦label",
            &[
                "family 👨\u{200D}👩\u{200D}👧\u{200D}👦¦👍🏽",
                "flag 🇩🇪¦❤\u{FE0F}",
                "heart ❤¦👍",
            ],
        ),
        text(
            "letters of no width",
            "text,label\n\
             zero\u{200B}width,a\u{200B}\n\
             join\u{200D}ed,\u{2060}b\n\
             mark \u{FEFF}within,a\n\
             soft\u{AD}hyphen,b\n",
            "text¦label",
            &[
                "zero\u{200B}width¦a\u{200B}",
                "join\u{200D}ed¦\u{2060}b",
                "mark \u{FEFF}within¦a",
                "soft\u{AD}hyphen¦b",
            ],
        ),
        text(
            "writing from right to left",
            "text,label\n\
             שלום לכולם,חיובי\n\
             مرحبا بالعالم,إيجابي\n\
             \u{202B}mixed שלום\u{202C},neutral\n",
            "text¦label",
            &[
                "שלום לכולם¦חיובי",
                "مرحبا بالعالم¦إيجابي",
                "\u{202B}mixed שלום\u{202C}¦neutral",
            ],
        ),
        text(
            "the sign for broken letters, typed on purpose",
            "text,label\n\
             what is \u{FFFD},question\n\
             it is a sign,answer\n",
            "text¦label",
            &["what is \u{FFFD}¦question", "it is a sign¦answer"],
        ),
        text(
            "formulas, phone numbers and a leading apostrophe",
            "text,label\n\
             =SUM(A1:A3),a\n\
             +49 170 123,b\n\
             @home,a\n\
             '0123,b\n\
             -1+2,a\n",
            "text¦label",
            &[
                "=SUM(A1:A3)¦a",
                "+49 170 123¦b",
                "@home¦a",
                "'0123¦b",
                "-1+2¦a",
            ],
        ),
        text(
            "HTML, backslashes and control characters",
            "text,label\n\
             &amp; &lt;b&gt; <br>,a\n\
             \\n is no line,b\n\
             bell\u{7} here in a longer text,a\n\
             plain words to fill the file,b\n",
            "text¦label",
            &[
                "&amp; &lt;b&gt; <br>¦a",
                "\\n is no line¦b",
                "bell\u{7} here in a longer text¦a",
                "plain words to fill the file¦b",
            ],
        ),
        text(
            "JSON in cells",
            "id,spans,label\n\
             1,\"[{\"\"start\"\": 0, \"\"end\"\": 4}]\",a\n\
             2,[],b\n\
             3,\"{\"\"a\"\": 1, \"\"b\"\": 2}\",a\n",
            "id¦spans¦label",
            &[
                "1¦[{\"start\": 0, \"end\": 4}]¦a",
                "2¦[]¦b",
                "3¦{\"a\": 1, \"b\": 2}¦a",
            ],
        ),
        text(
            "labels that differ in case alone",
            "text,label\n\
             one,Spam\n\
             two,spam\n\
             three,SPAM\n\
             four,ſpam\n",
            "text¦label",
            &["one¦Spam", "two¦spam", "three¦SPAM", "four¦ſpam"],
        ),
        text(
            "JSON lines with a byte order mark, CRLF and a blank line",
            "\u{FEFF}{\"text\": \"one\", \"label\": \"01\"}\r\n\
             \r\n\
             {\"text\": \"two, too\", \"label\": 1.0}\r\n",
            "text¦label",
            &["one¦01", "two, too¦1.0"],
        )
        .encoding(&["UTF-8"]),
        in_encoding(
            "JSON lines in UTF-16",
            "utf-16le",
            "\u{FEFF}{\"text\": \"schöne Grüße\", \"label\": \"a\"}\n\
             {\"text\": \"naïve\", \"label\": \"b\"}\n",
            "text¦label",
            &["schöne Grüße¦a", "naïve¦b"],
        )
        .encoding(&["UTF-16LE"]),
    ]
}
