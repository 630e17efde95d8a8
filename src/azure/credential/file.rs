//! Small text files with a secret, a token or an ID, as people and pipelines write them.

use std::fs::File;
use std::io::{self, Read};

/// In bytes. No secret and no token comes close to this size.
const LIMIT: u64 = 64 * 1024;

/// The text of a file, without a byte order mark and without white space around it.
///
/// # Errors
/// Says what is wrong with the file. The text of the error follows its path.
pub fn read(path: &str) -> Result<String, String> {
    let content = read_bytes(path)?;
    decode(&content).map_err(|problem| format!("the file {path:?} {problem}"))
}

/// The content of a file of any kind.
///
/// # Errors
/// Says why the file cannot be read. The text contains its path.
pub(super) fn read_bytes(path: &str) -> Result<Vec<u8>, String> {
    bytes(path).map_err(|error| {
        let hint = if is_quoted(path) { "; remove the quotation marks around the path" } else { "" };
        format!("the file {path:?} cannot be read: {error}{hint}")
    })
}

/// Reads a regular file only: reading a pipe or a device might never end.
fn bytes(path: &str) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut content = Vec::new();
    let read = File::open(path)?.take(LIMIT + 1).read_to_end(&mut content)?;
    if read as u64 > LIMIT {
        return Err(io::Error::other("it is larger than any secret or token"));
    }
    Ok(content)
}

fn decode(content: &[u8]) -> Result<String, &'static str> {
    let is_utf16 = content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) || content.contains(&0);
    if is_utf16 {
        return Err("is UTF-16 text, as PowerShell writes it by default; save it as UTF-8");
    }
    let text = std::str::from_utf8(content).map_err(|_| "is not UTF-8 text; save it as UTF-8")?;
    match trim(text) {
        "" => Err("is empty"),
        text => Ok(text.to_owned()),
    }
}

/// The text without white space and byte order marks around it.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

/// Whether the text has quotation marks around it, as `docker --env-file` and some editors leave them.
#[must_use]
pub fn is_quoted(text: &str) -> bool {
    text.len() > 1 && ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_byte_order_marks_are_removed() {
        assert_eq!(decode(b"\xef\xbb\xbfs3cret\r\n").as_deref(), Ok("s3cret"));
        assert_eq!(decode("\u{a0}s3cret\u{a0}".as_bytes()).as_deref(), Ok("s3cret"));
        assert_eq!(decode(b" \n"), Err("is empty"));
    }

    #[test]
    fn other_encodings_are_named() {
        for utf16 in [&b"\xff\xfes\0"[..], b"\xfe\xff\0s", b"s\x003\0"] {
            assert!(decode(utf16).expect_err("UTF-16").contains("save it as UTF-8"));
        }
        assert!(decode(b"caf\xe9").expect_err("Latin-1").contains("save it as UTF-8"));
    }

    #[test]
    fn reads_only_regular_files_of_moderate_size() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("secret"), "s3cret\n").expect("it is writable");
        std::fs::write(path("large"), vec![b'a'; 70_000]).expect("it is writable");

        assert_eq!(read(&path("secret")).as_deref(), Ok("s3cret"));
        assert!(read(&path("large")).expect_err("too large").contains("larger than any secret"));
        assert!(read(&folder.path().display().to_string()).is_err());
        assert!(read("/dev/zero").is_err());
        let quoted = format!("\"{}\"", path("secret"));
        assert!(read(&quoted).expect_err("quoted").ends_with("remove the quotation marks around the path"));
    }
}
