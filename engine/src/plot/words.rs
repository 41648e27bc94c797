//! The words and numbers of figures and pages, in the person's language.

use serde::{Deserialize, Serialize};

/// A language that reports are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// Returns the words for this language.
    pub(crate) fn pick<'a>(self, en: &'a str, de: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::De => de,
        }
    }

    /// Returns a number with this many digits after the point: 1,234.5 or 1.234,5.
    pub(crate) fn number(self, number: f64, digits: usize) -> String {
        let plain = format!("{:.digits$}", number.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (thousands, point) = match self {
            Self::En => (',', '.'),
            Self::De => ('.', ','),
        };
        let mut text = String::new();
        if number < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            text.push('−');
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                text.push(thousands);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text += fraction;
        }
        text
    }

    /// Returns a whole number.
    pub(crate) fn count(self, number: usize) -> String {
        self.number(number as f64, 0)
    }

    /// Returns a share of 0 to 1 as a percentage: 93.7% or 93,7 %.
    pub(crate) fn percent(self, share: f64) -> String {
        let number = self.number(100.0 * share, 1);
        match self {
            Self::En => format!("{number}%"),
            Self::De => format!("{number}\u{a0}%"),
        }
    }

    /// Returns a number of any size with about three digits: 0.412, 1.5, 12.
    pub(crate) fn short(self, number: f64) -> String {
        let digits = match number.abs() {
            0.0 => 0,
            size if size < 0.1 => 3,
            size if size < 10.0 => 2,
            _ => 0,
        };
        let text = self.number(number, digits);
        if digits == 0 {
            return text;
        }
        let point = if self == Self::En { '.' } else { ',' };
        text.trim_end_matches('0')
            .trim_end_matches(point)
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_each_language() {
        let (en, de) = (Language::En, Language::De);
        assert_eq!(en.number(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(de.number(1_234_567.891, 2), "1.234.567,89");
        assert_eq!(
            (en.count(999), de.count(1000)),
            ("999".into(), "1.000".into())
        );
        assert_eq!(en.percent(0.9371), "93.7%");
        assert_eq!(de.percent(0.9371), "93,7\u{a0}%");
        assert_eq!(en.number(-0.001, 2), "0.00");
        assert_eq!(en.number(-1.5, 1), "−1.5");
    }

    #[test]
    fn short_numbers_have_no_idle_zeros() {
        let short = |number| Language::De.short(number);
        assert_eq!([short(0.5), short(0.0), short(2.0)], ["0,5", "0", "2"]);
        assert_eq!(
            [short(0.025), short(12.0), short(100.0)],
            ["0,025", "12", "100"]
        );
    }
}
