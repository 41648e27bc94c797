//! Files whose first rows are no rows, or that have no header.

use super::{ANY_NAMES, NastyFile, text};

pub(super) fn files() -> Vec<NastyFile> {
    vec![
        text(
            "a title above the names",
            "Survey of customers\n\
             \n\
             text,label\n\
             hello there,a\n\
             bye now,b\n\
             well then,a\n",
            "text¦label",
            &["hello there¦a", "bye now¦b", "well then¦a"],
        )
        .lines(&[4, 5, 6])
        .skipped_or_not(),
        text(
            "notes with colons above the names",
            "Report: complaints\n\
             Created: 2024-03-01 10:30\n\
             By: M. Miller\n\
             \n\
             id;text;label\n\
             1;too late;delivery\n\
             2;too dear;price\n\
             3;too late again;delivery\n",
            "id¦text¦label",
            &[
                "1¦too late¦delivery",
                "2¦too dear¦price",
                "3¦too late again¦delivery",
            ],
        )
        .delimiter(';')
        .lines(&[6, 7, 8])
        .skipped_or_not(),
        text(
            "a title filled up with delimiters, as Excel saves it",
            "Beschwerden 2024;;\r\n\
             ;;\r\n\
             Text;Kategorie;Datum\r\n\
             Zu spät;Lieferung;01.02.2024\r\n\
             Zu teuer;Preis;03.02.2024\r\n\
             Kaputt;Ware;04.02.2024\r\n",
            "Text¦Kategorie¦Datum",
            &[
                "Zu spät¦Lieferung¦01.02.2024",
                "Zu teuer¦Preis¦03.02.2024",
                "Kaputt¦Ware¦04.02.2024",
            ],
        )
        .delimiter(';')
        .skipped_or_not(),
        text(
            "notes with commas above the names",
            "Exported from the help desk, all rights reserved\n\
             Please do not share, not even in part, thank you\n\
             text,label\n\
             hello there,a\n\
             bye now,b\n\
             well then,a\n\
             good day,b\n",
            "text¦label",
            &["hello there¦a", "bye now¦b", "well then¦a", "good day¦b"],
        )
        .skipped_or_not(),
        text(
            "comments above the names",
            "# made by a script, version 2\n\
             # columns: text, label\n\
             text,label\n\
             hello,a\n\
             bye,b\n\
             well,a\n",
            "text¦label",
            &["hello¦a", "bye¦b", "well¦a"],
        )
        .skipped_or_not(),
        text(
            "comments between the rows",
            "text,label\n\
             hello,a\n\
             # the second part, checked by hand\n\
             bye,b\n\
             well,a\n\
             # the end\n",
            "text¦label",
            &["hello¦a", "bye¦b", "well¦a"],
        )
        .skipped_or_not(),
        text(
            "hashtags at the start of texts are no comments",
            "text,label\n\
             #love it so much,good\n\
             #fail again and again,bad\n\
             nothing to say,bad\n\
             #win,good\n",
            "text¦label",
            &[
                "#love it so much¦good",
                "#fail again and again¦bad",
                "nothing to say¦bad",
                "#win¦good",
            ],
        ),
        text(
            "a name that begins with #",
            "#id\ttext\tlabel\n\
             1\thello\ta\n\
             2\tbye\tb\n\
             3\twell\ta\n",
            "#id¦text¦label",
            &["1¦hello¦a", "2¦bye¦b", "3¦well¦a"],
        ),
        text(
            "two rows of names, the first over groups",
            "Message,,Judgement\n\
             text,language,label\n\
             hello there,en,a\n\
             guten Tag,de,b\n\
             well then,en,a\n\
             auf Wiedersehen,de,b\n",
            ANY_NAMES,
            &[
                "hello there¦en¦a",
                "guten Tag¦de¦b",
                "well then¦en¦a",
                "auf Wiedersehen¦de¦b",
            ],
        )
        .skipped_or_not(),
        text(
            "names, and the types of the columns below them",
            "id,text,label\n\
             int,string,string\n\
             1,hello there,a\n\
             2,bye now,b\n\
             3,well then,a\n\
             4,good day,b\n",
            "id¦text¦label",
            &[
                "1¦hello there¦a",
                "2¦bye now¦b",
                "3¦well then¦a",
                "4¦good day¦b",
            ],
        )
        .skipped_or_not(),
        text(
            "no header, texts and labels",
            "I love this,positive\n\
             so bad,negative\n\
             quite good,positive\n",
            "column 1¦column 2",
            &[
                "I love this¦positive",
                "so bad¦negative",
                "quite good¦positive",
            ],
        )
        .header(false),
        text(
            "no header, a number as label",
            "0;A wonderful little film\n\
             1;A waste of time\n\
             0;Quite good\n\
             1;Never again\n",
            "column 1¦column 2",
            &[
                "0¦A wonderful little film",
                "1¦A waste of time",
                "0¦Quite good",
                "1¦Never again",
            ],
        )
        .header(false),
        text(
            "no header, every cell quoted",
            "\"4\",\"I really liked it, thanks\"\n\
             \"0\",\"Never again\"\n\
             \"4\",\"Good\"\n",
            "column 1¦column 2",
            &["4¦I really liked it, thanks", "0¦Never again", "4¦Good"],
        )
        .header(false),
        text(
            "names that nobody expects",
            "Wortlaut;Urteil\n\
             Sehr schön;gut\n\
             Ganz schlecht;mies\n\
             Na ja;mies\n",
            "Wortlaut¦Urteil",
            &["Sehr schön¦gut", "Ganz schlecht¦mies", "Na ja¦mies"],
        )
        .header(true),
        text(
            "names twice, missing, and with spaces around",
            "text, text ,,label\n\
             a,b,c,d\n\
             e,f,g,h\n",
            "text¦text (2)¦column 3¦label",
            &["a¦b¦c¦d", "e¦f¦g¦h"],
        )
        .header(true),
        text(
            "a line break in a name",
            "\"text\n\
             (in full)\",label\n\
             hello,a\n\
             bye,b\n",
            "text\n(in full)¦label",
            &["hello¦a", "bye¦b"],
        )
        .lines(&[3, 4]),
        text(
            "an index without a name, as pandas writes it",
            ",text,label\n\
             0,hello,a\n\
             1,bye,b\n\
             2,well,a\n",
            "column 1¦text¦label",
            &["0¦hello¦a", "1¦bye¦b", "2¦well¦a"],
        )
        .header(true),
        text(
            "the names once more, where two files were joined",
            "text,label\n\
             hello,a\n\
             bye,b\n\
             well,a\n\
             text,label\n\
             so,b\n\
             long,a\n",
            "text¦label",
            &["hello¦a", "bye¦b", "well¦a", "so¦b", "long¦a"],
        )
        .skipped_or_not(),
    ]
}
