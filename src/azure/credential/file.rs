//! Reads small files with a secret, a token or an ID.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::cleaning::{self, trim};

/// The maximum size of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// The maximum size in bytes.
    pub(super) size: u64,
    /// What the file should contain, for the error: "larger than any …".
    pub(super) what: &'static str,
}

/// The limit for secrets and tokens, which are much smaller.
const OF_SECRET: Limit = Limit { size: 64 * 1024, what: "any secret or token" };

/// Reads the text of a file, without a byte order mark and without white space around it. Supports UTF-16, which
/// PowerShell writes.
///
/// # Errors
/// The file is not readable or not text. The error contains its path.
pub fn read(path: &str) -> Result<String, String> {
    let content = read_bytes(path, OF_SECRET)?;
    decode(&content).map_err(|problem| format!("the file {path:?} {problem}"))
}

/// Reads the content of a file.
///
/// # Errors
/// The file is not readable. The error contains its path.
pub(super) fn read_bytes(path: &str, limit: Limit) -> Result<Vec<u8>, String> {
    let path = locate(path);
    bytes(path, limit).map_err(|error| {
        let hint = if path.starts_with('~') { "; write the whole path, because only a shell replaces `~`" } else { "" };
        format!("the file {path:?} cannot be read: {error}{hint}")
    })
}

/// The path. If the file does not exist, spaces and quotation marks around the path are removed.
fn locate(path: &str) -> &str {
    if Path::new(path).exists() { path } else { cleaning::value(path) }
}

/// Reads a regular file. Other files are rejected, because reading a pipe or a device might never end.
fn bytes(path: &str, limit: Limit) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut content = Vec::new();
    let read = File::open(path)?.take(limit.size + 1).read_to_end(&mut content)?;
    if read as u64 > limit.size {
        return Err(io::Error::other(format!("it is larger than {}", limit.what)));
    }
    Ok(content)
}

fn decode(content: &[u8]) -> Result<String, &'static str> {
    let text = match Encoding::of(content) {
        Encoding::Utf8 => String::from_utf8(content.to_vec()).map_err(|_| "is not UTF-8 text; save it as UTF-8")?,
        Encoding::Utf16(unit) => {
            const DAMAGED: &str = "is damaged UTF-16 text; save it as UTF-8";
            let (units, rest) = content.as_chunks();
            if !rest.is_empty() {
                return Err(DAMAGED);
            }
            let units: Vec<u16> = units.iter().map(|bytes| unit(*bytes)).collect();
            String::from_utf16(&units).map_err(|_| DAMAGED)?
        }
    };
    match trim(&text) {
        "" => Err("is empty"),
        text if text.contains('\0') => Err("is not text"),
        text => Ok(text.to_owned()),
    }
}

enum Encoding {
    Utf8,
    /// With the function that reads a code unit.
    Utf16(fn([u8; 2]) -> u16),
}

impl Encoding {
    /// Detects the encoding by the byte order mark. Without a mark, text is UTF-16 if every second byte is zero:
    /// secrets and tokens are ASCII.
    fn of(content: &[u8]) -> Self {
        let has_zeros =
            |first: usize| !content.is_empty() && content.iter().skip(first).step_by(2).all(|byte| *byte == 0);
        match content {
            [0xff, 0xfe, ..] => Self::Utf16(u16::from_le_bytes),
            [0xfe, 0xff, ..] => Self::Utf16(u16::from_be_bytes),
            _ if content.len() > 1 && has_zeros(1) => Self::Utf16(u16::from_le_bytes),
            _ if content.len() > 1 && has_zeros(0) => Self::Utf16(u16::from_be_bytes),
            _ => Self::Utf8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_white_space_and_byte_order_marks() {
        assert_eq!(decode(b"\xef\xbb\xbfs3cret\r\n").as_deref(), Ok("s3cret"));
        assert_eq!(decode("\u{a0}s3cret\u{a0}".as_bytes()).as_deref(), Ok("s3cret"));
        assert_eq!(decode(b" \n"), Err("is empty"));
    }

    #[test]
    fn reads_utf_16_with_and_without_a_byte_order_mark() {
        let bytes = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for text in ["\u{feff}s3cret\r\n", "s3cret\r\n"] {
            assert_eq!(decode(&bytes(text, u16::to_le_bytes)).as_deref(), Ok("s3cret"), "{text:?}");
            assert_eq!(decode(&bytes(text, u16::to_be_bytes)).as_deref(), Ok("s3cret"), "{text:?}");
        }
        assert_eq!(decode(b"\xff\xfe"), Err("is empty"));
    }

    #[test]
    fn reports_content_that_is_not_text() {
        for (content, problem) in [
            (&b"caf\xe9"[..], "save it as UTF-8"),
            (b"\xff\xfes\0x", "damaged UTF-16"),
            (b"\xff\xfe\x00\xd8", "damaged UTF-16"),
            (b"a\0bc\0", "is not text"),
        ] {
            assert!(decode(content).expect_err(problem).contains(problem), "{content:?}");
        }
    }

    #[test]
    fn rejects_large_and_special_files() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("secret"), "s3cret\n").expect("it is writable");
        std::fs::write(path("large"), vec![b'a'; 70_000]).expect("it is writable");

        assert_eq!(read(&path("secret")).as_deref(), Ok("s3cret"));
        assert!(read(&path("large")).expect_err("too large").contains("larger than any secret"));
        assert!(read(&folder.path().display().to_string()).is_err());
        assert!(read("/dev/zero").is_err());
        for spelling in [format!("\"{}\"", path("secret")), format!("{}\r\n", path("secret"))] {
            assert_eq!(read(&spelling).as_deref(), Ok("s3cret"), "{spelling:?}");
        }
        assert!(read("~/secret").expect_err("a shell would replace it").contains("write the whole path"));
    }
}
