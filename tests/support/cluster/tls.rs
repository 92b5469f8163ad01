//! TLS for a cluster: an authority made for it, and a certificate of `localhost`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tokio::net::TcpSocket;

use super::super::postgres::percent_encode;

/// What the server needs to be told. Files are relative to its data directory.
pub(super) const SETTINGS: [(&str, &str); 4] = [
    ("listen_addresses", "127.0.0.1"),
    ("ssl", "on"),
    ("ssl_cert_file", "../server.pem"),
    ("ssl_key_file", "../server.key"),
];

/// TCP without TLS is refused: a client that forgets it should fail.
const ACCESS: &str = "\
local all all trust
local replication all trust
hostssl all all 127.0.0.1/32 trust
";

/// What a client of the server needs.
pub(crate) struct Tls {
    /// The TCP port, on 127.0.0.1.
    pub(crate) port: u16,
    /// The certificate of the authority that has signed the server's, in PEM.
    pub(crate) authority: PathBuf,
    /// The certificate of another authority of the same name.
    pub(crate) stranger: PathBuf,
    /// Holds the port while the server does not, without listening on it.
    _port: TcpSocket,
}

impl Tls {
    /// Finds a port and writes the files into the directory of a cluster.
    pub(super) fn prepare(directory: &Path) -> io::Result<Self> {
        // The server sets SO_REUSEADDR too, so it may listen on a port that is bound and no more.
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;

        let authority = authority();
        let key = KeyPair::generate().expect("a key");
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names).expect("valid names");
        let certificate = certificate.signed_by(&key, &authority).expect("a certificate");

        write(directory, "server.key", &key.serialize_pem())?;
        write(directory, "server.pem", &certificate.pem())?;
        // Overwritten and not replaced: it has to stay a file of the server's user.
        fs::write(directory.join("data/pg_hba.conf"), ACCESS)?;
        Ok(Self {
            port: socket.local_addr()?.port(),
            authority: write(directory, "authority.pem", &authority.pem())?,
            stranger: write(directory, "stranger.pem", &self::authority().pem())?,
            _port: socket,
        })
    }

    /// The URL of a database under the name `host`, verified in full against an authority's
    /// certificate.
    pub(crate) fn url(&self, host: &str, database: &str, authority: &Path) -> String {
        let authority = percent_encode(authority);
        let port = self.port;
        format!("postgres://postgres@{host}:{port}/{database}?sslmode=verify-full&sslrootcert={authority}")
    }
}

/// An authority, with a key of its own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "authority of a test");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate")
}

/// Writes a file as the server wants a key to be: nobody else's, in a directory of the same owner.
fn write(directory: &Path, name: &str, content: &str) -> io::Result<PathBuf> {
    let path = directory.join(name);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?.write_all(content.as_bytes())?;
    let owner = directory.metadata()?;
    chown(&path, Some(owner.uid()), Some(owner.gid()))?;
    Ok(path)
}
