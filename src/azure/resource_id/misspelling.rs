//! Common mistakes in resource IDs: detects the cause, and finds an ID inside the text.

use super::ResourceId;

/// The maximum number of segments of a portal page after an ID.
const PAGE_SEGMENTS: usize = 4;

/// The cause and a suggestion for a text that is not a resource ID.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Misspelling {
    /// The cause, if it is a known mistake such as quotation marks or a URL.
    pub(super) cause: Option<&'static str>,
    /// The ID that the user probably meant.
    pub(super) inside: Option<ResourceId>,
}

impl Misspelling {
    pub(super) fn of(text: &str) -> Self {
        Self { cause: cause(text), inside: inside(text) }
    }
}

fn cause(text: &str) -> Option<&'static str> {
    const QUOTES: [char; 7] = ['"', '\'', '`', '“', '”', '‘', '’'];
    let plain = text.trim();
    let lower = plain.to_ascii_lowercase();
    if plain.starts_with(QUOTES) || plain.ends_with(QUOTES) {
        return Some("it is in quotes");
    }
    if lower.starts_with("https://") || lower.starts_with("http://") {
        let host = lower.split('/').nth(2).unwrap_or_default();
        return Some(if host.contains("portal") {
            "it is the address of a page in the portal"
        } else {
            "it is a web address, and an ID is only its path"
        });
    }
    let is_windows_path = lower
        .as_bytes()
        .get(..3)
        .is_some_and(|start| start[0].is_ascii_alphabetic() && start[1] == b':' && matches!(start[2], b'/' | b'\\'));
    if is_windows_path {
        return Some(
            "a shell such as Git Bash has turned it into a Windows path; to prevent this, set MSYS_NO_PATHCONV=1",
        );
    }
    if lower.contains("%2f") {
        return Some("its slashes are percent-encoded as %2F");
    }
    if plain.contains('\\') {
        return Some("it contains backslashes instead of slashes");
    }
    (plain != text).then_some("it begins or ends with white space")
}

/// The longest ID that begins with `/subscriptions/`.
fn inside(text: &str) -> Option<ResourceId> {
    let plain = text.trim().replace('\\', "/").replace("%2F", "/").replace("%2f", "/").replace("%20", " ");
    let lower = plain.to_ascii_lowercase();
    // Lower case of ASCII letters keeps all positions.
    let start =
        lower.find("/subscriptions/").map(|at| at + 1).or_else(|| lower.starts_with("subscriptions/").then_some(0))?;
    let rest = &plain[start..];
    let end =
        rest.find(|c: char| c.is_whitespace() || c.is_control() || "?#&|\"'`“”‘’".contains(c)).unwrap_or(rest.len());
    let mut segments: Vec<&str> = rest[..end].split('/').filter(|segment| !segment.is_empty()).collect();
    for _ in 0..=PAGE_SEGMENTS {
        if let Ok(id) = ResourceId::parse_exactly(&format!("/{}", segments.join("/"))) {
            return Some(id);
        }
        segments.pop()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law";

    #[test]
    fn reports_the_cause_and_finds_the_id_inside() {
        let encoded = ID.replace('/', "%2F");
        for (text, cause) in [
            (format!("\"{ID}\""), "quotes"),
            (format!("'{ID}"), "quotes"),
            (format!(" {ID}\n"), "white space"),
            (format!("C:/Program Files/Git{ID}"), "MSYS_NO_PATHCONV=1"),
            (format!("https://portal.azure.com/#@contoso.com/resource{ID}/Overview"), "page in the portal"),
            (format!("https://portal.azure.com/#view/Microsoft_Azure/Blade/~/logs/id/{encoded}"), "page in the portal"),
            (format!("https://management.azure.com{ID}?api-version=2023-09-01"), "web address"),
            (encoded, "%2F"),
            (ID.replace('/', "\\"), "backslashes"),
        ] {
            let found = Misspelling::of(&text);

            assert!(found.cause.is_some_and(|found| found.contains(cause)), "{text}: {found:?}");
            assert_eq!(found.inside.map(|id| id.to_string()).as_deref(), Some(ID), "{text}");
        }
    }

    #[test]
    fn corrects_missing_and_extra_slashes() {
        for text in [ID[1..].to_owned(), format!("{ID}/"), format!("/{ID}"), ID.replace("/providers", "//providers")] {
            let found = Misspelling::of(&text);

            assert_eq!(found.cause, None, "{text}");
            assert_eq!(found.inside.map(|id| id.to_string()).as_deref(), Some(ID), "{text}");
        }
    }

    #[test]
    fn finds_no_id_in_other_text() {
        for text in ["", "law-soc", "https://portal.azure.com/", "/subscriptions/", "C:/x", "%2F"] {
            assert_eq!(Misspelling::of(text).inside, None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(text in "\\PC*(/subscriptions/)?\\PC*") {
            let _ = Misspelling::of(&text);
        }
    }
}
