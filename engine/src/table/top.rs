//! The first rows of a file → where the table begins, and what stands above it.

use super::header::{self, fits};
use super::{AboveReason, HeaderReason};
use crate::column_name;

/// Rows above a table that are looked at.
const MOST_ROWS_ABOVE: usize = 50;

/// Usual names that a row below the names of groups must have: one of them may be a value by chance.
const LEAST_USUAL: usize = 2;

/// Where a table begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Top {
    /// Rows above it that are not part of it.
    pub(super) n_above: usize,
    /// Whether its first row holds the names of the columns.
    pub(super) has_header: bool,
    pub(super) reason: HeaderReason,
    /// What those above are; `None` where there are none.
    pub(super) above: Option<Above>,
}

/// What the rows above a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    FewerCells,
    Sentences,
    Groups,
}

impl Top {
    fn has_usual_name(&self) -> bool {
        self.has_header && matches!(self.reason, HeaderReason::UsualName { .. })
    }
}

impl Above {
    /// Returns why so many lines are left out.
    pub(super) fn reason(self, n_lines: u64) -> AboveReason {
        match self {
            Above::FewerCells => AboveReason::FewerCells { n_lines },
            Above::Sentences => AboveReason::Sentences { n_lines },
            Above::Groups => AboveReason::Groups { n_lines },
        }
    }
}

/// Finds the row in which a table of `n_cells` columns begins: the first one, unless the rows above the names are titles
/// and notes, which fill at most half of the cells, sentences with delimiters in them, or the names of groups of columns.
pub(super) fn top<R: AsRef<[String]>>(rows: &[R], n_cells: usize) -> Top {
    let (has_header, reason) = header::judge(rows);
    let whole = Top {
        n_above: 0,
        has_header,
        reason,
        above: None,
    };
    let titles = below_titles(rows, n_cells, &whole);
    let sentences = below_sentences(rows, n_cells, &whole);
    let n_titles = titles.as_ref().map_or(0, |top| top.n_above);
    let top = sentences
        .filter(|top| top.n_above > n_titles)
        .or(titles)
        .unwrap_or(whole);
    below_groups(rows, n_cells, top.n_above).unwrap_or(top)
}

fn below_titles<R: AsRef<[String]>>(rows: &[R], n_cells: usize, whole: &Top) -> Option<Top> {
    let is_filled = |row: &R| n_filled(row) * 2 > n_cells && fits(row.as_ref(), n_cells);
    let n_above = rows.iter().take(MOST_ROWS_ABOVE).position(is_filled);
    let n_above = n_above.filter(|n_above| *n_above > 0)?;
    let (above, table) = rows.split_at(n_above);
    let (has_header, reason) = header::judge(table);
    let is_sure = |reason: &HeaderReason| {
        let are_titles = |row: &R| row.as_ref().len() != n_cells || n_cells > 2;
        *reason != HeaderReason::Names || above.iter().all(are_titles)
    };
    let have_room = above.iter().all(|row| n_filled(row) * 2 <= n_cells);
    let is_usual = matches!(reason, HeaderReason::UsualName { .. });
    (n_cells > 1
        && has_header
        && have_room
        && is_sure(&reason)
        && (is_usual || !whole.has_usual_name()))
    .then_some(Top {
        n_above,
        has_header,
        reason,
        above: Some(Above::FewerCells),
    })
}

/// A sentence may have as many delimiters as a row, but a space stands behind each.
fn below_sentences<R: AsRef<[String]>>(rows: &[R], n_cells: usize, whole: &Top) -> Option<Top> {
    let is_sentence = |row: &R| {
        let cells = row.as_ref();
        let n_words = |cell: &String| cell.split_whitespace().count();
        cells.first().is_some_and(|first| n_words(first) > 1)
            && cells.iter().skip(1).all(|cell| cell.starts_with(' '))
    };
    let mut first_rows = rows.iter().take(MOST_ROWS_ABOVE);
    let n_above = first_rows.position(|row| !is_sentence(row))?;
    let table = rows.get(n_above..)?;
    let (has_header, reason) = header::judge(table);
    let is_named = matches!(
        reason,
        HeaderReason::UsualName { .. } | HeaderReason::TypesBelow
    );
    (n_above > 0
        && n_cells > 1
        && table.first()?.as_ref().len() == n_cells
        && is_named
        && !whole.has_usual_name())
    .then_some(Top {
        n_above,
        has_header,
        reason,
        above: Some(Above::Sentences),
    })
}

