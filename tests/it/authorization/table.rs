//! The table: what each situation gets of each field.

use std::{collections::BTreeMap, fmt};

use zorgkaart::auth::Subject;

use crate::support::{
    known::{Known, KnownPlaces},
    service::Service,
};

/// Who asks, and how they stand to what is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Situation {
    Anonymous,
    PassportHolder,
    PassportExpired,
    PassportRevoked,
    ProviderOwn,
    ProviderOther,
    Zorgkantoor,
    ZorgkantoorOther,
    Kenniscentrum,
}

impl Situation {
    pub(crate) const ALL: [(Self, &str); 9] = [
        (Self::Anonymous, "ANONYMOUS"),
        (Self::PassportHolder, "PASSPORT_HOLDER"),
        (Self::PassportExpired, "PASSPORT_EXPIRED"),
        (Self::PassportRevoked, "PASSPORT_REVOKED"),
        (Self::ProviderOwn, "PROVIDER_OWN"),
        (Self::ProviderOther, "PROVIDER_OTHER"),
        (Self::Zorgkantoor, "ZORGKANTOOR"),
        (Self::ZorgkantoorOther, "ZORGKANTOOR_OTHER"),
        (Self::Kenniscentrum, "KENNISCENTRUM"),
    ];

    /// Whether a home is shown to them as it is (DESIGN, section 5).
    pub(crate) const fn sees_home(self) -> bool {
        matches!(self, Self::ProviderOwn | Self::Kenniscentrum)
    }

    /// A token of somebody in this situation.
    pub(crate) async fn token(self, service: &Service, known: &KnownPlaces, about: &Known) -> Option<String> {
        Some(match self {
            Self::Anonymous => return None,
            Self::PassportHolder => service.holder("DEMO-0001").await,
            Self::PassportExpired => service.holder("DEMO-0002").await,
            Self::PassportRevoked => service.holder("DEMO-0003").await,
            Self::ProviderOwn => service.token(&Subject::Provider(about.provider)),
            Self::ProviderOther => service.token(&Subject::Provider(known.stranger)),
            // The regions of the home and of its PC4, so that "own region" is tried too.
            Self::Zorgkantoor => {
                let mut regions = vec![about.address.region.clone(), about.area.region.clone()];
                regions.dedup();
                service.token(&Subject::Zorgkantoor(regions))
            }
            Self::ZorgkantoorOther => {
                let own = [&about.address.region, &about.area.region];
                let other = known.reference.regions.keys().find(|code| !own.contains(code)).unwrap();
                service.token(&Subject::Zorgkantoor(vec![other.clone()]))
            }
            Self::Kenniscentrum => service.token(&Subject::Kenniscentrum),
        })
    }
}

/// What somebody gets of a field, in the order of how much that says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Null, or an object that is not there, without an error.
    Null,
    /// Something else than what is asked about.
    Other,
    /// An empty list.
    Empty,
    /// Null with `UNAUTHENTICATED`.
    Unauthenticated,
    /// Null with `FORBIDDEN`.
    Forbidden,
    /// Null with `FORBIDDEN` that says that the passport has ended.
    ForbiddenEnded,
    /// An answer; of a home its truth.
    Value,
    /// Of a home what its PC4 says, or nothing; of all else the truth.
    Masked,
}

const WORDS: [(Outcome, &str); 8] = [
    (Outcome::Value, "value"),
    (Outcome::Empty, "empty"),
    (Outcome::Null, "null"),
    (Outcome::Masked, "masked"),
    (Outcome::Other, "other"),
    (Outcome::Unauthenticated, "UNAUTHENTICATED"),
    (Outcome::Forbidden, "FORBIDDEN"),
    (Outcome::ForbiddenEnded, "FORBIDDEN_ENDED"),
];

impl Outcome {
    pub(super) const fn is_denied(self) -> bool {
        matches!(self, Self::Unauthenticated | Self::Forbidden | Self::ForbiddenEnded)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WORDS.iter().find(|(outcome, _)| outcome == self).unwrap().1)
    }
}

/// One outcome per situation.
pub(super) type Row = BTreeMap<Situation, Outcome>;

/// The rows by field.
pub(super) type Table = BTreeMap<String, Row>;

/// The table in the repository.
pub(super) fn table() -> Table {
    let mut reader = csv::Reader::from_reader(include_str!("table.csv").as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let expected: Vec<&str> = std::iter::once("field").chain(Situation::ALL.map(|(_, name)| name)).collect();
    assert_eq!(header, expected, "the columns of table.csv");
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(rows.windows(2).all(|two| two[0][0] < two[1][0]), "table.csv is in the order of field, each once");
    let outcome = |word: &str| WORDS.iter().find(|(_, known)| *known == word).map(|(outcome, _)| *outcome);
    rows.iter()
        .map(|row| {
            let outcomes = Situation::ALL.iter().zip(row.iter().skip(1)).map(|((situation, _), word)| {
                let outcome = outcome(word).unwrap_or_else(|| panic!("table.csv, {}: what is {word}?", &row[0]));
                (*situation, outcome)
            });
            (row[0].to_owned(), outcomes.collect())
        })
        .collect()
}

/// A row as table.csv would hold it.
pub(super) fn line(field: &str, row: &Row) -> String {
    std::iter::once(field.to_owned()).chain(row.values().map(ToString::to_string)).collect::<Vec<_>>().join(",")
}
