//! Contacts, passports and applications.

use std::collections::HashSet;

use chrono::{Datelike, Months};

use super::{DEMO, REFERENCE, locations, map::strangeness, noon, start, tally};
use crate::care::{
    passport::{IssuedPassport, PassportStatus},
    vocabulary::{CareForm, ContactStatus, LocationPrecision, OrganisationKind, PassportOutcome},
};

#[test]
fn contacts_are_of_every_kind_and_status() {
    assert_eq!(DEMO.contacts.len(), 120);
    assert!(tally(OrganisationKind::ALL, DEMO.contacts.iter().map(|c| c.organisation_kind)).iter().all(|n| *n >= 9));
    let [draft, published, withdrawn] = tally(ContactStatus::ALL, DEMO.contacts.iter().map(|c| c.status))[..] else {
        unreachable!("there are three")
    };
    assert!(draft >= 4 && published >= 80 && withdrawn >= 4, "{draft} {published} {withdrawn}");
    let names: HashSet<&String> = DEMO.contacts.iter().map(|contact| &contact.name).collect();
    assert!(names.len() == 120 && names.iter().all(|name| name.starts_with("Demo ")));
    assert!(DEMO.contacts.iter().filter(|contact| contact.location_id.is_some()).count() >= 15);
    assert!(DEMO.contacts.iter().filter(|contact| contact.work_pc4.is_some()).count() >= 80);
}

#[test]
fn contacts_obey_the_database() {
    for contact in &DEMO.contacts {
        assert!(contact.status != ContactStatus::Published || contact.consent.is_some());
        assert!(contact.consent.iter().all(|consent| consent.on < start()));
        assert!((1..=4).contains(&contact.expertise.len()) && contact.function.is_some());
        assert!(contact.gemeenten.is_sorted_by(|a, b| a < b) && contact.regions.is_sorted_by(|a, b| a < b));
        for region in &contact.regions {
            assert!(contact.gemeenten.iter().any(|code| REFERENCE.gemeenten[code].region_code == *region));
        }
        if let Some(pc4) = contact.work_pc4 {
            let area = &REFERENCE.postcodes[&pc4];
            assert!(contact.gemeenten.contains(&area.gemeente_code));
            assert_eq!(contact.work_city.as_ref(), Some(&area.place_name));
        }
        assert!(contact.email.iter().all(|mail| mail.is_ascii() && mail.ends_with(".example")));
    }
}

#[test]
fn contacts_give_no_home_away() {
    for contact in &DEMO.contacts {
        assert_eq!(contact.provider_id.is_some(), contact.organisation_kind == OrganisationKind::Zorgaanbieder);
        let of_provider: Vec<_> = locations().filter(|one| Some(one.provider_id) == contact.provider_id).collect();
        if of_provider.iter().any(|location| location.precision == LocationPrecision::Area) {
            assert_eq!((contact.location_id, contact.work_pc4, &contact.work_city), (None, None, &None));
        }
        if let Some(id) = contact.location_id {
            let location = of_provider.iter().find(|location| location.id == id).unwrap();
            assert_eq!(contact.work_pc4, Some(location.postcode.pc4()));
        }
    }
}

#[test]
fn passports_are_counted_as_the_reference_figures() {
    let counted = DEMO.passports.iter().filter(|one| !one.reissue).map(|one| one.passport.outcome);
    assert_eq!(tally(PassportOutcome::ALL, counted), [323, 61, 36, 0]);
    assert_eq!(DEMO.passports.iter().filter(|one| one.reissue).count(), 3);
    let status = tally(
        &[PassportStatus::Active, PassportStatus::Expired, PassportStatus::Revoked],
        DEMO.passports.iter().map(|one| one.passport.status(noon())),
    );
    assert!(status[0] >= 300 && status[1] >= 20 && status[2] == 12, "{status:?}");
    let strangeness = strangeness(DEMO.passports.iter().map(|one| one.home_pc4));
    assert!(strangeness < 0.35, "{strangeness}");
}

