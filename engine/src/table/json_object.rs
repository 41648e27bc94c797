//! One JSON object → cells with names.
//!
//! Values are kept as text until their cell is made, because that keeps numbers as written and because `serde_json`
//! skips over a value without a stack: ten thousand brackets in one another do no harm.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Objects in one another that become columns; deeper ones stay JSON text.
const MOST_LEVELS: usize = 16;

/// Names and values in their order, also those that come twice.
pub(super) struct Object<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<'de>, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl Object<'_> {
    /// Returns the cells of a row.
    pub(super) fn into_cells(self) -> Result<Vec<(String, String)>, serde_json::Error> {
        let mut cells = Vec::with_capacity(self.0.len());
        for (name, value) in self.0 {
            push(&mut cells, name, value, 1)?;
        }
        Ok(cells)
    }
}

/// Adds the cell that a value makes, or those of an object in it. `level` counts the objects around it.
pub(super) fn push(
    cells: &mut Vec<(String, String)>,
    name: String,
    value: &RawValue,
    level: usize,
) -> Result<(), serde_json::Error> {
    let json = value.get();
    match json.as_bytes().first() {
        Some(b'{') if level < MOST_LEVELS => {
            let object: Object<'_> = serde_json::from_str(json)?;
            for (inner, value) in object.0 {
                push(cells, format!("{name}.{inner}"), value, level + 1)?;
            }
        }
        Some(b'{' | b'[') => cells.push((name, compact(json))),
        Some(b'"') => cells.push((name, serde_json::from_str(json)?)),
        Some(b'n') => cells.push((name, String::new())),
        _ => cells.push((name, json.to_owned())),
    }
    Ok(())
}

/// Drops the white space between the parts of a JSON text.
fn compact(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let (mut is_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        if !is_string && character.is_ascii_whitespace() {
            continue;
        }
        text.push(character);
        if character == '"' && !is_escaped {
            is_string = !is_string;
        }
        is_escaped = is_string && character == '\\' && !is_escaped;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &[(&str, &str)]) {
        let object: Object<'_> = serde_json::from_str(json).unwrap();
        let cells = object.into_cells().unwrap();
        let cells: Vec<(&str, &str)> = cells
            .iter()
            .map(|(name, cell)| (name.as_str(), cell.as_str()))
            .collect();
        assert_eq!(cells, expected, "{json}");
    }

    #[test]
    fn every_value_becomes_a_cell() {
        check(
            r#"{"a": "x\n\u00e9", "b": 1.50, "c": 12345678901234567890123, "d": 1E5, "e": true, "f": null, "g": ""}"#,
            &[
                ("a", "x\né"),
                ("b", "1.50"),
                ("c", "12345678901234567890123"),
                ("d", "1E5"),
                ("e", "true"),
                ("f", ""),
                ("g", ""),
            ],
        );
        check("{}", &[]);
    }

    #[test]
    fn objects_become_columns_and_lists_stay_json() {
        check(
            r#"{"u": {"n": "A", "x": {"y": 1}, "e": {}}, "l": [ "a b",  "c\" d" , 1 ], "m": [ {"k": [ ] } ]}"#,
            &[
                ("u.n", "A"),
                ("u.x.y", "1"),
                ("l", r#"["a b","c\" d",1]"#),
                ("m", r#"[{"k":[]}]"#),
            ],
        );
    }

    #[test]
    fn names_that_come_twice_are_both_kept_for_now() {
        check(r#"{"a": 1, "a": 2}"#, &[("a", "1"), ("a", "2")]);
    }

    #[test]
    fn depth_does_no_harm() {
        let deep = |open: &str, close: &str, n| {
            format!("{{\"a\": {}1{}}}", open.repeat(n), close.repeat(n))
        };
        let objects = deep("{\"a\":", "}", 10_000);
        let object: Object<'_> = serde_json::from_str(&objects).unwrap();
        let cells = object.into_cells().unwrap();
        assert_eq!(cells.len(), 1);
        assert_eq!(cells[0].0.len(), 2 * MOST_LEVELS - 1);
        assert!(cells[0].1.starts_with("{\"a\":{\"a\":"));
        let lists = deep("[", "]", 10_000);
        let object: Object<'_> = serde_json::from_str(&lists).unwrap();
        assert_eq!(object.into_cells().unwrap()[0].1.len(), 20_001);
    }
}
