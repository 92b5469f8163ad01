//! The words that names are made of, from `seed/demo/`.

use serde::Deserialize;

use super::dice::Dice;
use crate::care::{
    shipped::{ShippedError, table},
    text::folded,
    vocabulary::OrganisationKind,
};

/// The word lists; none is empty.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) providers: Vec<String>,
    pub(super) streets: Vec<String>,
    pub(super) people: Vec<String>,
    pub(super) expertise: Vec<String>,
    functions: Vec<FunctionRow>,
}

#[derive(Deserialize)]
struct WordRow {
    word: String,
}

#[derive(Debug, Deserialize)]
struct FunctionRow {
    organisation_kind: OrganisationKind,
    function: String,
}

macro_rules! seed_file {
    ($name:literal) => {
        (concat!("demo/", $name), include_str!(concat!("../../../../seed/demo/", $name)))
    };
}

impl Words {
    /// The lists, those that name providers and people in an order by chance.
    pub(super) fn shuffled(dice: &mut Dice) -> Result<Self, ShippedError> {
        let mut words = Self {
            providers: words(seed_file!("provider_words.csv"))?,
            streets: words(seed_file!("street_words.csv"))?,
            people: words(seed_file!("person_words.csv"))?,
            expertise: words(seed_file!("expertise_words.csv"))?,
            functions: filled(seed_file!("function_words.csv"), Ok)?,
        };
        dice.shuffle(&mut words.providers);
        dice.shuffle(&mut words.people);
        Ok(words)
    }

    /// What people do at an organisation of a kind.
    pub(super) fn functions(&self, kind: OrganisationKind) -> Vec<&str> {
        let of_kind = self.functions.iter().filter(|row| row.organisation_kind == kind);
        of_kind.map(|row| row.function.as_str()).collect()
    }
}

fn words(file: (&'static str, &str)) -> Result<Vec<String>, ShippedError> {
    filled(file, |row: WordRow| Ok(row.word))
}

fn filled<Row: serde::de::DeserializeOwned, T>(
    (file, text): (&'static str, &str),
    parse: impl Fn(Row) -> Result<T, String>,
) -> Result<Vec<T>, ShippedError> {
    let rows = table(file, text, parse)?;
    if rows.is_empty() {
        return Err(ShippedError { file, reason: "has no rows".to_owned() });
    }
    Ok(rows)
}

/// A name as a part of a host name or mail address: `Demo Wilgenhof 2` becomes `demo-wilgenhof-2`.
pub(super) fn slug(name: &str) -> String {
    let folded = folded(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A telephone number that nobody has.
pub(super) fn phone(dice: &mut Dice) -> String {
    format!("088 000 {:02} {:02}", dice.between(0..=99), dice.between(0..=99))
}
