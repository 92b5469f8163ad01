//! Proving the trail: every record is as it was written, none is missing, and the end is where it should be.

use entity::{audit_anchor, audit_event, audit_head};
use futures::TryStreamExt;
use sea_orm::{EntityTrait, QueryOrder};
use thiserror::Error;

use super::{
    super::{Database, error::StoreError, load},
    chain::{NOTHING, chained},
};

/// How many faults are told; more do not tell more.
const MOST_FAULTS: usize = 20;

/// What is wrong with a trail.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// A record is not as it was written.
    #[error("record {seq} was changed")]
    Changed {
        /// Which.
        seq: i64,
    },
    /// Records are missing.
    #[error("records {from} to {to} are missing")]
    Gap {
        /// The first that is missing.
        from: i64,
        /// The last that is missing.
        to: i64,
    },
    /// A record does not follow on the one before it.
    #[error("record {seq} does not follow on the one before it")]
    Broken {
        /// Which.
        seq: i64,
    },
    /// The head says that there were more, or others.
    #[error("the trail ends at record {last}, and its head at {head}")]
    Head {
        /// The number of the last record.
        last: i64,
        /// The number that the head says.
        head: i64,
    },
    /// A head that was kept elsewhere says that there were more, or others.
    #[error("record {seq} is not the one that the signed head of {seq} says: the trail was cut or written anew")]
    SignedHead {
        /// The number that the signed head says.
        seq: i64,
    },
}

/// What came of looking at a trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many records there are.
    pub records: u64,
    /// The number after which they begin: 0, or where older ones were removed after their retention.
    pub begins_after: i64,
    /// The number and the hash of the last record.
    pub last: (i64, String),
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl Database {
    /// The head of the trail: the number and the hash of the last record.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn trail_head(&self) -> Result<(i64, String), StoreError> {
        let connection = self.connection();
        let head = audit_head::Entity::find_by_id(1).one(&*connection);
        let head = self.within(async { Ok::<_, StoreError>(head.await?) }).await?;
        let head = head.ok_or_else(|| StoreError::Corrupt("the audit trail has no head".into()))?;
        Ok((head.seq, head.hash))
    }

    /// Looks at every record of the trail, as of one moment. `signed` is a head that was kept elsewhere, since whoever can
    /// write the database can cut the end off and put the head right; `progress` hears how many were looked at.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify_trail(
        &self,
        signed: Option<(i64, String)>,
        mut progress: impl FnMut(u64),
    ) -> Result<Verdict, StoreError> {
        let tx = load::begin(&self.loading_connection().await?).await?;
        let anchor = audit_anchor::Entity::find_by_id(1).one(&tx).await?;
        let (mut seq, mut hash) = anchor.map_or((0, NOTHING.to_owned()), |anchor| (anchor.seq, anchor.hash));
        let mut verdict = Verdict { begins_after: seq, ..Verdict::default() };
        let mut signed_is_met = signed.as_ref().is_none_or(|(at, _)| *at <= seq);
        {
            let mut rows = audit_event::Entity::find().order_by_asc(audit_event::Column::Seq).stream(&tx).await?;
            while let Some(row) = rows.try_next().await? {
                if row.seq != seq + 1 {
                    verdict.add(Fault::Gap { from: seq + 1, to: row.seq - 1 });
                } else if row.prev_hash != hash {
                    verdict.add(Fault::Broken { seq: row.seq });
                }
                if chained(&row.prev_hash, &row) != row.hash {
                    verdict.add(Fault::Changed { seq: row.seq });
                }
                signed_is_met |= signed.as_ref().is_some_and(|(at, says)| *at == row.seq && *says == row.hash);
                (seq, hash) = (row.seq, row.hash);
                verdict.records += 1;
                if verdict.records.is_multiple_of(1_000) {
                    progress(verdict.records);
                }
            }
        }
        let head = audit_head::Entity::find_by_id(1).one(&tx).await?;
        let head = head.ok_or_else(|| StoreError::Corrupt("the audit trail has no head".into()))?;
        if (head.seq, &head.hash) != (seq, &hash) {
            verdict.add(Fault::Head { last: seq, head: head.seq });
        }
        if let Some((at, _)) = signed.filter(|_| !signed_is_met) {
            verdict.add(Fault::SignedHead { seq: at });
        }
        tx.commit().await?;
        verdict.last = (seq, hash);
        progress(verdict.records);
        Ok(verdict)
    }
}

impl Verdict {
    fn add(&mut self, fault: Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}
