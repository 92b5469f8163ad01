//! Copying an `SQLite` database while it is in use.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait, Statement};

use super::Database;
use crate::{
    private,
    store::{blocking, error::StoreError},
};

impl Database {
    /// Copies the database, as of one moment, to a new file that nobody else can read; it is on the disk when this
    /// returns. Writers go on in the meantime. Written beside and moved, so that it is there whole or not at all.
    ///
    /// # Errors
    /// When the file is there already or cannot be made, or the database is not of `SQLite`.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let partial = beside(file, ".partial");
        // Whoever makes it has the name to itself. It is never open to others; SQLite takes an empty file.
        private::new_file(&partial).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => StoreError::Start(format!(
                "{} is there: another backup is under way, or was killed; in that case remove it",
                partial.display()
            )),
            _ => unusable(&error),
        })?;
        let copied = self.copy(&partial, file).await;
        if copied.is_err() {
            // SQLite leaves its journal when it could not write.
            for left in [beside(&partial, "-journal"), partial] {
                let _ = fs::remove_file(left);
            }
        }
        copied
    }

    /// Fills `partial` and calls it `file`.
    async fn copy(&self, partial: &Path, file: &Path) -> Result<(), StoreError> {
        if file.try_exists().map_err(|error| unusable(&error))? {
            return Err(StoreError::Start("the file is there already".into()));
        }
        let text = partial.to_str().ok_or_else(|| StoreError::Start("the name of the file is no text".into()))?;
        let connection = self.connection();
        let copy = Statement::from_sql_and_values(connection.get_database_backend(), "vacuum into ?", [text.into()]);
        connection.execute_raw(copy).await?;
        let (partial, file) = (partial.to_owned(), file.to_owned());
        let keep = move || {
            File::open(&partial)?.sync_all()?;
            fs::rename(&partial, &file)?;
            match file.parent() {
                Some(parent) if parent != Path::new("") => private::sync_dir(parent),
                _ => private::sync_dir(Path::new(".")),
            }
        };
        blocking(keep).await?.map_err(|error| unusable(&error))
    }
}

/// A file whose name goes on.
fn beside(file: &Path, more: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(more);
    name.into()
}

fn unusable(error: &io::Error) -> StoreError {
    StoreError::Start(error.to_string())
}
