//! Names on the map, so that none covers another.

use super::{
    pen::{Anchor, Pen, Style, width},
    plane::Frame,
};

/// How far a name may be from its place, units; what is farther than the first few has a line to it.
const RINGS: [f64; 9] = [0.0, 7.0, 14.0, 22.0, 32.0, 44.0, 58.0, 74.0, 92.0];
/// From here on a name has a line to its place, units.
const FAR: f64 = 20.0;
/// Ways to go: down, up, left, right, and between.
const WAYS: [[f64; 2]; 8] =
    [[0.0, 1.0], [0.0, -1.0], [-1.0, 0.0], [1.0, 0.0], [-0.7, -0.7], [0.7, -0.7], [-0.7, 0.7], [0.7, 0.7]];
/// From one line of a name to the next, in heights of its letters.
const LEADING: f64 = 1.1;

/// A name that wants a place.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// Where it would stand best.
    pub(super) at: [f64; 2],
    /// The name.
    pub(super) text: String,
    /// How it is set.
    pub(super) style: Style,
}

/// Sets the names that find room on `sheet` beside each other and beside what is `taken`, the first before the others; a name
/// without room is left out.
pub(super) fn set(pen: &mut Pen, labels: &[Label], sheet: Frame, taken: &[Frame]) {
    let mut taken = taken.to_vec();
    let mut found = Vec::new();
    for label in labels {
        let lines = lines(&label.text);
        let frame = |at: [f64; 2]| around(at, &lines, label.style.size);
        let free = |at: &[f64; 2]| {
            let frame = frame(*at);
            sheet.encloses(frame) && !taken.iter().any(|other| other.meets(frame))
        };
        let ring = |far: f64| WAYS.map(|way| [label.at[0] + far * way[0], label.at[1] + far * way[1]]);
        let Some(at) = RINGS.into_iter().flat_map(ring).find(free) else { continue };
        taken.push(frame(at));
        found.push((label, lines, at));
    }
    for (label, _, at) in &found {
        if (at[0] - label.at[0]).hypot(at[1] - label.at[1]) > FAR {
            pen.line(label.at, *at, "#444444", 0.7);
        }
    }
    for (label, lines, at) in found {
        let height = LEADING * label.style.size;
        let mut base = around(at, &lines, label.style.size).top;
        for line in lines {
            base += height;
            pen.text_over([at[0], base - 0.2 * height], &line, Style { anchor: Anchor::Middle, ..label.style });
        }
    }
}

/// What lines around `at` cover.
fn around(at: [f64; 2], lines: &[String], size: f64) -> Frame {
    let half_width = lines.iter().map(|line| width(line, size)).fold(0.0, f64::max) / 2.0 + 1.0;
    let half_height = lines.iter().map(|_| LEADING * size).sum::<f64>() / 2.0 + 0.5;
    Frame { left: at[0] - half_width, right: at[0] + half_width, top: at[1] - half_height, bottom: at[1] + half_height }
}

/// A long name in two lines, cut where it is nearest to its middle.
fn lines(name: &str) -> Vec<String> {
    if name.chars().count() < 14 {
        return vec![name.to_owned()];
    }
    let cuts = name.char_indices().filter(|(_, letter)| matches!(letter, ' ' | '/' | '-'));
    let cut = cuts.map(|(at, letter)| at + letter.len_utf8()).min_by_key(|at| at.abs_diff(name.len() / 2));
    match cut.and_then(|cut| name.split_at_checked(cut)) {
        Some((first, second)) if !second.is_empty() => vec![first.trim_end().to_owned(), second.to_owned()],
        _ => vec![name.to_owned()],
    }
}
