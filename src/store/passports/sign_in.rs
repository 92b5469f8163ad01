//! From passport to token: activating a passport, going on with a session, ending it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{passport, passport_activation, session};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    super::{
        Store, View, blocking,
        error::StoreError,
        write::{Author, Done, Request, Write, WriteError},
    },
    record::{by_number, object},
    standing::changed,
};
use crate::store::rows::FromRow;
use crate::{
    auth::{Denied, Scope},
    care::{
        id::{PassportId, SessionId},
        passport::{Passport, PassportStatus},
    },
    secret,
};

/// How often a code may be tried (the five tries).
const TRIES: i32 = 5;
/// How long a session lives without being used.
const SESSION_DAYS: i64 = 60;

/// Somebody who has just signed in, or goes on.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub passport: PassportId,
    /// What gets the next access token, once.
    pub refresh_token: String,
    /// Until when, if it is not used.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignedIn(..)")
    }
}

/// A device on which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The client program, as it calls itself.
    pub client: Option<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was used last.
    pub used_at: DateTime<Utc>,
    /// Until when, if it is not used.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Signs somebody in who has the number of a passport and its code; none: the two do not belong together, or the code
    /// was used, has expired, or was tried too often. All of these take as long, and leave a record.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn activate(
        &self,
        request: Request<'_>,
        number: &str,
        code: &str,
    ) -> Result<Option<SignedIn>, StoreError> {
        let now = request.view.now();
        // Each try counts before it is looked at, so that many at once are not more than five.
        let tried = self.database.within(self.try_code(number, now)).await?;
        let (hash, code) = (tried.as_ref().map(|(_, hash)| hash.clone()), secret::as_made(code));
        let right = blocking(move || secret::is_of(&code, hash.as_deref())).await?;
        let attempt = Activate { tried, right, client: request.access.client.clone() };
        signed(self.write(request, &attempt).await)
    }

    async fn try_code(&self, number: &str, now: DateTime<Utc>) -> Result<Option<(PassportId, String)>, StoreError> {
        use passport_activation::Column;
        let tx = self.database.begin().await?;
        let of_number = passport::Entity::find()
            .select_only()
            .column(passport::Column::Id)
            .filter(passport::Column::Number.eq(number))
            .filter(passport::Column::RevokedAt.is_null())
            .into_query();
        let counted = passport_activation::Entity::update_many()
            .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
            .filter(Column::PassportId.in_subquery(of_number))
            .filter(Column::Tries.lt(TRIES))
            .filter(Column::UsedAt.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .exec(&tx)
            .await?;
        let row = by_number(&tx, number).await?;
        let found = match row.filter(|_| counted.rows_affected > 0) {
            Some(row) => passport_activation::Entity::find_by_id(row.id).one(&tx).await?,
            None => None,
        };
        tx.commit().await?;
        Ok(found.map(|row| (row.passport_id, row.code_hash)))
    }

    /// Goes on with a session; none: the token is not good. One that was used before ends the session: somebody else has
    /// it too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh(&self, request: Request<'_>, token: &str) -> Result<Option<SignedIn>, StoreError> {
        let Some((id, secret)) = token.split_once('.') else { return Ok(None) };
        let Ok(id) = Uuid::try_parse(id) else { return Ok(None) };
        let refresh = Refresh { session: SessionId(id), digest: secret::digest(secret) };
        signed(self.write(request, &refresh).await)
    }

    /// Ends a session of the requester; none given: the one of the token that was sent. Ending one that has ended, or is of
    /// somebody else, changes nothing.
    ///
    /// # Errors
    /// When the requester has no sessions, or the database does not answer.
    pub async fn sign_out(
        &self,
        request: Request<'_>,
        session: Option<SessionId>,
    ) -> Result<Option<SessionId>, WriteError<()>> {
        let (passport, own) = request.view.scope().sessions()?;
        let Some(session) = session.or(own) else { return Ok(None) };
        self.write(request, &SignOut { passport, session }).await.map(|()| Some(session))
    }

    /// The sessions of the requester that have not ended, the one used last first.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester has none by its role; `Err(_)` when the database does not answer.
    pub async fn sessions(&self, view: &View) -> Result<Result<Vec<Session>, Denied>, StoreError> {
        let passport = match view.scope().sessions() {
            Ok((passport, _)) => passport,
            Err(denied) => return Ok(Err(denied)),
        };
        let read = async {
            let rows = session::Entity::find()
                .filter(session::Column::PassportId.eq(passport))
                .filter(session::Column::EndedAt.is_null())
                .filter(session::Column::ExpiresAt.gt(view.now()))
                .order_by_desc(session::Column::UsedAt)
                .order_by_desc(session::Column::Id)
                .all(&*self.database.connection())
                .await?;
            Ok::<_, StoreError>(rows)
        };
        let session = |row: session::Model| Session {
            id: row.id,
            client: row.client,
            created_at: row.created_at,
            used_at: row.used_at,
            expires_at: row.expires_at,
        };
        Ok(Ok(self.database.within(read).await?.into_iter().map(session).collect()))
    }
}

