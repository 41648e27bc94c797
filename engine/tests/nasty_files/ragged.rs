//! Files whose rows are not equally long.

use super::{NastyFile, text};

pub(super) fn files() -> Vec<NastyFile> {
    vec![
        text(
            "a comma in a text in front of the label",
            "text,label\n\
             good stuff,pos\n\
             bad stuff,neg\n\
             well, not bad,pos\n\
             no, no, never,neg\n\
             fine,pos\n\
             awful,neg\n",
            "text¦label",
            &[
                "good stuff¦pos",
                "bad stuff¦neg",
                "well, not bad¦pos",
                "no, no, never¦neg",
                "fine¦pos",
                "awful¦neg",
            ],
        )
        .repaired(&[4, 5]),
        text(
            "a comma in a text behind the label",
            "label,text\n\
             pos,good stuff\n\
             neg,bad stuff\n\
             pos,well, not bad\n\
             neg,no, no, never\n\
             pos,fine\n\
             neg,awful\n",
            "label¦text",
            &[
                "pos¦good stuff",
                "neg¦bad stuff",
                "pos¦well, not bad",
                "neg¦no, no, never",
                "pos¦fine",
                "neg¦awful",
            ],
        )
        .repaired(&[4, 5]),
        text(
            "a comma in a text between a number and a label",
            "id,text,label\n\
             1,good stuff,pos\n\
             2,bad stuff,neg\n\
             3,well, not bad,pos\n\
             4,fine,pos\n\
             5,awful,neg\n",
            "id¦text¦label",
            &[
                "1¦good stuff¦pos",
                "2¦bad stuff¦neg",
                "3¦well, not bad¦pos",
                "4¦fine¦pos",
                "5¦awful¦neg",
            ],
        )
        .repaired(&[4]),
        text(
            "a comma without a space in a text between a number and a label",
            "id,text,label\n\
             0,good stuff,pos\n\
             1,bad stuff,neg\n\
             2,quite nice,pos\n\
             3,awful,neg\n\
             4,fine,pos\n\
             5,never again,neg\n\
             6,lovely,pos\n\
             7,a waste,neg\n\
             8,great,pos\n\
             9,poor,neg\n\
             10,well made,pos\n\
             11,broken,neg\n\
             12,well,not bad,pos\n\
             13,no,neg\n",
            "id¦text¦label",
            &[
                "0¦good stuff¦pos",
                "1¦bad stuff¦neg",
                "2¦quite nice¦pos",
                "3¦awful¦neg",
                "4¦fine¦pos",
                "5¦never again¦neg",
                "6¦lovely¦pos",
                "7¦a waste¦neg",
                "8¦great¦pos",
                "9¦poor¦neg",
                "10¦well made¦pos",
                "11¦broken¦neg",
                "12¦well,not bad¦pos",
                "13¦no¦neg",
            ],
        )
        .repaired(&[14]),
        text(
            "a comma in one of two texts, nobody knows which",
            "text_a,text_b,label\n\
             A man eats here today,Someone eats something,yes\n\
             A dog runs around,A cat sleeps,no\n\
             A boy sings,and dances,A boy is loud,yes\n\
             A girl reads a book,Someone reads,yes\n\
             Rain falls all day,The sun shines,no\n",
            "text_a¦text_b¦label",
            &[
                "A man eats here today¦Someone eats something¦yes",
                "A dog runs around¦A cat sleeps¦no",
                "A girl reads a book¦Someone reads¦yes",
                "Rain falls all day¦The sun shines¦no",
            ],
        )
        .skipped(&[4]),
        text(
            "a comma in one of two texts, the space behind it shows which",
            "text_a,text_b,label\n\
             A man eats here today,Someone eats something,yes\n\
             A dog runs around,A cat sleeps,no\n\
             A boy sings, and dances,A boy is loud,yes\n\
             A girl reads a book,Someone reads,yes\n\
             Rain falls all day,The sun shines,no\n",
            "text_a¦text_b¦label",
            &[
                "A man eats here today¦Someone eats something¦yes",
                "A dog runs around¦A cat sleeps¦no",
                "A boy sings, and dances¦A boy is loud¦yes",
                "A girl reads a book¦Someone reads¦yes",
                "Rain falls all day¦The sun shines¦no",
            ],
        )
        .repaired(&[4]),
        text(
            "short rows",
            "id,text,label\n\
             1,good stuff,pos\n\
             2,bad stuff\n\
             3\n\
             4,fine,pos\n\
             5,awful,neg\n",
            "id¦text¦label",
            &[
                "1¦good stuff¦pos",
                "2¦bad stuff¦",
                "3¦¦",
                "4¦fine¦pos",
                "5¦awful¦neg",
            ],
        )
        .repaired(&[3, 4]),
        text(
            "a delimiter at the end of every row, but not of the header",
            "text,label\n\
             hello,a,\n\
             bye,b,\n\
             well,a,\n",
            "text¦label",
            &["hello¦a", "bye¦b", "well¦a"],
        )
        .repaired_or_not(),
        text(
            "a delimiter at the end of every row and of the header",
            "text,label,\n\
             hello,a,\n\
             bye,b,\n\
             well,a,\n",
            "text¦label",
            &["hello¦a", "bye¦b", "well¦a"],
        )
        .repaired_or_not(),
        text(
            "a delimiter at the end of some rows",
            "text;label\n\
             hello;a;;\n\
             bye;b\n\
             well;a;\n",
            "text¦label",
            &["hello¦a", "bye¦b", "well¦a"],
        )
        .repaired(&[2, 4]),
        text(
            "empty cells in front and behind",
            "a,b,c\n\
             ,,\n\
             x,,\n\
             ,,y\n\
             ,z,\n",
            "a¦b¦c",
            &["¦¦", "x¦¦", "¦¦y", "¦z¦"],
        ),
        text(
            "a quoted cell that has a comma is no ragged row",
            "text,label\n\
             good,pos\n\
             \"well, not bad\",pos\n\
             \"no, no, \"\"never\"\"\",neg\n",
            "text¦label",
            &["good¦pos", "well, not bad¦pos", "no, no, \"never\"¦neg"],
        ),
    ]
}
