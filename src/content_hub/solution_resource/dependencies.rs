//! Solutions that another one needs: they come first, also where one run installs both.
//!
//! Solutions that need each other have no order: each is installed without the other, and neither waits.

use std::collections::HashSet;
use std::time::Duration;

use crate::azure::Error;
use crate::content_hub::Dependency;
use crate::content_hub::catalogue::ContentHub;
use crate::content_hub::entry::Entry;
use crate::content_hub::package::Package;
use crate::content_hub::version::SolutionVersion;

/// How long another resource of the same run may take to begin with the installation of what is needed.
const GRACE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(1);

/// What has to be there before `entry` and is not, for people.
///
/// # Errors
/// What a call can end with.
pub(super) async fn missing(hub: &ContentHub<'_>, entry: &Entry) -> Result<Vec<String>, Error> {
    Ok(lacking_first(hub, entry).await?.into_iter().map(name).collect())
}

/// Waits for what has to be there before `entry`, as long as this run installs it; what is missing in the end.
///
/// # Errors
/// What a call can end with.
pub(super) async fn wait(hub: &ContentHub<'_>, entry: &Entry) -> Result<Vec<String>, Error> {
    let deadline = tokio::time::Instant::now() + GRACE;
    let mut missing = lacking_first(hub, entry).await?;
    while !missing.is_empty() {
        for needed in &missing {
            // whoever installs it has the turn until it is done
            let _turn = hub.session.turn_for(hub.workspace, &needed.content_id, hub.budget).await?;
        }
        missing = lacking(missing, &hub.installed().await?);
        if missing.is_empty() || tokio::time::Instant::now() >= deadline {
            break;
        }
        let since = tokio::time::Instant::now();
        hub.budget.run(tokio::time::sleep(PAUSE)).await.map_err(|interrupted| interrupted.into_error(since))?;
    }
    Ok(missing.into_iter().map(name).collect())
}

/// What `entry` needs and the workspace lacks, apart from what needs `entry` in turn. Whether it does is only asked where
/// something is lacking.
async fn lacking_first<'a>(hub: &ContentHub<'_>, entry: &'a Entry) -> Result<Vec<&'a Dependency>, Error> {
    let needed: Vec<&Dependency> = entry.needed_solutions().collect();
    if needed.is_empty() {
        return Ok(needed);
    }
    let lacking = lacking(needed, &hub.installed().await?);
    if lacking.is_empty() {
        return Ok(lacking);
    }
    let others = entries_needed(hub, entry).await?;
    Ok(lacking.into_iter().filter(|needed| !needs(&needed.content_id, entry, &others)).collect())
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

/// What of `needed` is not among `installed`, or is too old.
fn lacking<'a>(needed: Vec<&'a Dependency>, installed: &[Package]) -> Vec<&'a Dependency> {
    let is_there = |needed: &Dependency| {
        let found = installed.iter().find(|package| package.has_content_id(&needed.content_id));
        found.is_some_and(|found| is_new_enough(found.version.as_deref(), needed.version.as_deref()))
    };
    needed.into_iter().filter(|needed| !is_there(needed)).collect()
}

/// What is needed, for people.
fn name(needed: &Dependency) -> String {
    match &needed.version {
        Some(version) => format!("{} {version}", needed.content_id),
        None => needed.content_id.clone(),
    }
}

fn is_new_enough(found: Option<&str>, needed: Option<&str>) -> bool {
    match (found.map(SolutionVersion::parse), needed.map(SolutionVersion::parse)) {
        (Some(Ok(found)), Some(Ok(needed))) => found >= needed,
        // what cannot be compared is left to Azure
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_needed_is_missing_if_it_is_not_there_or_too_old() {
        let entry = Entry::from_document(json!({"name": "me", "properties": {"dependencies": {"criteria": [
            {"kind": "Solution", "contentId": "a", "version": "2.0.0"},
            {"kind": "Solution", "contentId": "b"},
            {"kind": "Solution", "contentId": "c", "version": "1.0.0"},
        ]}}}))
        .expect("an entry");
        let package = |id: &str, version: &str| {
            Package::from_document(&json!({"name": id, "properties": {"contentId": id, "version": version}}))
                .expect("a package")
        };

        let missing = |installed: &[Package]| -> Vec<String> {
            lacking(entry.needed_solutions().collect(), installed).into_iter().map(name).collect()
        };

        assert_eq!(missing(&[package("A", "1.9"), package("c", "1.0")]), ["a 2.0.0", "b"]);
        assert!(missing(&[package("a", "2.0"), package("b", "0"), package("c", "odd")]).is_empty());
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
