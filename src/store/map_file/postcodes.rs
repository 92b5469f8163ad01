//! Postcodes from a file.

use std::collections::HashMap;

use entity::postcode;
use sea_orm::{EntityTrait, IntoActiveModel, Iterable, sea_query::OnConflict};
use serde_json::json;

use super::{Looking, Said, Written, refuse};
use crate::store::rows::postcode_row;
use crate::{
    care::{
        map_file::{
            Reason, Report,
            postcodes::{Column, Postcodes},
        },
        reference::Postcode,
        vocabulary::ChangeKind,
    },
    store::{error::StoreError, feed::Change, import::ImportError, load, write::Author},
};

/// How many postcodes a statement writes: each has seven values.
const POSTCODES: usize = 1_000;

/// The postcodes that are new or other than before.
pub(super) struct Plan(Vec<Postcode>);

impl super::Plan for Plan {
    type Kind = Postcodes;
    const PURPOSE: &'static str = "importPostcodes";

    async fn look(
        looking: &Looking<'_>,
        rows: Vec<Said<Postcodes>>,
        report: &mut Report<Postcodes>,
    ) -> Result<Self, ImportError> {
        let reference = looking.database.within(load::reference(looking.tx)).await?;
        let (mut lines, mut changed) = (HashMap::new(), Vec::new());
        for (line, said) in rows {
            if let Some(other) = lines.insert(said.pc4, line) {
                refuse(report, line, Column::Pc4, Reason::Twice(other));
                continue;
            }
            match said.decide(&reference) {
                Err((column, reason)) => refuse(report, line, column, reason),
                Ok(postcode) => match reference.postcodes.get(&postcode.pc4) {
                    Some(before) if *before == postcode => report.unchanged += 1,
                    before => {
                        *(if before.is_some() { &mut report.updated } else { &mut report.created }) += 1;
                        changed.push(postcode);
                    }
                },
            }
        }
        Ok(Self(changed))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    async fn write(self, looking: &Looking<'_>, _: &Author<'_>) -> Result<Written, ImportError> {
        let object = |one: &Postcode| json!({ "type": "postcode", "id": one.pc4.to_string() });
        let objects = self.0.iter().map(object).collect();
        let others = postcode::Column::iter().filter(|column| !matches!(column, postcode::Column::Pc4));
        let replacing = OnConflict::column(postcode::Column::Pc4).update_columns(others).to_owned();
        let mut rows = self.0.into_iter().map(|one| postcode_row(one).into_active_model()).peekable();
        while rows.peek().is_some() {
            let some: Vec<_> = rows.by_ref().take(POSTCODES).collect();
            let writing = postcode::Entity::insert_many(some).on_conflict(replacing.clone());
            let writing = async { Ok::<_, StoreError>(writing.exec_without_returning(looking.tx).await?) };
            looking.database.within(writing).await?;
        }
        // Distances, cells and regions of many providers hang on them.
        let changes = vec![Change { kind: ChangeKind::Map, id: String::new(), provider: None }];
        Ok(Written { changes, objects })
    }
}