fn signed(written: Result<Option<SignedIn>, WriteError<()>>) -> Result<Option<SignedIn>, StoreError> {
    match written {
        Ok(signed) => Ok(signed),
        Err(WriteError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// A new secret for a session: what the client gets, and what is kept of it.
fn refresh_token(session: SessionId) -> Result<(String, String), StoreError> {
    let secret = secret::token().map_err(|_| StoreError::Corrupt("the system gives no random numbers".into()))?;
    let digest = secret::digest(&secret);
    Ok((format!("{}.{secret}", session.0.simple()), digest))
}

#[derive(Serialize)]
struct Activate {
    tried: Option<(PassportId, String)>,
    right: bool,
    client: Option<String>,
}

impl Write for Activate {
    const NAME: &'static str = "activatePassport";
    type Answer = Option<SignedIn>;
    type Refusal = ();

    /// Anybody may try.
    fn may(_: &Scope) -> Result<(), Denied> {
        Ok(())
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Self::Answer>, WriteError<()>> {
        use passport_activation::Column;
        let objects = self.tried.iter().map(|(id, _)| object(*id)).collect();
        let Some((passport, hash)) = self.tried.as_ref().filter(|_| self.right) else {
            return Ok(Done::login(None, objects, Some("wrong code")));
        };
        // Once, whoever else has typed it at the same moment.
        let used = passport_activation::Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(by.now))
            .filter(Column::PassportId.eq(*passport))
            .filter(Column::CodeHash.eq(hash))
            .filter(Column::UsedAt.is_null())
            .exec(tx)
            .await?;
        let row = passport::Entity::find_by_id(*passport).one(tx).await?.map(Passport::from_row);
        let over = row.is_none_or(|row| row.revoked_at.is_some() || row.has_passed(by.now));
        if used.rows_affected == 0 || over {
            return Ok(Done::login(None, objects, Some("passport ended")));
        }
        let session = SessionId(Uuid::now_v7());
        let (token, refresh_hash) = refresh_token(session)?;
        let expires_at = by.now + TimeDelta::days(SESSION_DAYS);
        let row = session::Model {
            id: session,
            passport_id: *passport,
            refresh_hash,
            client: self.client.clone(),
            created_at: by.now,
            used_at: by.now,
            expires_at,
            ended_at: None,
        };
        session::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        let signed = SignedIn { session, passport: *passport, refresh_token: token, expires_at };
        Ok(Done::login(Some(signed), objects, None))
    }
}

#[derive(Serialize)]
struct Refresh {
    session: SessionId,
    digest: String,
}

impl Write for Refresh {
    const NAME: &'static str = "refreshToken";
    type Answer = Option<SignedIn>;
    type Refusal = ();

    /// Anybody may try.
    fn may(_: &Scope) -> Result<(), Denied> {
        Ok(())
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Self::Answer>, WriteError<()>> {
        use session::Column;
        let (token, refresh_hash) = refresh_token(self.session)?;
        let expires_at = by.now + TimeDelta::days(SESSION_DAYS);
        let goes_on = |update: sea_orm::UpdateMany<session::Entity>| {
            update.filter(Column::Id.eq(self.session)).filter(Column::EndedAt.is_null())
        };
        let rotated = goes_on(session::Entity::update_many())
            .col_expr(Column::RefreshHash, Expr::value(refresh_hash))
            .col_expr(Column::UsedAt, Expr::value(by.now))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .filter(Column::RefreshHash.eq(&self.digest))
            .filter(Column::ExpiresAt.gt(by.now))
            .exec(tx)
            .await?;
        let ends = goes_on(session::Entity::update_many()).col_expr(Column::EndedAt, Expr::value(by.now));
        if rotated.rows_affected == 0 {
            if ends.exec(tx).await?.rows_affected == 0 {
                return Ok(Done::login(None, Vec::new(), Some("unknown token")));
            }
            let row = session::Entity::find_by_id(self.session).one(tx).await?;
            let changes = row.iter().map(|row| changed(row.passport_id)).collect();
            return Ok(Done { changes, ..Done::login(None, Vec::new(), Some("used again")) });
        }
        let Some(row) = session::Entity::find_by_id(self.session).one(tx).await? else {
            return Ok(Done::login(None, Vec::new(), Some("unknown token")));
        };
        let objects = vec![object(row.passport_id)];
        let found = passport::Entity::find_by_id(row.passport_id).one(tx).await?.map(Passport::from_row);
        if found
            .is_none_or(|passport| passport.status(by.now) == PassportStatus::Revoked || passport.has_passed(by.now))
        {
            ends.exec(tx).await?;
            let changes = vec![changed(row.passport_id)];
            return Ok(Done { changes, ..Done::login(None, objects, Some("passport ended")) });
        }
        let signed = SignedIn { session: self.session, passport: row.passport_id, refresh_token: token, expires_at };
        Ok(Done::login(Some(signed), objects, None))
    }
}

#[derive(Serialize)]
struct SignOut {
    passport: PassportId,
    session: SessionId,
}

impl Write for SignOut {
    const NAME: &'static str = "signOut";
    type Answer = ();
    type Refusal = ();

    /// Anybody may try.
    fn may(_: &Scope) -> Result<(), Denied> {
        Ok(())
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<()>, WriteError<()>> {
        session::Entity::update_many()
            .col_expr(session::Column::EndedAt, Expr::value(by.now))
            .filter(session::Column::Id.eq(self.session))
            .filter(session::Column::PassportId.eq(self.passport))
            .filter(session::Column::EndedAt.is_null())
            .exec(tx)
            .await?;
        let changes = vec![changed(self.passport)];
        Ok(Done { changes, ..Done::updated((), vec![object(self.passport)]) })
    }
}
