//! A set of places by their numbers in a snapshot.

/// A set of numbers, a bit each.
#[derive(Clone, Debug, Default)]
pub struct Ordinals {
    words: Vec<u64>,
    count: usize,
}

impl Ordinals {
    /// Whether a number is in it.
    pub fn has(&self, ordinal: u32) -> bool {
        let word = self.words.get(ordinal as usize / 64);
        word.is_some_and(|word| word >> (ordinal % 64) & 1 == 1)
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl FromIterator<u32> for Ordinals {
    fn from_iter<I: IntoIterator<Item = u32>>(ordinals: I) -> Self {
        let mut set = Self::default();
        for ordinal in ordinals {
            let at = ordinal as usize / 64;
            if set.words.len() <= at {
                set.words.resize(at + 1, 0);
            }
            let bit = 1 << (ordinal % 64);
            set.count += usize::from(set.words[at] & bit == 0);
            set.words[at] |= bit;
        }
        set
    }
}
