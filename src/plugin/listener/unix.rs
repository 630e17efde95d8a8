//! A unix socket that only its owner can reach, gone from the file system when it is dropped.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use super::ListenError;

/// `sun_path` holds 104 bytes on macOS and 108 on Linux, one of them the terminating zero.
const LONGEST_PATH: usize = 103;

/// A listening socket with mode 0600, by default in a folder of its own with mode 0700.
#[derive(Debug)]
pub(crate) struct PrivateSocket {
    listener: UnixListener,
    path: String,
    // Dropped last: it takes the socket away, then the folder.
    _entry: FileSystemEntry,
}

/// What has to be removed again.
#[derive(Debug)]
struct FileSystemEntry {
    socket: PathBuf,
    private_directory: Option<PathBuf>,
}

impl PrivateSocket {
    /// Listens in `directory` if one is asked for, else in a new private folder; opened to `group` if one is named.
    pub(crate) fn bind(directory: Option<&Path>, group: Option<&str>) -> Result<Self, ListenError> {
        let group = group.map(group_id).transpose()?;
        if let Some(directory) = directory {
            return listen(directory.join(unique_name()), None, group)
                .map_err(|source| ListenError::Socket { directory: directory.to_owned(), source });
        }
        let temporary = std::env::temp_dir();
        let parent = if is_usable(&temporary) { &temporary } else { Path::new("/tmp") };
        in_private_directory(parent, group)
            .map_err(|source| ListenError::Socket { directory: parent.to_owned(), source })
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        Ok(self.listener.accept().await?.0)
    }
}

impl Drop for FileSystemEntry {
    fn drop(&mut self) {
        // Whoever removed them already did our work.
        let _ = fs::remove_file(&self.socket);
        if let Some(directory) = &self.private_directory {
            let _ = fs::remove_dir(directory);
        }
    }
}

/// Whether a socket's path below this folder fits a socket address and the handshake line.
fn is_usable(parent: &Path) -> bool {
    let path = parent.join(unique_name()).join("socket");
    path.to_str().is_some_and(|text| text.len() <= LONGEST_PATH && !text.contains(['|', '\n', '\r']))
}

fn in_private_directory(parent: &Path, group: Option<u32>) -> io::Result<PrivateSocket> {
    loop {
        let directory = parent.join(unique_name());
        // Fails if the name exists, so nobody can have put it there for us.
        match DirBuilder::new().mode(0o700).create(&directory) {
            Ok(()) => return listen(directory.join("socket"), Some(directory), group),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn listen(socket: PathBuf, private_directory: Option<PathBuf>, group: Option<u32>) -> io::Result<PrivateSocket> {
    // From here on every error path removes what was made.
    let entry = FileSystemEntry { socket, private_directory };
    let path = entry.socket.to_str().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
    let listener = UnixListener::bind(&entry.socket)?;
    if let Some(group) = group {
        chown(&entry.socket, None, Some(group))?;
        if let Some(directory) = &entry.private_directory {
            chown(directory, None, Some(group))?;
            fs::set_permissions(directory, Permissions::from_mode(0o710))?;
        }
    }
    let mode = if group.is_some() { 0o660 } else { 0o600 };
    fs::set_permissions(&entry.socket, Permissions::from_mode(mode))?;
    Ok(PrivateSocket { listener, path, _entry: entry })
}

fn unique_name() -> String {
    format!("plugin-{:016x}", fastrand::u64(..))
}

/// A group's number, given as such or by its name.
fn group_id(group: &str) -> Result<u32, ListenError> {
    if let Ok(number) = group.parse() {
        return Ok(number);
    }
    let database = fs::read_to_string("/etc/group").unwrap_or_default();
    find_group(&database, group).ok_or_else(|| ListenError::UnknownGroup { group: group.to_owned() })
}

/// Looks a name up in the text of `/etc/group`: `name:password:number:members`.
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
    async fn only_the_owner_can_reach_the_socket() {
        let socket = PrivateSocket::bind(None, None).expect("the temporary folder is writable");
        let path = Path::new(socket.path());
        assert_eq!(mode(path), 0o600);
        assert_eq!(mode(path.parent().expect("it is in a folder")), 0o700);
    }

    #[tokio::test]
    async fn nothing_stays_behind() {
        let socket = PrivateSocket::bind(None, None).expect("the temporary folder is writable");
        let directory = Path::new(socket.path()).parent().expect("it is in a folder").to_owned();
        drop(socket);
        assert!(!directory.exists());
    }

    #[tokio::test]
    async fn a_folder_that_was_asked_for_is_used_and_kept() {
        let asked = tempfile::tempdir().expect("a temporary folder");
        let socket = PrivateSocket::bind(Some(asked.path()), None).expect("it is writable");
        assert_eq!(Path::new(socket.path()).parent(), Some(asked.path()));
        drop(socket);
        assert_eq!(fs::read_dir(asked.path()).expect("it is still there").count(), 0);
    }

    #[tokio::test]
    async fn a_group_is_let_in() {
        let asked = tempfile::tempdir().expect("a temporary folder");
        let own = std::os::unix::fs::MetadataExt::gid(&fs::metadata(asked.path()).expect("it exists"));
        let socket = PrivateSocket::bind(Some(asked.path()), Some(&own.to_string())).expect("our own group");
        assert_eq!(mode(socket.path()), 0o660);
    }

    #[test]
    fn a_long_or_odd_temporary_folder_is_not_usable() {
        assert!(is_usable(Path::new("/tmp")));
        assert!(!is_usable(Path::new(&format!("/{}", "long/".repeat(30)))));
        assert!(!is_usable(Path::new("/tmp/a|b")), "the handshake line is split on it");
    }

    #[test]
    fn groups_are_found_by_name() {
        let database = "root:x:0:\ndevelopers:x:1001:ann,bob\n";
        assert_eq!(find_group(database, "developers"), Some(1001));
        assert_eq!(find_group(database, "dev"), None);
    }
}
