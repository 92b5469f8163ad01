//! Passports as the reference figures count them, and the applications that led to them (DOMAIN, "ZEVMB and the
//! passport").

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};

use super::{World, dice::Dice};
use crate::care::{
    id::{ApplicationId, PassportId},
    passport::{Application, Decision, IssuedPassport, Passport, PassportStatus, rules::last_day},
    postcode::Pc4,
    vocabulary::{CareForm, PassportOutcome},
};

/// How many passports of each kind were issued; the new card of a lost one does not count.
const EARLY: usize = 61;
const FIXED_TERM: usize = 36;
const FOR_LIFE: usize = 323;
/// Of the first passports for life, after the very first: how many cards were lost, how many passports ended.
const LOST: usize = 3;
const ENDED: usize = 9;
/// Applications that await their decision.
const UNDECIDED: usize = 6;
/// How long passports have been issued.
const YEARS: u32 = 5;
/// Where the holder of the first passport lives: the question in the README is asked from there.
const README_HOME: &str = "3511";

const LOST_REASON: &str = "Pas als verloren gemeld";
const REASONS: &[&str] = &["Op verzoek van de ouders", "Verhuisd naar het buitenland", "Bezwaar gegrond verklaard"];
const CARE_FORMS: &[(u32, usize)] = &[(45, 1), (40, 2), (15, 3)];

/// What the kenniscentrum has on file.
struct File<'a> {
    world: &'a World<'a>,
    dice: &'a mut Dice,
    passports: Vec<IssuedPassport>,
    applications: Vec<Application>,
}

pub(super) fn passports(world: &World<'_>, dice: &mut Dice) -> (Vec<IssuedPassport>, Vec<Application>) {
    let mut file = File { world, dice, passports: Vec::new(), applications: Vec::new() };
    (0..EARLY).for_each(|_| file.issue(PassportOutcome::VroegZevmb));
    (0..FIXED_TERM).for_each(|_| file.issue(PassportOutcome::ZevmbMetHerbeoordeling));
    let first_issues = file.passports.len();
    for at in 0..first_issues {
        file.reassess(at);
    }
    let for_life_first = file.passports.len();
    let after_reassessment = for_life_first - first_issues;
    (after_reassessment..FOR_LIFE).for_each(|_| file.issue(PassportOutcome::Zevmb));
    if let Some(passport) = file.passports.get_mut(for_life_first) {
        let home = README_HOME.parse().ok().and_then(|pc4: Pc4| world.land.at(pc4));
        passport.home_pc4 = home.map_or(passport.home_pc4, |home| home.pc4);
        passport.care_forms = vec![CareForm::Logeren, CareForm::Dagbesteding];
    }
    // All of these were drawn alike, so that the next ones are as good as any.
    let lost = for_life_first + 1..for_life_first + 1 + LOST;
    (lost.end..lost.end + ENDED).for_each(|at| file.end(at));
    lost.for_each(|at| file.lose(at));
    // A quarter of the first applications end without a passport.
    let issued = first_issues + FOR_LIFE - after_reassessment;
    (0..issued / 3).for_each(|_| file.refuse());
    (0..UNDECIDED).for_each(|_| file.apply());
    file.applications.sort_by_key(|application| (application.applied_on, application.id));
    (numbered(file.passports, world), file.applications)
}

