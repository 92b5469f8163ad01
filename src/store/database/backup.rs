//! Copying an `SQLite` database while it is in use.

use std::{fs::File, io, path::Path};

use sea_orm::{ConnectionTrait, Statement};

use super::Database;
use crate::{
    private,
    store::{blocking, error::StoreError},
};

impl Database {
    /// Copies the database, as of one moment, to a new file that nobody else can read; it is on the disk when this
    /// returns. Writers go on in the meantime.
    ///
    /// # Errors
    /// When the file is there already or cannot be made, or the database is not of `SQLite`.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let text = file.to_str().ok_or_else(|| StoreError::Start("the name of the file is no text".into()))?;
        let unusable = |error: io::Error| StoreError::Start(error.to_string());
        if file.try_exists().map_err(unusable)? {
            return Err(StoreError::Start("the file is there already".into()));
        }
        // Made before it is filled, so that it is never open to others; SQLite takes an empty file.
        private::create_file(file, b"").map_err(unusable)?;
        let connection = self.connection();
        let copy = Statement::from_sql_and_values(connection.get_database_backend(), "vacuum into ?", [text.into()]);
        connection.execute_raw(copy).await?;
        let file = file.to_owned();
        blocking(move || File::open(file)?.sync_all()).await?.map_err(unusable)
    }
}