#[test]
fn passports_obey_their_rules() {
    for one in &DEMO.passports {
        let passport = &one.passport;
        let years = passport.valid_from.year() - one.birth_year;
        match passport.outcome {
            PassportOutcome::Zevmb => assert!(passport.valid_until.is_none() && years >= 2),
            PassportOutcome::VroegZevmb => assert!((0..=2).contains(&years)),
            PassportOutcome::ZevmbMetHerbeoordeling => assert!(years >= 2),
            PassportOutcome::GeenZevmb => unreachable!("it gives no passport"),
        }
        if let Some(last) = passport.valid_until {
            assert_eq!(last.succ_opt(), passport.valid_from.checked_add_months(Months::new(24)));
        }
        assert!(passport.valid_from < start() && passport.revoked_at.is_none_or(|at| at < noon()));
        assert_eq!(passport.revoked_at.is_some(), one.revoked_reason.is_some());
        assert!(passport.revoked_at.is_none_or(|at| at.date_naive() >= passport.valid_from));
        assert!((1..=3).contains(&one.care_forms.len()));
    }
}

#[test]
fn a_passport_is_replaced_once_and_after_it_ended() {
    let position =
        |one: &IssuedPassport| DEMO.passports.iter().position(|other| other.passport.id == one.replaces.unwrap());
    let mut replaced = HashSet::new();
    let mut reassessed = 0;
    for (at, new) in DEMO.passports.iter().enumerate().filter(|(_, one)| one.replaces.is_some()) {
        let before = position(new).unwrap();
        let old = &DEMO.passports[before];
        assert!(before < at && replaced.insert(before));
        assert_eq!((old.home_pc4, old.birth_year), (new.home_pc4, new.birth_year));
        assert_ne!(old.passport.status(noon()), PassportStatus::Active);
        assert_eq!(old.passport.outcome == PassportOutcome::Zevmb, new.reissue);
        reassessed += usize::from(!new.reissue);
    }
    assert!(reassessed >= 20, "{reassessed}");
}

#[test]
fn the_first_numbers_are_what_they_are_known_for() {
    let numbers: Vec<&str> = DEMO.passports.iter().map(|one| one.number.as_str()).collect();
    assert_eq!((numbers[0], numbers[422]), ("DEMO-0001", "DEMO-0423"));
    let status = |at: usize| DEMO.passports[at].passport.status(noon());
    assert_eq!((status(0), DEMO.passports[0].home_pc4.number()), (PassportStatus::Active, 3511));
    assert_eq!(DEMO.passports[0].passport.valid_until, None);
    assert!(DEMO.passports[0].care_forms.contains(&CareForm::Logeren));
    assert_eq!(
        (status(1), status(2), status(3)),
        (PassportStatus::Expired, PassportStatus::Revoked, PassportStatus::Active)
    );
    assert_eq!(DEMO.passports[3].passport.outcome, PassportOutcome::VroegZevmb);
}

#[test]
fn a_quarter_of_the_first_applications_end_without_a_passport() {
    let decided = || DEMO.applications.iter().filter_map(|one| Some((one, one.decision.as_ref()?)));
    let first: Vec<_> = decided().filter(|(one, _)| !one.reassessment).collect();
    let refused = first.iter().filter(|(_, decision)| decision.outcome == PassportOutcome::GeenZevmb).count();
    assert_eq!(refused, first.len() / 4);
    for (application, decision) in decided() {
        assert!(application.applied_on <= decision.on && decision.on < start());
        assert_ne!(decision.experts[0], decision.experts[1]);
        let passport = application.passport.map(|id| DEMO.passports.iter().find(|one| one.passport.id == id).unwrap());
        match passport {
            None => assert_eq!(decision.outcome, PassportOutcome::GeenZevmb),
            Some(old) if application.reassessment => assert!(old.passport.valid_until.unwrap() < start()),
            Some(new) => assert_eq!(new.passport.outcome, decision.outcome),
        }
    }
    let reassessed: Vec<_> = DEMO.applications.iter().filter(|one| one.reassessment).collect();
    let once: HashSet<_> = reassessed.iter().map(|one| one.passport).collect();
    assert!(reassessed.len() >= 30 && once.len() == reassessed.len());
    assert!(DEMO.applications.iter().any(|one| one.decision.is_none()));
}