impl File<'_> {
    /// A day on which a passport can have been issued.
    fn some_day(&mut self) -> NaiveDate {
        let start = self.world.start;
        let first = start.checked_sub_months(Months::new(12 * YEARS)).unwrap_or(start);
        self.dice.date(first, days_before(start, 30))
    }

    /// Decides an application and issues the passport that follows.
    fn issue(&mut self, outcome: PassportOutcome) {
        let valid_from = self.some_day();
        let age_days = match outcome {
            PassportOutcome::VroegZevmb => self.dice.between(60..=700),
            PassportOutcome::ZevmbMetHerbeoordeling => self.dice.between(800..=8 * 365),
            PassportOutcome::Zevmb | PassportOutcome::GeenZevmb => self.dice.between(800..=30 * 365),
        };
        let passport = IssuedPassport {
            passport: Passport {
                id: PassportId(self.dice.id()),
                outcome,
                valid_from,
                valid_until: last_day(outcome, valid_from),
                revoked_at: None,
            },
            number: String::new(),
            home_pc4: self.world.land.area(self.dice).pc4,
            birth_year: days_before(valid_from, age_days).year(),
            care_forms: self.care_forms(),
            revoked_reason: None,
            replaces: None,
            reissue: false,
        };
        let decided = days_before(valid_from, self.dice.between(0..=14));
        self.decide(decided, outcome, Some(passport.passport.id), false);
        self.passports.push(passport);
    }

    /// Assesses a fixed-term passport again, once, towards its end; a new one follows on it without a gap.
    fn reassess(&mut self, at: usize) {
        let old = self.passports[at].clone();
        let ended = old.passport.valid_until.filter(|last| *last < self.world.start);
        let Some(last) = ended.filter(|_| self.dice.chance(75)) else { return };
        let outcome = self.dice.weighted(&[(80, PassportOutcome::Zevmb), (20, PassportOutcome::GeenZevmb)]);
        let decided = days_before(last, self.dice.between(5..=60));
        self.decide(decided, outcome, Some(old.passport.id), true);
        if outcome == PassportOutcome::Zevmb {
            let valid_from = last.succ_opt().unwrap_or(last);
            self.follow(&old, valid_from, false);
        }
    }

    /// A passport for life after `old`.
    fn follow(&mut self, old: &IssuedPassport, valid_from: NaiveDate, reissue: bool) {
        let id = PassportId(self.dice.id());
        let outcome = PassportOutcome::Zevmb;
        self.passports.push(IssuedPassport {
            passport: Passport { id, outcome, valid_from, valid_until: None, revoked_at: None },
            replaces: Some(old.passport.id),
            reissue,
            revoked_reason: None,
            ..old.clone()
        });
    }

    fn revoke(&mut self, at: usize, reason: &str) -> NaiveDate {
        let passport = &mut self.passports[at];
        let day = self.dice.date(passport.passport.valid_from, days_before(self.world.start, 10));
        passport.passport.revoked_at = super::midnight(day).checked_add_signed(TimeDelta::hours(10));
        passport.revoked_reason = Some(reason.to_owned());
        day
    }

    fn end(&mut self, at: usize) {
        let reason = *self.dice.pick(REASONS);
        self.revoke(at, reason);
    }

    /// A card is lost, and the holder gets another.
    fn lose(&mut self, at: usize) {
        let day = self.revoke(at, LOST_REASON);
        let old = self.passports[at].clone();
        self.follow(&old, day, true);
    }

    /// An application that ends without a passport.
    fn refuse(&mut self) {
        let decided = self.some_day();
        self.decide(decided, PassportOutcome::GeenZevmb, None, false);
    }

    fn decide(&mut self, on: NaiveDate, outcome: PassportOutcome, passport: Option<PassportId>, reassessment: bool) {
        let experts: Vec<u8> = self.dice.some_of(&(1..=12).collect::<Vec<u8>>(), 2);
        let [first, second] = experts[..] else { return };
        let experts = [first, second].map(|expert| format!("expert-{expert:02}"));
        self.applications.push(Application {
            id: ApplicationId(self.dice.id()),
            applied_on: days_before(on, self.dice.between(30..=150)),
            decision: Some(Decision { on, outcome, experts }),
            passport,
            reassessment,
        });
    }

    /// An application that awaits its decision.
    fn apply(&mut self) {
        self.applications.push(Application {
            id: ApplicationId(self.dice.id()),
            applied_on: days_before(self.world.start, self.dice.between(1..=60)),
            decision: None,
            passport: None,
            reassessment: false,
        });
    }

    fn care_forms(&mut self) -> Vec<CareForm> {
        let count = self.dice.weighted(CARE_FORMS);
        self.dice.some_of(CareForm::ALL, count)
    }
}

fn days_before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

/// In the order of their first days, so that a passport comes after the one that it replaces; but first those that
/// the README and the tests of people call by number: active for life, expired, revoked, active and early.
fn numbered(mut passports: Vec<IssuedPassport>, world: &World<'_>) -> Vec<IssuedPassport> {
    let status = |one: &IssuedPassport| one.passport.status(world.midnight);
    passports.sort_by_key(|one| (one.passport.valid_from, one.reissue));
    let wanted: [&dyn Fn(&IssuedPassport) -> bool; 4] = [
        &|one| {
            let lives_there = one.home_pc4.to_string() == README_HOME;
            lives_there && one.passport.valid_until.is_none() && status(one) == PassportStatus::Active
        },
        &|one| status(one) == PassportStatus::Expired,
        &|one| status(one) == PassportStatus::Revoked,
        &|one| one.passport.outcome == PassportOutcome::VroegZevmb && status(one) == PassportStatus::Active,
    ];
    for (to, wanted) in wanted.iter().enumerate() {
        let found = passports.iter().position(|one| one.replaces.is_none() && wanted(one));
        if let Some(from) = found.filter(|from| *from > to) {
            passports[to..=from].rotate_right(1);
        }
    }
    for (number, passport) in (1..).zip(&mut passports) {
        passport.number = format!("DEMO-{number:04}");
    }
    passports
}
