//! What came of a file.

use serde::Serialize;

use super::{MOST_ROWS, Mistake, Reason};

/// What came of a file, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "they are members of the answer, each by itself")]
pub struct Report {
    /// Whether it was done.
    pub applied: bool,
    /// Whether it was only to be looked at.
    pub dry_run: bool,
    /// Whether the good rows were to be taken without the bad ones.
    pub partial: bool,
    /// How many rows were read, without the header.
    pub rows: u32,
    /// How many entries are new.
    pub created: u32,
    /// How many entries changed.
    pub updated: u32,
    /// How many rows say what is so already.
    pub unchanged: u32,
    /// How many rows have a mistake.
    pub bad: u32,
    /// All mistakes, in the order of the file.
    #[serde(skip)]
    pub mistakes: Vec<Mistake>,
    /// Whether the file could not be read to its end, or not at all.
    #[serde(skip)]
    pub cut: bool,
}

impl Report {
    /// Whether nothing may be done: never a part of a file that was not read whole.
    pub fn forbids(&self) -> bool {
        self.cut || !self.partial && self.bad > 0
    }

    /// Adds the mistakes of a row, or of the header.
    pub fn add(&mut self, mistakes: impl IntoIterator<Item = Mistake>) {
        for mistake in mistakes {
            if self.mistakes.len() >= MOST_ROWS as usize {
                if !self.cut {
                    self.mistakes.push(Mistake { reason: Reason::TooManyMistakes, column: None, ..mistake });
                }
                self.cut = true;
                return;
            }
            self.mistakes.push(mistake);
        }
    }
}
