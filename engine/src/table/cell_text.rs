//! A cell of a workbook → what a person sees in it.

use calamine::{DataType, ExcelDateTime};

/// Whole numbers up to here are exact.
const EXACT_LIMIT: f64 = 9_007_199_254_740_992.0;

/// Returns the text of a cell: numbers without the traces of their storage, dates and times in ISO form.
pub(super) fn text_of(value: &impl DataType) -> String {
    if let Some(text) = value.get_string() {
        text.to_owned()
    } else if let Some(number) = value.get_float() {
        number_text(number)
    } else if let Some(number) = value.get_int() {
        number.to_string()
    } else if let Some(is_true) = value.get_bool() {
        if is_true { "TRUE" } else { "FALSE" }.to_owned()
    } else if let Some(time) = value.get_datetime() {
        time_text(time)
    } else if let Some(iso) = value.get_datetime_iso().or(value.get_duration_iso()) {
        iso.to_owned()
    } else if let Some(error) = value.get_error() {
        error.to_string()
    } else {
        String::new()
    }
}

/// Workbooks keep fifteen digits; what follows in the binary number is no one's number.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() <= EXACT_LIMIT {
        // Adding zero takes the sign of a negative zero away.
        return format!("{:.0}", number + 0.0);
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn time_text(time: ExcelDateTime) -> String {
    let days = time.as_f64();
    if !days.is_finite() || days < 0.0 {
        return number_text(days);
    }
    if time.is_duration() {
        let seconds = (days * 86_400.0).round() as u64;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        return format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let clock = if milli == 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}.{milli:03}")
    };
    let has_clock = (hour, minute, second, milli) != (0, 0, 0, 0);
    if days < 1.0 {
        clock
    } else if has_clock {
        format!("{year:04}-{month:02}-{day:02}T{clock}")
    } else {
        format!("{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, Data, ExcelDateTimeType};

    use super::*;

    #[test]
    fn a_cell_reads_as_it_looks() {
        let time = |days, kind| Data::DateTime(ExcelDateTime::new(days, kind, false));
        let date = |days| time(days, ExcelDateTimeType::DateTime);
        let cases = [
            (Data::Float(3.0), "3"),
            (Data::Float(-0.0), "0"),
            (Data::Float(0.1 + 0.2), "0.3"),
            (Data::Float(2.5), "2.5"),
            (Data::Float(9_007_199_254_740_991.0), "9007199254740991"),
            (Data::Int(-7), "-7"),
            (Data::Bool(true), "TRUE"),
            (Data::String(" x ".to_owned()), " x "),
            (Data::Error(CellErrorType::NA), "#N/A"),
            (date(45_943.0), "2025-10-13"),
            (date(45_943.5), "2025-10-13T12:00:00"),
            (date(0.75), "18:00:00"),
            (time(1.5, ExcelDateTimeType::TimeDelta), "36:00:00"),
            (Data::DateTimeIso("2025-10-13".to_owned()), "2025-10-13"),
            (Data::Empty, ""),
        ];
        for (value, text) in cases {
            assert_eq!(text_of(&value), text, "{value:?}");
        }
    }
}
