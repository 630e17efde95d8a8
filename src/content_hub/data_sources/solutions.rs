//! The data source `sentinel_content_hub_solutions`, which searches and filters the catalog of a workspace.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::filter::{Filter, contains_words};
use super::listed_solution::ListedSolution;
use crate::azure::Error;
use crate::azure_diagnostics;
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::lookup::selector::Selector;
use crate::content_hub::lookup::solution::Solution;
use crate::framework::{Attribute, Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts, Validator};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

/// The number of catalog entries to read concurrently.
const CONCURRENCY: usize = 8;

const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.");

const SEARCH: Attribute<Option<String>> = Attribute::optional("search").description(
    "One or more words. Each word must occur in the display name, the description, the publisher or the content ID. \
     Not case-sensitive.",
);

const CATEGORIES: Attribute<Option<BTreeSet<String>>> = Attribute::optional("categories").description(
    "The categories to include: domains or industries, for example `Security - Cloud Security`. Not \
     case-sensitive.",
);

const PUBLISHERS: Attribute<Option<BTreeSet<String>>> =
    Attribute::optional("publishers").description("The publishers to include. Not case-sensitive.");

const SUPPORT_TIERS: Attribute<Option<BTreeSet<String>>> = Attribute::optional("support_tiers")
    .description("The support tiers to include.")
    .validate(&[Validator::Each(&Validator::OneOfIgnoringCase(&["Microsoft", "Partner", "Community"]))]);

const CONTENT_KIND: Attribute<Option<String>> = Attribute::optional("content_kind")
    .description("The kind of package to include.")
    .validate(&[Validator::OneOfIgnoringCase(&["Solution", "Standalone"])]);

const INSTALLED: Attribute<Option<bool>> = Attribute::optional("installed").description(
    "If `true`, include only installed solutions. If `false`, include only solutions that are not installed.",
);

const UPDATE_AVAILABLE: Attribute<Option<bool>> = Attribute::optional("update_available").description(
    "If `true`, include only solutions with an available update. If `false`, include only solutions without one.",
);

const INCLUDE_PREVIEW: Attribute<bool> =
    Attribute::optional_with_default("include_preview", || true).description("Whether to include previews.");

const INCLUDE_DEPRECATED: Attribute<bool> = Attribute::optional_with_default("include_deprecated", || false)
    .description("Whether to include deprecated solutions.");

const CONTENT_IDS: Attribute<Vec<String>> = Attribute::computed("content_ids")
    .description("The content IDs of the solutions, in the order of `solutions`. Use them in `for_each` with `toset`.");

const SOLUTIONS: Attribute<Vec<ListedSolution>> =
    Attribute::computed("solutions").description("The solutions, sorted by display name.");

/// The data source `sentinel_content_hub_solutions`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolutionsDataSource;

impl DataSource for SolutionsDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_content_hub_solutions"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Lists the solutions in the Content Hub catalog of a Microsoft Sentinel workspace, and shows which of them \
             are installed. Returns only the solutions that match all filters.\n\nThe provider reads the whole catalog \
             once per run and applies the filters itself. If Azure's own search returns different solutions for \
             `search`, a warning lists the differences.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&SEARCH)
        .attribute(&CATEGORIES)
        .attribute(&PUBLISHERS)
        .attribute(&SUPPORT_TIERS)
        .attribute(&CONTENT_KIND)
        .attribute(&INSTALLED)
        .attribute(&UPDATE_AVAILABLE)
        .attribute(&INCLUDE_PREVIEW)
        .attribute(&INCLUDE_DEPRECATED)
        .attribute(&CONTENT_IDS)
        .attribute(&SOLUTIONS)
        .timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, ctx: &Context, session: &Session, mut config: State) -> Result<State, Diagnostics> {
        let workspace = config.get(&WORKSPACE_ID)?;
        let filter = filter(&config)?;
        let deadline = session::deadline(ctx);
        let hub = ContentHub::new(session, &workspace, &deadline);
        let failed = |error| {
            Diagnostics::from(
                azure_diagnostics::from_error(&error, "reading the catalog of Content Hub").at(WORKSPACE_ID.path()),
            )
        };
        let (catalog, installed) = tokio::try_join!(hub.catalog(), hub.installed()).map_err(failed)?;
        if let Some(search) = &filter.search {
            let found_by_azure = hub.search(search).await.map_err(failed)?;
            if let Some(difference) = Difference::between(search, &catalog, &found_by_azure) {
                ctx.warn(difference.warning(search));
            }
        }
        let packages = catalog.iter().filter(|package| filter.matches(package)).cloned().collect();
        let mut solutions = solutions(&hub, packages, &installed).await.map_err(failed)?;
        solutions.retain(|solution| filter.matches_installation(solution));
        solutions.sort_by_cached_key(|solution| {
            let package = solution.package();
            (package.display_name.clone().unwrap_or_default().to_lowercase(), package.content_id.to_lowercase())
        });
        let ids = solutions.iter().map(|solution| solution.package().content_id.clone());
        config.set(&CONTENT_IDS, ids.collect());
        config.set(&SOLUTIONS, solutions.iter().map(ListedSolution::of).collect());
        Ok(config)
    }
}

fn filter(config: &State) -> Result<Filter, Diagnostics> {
    Ok(Filter {
        search: config.get(&SEARCH)?.filter(|search| !search.trim().is_empty()),
        categories: config.get(&CATEGORIES)?.unwrap_or_default(),
        publishers: config.get(&PUBLISHERS)?.unwrap_or_default(),
        support_tiers: config.get(&SUPPORT_TIERS)?.unwrap_or_default(),
        content_kind: config.get(&CONTENT_KIND)?,
        installed: config.get(&INSTALLED)?,
        update_available: config.get(&UPDATE_AVAILABLE)?,
        include_previews: config.get(&INCLUDE_PREVIEW)?,
        include_deprecated: config.get(&INCLUDE_DEPRECATED)?,
    })
}

