//! Text for messages: hosts, durations, GUIDs, and excerpts of responses and program output.

use std::fmt::Write as _;
use std::time::Duration;

use reqwest::Url;
use uuid::Uuid;

/// The host of a URL as messages show it: with the port unless it is 443.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// A duration as messages show it: "35 s", "4 min 5 s".
#[must_use]
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, 0) => format!("{} ms", duration.as_millis()),
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// Whether the text is a GUID as Azure writes it: `00000000-0000-0000-0000-000000000000`.
#[must_use]
pub fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// The text with a capital letter at its start.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Bytes in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The text with each HTML tag replaced by a space.
pub(super) fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    text
}

/// The text on one line, cut to `limit` characters.
pub(super) fn line(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// An excerpt of a text on one line of at most `limit` characters: the part that begins with `start`, or the end of the
/// text.
pub(super) fn excerpt(text: &str, start: Option<&str>, limit: usize) -> String {
    let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = whole.chars().count();
    if length <= limit {
        return whole;
    }
    match start.and_then(|start| whole.find(start)) {
        Some(at) => {
            let before = if at > 0 { "…" } else { "" };
            format!("{before}{}", line(&whole[at..], limit))
        }
        None => format!("…{}", whole.chars().skip(length - limit).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpt_keeps_the_text_around_the_marker() {
        let long = format!("{} ERROR: AADSTS50076: no {}", "warning ".repeat(1000), "trace ".repeat(1000));

        assert_eq!(excerpt("a\n short  text", Some("x"), 12), "a short text");
        assert_eq!(excerpt(&long, Some("AADSTS50076"), 15), "…AADSTS50076: no…");
        assert_eq!(excerpt(&long, None, 11), "…trace trace");
        assert_eq!(excerpt("äöüß", Some("ä"), 2), "äö…");
    }

    #[test]
    fn html_page_becomes_one_short_line() {
        let page = without_tags("<html><h1>Access\n denied</h1><p>äöü</p></html>");

        assert_eq!(line(&page, 100), "Access denied äöü");
        assert_eq!(line(&page, 15), "Access denied ä…");
    }
}
