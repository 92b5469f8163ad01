//! Files for this user only.

pub(crate) use imp::*;

#[cfg(unix)]
mod imp {
    use std::{
        fs,
        io::{self, Write},
        os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
        path::Path,
    };

    /// Makes a directory, with those above it, that others cannot look into; one that is there stays as it is.
    pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Makes a file that others cannot read; the content is on the disk when this returns. Written beside and moved, so
    /// that it is there whole or not at all.
    pub(crate) fn create_file(path: &Path, content: &[u8]) -> io::Result<()> {
        let beside = path.with_extension("new");
        let mut file = new_file(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(beside, path)
    }

    /// Makes an empty file that others cannot read; it must not be there yet.
    pub(crate) fn new_file(path: &Path) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
    }

    /// Waits until the names in a directory are on the disk: a file that was moved could have its old name after a power
    /// cut.
    pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
        fs::File::open(path)?.sync_all()
    }

    /// Whether others can read a file.
    pub(crate) fn is_exposed(path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.mode() & 0o077 != 0)
    }
}

/// Elsewhere the data directory's own permissions decide.
#[cfg(not(unix))]
mod imp {
    use std::{
        fs,
        io::{self, Write},
        path::Path,
    };

    pub(crate) fn create_dir(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    pub(crate) fn create_file(path: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = new_file(path)?;
        file.write_all(content)?;
        file.sync_all()
    }

    pub(crate) fn new_file(path: &Path) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).create_new(true).open(path)
    }

    pub(crate) fn sync_dir(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn is_exposed(_: &Path) -> io::Result<bool> {
        Ok(false)
    }
}
