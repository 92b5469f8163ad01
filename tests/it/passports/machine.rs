//! The life of passports as a state machine: whatever is asked in whatever order, what may be done is what the rules say,
//! and nobody has a valid passport that they forbid. The model knows nothing of the program but its words.

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use proptest::{prelude::*, test_runner::TestRunner};
use uuid::Uuid;
use zorgkaart::{
    auth::{Scope, Standing, Subject},
    care::{
        passport::{Decision, PassportStatus},
        vocabulary::PassportOutcome::{self, GeenZevmb, VroegZevmb, Zevmb, ZevmbMetHerbeoordeling},
    },
    store::{
        Access, Card as CardAsked, CardChange, Issue, KeepError, Kept, Person, Reassess, Request, View, WriteError,
    },
};

use crate::support::{databases::TestDatabase, service::Service};

#[derive(Clone, Debug)]
enum Command {
    Issue { outcome: PassportOutcome, age_days: u64 },
    Reassess { card: usize, outcome: PassportOutcome },
    Revoke { card: usize },
    Reissue { card: usize },
    HandOver { card: usize },
    Wait { days: u64 },
}

fn outcome() -> impl Strategy<Value = PassportOutcome> {
    prop_oneof![Just(Zevmb), Just(VroegZevmb), Just(ZevmbMetHerbeoordeling), Just(GeenZevmb)]
}

fn command() -> impl Strategy<Value = Command> {
    let card = 0..6_usize;
    prop_oneof![
        3 => (outcome(), prop_oneof![700..760_u64, 1..400_u64, 800..9_000_u64])
            .prop_map(|(outcome, age_days)| Command::Issue { outcome, age_days }),
        3 => (card.clone(), outcome()).prop_map(|(card, outcome)| Command::Reassess { card, outcome }),
        1 => card.clone().prop_map(|card| Command::Revoke { card }),
        2 => card.clone().prop_map(|card| Command::Reissue { card }),
        1 => card.prop_map(|card| Command::HandOver { card }),
        2 => prop_oneof![1..40_u64, 300..800_u64].prop_map(|days| Command::Wait { days }),
    ]
}

/// A card, as the model sees it.
#[derive(Clone, Debug)]
struct Card {
    number: String,
    person: usize,
    outcome: PassportOutcome,
    from: NaiveDate,
    until: Option<NaiveDate>,
    revoked: bool,
    /// Of the passport, whichever card it has.
    reassessed: bool,
}

impl Card {
    fn status(&self, today: NaiveDate) -> PassportStatus {
        if self.revoked {
            PassportStatus::Revoked
        } else if today < self.from || self.until.is_some_and(|until| until < today) {
            PassportStatus::Expired
        } else {
            PassportStatus::Active
        }
    }
}

struct World<'a> {
    service: &'a Service,
    scope: Scope,
    now: DateTime<Utc>,
    cards: Vec<Card>,
    people: usize,
}

