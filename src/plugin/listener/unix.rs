//! A Unix socket that only its owner can access. Dropping it removes its files.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use super::ListenError;

/// `sun_path` holds 104 bytes on macOS and 108 on Linux, including the terminating zero.
const MAX_PATH_LENGTH: usize = 103;

/// The directory for temporary files if `TMPDIR` is not usable.
const DEFAULT: &str = "/tmp";

/// A listening socket with mode 0600, in its own directory with mode 0700.
#[derive(Debug)]
pub(crate) struct PrivateSocket {
    listener: UnixListener,
    path: String,
    // Must be dropped after the listener.
    _files: SocketFiles,
}

/// Removes the socket and then its private directory when dropped.
#[derive(Debug)]
struct SocketFiles {
    socket: PathBuf,
    private_directory: PathBuf,
}

impl PrivateSocket {
    /// Listens in a new private directory below `directory` or the directory for temporary files. `group` may connect
    /// too.
    pub(crate) fn bind(directory: Option<&Path>, group: Option<&str>) -> Result<Self, ListenError> {
        let group = group.map(group_id).transpose()?;
        match directory {
            Some(directory) => Self::bind_below(&[directory], group),
            None => Self::bind_below(&[&std::env::temp_dir(), Path::new(DEFAULT)], group),
        }
    }

    /// Listens in a new private directory below the first usable directory of `parents`.
    fn bind_below(parents: &[&Path], group: Option<u32>) -> Result<Self, ListenError> {
        let directory = parents.last().copied().unwrap_or_else(|| Path::new(DEFAULT)).to_owned();
        let mut failed = ListenError::UnixSocket { directory, source: io::ErrorKind::InvalidFilename.into() };
        // A relative path would be in the user's module.
        for parent in parents.iter().filter(|parent| parent.is_absolute() && fits_a_socket(parent)) {
            match in_private_directory(parent, group) {
                Ok(socket) => return Ok(socket),
                Err(source) => failed = ListenError::UnixSocket { directory: (*parent).to_owned(), source },
            }
        }
        Err(failed)
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        Ok(self.listener.accept().await?.0)
    }
}

impl Drop for SocketFiles {
    fn drop(&mut self) {
        // The files may already be deleted.
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_dir(&self.private_directory);
    }
}

/// Whether the path of a socket in a directory below `parent` fits a socket address and the handshake line.
fn fits_a_socket(parent: &Path) -> bool {
    let path = parent.join(unique_name()).join("socket");
    path.to_str().is_some_and(|text| text.len() <= MAX_PATH_LENGTH && !text.contains(['|', '\n', '\r']))
}

fn in_private_directory(parent: &Path, group: Option<u32>) -> io::Result<PrivateSocket> {
    loop {
        let directory = parent.join(unique_name());
        // `create` fails if the name exists, so another user cannot have created the directory.
        match DirBuilder::new().mode(0o700).create(&directory) {
            Ok(()) => return listen(directory.join("socket"), directory, group),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn listen(socket: PathBuf, private_directory: PathBuf, group: Option<u32>) -> io::Result<PrivateSocket> {
    // From here on, every error path removes the files.
    let files = SocketFiles { socket, private_directory };
    let path = files.socket.to_str().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
    let listener = UnixListener::bind(&files.socket)?;
    let mode = if group.is_some() { 0o660 } else { 0o600 };
    fs::set_permissions(&files.socket, Permissions::from_mode(mode))?;
    if let Some(group) = group {
        chown(&files.socket, None, Some(group))?;
        chown(&files.private_directory, None, Some(group))?;
        // Last, because before this call no other user can access the socket.
        fs::set_permissions(&files.private_directory, Permissions::from_mode(0o710))?;
    }
    Ok(PrivateSocket { listener, path, _files: files })
}

fn unique_name() -> String {
    format!("plugin-{:016x}", fastrand::u64(..))
}

/// The ID of a group, given by ID or by name.
fn group_id(group: &str) -> Result<u32, ListenError> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let database = fs::read_to_string("/etc/group").unwrap_or_default();
    find_group(&database, group).ok_or_else(|| ListenError::UnknownGroup { group: group.to_owned() })
}

/// Finds a group in the text of `/etc/group`: `name:password:id:members`.
fn find_group(database: &str, name: &str) -> Option<u32> {
    database.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? == name { fields.nth(1)?.parse().ok() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: impl AsRef<Path>) -> u32 {
        fs::metadata(path).expect("it exists").permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn only_the_owner_can_access_the_socket() {
        let socket = PrivateSocket::bind(None, None).expect("the temporary directory is writable");
        let path = Path::new(socket.path());
        assert_eq!(mode(path), 0o600);
        assert_eq!(mode(path.parent().expect("it is in a directory")), 0o700);
    }

    #[tokio::test]
    async fn removes_the_private_directory() {
        let socket = PrivateSocket::bind(None, None).expect("the temporary directory is writable");
        let directory = Path::new(socket.path()).parent().expect("it is in a directory").to_owned();
        drop(socket);
        assert!(!directory.exists());
    }

    #[tokio::test]
    async fn uses_the_default_if_tmpdir_is_not_usable() {
        let default = tempfile::tempdir().expect("a temporary directory");
        for tmpdir in ["", "relative", "./relative", "/nonexistent/tmp", "/proc"] {
            let socket = PrivateSocket::bind_below(&[Path::new(tmpdir), default.path()], None).expect("the default");

            assert!(socket.path().starts_with(&*default.path().to_string_lossy()), "{tmpdir:?}: {}", socket.path());
        }
    }

    #[tokio::test]
    async fn uses_and_keeps_a_given_directory() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let socket = PrivateSocket::bind(Some(directory.path()), None).expect("it is writable");
        let private = Path::new(socket.path()).parent().expect("it is in a directory");
        assert_eq!((private.parent(), mode(private)), (Some(directory.path()), 0o700));
        drop(socket);
        assert_eq!(fs::read_dir(directory.path()).expect("it is still there").count(), 0);
    }

    #[tokio::test]
    async fn grants_access_to_a_group() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let own = std::os::unix::fs::MetadataExt::gid(&fs::metadata(directory.path()).expect("it exists"));
        let socket = PrivateSocket::bind(Some(directory.path()), Some(&own.to_string())).expect("the user's own group");
        let private = Path::new(socket.path()).parent().expect("it is in a directory");
        assert_eq!((mode(private), mode(socket.path())), (0o710, 0o660));
    }

    #[test]
    fn rejects_paths_that_are_too_long_for_a_socket() {
        assert!(fits_a_socket(Path::new("/tmp")));
        assert!(!fits_a_socket(Path::new(&format!("/{}", "long/".repeat(30)))));
        assert!(!fits_a_socket(Path::new("/tmp/a|b")), "the handshake line is split on it");
    }

    #[test]
    fn finds_groups_by_name() {
        let database = "root:x:0:\ndevelopers:x:1001:ann,bob\n";
        assert_eq!(find_group(database, "developers"), Some(1001));
        assert_eq!(find_group(database, "dev"), None);
    }
}
