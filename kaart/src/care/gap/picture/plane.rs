//! The earth on paper.
//!
//! The projection is the stereographic one around Amersfoort, as that of the national grid (RD): conformal, so that hexagons stay
//! hexagons (Snyder, "Map Projections: A Working Manual", USGS 1395, 1987, equations 21-2 to 21-4, on a sphere). The sphere has
//! the earth's mean radius of curvature there. Within the country distances are right to 0.3%.

use crate::geo::Point;

/// The centre: the tower of Amersfoort, degrees.
const CENTRE: (f64, f64) = (52.155_17, 5.387_21);
/// The mean radius of curvature of the WGS84 ellipsoid at the centre, km.
const RADIUS_KM: f64 = 6_383.0;

/// A rectangle on the sheet; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// The left side.
    pub(super) left: f64,
    /// The upper side.
    pub(super) top: f64,
    /// The right side.
    pub(super) right: f64,
    /// The lower side.
    pub(super) bottom: f64,
}

impl Frame {
    /// Whether the two have a point in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether `at` lies in it.
    pub(super) fn holds(self, at: [f64; 2]) -> bool {
        (self.left..=self.right).contains(&at[0]) && (self.top..=self.bottom).contains(&at[1])
    }

    /// Whether `other` lies in it.
    pub(super) fn encloses(self, other: Self) -> bool {
        self.holds([other.left, other.top]) && self.holds([other.right, other.bottom])
    }
}

/// Where points of the earth lie on the sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    /// Units of the sheet in a km.
    pub(super) per_km: f64,
    shift: [f64; 2],
}

impl Plane {
    /// The plane on which `points` fill `frame`, in its middle.
    pub(super) fn fit(points: impl Iterator<Item = Point>, frame: Frame) -> Self {
        let mut least = [f64::INFINITY; 2];
        let mut most = [f64::NEG_INFINITY; 2];
        for flat in points.map(flat) {
            for axis in 0..2 {
                least[axis] = least[axis].min(flat[axis]);
                most[axis] = most[axis].max(flat[axis]);
            }
        }
        if least[0] > most[0] {
            (least, most) = ([-100.0; 2], [100.0; 2]);
        }
        let (width, height) = (frame.right - frame.left, frame.bottom - frame.top);
        // A single cell must not fill the sheet: nothing is drawn larger than 20 km over it.
        let per_km = (width / (most[0] - least[0]).max(20.0)).min(height / (most[1] - least[1]).max(20.0));
        let middle = |axis: usize| f64::midpoint(least[axis], most[axis]) * per_km;
        let shift =
            [f64::midpoint(frame.left, frame.right) - middle(0), f64::midpoint(frame.top, frame.bottom) - middle(1)];
        Self { per_km, shift }
    }

    /// Where `point` lies on the sheet.
    pub(super) fn place(&self, point: Point) -> [f64; 2] {
        let [east, south] = flat(point);
        [east * self.per_km + self.shift[0], south * self.per_km + self.shift[1]]
    }
}

/// The way east and south of the centre, km.
fn flat(point: Point) -> [f64; 2] {
    let (sin, cos) = point.lat().to_radians().sin_cos();
    let (centre_sin, centre_cos) = CENTRE.0.to_radians().sin_cos();
    let (east_sin, east_cos) = (point.lng() - CENTRE.1).to_radians().sin_cos();
    let scale = 2.0 * RADIUS_KM / (1.0 + centre_sin * sin + centre_cos * cos * east_cos);
    [scale * cos * east_sin, -scale * (centre_cos * sin - centre_sin * cos * east_cos)]
}