/// The solutions of these packages. The catalog list omits `installedVersion`, and a registration may be stale.
/// Therefore, the entry of a registered package is read by its name.
async fn solutions(
    hub: &ContentHub<'_>,
    packages: Vec<Package>,
    installed: &[Package],
) -> Result<Vec<Solution>, Error> {
    let read = packages.into_iter().map(|package| async move {
        // A content ID is never ambiguous.
        let registered = Selector::ContentId(package.content_id.clone()).select(installed).ok().flatten();
        let package = match &registered {
            Some(_) => hub.entry_by_name(&package.name).await?.map_or(package, |entry| entry.package),
            None => package,
        };
        Ok(Solution::in_catalog(package, registered))
    });
    stream::iter(read).buffered(CONCURRENCY).try_collect().await
}

/// The difference between the results of the provider's search and those of Azure's search.
#[derive(Debug, PartialEq)]
struct Difference {
    only_azure: Vec<String>,
    only_here: Vec<String>,
}

impl Difference {
    fn between(search: &str, catalog: &[Package], found_by_azure: &[Package]) -> Option<Self> {
        let ids = |packages: &mut dyn Iterator<Item = &Package>| -> BTreeSet<String> {
            packages.map(|package| package.content_id.to_lowercase()).collect()
        };
        let here = ids(&mut catalog.iter().filter(|package| contains_words(search, package)));
        let azure = ids(&mut found_by_azure.iter());
        let difference = Self {
            only_azure: azure.difference(&here).cloned().collect(),
            only_here: here.difference(&azure).cloned().collect(),
        };
        (!difference.only_azure.is_empty() || !difference.only_here.is_empty()).then_some(difference)
    }

    fn warning(&self, search: &str) -> Diagnostic {
        let list = |ids: &[String]| match ids.len() {
            0 => "nothing".to_owned(),
            1..=5 => ids.join(", "),
            count => format!("{} and {} more", ids[..5].join(", "), count - 5),
        };
        Diagnostic::warning(
            "Azure's search returns different solutions",
            format!(
                "This data source returns the solutions that contain all words of \"{search}\". Azure's own search also \
                 returns: {}. It does not return: {}.",
                list(&self.only_azure),
                list(&self.only_here)
            ),
        )
        .at(SEARCH.path())
    }
}

#[cfg(test)]
mod tests {
    use azure_simulator::Effect;
    use serde_json::json;

    use super::*;
    use crate::framework::SchemaKind;
    use crate::testing::Azure;

    #[test]
    fn schema_is_valid() {
        assert_eq!(SolutionsDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
    }

    /// A catalog of three solutions: `b` is not installed, `a` is installed and outdated, and `c` has a stale
    /// registration.
    async fn azure() -> Azure {
        let azure = Azure::start_empty().await;
        let entry = |id: &str, name: &str| json!({"contentId": id, "displayName": name, "version": "2.0", "contentKind": "Solution"});
        let packages = json!([entry("b", "Zeta"), entry("a", "Alpha"), entry("c", "alpha two")]);
        azure.simulator.patch_world(json!({"catalog": {"packages": packages}}));
        for id in ["a", "c"] {
            azure.put(&format!("contentPackages/{id}"), json!({"properties": {"contentId": id, "version": "1.0"}}));
        }
        let stale = json!({"name": "c", "properties": entry("c", "alpha two")});
        azure.fault("GET", r"/contentProductPackages/c\?", Effect::new().json(stale));
        azure
    }

    async fn read(azure: &Azure, config: State) -> (Vec<String>, Context) {
        let context = Context::for_tests();
        let state = SolutionsDataSource.read(&context, &azure.session(), config).await.expect("read");
        (state.get(&CONTENT_IDS).expect("a list"), context)
    }

    fn config(azure: &Azure) -> State {
        State::empty(&SolutionsDataSource.schema())
            .with(&WORKSPACE_ID, azure.workspace())
            .with(&INCLUDE_PREVIEW, true)
            .with(&INCLUDE_DEPRECATED, false)
    }

    #[tokio::test(start_paused = true)]
    async fn sorts_results_by_display_name() {
        let azure = azure().await;

        let (ids, context) = read(&azure, config(&azure)).await;

        assert_eq!(ids, ["a", "c", "b"]);
        assert!(context.warnings().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn excludes_stale_registrations_from_installed_solutions() {
        let azure = azure().await;

        assert_eq!(read(&azure, config(&azure).with(&INSTALLED, Some(true))).await.0, ["a"]);
        assert_eq!(read(&azure, config(&azure).with(&UPDATE_AVAILABLE, Some(false))).await.0, ["c", "b"]);
    }

    #[tokio::test(start_paused = true)]
    async fn warns_about_differences_to_azures_search() {
        let azure = azure().await;
        let found = |id: &str| json!({"name": id, "properties": {"contentId": id}});
        azure.fault("GET", "search", Effect::new().json(json!({"value": [found("a"), found("b")]})));

        let (ids, context) = read(&azure, config(&azure).with(&SEARCH, Some("alpha".to_owned()))).await;

        assert_eq!(ids, ["a", "c"]);
        let warning = context.warnings().to_string();
        assert!(warning.contains("also returns: b. It does not return: c."), "{warning}");
    }
}
