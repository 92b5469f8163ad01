//! Which colour a score has.
//!
//! The classes are fixed: parts of what a family needs. So pictures of two quarters, of two regions, and of a region and the
//! country can be laid side by side, and the line between too little and enough is one that a reader can name. Quantiles would
//! always paint a fifth of the country pale, however much there is.

/// The colours of the classes of scores, from few spots to many: `ColorBrewer`'s `YlGnBu` for five classes, which is marked
/// safe for the colour-blind and fit for print. Each is darker than the one before.
pub const PALETTE: [&str; 5] = ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"];
/// Where a class ends, in parts of what a family needs.
const EDGES: [f64; 4] = [0.25, 0.5, 1.0, 2.0];

/// How something is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Not known: its region is suppressed.
    Suppressed,
    /// No place within reach.
    Nothing,
    /// A position in [`PALETTE`].
    Score(usize),
}

impl Class {
    /// The class of a score, where families need `needed` spots; none: nothing within reach.
    pub(super) fn of(score: Option<f64>, needed: f64) -> Self {
        let class = |score| edges(needed).iter().filter(|edge| score >= **edge).count();
        score.filter(|score| *score > 0.0).map_or(Self::Nothing, |score| Self::Score(class(score)))
    }

    /// What it is filled with.
    pub(super) fn fill(self) -> &'static str {
        match self {
            Self::Suppressed => "#dedede",
            Self::Nothing => "#ffffff",
            Self::Score(class) => PALETTE.get(class).copied().unwrap_or(PALETTE[PALETTE.len() - 1]),
        }
    }

    /// The colour of its edge: white between cells that have a colour; what is pale itself needs one.
    pub(super) fn edge(self) -> &'static str {
        match self {
            Self::Nothing => "#4d4d4d",
            Self::Score(0) => "#85855c",
            Self::Suppressed | Self::Score(_) => "#ffffff",
        }
    }

    /// The lines over it: which way they rise, how far apart they are, their colour and their width.
    pub(super) fn hatch(self) -> Option<Hatch> {
        match self {
            Self::Suppressed => Some(Hatch { rising: false, step: 9.0, colour: "#8c8c8c", width: 0.8 }),
            Self::Nothing => Some(Hatch { rising: true, step: 3.6, colour: "#1a1a1a", width: 0.8 }),
            Self::Score(_) => None,
        }
    }
}

/// Lines at 45 degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hatch {
    /// Whether they rise to the right.
    pub(super) rising: bool,
    /// From one to the next along an axis, units of the picture.
    pub(super) step: f64,
    /// Their colour.
    pub(super) colour: &'static str,
    /// Their width.
    pub(super) width: f64,
}

/// The scores at which the classes after the first begin, spots per family.
pub(super) fn edges(needed: f64) -> [f64; 4] {
    EDGES.map(|edge| edge * needed)
}
