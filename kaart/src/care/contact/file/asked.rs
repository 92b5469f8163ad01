//! A row as what it asks of an entry, before anybody has looked at the entry.

use std::io::{self, Read};

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::{
    super::stated::{StatedError, Statement},
    Column, Mistake, Reason,
    mistake::IdKind,
    work::{Said, Work},
};
use crate::care::{
    calendar::iso_date,
    file::{Table, items},
    global_id::GlobalId,
    id::ContactId,
    map::Map,
    vocabulary::{ContactField, ContactStatus},
};

/// What a row asks.
#[derive(Debug, Default)]
pub struct Asked {
    /// The line on which it begins.
    pub line: u32,
    /// The id of the entry.
    pub id: Option<ContactId>,
    /// The external id of the entry, that it has or gets.
    pub external_id: Option<String>,
    /// What is wrong with it so far.
    pub mistakes: Vec<Mistake>,
    pub(super) statement: Statement,
    pub(super) work: Work,
    pub(super) status: Option<ContactStatus>,
    pub(super) consent_on: Option<NaiveDate>,
    pub(super) consent_source: Option<String>,
    pub(super) version: Option<i32>,
}

/// Reads rows.
pub struct Reader<R>(Table<R, Column>);

impl<R: Read> Reader<R> {
    /// Reads the header; what is wrong with it, otherwise.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(input: R) -> io::Result<Result<Self, Vec<Mistake>>> {
        Ok(Table::open(input)?.map(Self))
    }

    /// The next row; none: there are no more. `map` knows places and providers.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next(&mut self, map: &Map) -> io::Result<Option<Asked>> {
        let Some(row) = self.0.read()? else { return Ok(None) };
        let mut asked = Asked { line: row.line, ..Asked::default() };
        match row.cells() {
            Ok(cells) => {
                for (column, cell) in cells {
                    let cell = cell.map_err(Reason::from);
                    if let Err(reason) = cell.and_then(|cell| asked.read(column, cell.as_deref(), map)) {
                        asked.wrong(Some(column), reason);
                    }
                }
                let has = |column| asked.mistakes.iter().any(|mistake| mistake.column == Some(column));
                let unread = has(Column::Id) || has(Column::ExternalId);
                if asked.id.is_none() && asked.external_id.is_none() && !unread {
                    asked.wrong(None, Reason::NoKey);
                }
            }
            Err(flaw) => asked.wrong(None, flaw.into()),
        }
        Ok(Some(asked))
    }

    /// How many bytes were read.
    pub const fn bytes(&self) -> u64 {
        self.0.bytes()
    }
}

impl Asked {
    /// Adds something wrong.
    pub fn wrong(&mut self, column: Option<Column>, reason: Reason) {
        self.mistakes.push(Mistake { line: self.line, column, reason });
    }

    /// Reads a cell; an empty one takes away what the entry held.
    fn read(&mut self, column: Column, given: Option<&str>, map: &Map) -> Result<(), Reason> {
        let mut text = |field| self.statement.text(field, given, &map.ground().reference);
        match column {
            Column::Id => {
                let contact = |cell| match GlobalId::parse(cell) {
                    Some(GlobalId::Contact(id)) => Ok(id),
                    _ => Err(Reason::NoId(IdKind::Contact)),
                };
                self.id = given.map(contact).transpose()?;
            }
            Column::ExternalId => {
                text(ContactField::ExternalId)?;
                self.external_id = given.map(|cell| cell.nfc().collect());
            }
            Column::Name => text(ContactField::Name)?,
            Column::Function => text(ContactField::Function)?,
            Column::Organisation => text(ContactField::Organisation)?,
            Column::OrganisationKind => text(ContactField::OrganisationKind)?,
            Column::Provider => {
                self.work.provider = match given.map(GlobalId::parse) {
                    None => Said::Nobody,
                    Some(Some(GlobalId::Provider(id))) => Said::This(id),
                    Some(_) => return Err(Reason::NoId(IdKind::Provider)),
                };
            }
            Column::Place => {
                self.work.place = match given.map(GlobalId::parse) {
                    None => Said::Nobody,
                    Some(Some(GlobalId::Place(id))) => {
                        let facts = map.place(id).and_then(|place| map.facts(place));
                        let location = facts.ok_or(Reason::NoPlace)?.location;
                        Said::This((location.id, location.provider_id))
                    }
                    Some(_) => return Err(Reason::NoId(IdKind::Place)),
                };
            }
            Column::Email => text(ContactField::Email)?,
            Column::Phone => text(ContactField::Phone)?,
            Column::WorkPostcode => text(ContactField::WorkPostcode)?,
            Column::WorkCity => text(ContactField::WorkCity)?,
            Column::Gemeenten => self.list(ContactField::Gemeenten, given, map)?,
            Column::Regions => self.list(ContactField::Regions, given, map)?,
            Column::Expertise => self.list(ContactField::Expertise, given, map)?,
            Column::Status => self.status = given.map(status).transpose()?,
            Column::ConsentOn => self.consent_on = given.map(date).transpose()?,
            Column::ConsentSource => {
                let mut statement = Statement::default();
                statement.text(ContactField::Consent, given, &map.ground().reference)?;
                let value = statement.0.remove(&ContactField::Consent);
                self.consent_source = value.and_then(|value| value.as_str().map(str::to_owned));
            }
            Column::Version => {
                self.version = given.map(|cell| cell.parse().map_err(|_| Reason::NoVersion)).transpose()?;
            }
            Column::VerifiedAt => {}
        }
        Ok(())
    }

    fn list(&mut self, field: ContactField, given: Option<&str>, map: &Map) -> Result<(), Reason> {
        let items = given.map(items).unwrap_or_default();
        let stated = self.statement.list(field, items.iter().map(String::as_str), &map.ground().reference);
        stated.map_err(|(at, error)| match error {
            StatedError::TooMany => Reason::Stated(error),
            _ => Reason::Item(u16::try_from(at + 1).unwrap_or(u16::MAX), error),
        })
    }
}

fn status(text: &str) -> Result<ContactStatus, Reason> {
    ContactStatus::ALL.iter().copied().find(|status| status.code() == text).ok_or(Reason::NoStatus)
}

fn date(text: &str) -> Result<NaiveDate, Reason> {
    iso_date(text).ok_or(Reason::NoDate)
}
