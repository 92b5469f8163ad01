//! How finely somebody may see what was found.

/// Of which regions the cells and areas may be shown; of the others there are totals only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail<'a> {
    /// Of all.
    All,
    /// Of those with these codes.
    Regions(&'a [String]),
}

impl Detail<'_> {
    /// Whether it holds for the region with `code`.
    pub fn holds(self, code: &str) -> bool {
        match self {
            Self::All => true,
            Self::Regions(codes) => codes.iter().any(|one| one == code),
        }
    }
}
