//! What a building is used for: which groups, which care forms, on which days.

use chrono::{Datelike, NaiveDate, Weekday};

use super::dice::Dice;
use crate::care::vocabulary::{CareForm, Homogeneity, ProviderKind};

/// On which days there can be room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Week {
    /// Every day.
    Full,
    /// Monday to Friday.
    Weekdays,
    /// The nights of Friday and Saturday.
    Weekends,
}

impl Week {
    pub(super) fn is_open(self, date: NaiveDate) -> bool {
        match self {
            Self::Full => true,
            Self::Weekdays => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
            Self::Weekends => matches!(date.weekday(), Weekday::Fri | Weekday::Sat),
        }
    }
}

/// One care form that a group offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) care_form: CareForm,
    pub(super) week: Week,
}

/// A group and what it offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupPlan {
    pub(super) homogeneity: Homogeneity,
    pub(super) uses: Vec<Use>,
}

const LOGEREN: Use = Use { care_form: CareForm::Logeren, week: Week::Full };
const WEEKEND_LOGEREN: Use = Use { care_form: CareForm::Logeren, week: Week::Weekends };
const WONEN: Use = Use { care_form: CareForm::Wonen, week: Week::Full };
const DEELTIJDWONEN: Use = Use { care_form: CareForm::Deeltijdwonen, week: Week::Full };
const DAGBESTEDING: Use = Use { care_form: CareForm::Dagbesteding, week: Week::Weekdays };
const DAILY_DAGBESTEDING: Use = Use { care_form: CareForm::Dagbesteding, week: Week::Full };

const HOMOGENEITY: &[(u32, Homogeneity)] =
    &[(50, Homogeneity::HomogeneousZevmb), (28, Homogeneity::MixedEmbZevmb), (22, Homogeneity::Heterogeneous)];

type Shape = fn(&mut Dice) -> Vec<GroupPlan>;
const SHAPES: &[(u32, Shape)] =
    &[(24, two_uses), (20, three_groups), (32, logeerhuis), (12, dagcentrum), (12, woonhuis)];

/// The groups of a building with at most `room` places, and at least one.
pub(super) fn groups(dice: &mut Dice, kind: ProviderKind, room: u64) -> Vec<GroupPlan> {
    let mut groups = match kind {
        ProviderKind::Zzp => home(dice),
        ProviderKind::Instelling | ProviderKind::Kleinschalig => dice.weighted(SHAPES)(dice),
    };
    let mut left = usize::try_from(room).unwrap_or(usize::MAX);
    for group in &mut groups {
        group.uses.truncate(left);
        left -= group.uses.len();
    }
    groups.retain(|group| !group.uses.is_empty());
    groups
}

fn group(dice: &mut Dice, uses: &[Use]) -> GroupPlan {
    GroupPlan { homogeneity: dice.weighted(HOMOGENEITY), uses: uses.to_vec() }
}

/// A zzp'er at home.
fn home(dice: &mut Dice) -> Vec<GroupPlan> {
    let uses = if dice.chance(70) { [LOGEREN, DEELTIJDWONEN] } else { [WEEKEND_LOGEREN, DAGBESTEDING] };
    vec![group(dice, &uses)]
}

/// Dagbesteding on weekdays, logeren in weekends (AEF 1.a).
fn two_uses(dice: &mut Dice) -> Vec<GroupPlan> {
    vec![group(dice, &[DAGBESTEDING, WEEKEND_LOGEREN])]
}

/// Two EMB groups beside one ZEVMB group (AEF 2.a).
fn three_groups(dice: &mut Dice) -> Vec<GroupPlan> {
    let zevmb = if dice.chance(60) { vec![LOGEREN, WONEN] } else { vec![WONEN, LOGEREN] };
    let emb = GroupPlan { homogeneity: Homogeneity::MixedEmbZevmb, uses: vec![WONEN] };
    vec![GroupPlan { homogeneity: Homogeneity::HomogeneousZevmb, uses: zevmb }, emb.clone(), emb]
}

fn logeerhuis(dice: &mut Dice) -> Vec<GroupPlan> {
    let first = if dice.chance(55) { group(dice, &[LOGEREN, DEELTIJDWONEN]) } else { group(dice, &[LOGEREN]) };
    let second = dice.known(35, |dice| group(dice, &[LOGEREN]));
    std::iter::once(first).chain(second).collect()
}

fn dagcentrum(dice: &mut Dice) -> Vec<GroupPlan> {
    let daily = if dice.chance(20) { DAILY_DAGBESTEDING } else { DAGBESTEDING };
    (0..dice.between(1..=3)).map(|_| group(dice, &[daily])).collect()
}

fn woonhuis(dice: &mut Dice) -> Vec<GroupPlan> {
    let first = group(dice, &[WONEN]);
    let second = dice.known(60, |dice| group(dice, &[WONEN, DEELTIJDWONEN]));
    std::iter::once(first).chain(second).collect()
}
