//! The rules of an entry's life, whatever is done in whatever order; and that what changed leads back.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;
use zorgkaart::care::{
    contact::{
        Consent, Contact,
        change::Difference,
        duplicates::{Compared, LOWEST_SCORE},
        stated::Statement,
    },
    id::ContactId,
    reference::Reference,
    shipped,
    vocabulary::{
        ContactAction, ContactField, ContactStatus,
        WithdrawalReason::{self, ConsentWithdrawn, Duplicate, LeftOrganisation, Other},
    },
};

use crate::support::databases::DEMO_DATE;

#[derive(Clone, Debug)]
enum Step {
    Edit(ContactField, String),
    Publish { consent_days_ago: i64 },
    Withdraw(WithdrawalReason),
    Verify,
    Undo,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let field = prop_oneof![Just(ContactField::Name), Just(ContactField::Function), Just(ContactField::WorkCity)];
    let reason =
        prop_oneof![3 => Just(ConsentWithdrawn), 1 => Just(LeftOrganisation), 1 => Just(Duplicate), 1 => Just(Other)];
    prop_oneof![
        2 => (field, "Demo [a-z]{0,3}").prop_map(|(field, text)| Step::Edit(field, text)),
        3 => (-1..30_i64).prop_map(|consent_days_ago| Step::Publish { consent_days_ago }),
        2 => reason.prop_map(Step::Withdraw),
        1 => Just(Step::Verify),
        3 => Just(Step::Undo),
        2 => (0..20_u64).prop_map(Step::Wait),
    ]
}

fn made() -> Contact {
    let mut statement = Statement::default();
    for (field, value) in [
        (ContactField::Name, json!("Demo")),
        (ContactField::Organisation, json!("Demo")),
        (ContactField::OrganisationKind, json!("OVERIG")),
    ] {
        statement.0.insert(field, value);
    }
    Contact::drafted(ContactId(Uuid::nil()), &statement, DEMO_DATE).unwrap()
}

fn days_before(day: NaiveDate, days: i64) -> NaiveDate {
    day - chrono::TimeDelta::days(days)
}

/// What no entry may ever be.
fn check(contact: &Contact, taken_back_on: Option<NaiveDate>) {
    assert_eq!(contact.status == ContactStatus::Withdrawn, contact.withdrawal.is_some());
    if contact.status == ContactStatus::Published {
        let consent = contact.consent.as_ref().expect("no entry is shown without consent");
        assert!(contact.merged_into.is_none());
        assert!(taken_back_on.is_none_or(|on| consent.on >= on), "shown on a consent that was taken back");
    }
    assert!(!contact.name.is_empty() && !contact.organisation.is_empty());
}

proptest! {
    #[test]
    fn no_order_of_steps_shows_an_entry_without_consent(steps in prop::collection::vec(step(), 1..40)) {
        let (mut contact, mut today) = (made(), DEMO_DATE);
        let mut changes: Vec<(ContactAction, Vec<Difference>)> = vec![(ContactAction::Create, Contact::differences(None, &contact))];
        let mut versions = vec![contact.clone()];
        let mut taken_back_on = None;
        for step in steps {
            let (next, action) = match &step {
                Step::Wait(days) => {
                    today = today + Days::new(*days);
                    continue;
                }
                Step::Edit(field, text) => {
                    let statement = Statement([(*field, json!(text))].into());
                    (contact.edited(&statement), ContactAction::Edit)
                }
                Step::Publish { consent_days_ago } => {
                    let consent = Consent { on: days_before(today, *consent_days_ago), source: "formulier".into() };
                    (contact.published(consent, today), ContactAction::Publish)
                }
                Step::Withdraw(reason) => (contact.withdrawn(*reason, today), ContactAction::Withdraw),
                Step::Verify => (contact.verified(today.and_hms_opt(12, 0, 0).unwrap().and_utc()), ContactAction::Verify),
                Step::Undo => {
                    let (action, changed) = changes.last().unwrap();
                    (contact.undone(*action, changed, today), ContactAction::Undo)
                }
            };
            let Ok(next) = next else { continue };
            if let Step::Withdraw(ConsentWithdrawn) = step {
                taken_back_on = Some(today);
            }
            check(&next, taken_back_on);
            changes.push((action, Contact::differences(Some(&contact), &next)));
            versions.push(next.clone());
            contact = next;
        }
        // Each version is what the changes since lead back to.
        for (at, then) in versions.iter().enumerate() {
            let since = changes[at + 1..].iter().rev().map(|(_, changed)| changed.as_slice());
            prop_assert_eq!(&contact.before(since).unwrap(), then);
        }
    }

    #[test]
    fn nothing_that_is_stated_panics(text in any::<String>(), field in 0..ContactField::ALL.len()) {
        let reference: &Reference = &REFERENCE;
        let field = ContactField::ALL[field];
        let mut statement = Statement::default();
        let _ = statement.text(field, Some(&text), reference);
        let _ = statement.list(field, [text.as_str()], reference);
        // What is taken can be read back into an entry, or is refused as a whole.
        if let Ok(next) = made().edited(&statement) {
            prop_assert!(Contact::differences(Some(&made()), &next).len() <= 2);
        }
    }

    #[test]
    fn a_score_is_a_probability_and_the_same_both_ways(
        names in ("[A-Za-zé ]{0,20}", "[A-Za-zé ]{0,20}"), phones in ("[0-9+ -]{0,15}", "[0-9+ -]{0,15}"),
        mails in (prop::option::of("[a-c]@[a-c]"), prop::option::of("[a-c]@[a-c]")),
    ) {
        let one = Compared::new(&names.0, mails.0.as_deref(), Some(&phones.0), "Demo", Some("3511"));
        let other = Compared::new(&names.1, mails.1.as_deref(), Some(&phones.1), "Demo", None);
        let (score, agreeing) = one.score(&other);
        prop_assert!((0.0..=1.0).contains(&score));
        let (back, same) = other.score(&one);
        prop_assert!((score - back).abs() < 1e-12 && agreeing == same);
        // Nothing in common is never proposed.
        if agreeing == [ContactField::Organisation] {
            prop_assert!(score < LOWEST_SCORE);
        }
    }
}

static REFERENCE: std::sync::LazyLock<Reference> = std::sync::LazyLock::new(|| shipped::reference().unwrap());
