//! Solutions that another one needs: they come first, also where one run installs both.

use std::time::Duration;

use crate::azure::Error;
use crate::content_hub::catalogue::ContentHub;
use crate::content_hub::entry::Entry;
use crate::content_hub::package::Package;
use crate::content_hub::version::SolutionVersion;

/// How long another resource of the same run may take to begin with the installation of what is needed.
const GRACE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(1);

/// What `entry` needs and `installed` lacks, for people.
pub(super) fn missing(entry: &Entry, installed: &[Package]) -> Vec<String> {
    let needed = entry.needed_solutions().filter(|needed| {
        let found = installed.iter().find(|package| package.has_content_id(&needed.content_id));
        !found.is_some_and(|found| is_new_enough(found.version.as_deref(), needed.version.as_deref()))
    });
    needed
        .map(|needed| match &needed.version {
            Some(version) => format!("{} {version}", needed.content_id),
            None => needed.content_id.clone(),
        })
        .collect()
}

/// Waits for what the solution needs, as long as this run installs it; what is missing in the end.
///
/// # Errors
/// What a call can end with.
pub(super) async fn wait(hub: &ContentHub<'_>, entry: &Entry) -> Result<Vec<String>, Error> {
    if entry.needed_solutions().next().is_none() {
        return Ok(Vec::new());
    }
    let deadline = tokio::time::Instant::now() + GRACE;
    loop {
        let missing = missing(entry, &hub.installed().await?);
        if missing.is_empty() {
            return Ok(missing);
        }
        for needed in entry.needed_solutions() {
            // whoever installs it has the turn until it is done
            let _turn = hub.session.turn_for(hub.workspace, &needed.content_id, hub.budget).await?;
        }
        let after = self::missing(entry, &hub.installed().await?);
        if after.is_empty() || tokio::time::Instant::now() >= deadline {
            return Ok(after);
        }
        let since = tokio::time::Instant::now();
        hub.budget.run(tokio::time::sleep(PAUSE)).await.map_err(|interrupted| interrupted.into_error(since))?;
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

        assert_eq!(missing(&entry, &[package("A", "1.9"), package("c", "1.0")]), ["a 2.0.0", "b"]);
        assert!(missing(&entry, &[package("a", "2.0"), package("b", "0"), package("c", "odd")]).is_empty());
    }
}
