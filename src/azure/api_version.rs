//! API versions of Azure services: a release date, with a suffix for previews.

use time::{Date, Month};

/// The expected format, to complete "Must be …".
pub const FORMAT: &str = "an existing date in the format `YYYY-MM-DD` or `YYYY-MM-DD-preview`";

/// The suffix of preview versions.
const PREVIEW: &str = "-preview";

/// Whether a text has the format of an API version and an existing date.
#[must_use]
pub fn is_api_version(text: &str) -> bool {
    date(text.strip_suffix(PREVIEW).unwrap_or(text)).is_some()
}

/// Whether an API version is a preview.
#[must_use]
pub fn is_preview(api_version: &str) -> bool {
    api_version.ends_with(PREVIEW)
}

fn date(text: &str) -> Option<Date> {
    let number = |part: &str, length: usize| -> Option<u16> {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return None };
    let (month, day) = (u8::try_from(number(month, 2)?).ok()?, u8::try_from(number(day, 2)?).ok()?);
    Date::from_calendar_date(number(year, 4)?.into(), Month::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_existing_dates() {
        for version in ["2025-10-01-preview", "2025-09-01", "2024-02-29"] {
            assert!(is_api_version(version), "{version}");
        }
        for malformed in [
            "",
            "latest",
            "preview",
            "-preview",
            "2025-13-45-preview",
            "2025-13-01",
            "2025-00-10",
            "2025-02-29",
            "2025-06-31-preview",
            "2025-1-01",
            "2025-10-01-beta",
            "2025-10-01-privatepreview",
            "2025-10-01-preview ",
            "2025-10-01-preview-preview",
            "２０25-10-01",
        ] {
            assert!(!is_api_version(malformed), "{malformed:?}");
        }
    }
}
