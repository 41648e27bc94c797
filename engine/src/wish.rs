//! What a person wants where Embert would guess: nothing said, "there is none", or this one.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a person wants where Embert would guess.
///
/// In JSON: absent or `null` is a guess, `false` says that there is none, and anything else is what is wanted.
///
/// ```
/// use embert_engine::wish::Wish;
///
/// let read = |json| serde_json::from_str::<Wish<String>>(json).unwrap();
/// assert_eq!(read("null"), Wish::Guess);
/// assert_eq!(read("false"), Wish::None);
/// assert_eq!(read("\"title\""), Wish::Named("title".to_owned()));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Wish<T> {
    /// Nothing was said.
    #[default]
    Guess,
    /// There is none, whatever it looks like.
    None,
    /// This one.
    Named(T),
}

impl<T> Wish<T> {
    /// Returns what is wanted, or the guess where nothing was said.
    pub fn or_guess(self, guess: impl FnOnce() -> Option<T>) -> Option<T> {
        match self {
            Wish::Guess => guess(),
            Wish::None => None,
            Wish::Named(wanted) => Some(wanted),
        }
    }

    /// Returns what is wanted, if something was named.
    pub fn named(&self) -> Option<&T> {
        match self {
            Wish::Named(wanted) => Some(wanted),
            Wish::Guess | Wish::None => None,
        }
    }

    /// Tells whether nothing was said.
    pub fn is_guess(&self) -> bool {
        matches!(self, Wish::Guess)
    }
}

impl<T> From<Option<T>> for Wish<T> {
    /// What is not named is guessed.
    fn from(named: Option<T>) -> Wish<T> {
        named.map_or(Wish::Guess, Wish::Named)
    }
}

impl<T: Serialize> Serialize for Wish<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Wish::Guess => serializer.serialize_none(),
            Wish::None => serializer.serialize_bool(false),
            Wish::Named(wanted) => wanted.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Wish<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Wish<T>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire<T> {
            Said(bool),
            Named(T),
        }
        match Option::<Wire<T>>::deserialize(deserializer)? {
            None => Ok(Wish::Guess),
            Some(Wire::Said(false)) => Ok(Wish::None),
            Some(Wire::Said(true)) => Err(D::Error::custom(
                "true says nothing here: write null for a guess, false for none, or what you want",
            )),
            Some(Wire::Named(wanted)) => Ok(Wish::Named(wanted)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wish_survives_json() {
        let check = |wish: Wish<char>, json: &str| {
            assert_eq!(serde_json::to_string(&wish).unwrap(), json);
            assert_eq!(serde_json::from_str::<Wish<char>>(json).unwrap(), wish);
        };
        check(Wish::Guess, "null");
        check(Wish::None, "false");
        check(Wish::Named(';'), "\";\"");
    }

    #[test]
    fn true_is_no_wish() {
        let error = serde_json::from_str::<Wish<char>>("true").unwrap_err();
        assert!(error.to_string().contains("false for none"), "{error}");
    }

    #[test]
    fn only_silence_is_guessed() {
        assert_eq!(Wish::Guess.or_guess(|| Some(1)), Some(1));
        assert_eq!(Wish::None.or_guess(|| Some(1)), None);
        assert_eq!(Wish::Named(2).or_guess(|| Some(1)), Some(2));
    }
}
