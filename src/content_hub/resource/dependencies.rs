//! The required solutions of a solution. They are installed first, even in the same run.
//!
//! Solutions that require each other can be installed in any order. Neither waits for the other.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::time::Duration;

use crate::azure::Error;
use crate::content_hub::Dependency;
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::installation::Observation;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::version::compare;

use super::identity::package_id;

/// How long to wait for another resource of the same run to start the installation of a required solution.
const GRACE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(1);

/// Waits until this run has installed the required solutions of `entry`. Returns those that are still missing.
///
/// # Errors
/// A request failed.
pub(super) async fn wait<'a>(hub: &ContentHub<'_>, entry: &'a CatalogEntry) -> Result<Vec<&'a Dependency>, Error> {
    let deadline = tokio::time::Instant::now() + GRACE;
    let prerequisites = prerequisites(hub, entry).await?;
    loop {
        // A resource that installs a solution holds its lock until the installation is complete.
        for required in &prerequisites {
            let _lock = hub.session.lock(&package_id(hub.workspace, &required.content_id), hub.deadline).await?;
        }
        let missing = not_installed(hub, &prerequisites).await?;
        if missing.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(missing);
        }
        let since = tokio::time::Instant::now();
        let pause = hub.deadline.run(tokio::time::sleep(PAUSE)).await;
        pause.map_err(|interrupted| interrupted.into_error(since, hub.deadline))?;
    }
}

/// Returns the required solutions of `entry` that are missing.
///
/// # Errors
/// A request failed.
pub(super) async fn missing<'a>(hub: &ContentHub<'_>, entry: &'a CatalogEntry) -> Result<Vec<&'a Dependency>, Error> {
    not_installed(hub, &prerequisites(hub, entry).await?).await
}

/// The solutions to install before `entry`: its required solutions, except those that require `entry` themselves.
async fn prerequisites<'a>(hub: &ContentHub<'_>, entry: &'a CatalogEntry) -> Result<Vec<&'a Dependency>, Error> {
    let others = required_entries(hub, entry).await?;
    Ok(entry.required_solutions().filter(|required| !requires(&required.content_id, entry, &others)).collect())
}

/// The catalog entries of all solutions that `entry` requires, directly or indirectly.
async fn required_entries(hub: &ContentHub<'_>, entry: &CatalogEntry) -> Result<Vec<CatalogEntry>, Error> {
    let ids = |entry: &CatalogEntry| entry.required_solutions().map(|it| it.content_id.clone()).collect::<Vec<_>>();
    let mut entries = Vec::new();
    let mut visited = HashSet::from([entry.package.content_id.to_lowercase()]);
    let mut open = ids(entry);
    while let Some(content_id) = open.pop() {
        if !visited.insert(content_id.to_lowercase()) {
            continue;
        }
        if let Some(found) = hub.entry_by_content_id(&content_id).await? {
            open.extend(ids(&found));
            entries.push(CatalogEntry { content: None, ..found }); // The template is large and unused.
        }
    }
    Ok(entries)
}

/// Whether the solution with this content ID requires `target` directly or indirectly, according to `entries`.
fn requires(content_id: &str, target: &CatalogEntry, entries: &[CatalogEntry]) -> bool {
    let mut visited = HashSet::new();
    let mut open = vec![content_id];
    while let Some(content_id) = open.pop() {
        if target.package.has_content_id(content_id) {
            return true;
        }
        if visited.insert(content_id.to_lowercase()) {
            let entry = entries.iter().find(|entry| entry.package.has_content_id(content_id));
            open.extend(entry.iter().flat_map(|entry| entry.required_solutions()).map(|next| next.content_id.as_str()));
        }
    }
    false
}

/// Returns the required solutions that are not installed or too old.
async fn not_installed<'a>(hub: &ContentHub<'_>, required: &[&'a Dependency]) -> Result<Vec<&'a Dependency>, Error> {
    let mut missing = Vec::new();
    for &required in required {
        let observation = Observation::read(hub, &required.content_id, None).await?;
        let installed = observation.installed_version();
        if !installed.is_some_and(|installed| is_new_enough(installed, required.version.as_deref())) {
            missing.push(required);
        }
    }
    Ok(missing)
}

/// Whether the installed version meets the minimum version. A version that cannot be compared is accepted.
fn is_new_enough(installed: &str, minimum: Option<&str>) -> bool {
    minimum.and_then(|minimum| compare(installed, minimum)).is_none_or(Ordering::is_ge)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn accepts_versions_that_are_not_older_than_the_minimum() {
        assert!(is_new_enough("2.0", Some("2.0.0")));
        assert!(is_new_enough("0.1", None));
        assert!(is_new_enough("odd", Some("1.0.0")));
        assert!(!is_new_enough("1.9", Some("2.0.0")));
    }

    fn entry(content_id: &str, required: &[&str]) -> CatalogEntry {
        let criteria: Vec<_> = required.iter().map(|id| json!({"kind": "Solution", "contentId": id})).collect();
        let properties = json!({"contentId": content_id, "dependencies": {"criteria": criteria}});
        CatalogEntry::from_document(json!({"name": content_id, "properties": properties})).expect("an entry")
    }

    #[test]
    fn finds_direct_and_indirect_circular_dependencies() {
        let me = entry("me", &["base", "twin", "ring"]);
        let others = [
            entry("base", &["deeper"]),
            entry("twin", &["ME"]),
            entry("ring", &["base", "arc"]),
            entry("arc", &["me"]),
        ];

        let found = ["base", "deeper", "twin", "ring", "arc", "unknown"].map(|id| requires(id, &me, &others));

        assert_eq!(found, [false, false, true, true, true, false]);
    }

    #[test]
    fn ignores_a_cycle_of_other_solutions() {
        let others = [entry("a", &["b"]), entry("b", &["a"])];

        assert!(!requires("a", &entry("me", &["a"]), &others));
    }
}
