//! Solutions that another one needs: they come first, also where one run installs both.
//!
//! Solutions that need each other have no order: each is installed without the other, and neither waits.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::time::Duration;

use crate::azure::Error;
use crate::content_hub::Dependency;
use crate::content_hub::api::entry::Entry;
use crate::content_hub::installation::Observation;
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::content_hub::version::compare;

use super::identity::package_id;

/// How long another resource of the same run may take to begin with the installation of what is needed.
const GRACE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(1);

/// Waits for what has to be there before `entry`, as long as this run installs it; what is missing in the end.
///
/// # Errors
/// What a call can end with.
pub(super) async fn wait<'a>(hub: &ContentHub<'_>, entry: &'a Entry) -> Result<Vec<&'a Dependency>, Error> {
    let deadline = tokio::time::Instant::now() + GRACE;
    let first = first(hub, entry).await?;
    loop {
        // Whoever installs it has the turn until it is done; registered it is as soon as that begins.
        for needed in &first {
            let _turn = hub.session.lock(&package_id(hub.workspace, &needed.content_id), hub.deadline).await?;
        }
        let lacks = lacking(hub, &first).await?;
        if lacks.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(lacks);
        }
        let since = tokio::time::Instant::now();
        hub.deadline.run(tokio::time::sleep(PAUSE)).await.map_err(|interrupted| interrupted.into_error(since))?;
    }
}

/// What has to be there before `entry` and is not.
///
/// # Errors
/// What a call can end with.
pub(super) async fn missing<'a>(hub: &ContentHub<'_>, entry: &'a Entry) -> Result<Vec<&'a Dependency>, Error> {
    lacking(hub, &first(hub, entry).await?).await
}

/// What `entry` needs, apart from what needs it in turn.
async fn first<'a>(hub: &ContentHub<'_>, entry: &'a Entry) -> Result<Vec<&'a Dependency>, Error> {
    let others = entries_needed(hub, entry).await?;
    Ok(entry.needed_solutions().filter(|needed| !needs(&needed.content_id, entry, &others)).collect())
}

/// The catalogue's entries of everything that `entry` needs, directly or over others.
async fn entries_needed(hub: &ContentHub<'_>, entry: &Entry) -> Result<Vec<Entry>, Error> {
    let ids = |entry: &Entry| entry.needed_solutions().map(|needed| needed.content_id.clone()).collect::<Vec<_>>();
    let mut entries = Vec::new();
    let mut asked = HashSet::from([entry.package.content_id.to_lowercase()]);
    let mut open = ids(entry);
    while let Some(content_id) = open.pop() {
        if !asked.insert(content_id.to_lowercase()) {
            continue;
        }
        if let Some(found) = hub.entry_of(&content_id).await? {
            open.extend(ids(&found));
            entries.push(Entry { content: None, ..found }); // a template is large, and not of interest here
        }
    }
    Ok(entries)
}

/// Whether the solution with this content id needs `target`, directly or over others, of which `entries` tell.
fn needs(content_id: &str, target: &Entry, entries: &[Entry]) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![content_id];
    while let Some(content_id) = open.pop() {
        if target.package.has_content_id(content_id) {
            return true;
        }
        if seen.insert(content_id.to_lowercase()) {
            let entry = entries.iter().find(|entry| entry.package.has_content_id(content_id));
            open.extend(entry.iter().flat_map(|entry| entry.needed_solutions()).map(|next| next.content_id.as_str()));
        }
    }
    false
}

/// What of `needed` is not installed, or too old.
async fn lacking<'a>(hub: &ContentHub<'_>, needed: &[&'a Dependency]) -> Result<Vec<&'a Dependency>, Error> {
    let mut lacking = Vec::new();
    for &needed in needed {
        let observation = Observation::at(hub, &needed.content_id, None).await?;
        if !observation.installed_version().is_some_and(|found| is_new_enough(found, needed.version.as_deref())) {
            lacking.push(needed);
        }
    }
    Ok(lacking)
}

/// What cannot be compared is left to Azure.
fn is_new_enough(found: &str, needed: Option<&str>) -> bool {
    needed.and_then(|needed| compare(found, needed)).is_none_or(Ordering::is_ge)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_is_new_enough_unless_it_is_older_than_what_is_needed() {
        assert!(is_new_enough("2.0", Some("2.0.0")));
        assert!(is_new_enough("0.1", None));
        assert!(is_new_enough("odd", Some("1.0.0")));
        assert!(!is_new_enough("1.9", Some("2.0.0")));
    }

    fn entry(content_id: &str, needed: &[&str]) -> Entry {
        let criteria: Vec<_> = needed.iter().map(|id| json!({"kind": "Solution", "contentId": id})).collect();
        let properties = json!({"contentId": content_id, "dependencies": {"criteria": criteria}});
        Entry::from_document(json!({"name": content_id, "properties": properties})).expect("an entry")
    }

    #[test]
    fn what_needs_us_in_turn_is_found_directly_and_over_others() {
        let me = entry("me", &["base", "twin", "ring"]);
        let others = [
            entry("base", &["deeper"]),
            entry("twin", &["ME"]),
            entry("ring", &["base", "arc"]),
            entry("arc", &["me"]),
        ];

        let found = ["base", "deeper", "twin", "ring", "arc", "unknown"].map(|id| needs(id, &me, &others));

        assert_eq!(found, [false, false, true, true, true, false]);
    }

    #[test]
    fn others_that_need_each_other_are_no_need_of_us() {
        let others = [entry("a", &["b"]), entry("b", &["a"])];

        assert!(!needs("a", &entry("me", &["a"]), &others));
    }
}
