//! Care forms: which share of the families of a region, or of the country, seeks each of them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    noise::{noise, reach},
    publish::Family,
};
use crate::care::vocabulary::CareForm;

/// Shares are rounded to multiples of this, in percent.
const SHARE_ROUNDING: i64 = 5;

/// What is counted.
pub(super) struct Counted<'a> {
    /// The key of the year, secret: without it the noise of a cell of nobody could be computed by anybody.
    pub forms_key: u64,
    /// The year: with each the noise is another. If it were the same as long as the families are, it would say whether they are.
    pub year: i32,
    /// The code of a region; none: the country.
    pub region: Option<&'a str>,
    /// Of the noise.
    pub epsilon: f64,
    pub k: u32,
}

impl Counted<'_> {
    /// The share of each care form among `families`, in percent. `shown` is how many families are shown; where noise moves a
    /// share by more than a quarter in more than one of ten cases, no share is said: the country's is nearer the truth. None,
    /// too, where the noisy count is under k: on the true one this would give certainty at its edge.
    pub(super) fn shares<'f>(
        &self,
        families: &(impl Iterator<Item = &'f Family> + Clone),
        shown: u32,
    ) -> BTreeMap<CareForm, Option<u8>> {
        let share = |form: CareForm| {
            let seekers = families.clone().filter(|family| family.forms.contains(&form));
            let (count, sum) = seekers.fold((0_i64, 0_u64), |(count, sum), f| (count + 1, sum.wrapping_add(f.key)));
            let noisy = count + noise(self.key(form, sum), self.epsilon);
            let enough = shown >= 4 * reach(self.epsilon) && noisy >= i64::from(self.k);
            enough.then(|| percent(noisy, i64::from(shown)))
        };
        CareForm::ALL.iter().map(|form| (*form, share(*form))).collect()
    }

    /// The key of a cell of the table of care forms: the same for the same families, which `sum` stands for.
    fn key(&self, form: CareForm, sum: u64) -> u64 {
        let mut hash = Sha256::new();
        hash.update(b"zorgkaart demand forms 1");
        hash.update(self.forms_key.to_be_bytes());
        hash.update(sum.to_be_bytes());
        hash.update(self.year.to_be_bytes());
        // No code of a region is empty or holds a zero.
        hash.update(self.region.unwrap_or_default());
        hash.update([0]);
        hash.update(form.code());
        let digest: [u8; 32] = hash.finalize().into();
        digest.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default()
    }
}

/// `part` of `whole` in percent, 0 to 100, rounded to [`SHARE_ROUNDING`].
fn percent(part: i64, whole: i64) -> u8 {
    let steps = 100 / SHARE_ROUNDING;
    let share = (2 * part * steps + whole).div_euclid(2 * whole.max(1)) * SHARE_ROUNDING;
    u8::try_from(share.clamp(0, 100)).unwrap_or_default()
}