/// The names of groups leave gaps, and stand on names without any: of those, several are usual and none is missing.
fn below_groups<R: AsRef<[String]>>(rows: &[R], n_cells: usize, n_above: usize) -> Option<Top> {
    let [groups, names, ..] = rows.get(n_above..)? else {
        return None;
    };
    let (groups, names) = (groups.as_ref(), names.as_ref());
    let n_usual = |cells: &[String]| {
        let usual = cells.iter().filter(|cell| column_name::is_usual(cell));
        usual.count()
    };
    let (has_header, reason) = header::judge(&rows[n_above + 1..]);
    (n_cells > 2
        && groups.len() == n_cells
        && names.len() == n_cells
        && n_filled(&groups) < n_cells
        && n_filled(&names) == n_cells
        && n_usual(names) >= LEAST_USUAL
        && n_usual(names) > n_usual(groups)
        && names.iter().all(|name| header::could_be_name(name))
        && matches!(reason, HeaderReason::UsualName { .. }))
    .then_some(Top {
        n_above: n_above + 1,
        has_header,
        reason,
        above: Some(Above::Groups),
    })
}

fn n_filled(row: &impl AsRef<[String]>) -> usize {
    let is_filled = |cell: &&String| !cell.trim().is_empty();
    row.as_ref().iter().filter(is_filled).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect()
    }

    fn check_top(text: &str, n_cells: usize, n_above: usize) {
        assert_eq!(top(&rows(text), n_cells).n_above, n_above, "{text}");
    }

    #[test]
    fn titles_above_the_names_are_not_part_of_the_table() {
        check_top("Survey 2024\ntext,label\na,x\nb,y", 2, 1);
        check_top("A title,,\nby us,,\nname,size,mark\na,1,x\nb,2,y", 3, 2);
        check_top(
            ",Group A,,Group B,\nname,one,two,three,four\na,1,2,3,4\nb,5,6,7,8",
            5,
            1,
        );
    }

    #[test]
    fn short_rows_on_top_may_be_part_of_the_table() {
        check_top("text\nI like it,a\nfoo,b", 2, 0);
        check_top("Type,Message,,,\nham,a,,,\nham,b,c,,", 5, 0);
        check_top("well\nfine,1\nno,2", 2, 0);
        check_top("foo bar,\nbaz,red\nboo,blue", 2, 0);
    }

    #[test]
    fn sentences_above_the_names_are_not_part_of_the_table() {
        let check = |text: &str, n_above: usize| {
            let top = top(&rows(text), 2);
            let above = (n_above > 0).then_some(Above::Sentences);
            assert_eq!((top.n_above, top.above), (n_above, above), "{text}");
        };
        check(
            "made by us, in May\nnot for sale, really, not\ntext,label\na,x\nb,y",
            2,
        );
        check("made by us\nin May, here\ntext,label\na,x\nb,y", 2);
        check("made by us, in May\nred,blue\na,x\nb,y", 0);
        check("well done, good\nso bad, poor\nso so, fine", 0);
        check("text, label\nwell done, good\ntext,label\nso bad,poor", 0);
    }

    #[test]
    fn names_of_groups_are_not_part_of_the_table() {
        check_top(
            "Message,,Verdict\ntext,language,label\na,en,x\nb,de,y",
            3,
            1,
        );
        check_top(
            "By us,,\nMessage,,Verdict\ntext,language,label\na,en,x\nb,de,y",
            3,
            2,
        );
        check_top(",text,label\n0,title,review\n1,a,x\n2,b,y", 3, 0);
        check_top("text,,label\ntitle,one,two\na,b,x\nc,d,y", 3, 0);
    }
}
