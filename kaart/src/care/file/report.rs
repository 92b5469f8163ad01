//! What came of a file.

use serde::Serialize;

use super::{Flaw, MOST_ROWS, Mistake};

/// What came of a file, or would; `C`: the columns of the file, `R`: what can be wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "they are members of the answer, each by itself")]
pub struct Report<C, R> {
    /// Whether it was done.
    pub applied: bool,
    /// Whether it was only to be looked at.
    pub dry_run: bool,
    /// Whether the good rows were to be taken without the bad ones.
    pub partial: bool,
    /// How many rows were read, without the header.
    pub rows: u32,
    /// How many things are new.
    pub created: u32,
    /// How many things changed.
    pub updated: u32,
    /// How many rows say what is so already.
    pub unchanged: u32,
    /// How many rows have a mistake.
    pub bad: u32,
    /// All mistakes, in the order of the file.
    #[serde(skip)]
    pub mistakes: Vec<Mistake<C, R>>,
    /// What is probably wrong, and is taken as it is, in the order of the file.
    #[serde(skip)]
    pub warnings: Vec<Mistake<C, R>>,
    /// Whether the file could not be read to its end, or not at all.
    #[serde(skip)]
    pub cut: bool,
}

impl<C, R: From<Flaw>> Report<C, R> {
    /// Of a file of which nothing is read yet.
    pub const fn new(dry_run: bool, partial: bool) -> Self {
        Self {
            applied: false,
            dry_run,
            partial,
            rows: 0,
            created: 0,
            updated: 0,
            unchanged: 0,
            bad: 0,
            mistakes: Vec::new(),
            warnings: Vec::new(),
            cut: false,
        }
    }

    /// Whether nothing may be done: never a part of a file that was not read whole.
    pub fn forbids(&self) -> bool {
        self.cut || !self.partial && self.bad > 0
    }

    /// Counts a bad row, and adds its mistakes.
    pub fn refuse(&mut self, mistakes: impl IntoIterator<Item = Mistake<C, R>>) {
        self.bad += 1;
        self.add(mistakes);
    }

    /// Adds the mistakes of a row, or of the header.
    pub fn add(&mut self, mistakes: impl IntoIterator<Item = Mistake<C, R>>) {
        for mistake in mistakes {
            if self.mistakes.len() >= MOST_ROWS as usize {
                if !self.cut {
                    self.mistakes.push(Mistake {
                        line: mistake.line,
                        column: None,
                        reason: Flaw::TooManyMistakes.into(),
                    });
                }
                self.cut = true;
                return;
            }
            self.mistakes.push(mistake);
        }
    }
}
