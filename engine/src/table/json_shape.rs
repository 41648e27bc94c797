//! The beginning of a text → whether it is JSON, and how its objects follow each other.

use serde::de::IgnoredAny;

use super::content::Sample;

/// Lines that decide between JSON lines and one document.
const MOST_LINES: usize = 100;

/// How objects follow each other in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One object per line.
    Lines,
    /// One value over the whole file.
    Document,
}

/// Tells whether a text is JSON. A text such as `[sic] he said` or `{name} is here` is none.
pub(super) fn shape_of(sample: &Sample) -> Option<Shape> {
    let text = sample.text.trim_start();
    if let Some(inner) = text.strip_prefix('[') {
        let is_list = inner.trim_start().starts_with('{') || sample.is_whole && is_json(text);
        return is_list.then_some(Shape::Document);
    }
    if !begins_like_object(text) {
        return None;
    }
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(MOST_LINES)
        .collect();
    // The last line of a sample is cut off somewhere.
    if !sample.is_whole && lines.len() > 1 && lines.len() < MOST_LINES {
        lines.pop();
    }
    let n_objects = lines
        .iter()
        .filter(|line| line.trim_start().starts_with('{') && is_json(line))
        .count();
    if lines.len() > 1 && 2 * n_objects >= lines.len() {
        Some(Shape::Lines)
    } else if lines.first().is_some_and(|line| has_more_than_object(line)) {
        None
    } else {
        Some(Shape::Document)
    }
}

/// Tells whether a text begins with a brace and a name, as far as it goes. `{"so" they say}` does not.
fn begins_like_object(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('{') else {
        return false;
    };
    let inner = inner.trim_start();
    if !inner.starts_with('"') {
        return inner.starts_with('}');
    }
    let mut values = serde_json::Deserializer::from_str(inner).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = inner[values.byte_offset()..].trim_start();
            rest.is_empty() || rest.starts_with(':')
        }
        Some(Err(error)) => error.is_eof(),
        None => false,
    }
}

/// Tells whether a whole object stands in a line and then something that is no JSON: a cell of a table is such an
/// object.
fn has_more_than_object(line: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(line).into_iter::<IgnoredAny>();
    if !matches!(values.next(), Some(Ok(_))) {
        return false;
    }
    let rest = line[values.byte_offset()..].trim_start_matches([',', ' ', '\t', '\r']);
    !rest.is_empty() && !rest.starts_with('{')
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Option<Shape> {
        shape_of(&Sample {
            text: text.to_owned(),
            is_whole: true,
        })
    }

    #[test]
    fn json_is_told_from_text_that_begins_like_it() {
        let lines = "{\"a\": 1}\n{\"a\": 2}\n";
        assert_eq!(shape(lines), Some(Shape::Lines));
        assert_eq!(shape("\n {\"a\": 1}\n\n{\"a\": 2"), Some(Shape::Lines));
        assert_eq!(shape("{\"a\": 1,\n{\"a\": 2}\n{}\n"), Some(Shape::Lines));
        for document in [
            "[{\"a\": 1}]",
            " [ {\"a\": 1",
            "[\"a\"]",
            "{\"data\": [\n{\"a\": 1},\n{\"a\": 2}\n]}",
            "{\n  \"a\": [1]\n}",
            "{}",
            "{\"a\": 1},\n{\"a\": 2},\n",
            "{\"a\": NaN}\n{\"a\": NaN}\n",
            "{\"a",
        ] {
            assert_eq!(shape(document), Some(Shape::Document), "{document}");
        }
        for text in [
            "[sic] he said,a\n[so] she did,b\n",
            "{name} is here,a\n",
            "{\"so\" they say},a\n",
            "{} is empty,a\n",
            "{\"a\": 1}\tlabel\n",
            "{\"a\": 1}\tx\n{\"a\": 2}\ty\n",
            "{\"a\": 1},label\n",
            "[1] the first,a\n",
            "text,label\n",
            "",
        ] {
            assert_eq!(shape(text), None, "{text}");
        }
    }
}
