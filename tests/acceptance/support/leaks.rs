//! Searches the output and the files of a run for secrets, in every encoding.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use flate2::read::DeflateDecoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The minimum length of a searched line, in bytes. Shorter lines also occur by chance.
const MIN_LINE_LENGTH: usize = 12;

/// The encodings of a secret: plain, each of its lines, in JSON, in a URL, and in base64 at each of the three possible
/// offsets in a longer text.
pub(crate) fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let url = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let form = ["-", "_", ".", "~"]
        .iter()
        .fold(url.clone(), |url, plain| url.replace(&format!("%{:02X}", plain.as_bytes()[0]), plain));
    let lower_hex = |text: &str| {
        let digits = regex::Regex::new("%[0-9A-F]{2}").expect("a pattern");
        digits.replace_all(text, |found: &regex::Captures<'_>| found[0].to_lowercase()).into_owned()
    };
    let mut all =
        vec![secret.to_owned(), json[1..json.len() - 1].to_owned(), lower_hex(&url), lower_hex(&form), url, form];
    all.extend(secret.lines().map(str::trim).filter(|line| line.len() >= MIN_LINE_LENGTH).map(str::to_owned));
    for offset in 0..3 {
        let shifted = [&vec![0; offset], secret.as_bytes()].concat();
        // Omit the characters that also depend on the adjacent bytes.
        let (first, last) = ((offset * 8).div_ceil(6), shifted.len() * 8 / 6);
        all.extend(
            [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)]
                .map(|text| text[first..last].to_owned()),
        );
    }
    all
}

/// Asserts that `content` contains no secret in any encoding. Never prints the secret.
#[track_caller]
pub(crate) fn assert_free_of(secrets: &[(&str, String)], place: &str, content: &[u8]) {
    for (name, secret) in secrets {
        for (number, spelling) in spellings(secret).iter().enumerate() {
            let found = memchr::memmem::find(content, spelling.as_bytes());
            assert!(found.is_none(), "{place} has {name}, in the spelling number {number}, at {found:?}");
        }
    }
}

/// The files below a folder and their contents, including the files in archives such as plan files.
pub(crate) fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().expect("it has a type"));
        if kind.is_dir() {
            found.extend(files_below(&path));
        } else if kind.is_file() {
            let content = fs::read(&path).expect("the file can be read");
            found.extend(unpacked(&content).into_iter().map(|(name, content)| (path.join(name), content)));
            found.push((path, content));
        }
    }
    found
}

/// The files in a zip archive. Empty if the content is not a zip archive.
fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, bytes: usize| {
        archive[at..at + bytes].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let entries = memchr::memmem::find_iter(archive, b"PK\x01\x02").filter(|_| archive.starts_with(b"PK\x03\x04"));
    entries
        .map(|entry| {
            let (method, size, name_length, local) =
                (number(entry + 10, 2), number(entry + 20, 4), number(entry + 28, 2), number(entry + 42, 4));
            let name = String::from_utf8_lossy(&archive[entry + 46..entry + 46 + name_length]).into_owned();
            let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let packed = &archive[start..start + size];
            let mut content = Vec::new();
            match method {
                0 => content.extend_from_slice(packed),
                _ => drop(DeflateDecoder::new(packed).read_to_end(&mut content).expect("a complete archive")),
            }
            (name, content)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_secret_in_every_encoding() {
        let secret = "Top+secret/value\nof \"two\" lines";
        for before in ["", "a", "ab", "abc"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}{secret} and more"));
            let found = spellings(secret).iter().any(|spelling| encoded.contains(spelling));
            assert!(found, "behind {} bytes", before.len());
        }
        let found = |text: &str| spellings(secret).iter().any(|spelling| text.contains(spelling));
        assert!(found("x=Top%2Bsecret%2Fvalue%0Aof%20%22two%22%20lines&y"));
        assert!(found("x=Top%2bsecret%2fvalue%0aof%20%22two%22%20lines&y"));
        assert!(found("[TRACE] Top+secret/value\n[TRACE] of"));
        assert!(!found("nothing of it"));
    }
}
