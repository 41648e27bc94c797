//! The numbers and names of a sentence, by name, so that every language can word it.
//!
//! Comes in: an error whose fields are what its sentence says. Goes out: those fields as JSON. A step of its own
//! because the engine, the worker and the shell fill [`crate::error::ErrorInfo`] in the same way.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Values of a sentence by name.
pub type Values = BTreeMap<String, Value>;

/// Returns the fields of `error` that have a value; nothing where there are none or they can't be told. A variant that
/// wraps another error has the fields of that one.
pub fn of(error: &impl Serialize) -> Values {
    match serde_json::to_value(error) {
        Ok(Value::Object(values)) => values
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect(),
        _ => Values::new(),
    }
}

/// For `serialize_with`: a path as it is shown. Letters that are not Unicode become `�`; serde's own way would fail
/// there.
///
/// # Errors
/// Those of the serializer.
pub fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// For `serialize_with`: paths as they are shown.
///
/// # Errors
/// Those of the serializer.
pub fn paths<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.display().to_string()))
}

/// For `serialize_with`: what something says of itself, such as the cause that a sentence ends with.
///
/// # Errors
/// Those of the serializer.
pub fn text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
mod tests {
    use std::io;

    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    #[serde(untagged, rename_all_fields = "camelCase")]
    enum Inner {
        Nothing,
        Row {
            #[serde(serialize_with = "crate::values::path")]
            path: PathBuf,
            n_rows: usize,
            #[serde(skip)]
            _source: Option<io::Error>,
        },
        Number {
            value: f64,
            line: Option<u64>,
        },
        Cause {
            #[serde(serialize_with = "crate::values::text")]
            source: io::Error,
        },
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Outer {
        Inner(Inner),
        #[allow(dead_code, reason = "what is hidden is never read")]
        Hidden(#[serde(skip)] io::Error),
    }

    #[test]
    fn the_fields_of_a_variant_are_the_values() {
        let row = Outer::Inner(Inner::Row {
            path: PathBuf::from("a.csv"),
            n_rows: 3,
            _source: None,
        });
        assert_eq!(json!(of(&row)), json!({"path": "a.csv", "nRows": 3}));
        let source = io::Error::other("no room");
        assert_eq!(
            json!(of(&Inner::Cause { source })),
            json!({"source": "no room"})
        );
    }

    #[test]
    fn what_has_no_value_is_left_out() {
        let number = |value| Inner::Number { value, line: None };
        assert_eq!(json!(of(&number(0.5))), json!({"value": 0.5}));
        assert!(of(&number(f64::NAN)).is_empty());
    }

    #[test]
    fn a_variant_without_fields_has_no_values() {
        assert!(of(&Outer::Inner(Inner::Nothing)).is_empty());
        assert!(of(&Outer::Hidden(io::Error::other("no room"))).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_unicode_keeps_its_other_letters() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        let row = Inner::Row {
            path: PathBuf::from(OsStr::from_bytes(b"gr\xfcn.csv")),
            n_rows: 3,
            _source: None,
        };
        assert_eq!(of(&row)["path"], "gr\u{FFFD}n.csv");
    }
}
