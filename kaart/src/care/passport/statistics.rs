//! Passports as the jaarverslag counts them (jaarverslag, chapter 2): each once, by its kind at issue; the new card of a
//! lost one does not count, a re-assessment that ends in `ZEVMB` issues another.

use super::super::vocabulary::PassportOutcome;

/// How many passports were issued up to a date, and how many applications ended without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Vroeg-ZEVMB.
    pub vroeg: u32,
    /// ZEVMB met herbeoordeling.
    pub fixed_term: u32,
    /// ZEVMB.
    pub for_life: u32,
    /// First applications that ended without a passport.
    pub without: u32,
    /// First applications that were decided.
    pub decided: u32,
}

impl Statistics {
    /// Counts decisions: what, and whether it was a re-assessment.
    pub fn of(decisions: impl IntoIterator<Item = (PassportOutcome, bool)>) -> Self {
        let mut counted = Self::default();
        for (outcome, reassessment) in decisions {
            counted.decided += u32::from(!reassessment);
            match outcome {
                PassportOutcome::VroegZevmb => counted.vroeg += 1,
                PassportOutcome::ZevmbMetHerbeoordeling => counted.fixed_term += 1,
                PassportOutcome::Zevmb => counted.for_life += 1,
                PassportOutcome::GeenZevmb => counted.without += u32::from(!reassessment),
            }
        }
        counted
    }

    /// All that were issued.
    pub const fn issued(&self) -> u32 {
        self.vroeg + self.fixed_term + self.for_life
    }
}
