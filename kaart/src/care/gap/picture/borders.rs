//! Where lands meet, and where they end.

use std::collections::BTreeMap;

/// A line on the sheet.
pub(super) type Line = Vec<[f64; 2]>;

/// The edges of lands as lines.
#[derive(Debug, Default)]
pub(super) struct Borders {
    /// Those that two lands share, once each.
    pub(super) between: Vec<Line>,
    /// Those of one land alone: coasts, the border of the country, and holes where nothing is known.
    pub(super) around: Vec<Line>,
}

/// An edge, whichever way it goes.
type Edge = [[u64; 2]; 2];

/// The edges of lands, each of which is its rings.
pub(super) fn borders(lands: &[&[Line]]) -> Borders {
    let rings = || lands.iter().copied().flatten();
    let mut owners: BTreeMap<Edge, u8> = BTreeMap::new();
    for (from, to) in rings().flat_map(edges) {
        *owners.entry(edge(from, to)).or_default() += 1;
    }
    let mut borders = Borders::default();
    for ring in rings() {
        let mut before = None;
        for (from, to) in edges(ring) {
            // The second land that has the edge finds nothing left of it.
            let count = owners.get_mut(&edge(from, to)).map_or(0, std::mem::take);
            let lines = match count {
                0 => None,
                1 => Some(&mut borders.around),
                _ => Some(&mut borders.between),
            };
            if let Some(lines) = lines {
                match lines.last_mut() {
                    Some(line) if before == Some(count) => line.push(to),
                    _ => lines.push(vec![from, to]),
                }
            }
            before = Some(count);
        }
    }
    borders
}

fn edges(ring: &Line) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Two lands compute their corners each for itself; on the sheet they are the same.
fn edge(from: [f64; 2], to: [f64; 2]) -> Edge {
    let corner = |at: [f64; 2]| at.map(|x| ((x * 10.0).round() + 0.0).to_bits());
    let mut edge = [corner(from), corner(to)];
    edge.sort_unstable();
    edge
}
