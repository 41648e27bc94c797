//! A white sheet to draw on in pixels, and the app's colours.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontTransform, IntoFont, IntoTextStyle, RGBColor, ShapeStyle, TextStyle,
};

/// The colours of `ui/src/tokens.css`, light.
pub(super) const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);
pub(super) const SUNKEN: RGBColor = RGBColor(0xf5, 0xef, 0xe8);
pub(super) const LINE: RGBColor = RGBColor(0xe4, 0xdc, 0xd3);
pub(super) const EDGE: RGBColor = RGBColor(0x8c, 0x80, 0x95);
pub(super) const TEXT: RGBColor = RGBColor(0x25, 0x1a, 0x35);
pub(super) const SOFT: RGBColor = RGBColor(0x62, 0x56, 0x72);
pub(super) const ACCENT: RGBColor = RGBColor(0x5b, 0x3a, 0xa3);
pub(super) const CORAL: RGBColor = RGBColor(0xd9, 0x48, 0x2b);
pub(super) const TEAL: RGBColor = RGBColor(0x0f, 0x7f, 0x71);

/// plotters writes a size divided by this into the SVG.
const SIZE_FACTOR: f64 = 1.24;
/// Mean width of a letter in a system font, in ems.
const LETTER_WIDTH: f64 = 0.55;

/// A part of a sheet.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What drawing can meet; on a string nothing can.
pub(super) type Drawn = Result<(), DrawingError>;
pub(super) type DrawingError =
    plotters::drawing::DrawingAreaErrorKind<<SVGBackend<'static> as DrawingBackend>::ErrorType>;

/// Makes a picture of this size, in pixels.
pub(super) fn picture(size: (u32, u32), draw: impl FnOnce(&Area) -> Drawn) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)
            .and_then(|()| draw(&area))
            .and_then(|()| area.present())
            .expect("a picture in memory can always be drawn");
    }
    svg
}

/// Draws a filled rectangle.
pub(super) fn fill(
    area: &Area,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    colour: &impl Color,
) -> Drawn {
    let corner = |x: f64, y: f64| (x.round() as i32, y.round() as i32);
    let corners = [corner(x, y), corner(x + width, y + height)];
    area.draw(&Rectangle::new(corners, colour.filled()))
}

/// Draws a line through points.
pub(super) fn stroke(area: &Area, points: Vec<(i32, i32)>, style: impl Into<ShapeStyle>) -> Drawn {
    area.draw(&PathElement::new(points, style))
}

/// How a text lies at its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lies {
    /// To the right of the point.
    After,
    /// To the left of the point.
    Before,
    /// In the middle of it.
    Around,
    /// Upwards from the point.
    Upwards,
}

/// Writes a text of `size` pixels.
pub(super) fn write(
    area: &Area,
    text: &str,
    (x, y): (f64, f64),
    size: f64,
    colour: RGBColor,
    lies: Lies,
) -> Drawn {
    let style = letters(size, &colour);
    let style = match lies {
        Lies::After => style.pos(Pos::new(HPos::Left, VPos::Center)),
        Lies::Before => style.pos(Pos::new(HPos::Right, VPos::Center)),
        Lies::Around => style.pos(Pos::new(HPos::Center, VPos::Center)),
        Lies::Upwards => style
            .transform(FontTransform::Rotate270)
            .pos(Pos::new(HPos::Left, VPos::Center)),
    };
    area.draw_text(text, &style, (x.round() as i32, y.round() as i32))
}

/// The style of a text of `size` pixels.
pub(super) fn letters(size: f64, colour: &RGBColor) -> TextStyle<'_> {
    let font = ("sans-serif", size * SIZE_FACTOR).into_font();
    font.into_text_style(&(10, 10)).color(colour)
}

/// White or the colour of texts, whichever can be read better on `ground`: at least 4 to 1 by the formula of WCAG 2.
pub(super) fn readable_on(ground: RGBColor) -> RGBColor {
    let contrast = |colour| {
        let (a, b) = (luminance(colour), luminance(ground));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    if contrast(WHITE) > contrast(TEXT) {
        WHITE
    } else {
        TEXT
    }
}

/// Relative luminance of WCAG 2, 0 to 1.
pub(super) fn luminance(colour: RGBColor) -> f64 {
    let (r, g, b) = colour.rgb();
    let channel = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
}

/// About how wide a text is, in pixels. Ideographs are as wide as high.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    let ems = |letter: char| {
        if letter as u32 >= 0x2e80 {
            1.0
        } else {
            LETTER_WIDTH
        }
    };
    size * text.chars().map(ems).sum::<f64>()
}

/// The text, cut where it would be wider than `most` pixels.
pub(super) fn fitting(text: &str, size: f64, most: f64) -> String {
    if width_of(text, size) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if width_of(&short, size) + 2.0 * size > most {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_its_room() {
        assert_eq!(fitting("short", 10.0, 100.0), "short");
        let cut = fitting("a rather long label that has no room", 10.0, 60.0);
        assert!(cut.ends_with('…') && width_of(&cut, 10.0) <= 60.0, "{cut}");
    }
}