impl World<'_> {
    fn today(&self) -> NaiveDate {
        // Noon, so that the Dutch date is that of UTC.
        self.now.date_naive()
    }

    fn view(&self) -> View {
        self.service.store.view(self.scope.clone(), self.now)
    }

    async fn follow(&mut self, command: &Command) -> Result<(), TestCaseError> {
        let (view, access) = (self.view(), Access::default());
        let request = Request { view: &view, access: &access, key: None };
        let (today, store) = (self.today(), &self.service.store);
        let decision = |outcome| Decision { on: today, outcome, experts: ["expert-1".into(), "expert-2".into()] };
        let two_years = today.checked_add_months(Months::new(24)).unwrap().pred_opt();
        match *command {
            Command::Wait { days } => self.now += TimeDelta::days(i64::try_from(days).unwrap()),
            Command::Issue { outcome, age_days } => {
                let birth = today.checked_sub_days(Days::new(age_days)).unwrap();
                let is_two = birth.checked_add_months(Months::new(24)).unwrap() <= today;
                let allowed = match outcome {
                    VroegZevmb => !is_two,
                    ZevmbMetHerbeoordeling => is_two,
                    Zevmb | GeenZevmb => true,
                };
                let person = Person { birth, home_pc4: "3511".parse().unwrap(), care_forms: Vec::new() };
                let issue = Issue { applied_on: today, decision: decision(outcome), person: Some(person) };
                let done = told(store.issue_passport(request, &issue).await);
                prop_assert_eq!(done.is_some(), allowed, "{:?}", command);
                let number = done.and_then(|kept| kept.number);
                prop_assert_eq!(number.is_some(), allowed && outcome != GeenZevmb);
                if let Some(number) = number {
                    let until = if outcome == Zevmb { None } else { two_years };
                    let person = self.people;
                    self.cards.push(Card {
                        number,
                        person,
                        outcome,
                        from: today,
                        until,
                        revoked: false,
                        reassessed: false,
                    });
                    self.people += 1;
                }
            }
            Command::Reassess { card, outcome } => {
                let Some(old) = self.cards.get(card).cloned() else { return Ok(()) };
                let allowed =
                    !old.revoked && old.until.is_some() && !old.reassessed && matches!(outcome, Zevmb | GeenZevmb);
                let asked = Reassess {
                    number: old.number.clone(),
                    applied_on: today,
                    decision: decision(outcome),
                    expected_version: None,
                };
                let done = told(store.reassess_passport(request, &asked).await);
                prop_assert_eq!(done.is_some(), allowed, "{:?} of {:?}", command, old);
                let Some(kept) = done else { return Ok(()) };
                self.cards[card].reassessed = true;
                prop_assert_eq!(kept.number.is_some(), outcome == Zevmb);
                match kept.number {
                    Some(number) => {
                        let from = old.until.unwrap().succ_opt().unwrap().max(today);
                        self.cards.push(Card { number, outcome: Zevmb, from, until: None, reassessed: false, ..old });
                    }
                    None => self.cards[card].revoked = true,
                }
            }
            Command::Revoke { card } => {
                let Some(old) = self.cards.get(card).cloned() else { return Ok(()) };
                let done = told(store.change_card(request, &asked(&old, CardChange::Revoke("a test".into()))).await);
                prop_assert_eq!(done.is_some(), !old.revoked);
                self.cards[card].revoked = true;
            }
            Command::Reissue { card } => {
                let Some(old) = self.cards.get(card).cloned() else { return Ok(()) };
                let allowed = old.status(today) == PassportStatus::Active;
                let done = told(store.change_card(request, &asked(&old, CardChange::Reissue)).await);
                prop_assert_eq!(done.is_some(), allowed, "{:?}", old);
                if let Some(number) = done.and_then(|kept| kept.number) {
                    self.cards[card].revoked = true;
                    self.cards.push(Card { number, from: today, ..old });
                }
            }
            Command::HandOver { card } => {
                let Some(old) = self.cards.get(card).cloned() else { return Ok(()) };
                let allowed = old.status(today) == PassportStatus::Active;
                let done = told(store.change_card(request, &asked(&old, CardChange::HandOver)).await);
                prop_assert_eq!(done.is_some(), allowed, "{:?}", old);
            }
        }
        self.is_as_it_should_be().await
    }

    /// The service says of every card what the model says, and nobody has two that are valid.
    async fn is_as_it_should_be(&self) -> Result<(), TestCaseError> {
        let (view, access, today) = (self.view(), Access::default(), self.today());
        let mut valid = vec![0; self.people];
        for card in &self.cards {
            let record =
                self.service.store.passport_record(&view, &access, &card.number).await.unwrap().unwrap().unwrap();
            let passport = &record.issued.passport;
            prop_assert_eq!(passport.status(self.now), card.status(today), "{:?}", card);
            prop_assert_eq!((passport.valid_from, passport.valid_until), (card.from, card.until), "{:?}", card);
            prop_assert_eq!(passport.outcome, card.outcome, "{:?}", card);
            if card.status(today) == PassportStatus::Active {
                valid[card.person] += 1;
            }
        }
        prop_assert!(valid.iter().all(|valid| *valid <= 1), "{:?}", self.cards);
        Ok(())
    }
}

fn asked(card: &Card, what: CardChange) -> CardAsked {
    CardAsked { number: card.number.clone(), expected_version: None, what }
}

/// What came of it; none: a rule forbids it.
fn told(done: Result<Kept, WriteError<KeepError>>) -> Option<Kept> {
    match done {
        Ok(kept) => Some(kept),
        Err(WriteError::Refused(_)) => None,
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sequence_of_commands_yields_a_passport_that_the_rules_forbid() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let token =
        service.authority.issue(&Subject::Kenniscentrum, service.clock.now(), TimeDelta::hours(1), Uuid::now_v7());
    let requester = service.authority.verify(&token.unwrap(), service.clock.now()).unwrap();
    let scope = requester.into_scope(Standing::Confirmed);
    let (service, scope) = (&service, &scope);
    tokio::task::block_in_place(|| {
        let runtime = tokio::runtime::Handle::current();
        let mut runner = TestRunner::new(ProptestConfig::with_cases(40));
        let commands = prop::collection::vec(command(), 1..14);
        runner
            .run(&commands, |commands| {
                let mut world =
                    World { service, scope: scope.clone(), now: service.clock.now(), cards: Vec::new(), people: 0 };
                runtime.block_on(async {
                    for command in &commands {
                        world.follow(command).await?;
                    }
                    Ok(())
                })
            })
            .unwrap();
    });
}
