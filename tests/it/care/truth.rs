//! Kleene's three-valued logic, against its truth tables written out.

use proptest::{prelude::*, sample::select};
use zorgkaart::care::truth::Truth::{self, No, Unknown, Yes};

const ALL: [Truth; 3] = [Yes, Unknown, No];

#[test]
fn and_is_kleenes() {
    for (a, b, both) in [
        (Yes, Yes, Yes),
        (Yes, Unknown, Unknown),
        (Yes, No, No),
        (Unknown, Yes, Unknown),
        (Unknown, Unknown, Unknown),
        (Unknown, No, No),
        (No, Yes, No),
        (No, Unknown, No),
        (No, No, No),
    ] {
        assert_eq!(a.and(b), both, "{a:?} and {b:?}");
    }
}

#[test]
fn or_is_kleenes() {
    for (a, b, either) in [
        (Yes, Yes, Yes),
        (Yes, Unknown, Yes),
        (Yes, No, Yes),
        (Unknown, Yes, Yes),
        (Unknown, Unknown, Unknown),
        (Unknown, No, Unknown),
        (No, Yes, Yes),
        (No, Unknown, Unknown),
        (No, No, No),
    ] {
        assert_eq!(a.or(b), either, "{a:?} or {b:?}");
    }
}

#[test]
fn what_is_stated_and_what_is_known_are_the_same() {
    for (truth, stated) in [(Yes, Some(true)), (Unknown, None), (No, Some(false))] {
        assert_eq!(Truth::from(stated), truth);
        assert_eq!(truth.known(), stated);
    }
    assert_eq!((Truth::from(true), Truth::from(false)), (Yes, No));
}

#[test]
fn of_nothing_all_hold_and_none_does() {
    assert_eq!((Truth::all([]), Truth::any([])), (Yes, No));
}

#[test]
fn the_laws_of_a_lattice_hold() {
    for a in ALL {
        assert_eq!((a.and(a), a.or(a), a.and(Yes), a.or(No)), (a, a, a, a));
        for b in ALL {
            assert_eq!((a.and(b), a.or(b)), (b.and(a), b.or(a)));
            assert_eq!((a.and(a.or(b)), a.or(a.and(b))), (a, a));
            for c in ALL {
                assert_eq!(a.and(b).and(c), a.and(b.and(c)));
                assert_eq!(a.or(b).or(c), a.or(b.or(c)));
                assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
            }
        }
    }
}

proptest! {
    #[test]
    fn all_and_any_are_decided_by_what_occurs(truths in prop::collection::vec(select(ALL.to_vec()), 0..6)) {
        let (yes, unknown, no) = (truths.contains(&Yes), truths.contains(&Unknown), truths.contains(&No));
        let all = if no { No } else if unknown { Unknown } else { Yes };
        let any = if yes { Yes } else if unknown { Unknown } else { No };
        prop_assert_eq!((Truth::all(truths.clone()), Truth::any(truths)), (all, any));
    }
}
