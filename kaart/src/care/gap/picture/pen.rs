//! Writing SVG: paths, lines and text.
//!
//! Everything is an attribute of its own element: no style sheet, no script, no identifier, and no reference, not even inside the
//! picture, so that several can stand in one page, and so that programs for reports, which know a part of SVG only, show it as
//! it is.

use std::fmt::Write as _;

use super::{class::Hatch, plane::Frame};

/// What text is set in.
const FONTS: &str = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// How a text stands to its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
}

/// A text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// The height of its letters, units.
    pub(super) size: f64,
    /// Bold.
    pub(super) bold: bool,
    /// Its colour.
    pub(super) colour: &'static str,
    /// Where it stands.
    pub(super) anchor: Anchor,
}

/// A picture in the making.
#[derive(Debug)]
pub(super) struct Pen {
    svg: String,
}

impl Pen {
    /// A white sheet, with what it shows for those who do not see it.
    pub(super) fn new(width: f64, height: f64, title: &str, description: &str) -> Self {
        let mut pen = Self { svg: String::new() };
        pen.write(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" lang=\"nl\" xml:lang=\"nl\" font-family=\"{FONTS}\">\n\
             <title>{}</title>\n<desc>{}</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
            escaped(title),
            escaped(description),
        ));
        pen
    }

    /// The picture as a text.
    pub(super) fn finish(mut self) -> String {
        self.svg.push_str("</svg>\n");
        self.svg
    }

    /// A group of shapes with `attributes`, which are ours and need no escaping; `kind` is what it shows.
    pub(super) fn group(&mut self, kind: &str, attributes: &str, draw: impl FnOnce(&mut Self)) {
        self.write(format_args!("<g class=\"{}\" {attributes}>\n", escaped(kind)));
        draw(self);
        self.svg.push_str("</g>\n");
    }

    /// A shape of one or more rings; what an even number of them encloses is a hole.
    pub(super) fn shape<'a>(&mut self, rings: impl IntoIterator<Item = &'a [[f64; 2]]>) {
        self.svg.push_str("<path fill-rule=\"evenodd\" d=\"");
        for ring in rings {
            self.ring(ring);
        }
        self.svg.push_str("\"/>\n");
    }

    /// A convex shape.
    pub(super) fn cell(&mut self, corners: &[[f64; 2]]) {
        self.svg.push_str("<path d=\"");
        self.ring(corners);
        self.svg.push_str("\"/>\n");
    }

    /// A rectangle of one colour with a thin edge.
    pub(super) fn swatch(&mut self, frame: Frame, fill: &str, hatch: Option<Hatch>) {
        let Frame { left, top, right, bottom } = frame;
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        self.write(format_args!("<path fill=\"{fill}\" stroke=\"#555555\" stroke-width=\"0.6\" d=\""));
        self.ring(&corners);
        self.svg.push_str("\"/>\n");
        if let Some(hatch) = hatch {
            self.hatch(hatch, [&corners[..]]);
        }
    }

    /// Lines over convex shapes: through those that touch they run on.
    pub(super) fn hatch<'a>(&mut self, hatch: Hatch, shapes: impl IntoIterator<Item = &'a [[f64; 2]]>) {
        let Hatch { colour, width, .. } = hatch;
        self.write(format_args!("<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" d=\""));
        for shape in shapes {
            self.hatch_one(hatch, shape);
        }
        self.svg.push_str("\"/>\n");
    }

    fn hatch_one(&mut self, hatch: Hatch, corners: &[[f64; 2]]) {
        // Along a line of the hatch this does not change.
        let level = |at: &[f64; 2]| if hatch.rising { at[0] + at[1] } else { at[0] - at[1] };
        let lowest = corners.iter().map(level).fold(f64::INFINITY, f64::min);
        let highest = corners.iter().map(level).fold(f64::NEG_INFINITY, f64::max);
        let mut line = (lowest / hatch.step).ceil() * hatch.step;
        while line < highest {
            let edges = corners.iter().zip(corners.iter().cycle().skip(1));
            let crossed = edges.filter(|(a, b)| (level(a) <= line) != (level(b) <= line)).map(|(a, b)| {
                let part = (line - level(a)) / (level(b) - level(a));
                [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])]
            });
            if let [a, b] = crossed.collect::<Vec<_>>()[..] {
                self.write(format_args!("M{} {}L{} {}", short(a[0]), short(a[1]), short(b[0]), short(b[1])));
            }
            line += hatch.step;
        }
    }

    /// A line.
    pub(super) fn line(&mut self, from: [f64; 2], to: [f64; 2], colour: &str, width: f64) {
        let [[x1, y1], [x2, y2]] = [from.map(short), to.map(short)];
        self.write(format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>\n"
        ));
    }

    /// Lines with corners, in the paint of their group.
    pub(super) fn lines(&mut self, lines: &[Vec<[f64; 2]>]) {
        if lines.is_empty() {
            return;
        }
        self.svg.push_str("<path d=\"");
        for line in lines {
            self.trace(line);
        }
        self.svg.push_str("\"/>\n");
    }

    /// Text on one line; `at` is on its base line.
    pub(super) fn text(&mut self, at: [f64; 2], text: &str, style: Style) {
        self.set(at, text, style, "");
    }

    /// Text that stays readable over anything: with a white edge. The edge is a text of its own beneath, as not all programs
    /// can paint an edge before what it is the edge of; it is hidden from those who have the text read to them.
    pub(super) fn text_over(&mut self, at: [f64; 2], text: &str, style: Style) {
        self.set(
            at,
            text,
            style,
            " aria-hidden=\"true\" stroke=\"#ffffff\" stroke-width=\"2.6\" stroke-linejoin=\"round\" \
             stroke-opacity=\"0.85\"",
        );
        self.set(at, text, style, "");
    }

    fn set(&mut self, at: [f64; 2], text: &str, style: Style, more: &str) {
        let [x, y] = at.map(short);
        let Style { size, bold, colour, anchor } = style;
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
        };
        self.write(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor} fill=\"{colour}\"{more}>{}</text>\n",
            escaped(text)
        ));
    }

    fn ring(&mut self, corners: &[[f64; 2]]) {
        self.trace(corners);
        self.svg.push('z');
    }

    /// Each corner from the one before; the differences are those of the rounded places, so that nothing adds up.
    fn trace(&mut self, corners: &[[f64; 2]]) {
        let mut before: Option<[f64; 2]> = None;
        for corner in corners.iter().map(|corner| corner.map(short)) {
            match before {
                None => self.write(format_args!("M{} {}", corner[0], corner[1])),
                Some(last) => {
                    self.write(format_args!("l{} {}", short(corner[0] - last[0]), short(corner[1] - last[1])));
                }
            }
            before = Some(corner);
        }
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.svg.write_fmt(arguments);
    }
}

/// A tenth of a unit is finer than anybody sees; and no zero with a minus.
fn short(number: f64) -> f64 {
    (number * 10.0).round() / 10.0 + 0.0
}

/// Text as XML has it. What no XML text may hold becomes a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// About how wide `text` is in letters of `size`, units: rather too wide than too narrow.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | '\'' | '.' | ',' | ':' | '-' | '/' | '(' | ')' | ' ' | 'I' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' => 0.9,
        letter if letter.is_uppercase() => 0.72,
        _ => 0.58,
    };
    size * text.chars().map(letter).sum::<f64>()
}

/// `text` in lines that are about `most` wide in letters of `size`; a word is never cut.
pub(super) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
