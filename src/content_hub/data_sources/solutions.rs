//! Data source `sentinel_content_hub_solutions`: the catalogue of a workspace, searched and filtered.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::filter::{Filter, is_found};
use super::listed_solution::ListedSolution;
use crate::azure::Error;
use crate::azure_diagnostics;
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::content_hub::lookup::selector::Selector;
use crate::content_hub::lookup::solution::Solution;
use crate::framework::{Attribute, Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts, Validator};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

/// Entries that are read at the same time.
const AT_ONCE: usize = 8;

const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.");

const SEARCH: Attribute<Option<String>> = Attribute::optional("search").description(
    "Words that must all occur in the name, the description, the publisher or the content ID. Not \
     case-sensitive.",
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
    "Whether to include only installed solutions (`true`) or only solutions that are not installed (`false`).",
);

const UPDATE_AVAILABLE: Attribute<Option<bool>> = Attribute::optional("update_available").description(
    "Whether to include only solutions with an available update (`true`) or only solutions without one \
     (`false`).",
);

const INCLUDE_PREVIEW: Attribute<bool> =
    Attribute::optional_with_default("include_preview", || true).description("Whether to include previews.");

const INCLUDE_DEPRECATED: Attribute<bool> = Attribute::optional_with_default("include_deprecated", || false)
    .description("Whether to include deprecated solutions.");

const CONTENT_IDS: Attribute<Vec<String>> = Attribute::computed("content_ids")
    .description("The content IDs of the solutions, in the order of `solutions`. Use them in `for_each` with `toset`.");

const SOLUTIONS: Attribute<Vec<ListedSolution>> =
    Attribute::computed("solutions").description("The solutions, sorted by display name.");

/// The data source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolutionsDataSource;

impl DataSource for SolutionsDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_content_hub_solutions"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Lists the solutions in the Content Hub catalog of a Microsoft Sentinel workspace and shows which of \
             them are installed. A solution must match all filters.\n\n\
             The provider reads the whole catalog once per run and applies the filters itself. If Azure's own \
             search returns different solutions for `search`, a warning lists the differences.",
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
        let explained = |error| {
            Diagnostics::from(
                azure_diagnostics::from_error(&error, "reading the catalogue of Content Hub").at(WORKSPACE_ID.path()),
            )
        };
        let (catalogue, installed) = tokio::try_join!(hub.catalogue(), hub.installed()).map_err(explained)?;
        if let Some(search) = &filter.search {
            let azures = hub.search(search).await.map_err(explained)?;
            if let Some(difference) = Difference::of(search, &catalogue, &azures) {
                ctx.warn(difference.warning(search));
            }
        }
        let listed = catalogue.iter().filter(|package| filter.passes(package)).cloned().collect();
        let mut solutions = solutions(&hub, listed, &installed).await.map_err(explained)?;
        solutions.retain(|solution| filter.passes_as_installed(solution));
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
        includes_previews: config.get(&INCLUDE_PREVIEW)?,
        includes_deprecated: config.get(&INCLUDE_DEPRECATED)?,
    })
}

/// What is true of each package in the workspace. The list of the catalogue leaves `installedVersion` out, and the
/// installed list has left-overs, so an entry that is registered is read by its name: it alone knows.
async fn solutions(hub: &ContentHub<'_>, listed: Vec<Package>, installed: &[Package]) -> Result<Vec<Solution>, Error> {
    let read = listed.into_iter().map(|package| async move {
        // one content id is one package, so that this cannot be ambiguous
        let registered = Selector::ContentId(package.content_id.clone()).pick(installed).ok().flatten();
        let package = match &registered {
            Some(_) => hub.entry(&package.name).await?.map_or(package, |entry| entry.package),
            None => package,
        };
        Ok(Solution::in_catalogue(package, registered))
    });
    stream::iter(read).buffered(AT_ONCE).try_collect().await
}

/// Where Azure's own search finds something else than ours.
#[derive(Debug, PartialEq)]
struct Difference {
    only_azure: Vec<String>,
    only_here: Vec<String>,
}

impl Difference {
    fn of(search: &str, catalogue: &[Package], azures: &[Package]) -> Option<Self> {
        let ids = |packages: &mut dyn Iterator<Item = &Package>| -> BTreeSet<String> {
            packages.map(|package| package.content_id.to_lowercase()).collect()
        };
        let here = ids(&mut catalogue.iter().filter(|package| is_found(search, package)));
        let azure = ids(&mut azures.iter());
        let difference = Self {
            only_azure: azure.difference(&here).cloned().collect(),
            only_here: here.difference(&azure).cloned().collect(),
        };
        (!difference.only_azure.is_empty() || !difference.only_here.is_empty()).then_some(difference)
    }

    fn warning(&self, search: &str) -> Diagnostic {
        let told = |ids: &[String]| match ids.len() {
            0 => "nothing".to_owned(),
            1..=5 => ids.join(", "),
            count => format!("{} and {} more", ids[..5].join(", "), count - 5),
        };
        Diagnostic::warning(
            "Azure's search finds something else",
            format!(
                "The results are the solutions with all words of \"{search}\" in their texts. Azure's own search finds \
                 besides: {}. It does not find: {}.",
                told(&self.only_azure),
                told(&self.only_here)
            ),
        )
        .at(SEARCH.path())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::testing::{Reply, Server};
    use crate::framework::SchemaKind;

    #[test]
    fn the_schema_is_one_that_the_cli_takes() {
        assert_eq!(SolutionsDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
    }

    /// A catalogue of three over two pages, the second of them installed and outdated, the third only registered.
    async fn azure() -> Server {
        let entry = |id: &str, name: &str| {
            json!({"name": id, "properties": {"contentId": id, "displayName": name,
            "version": "2.0", "contentKind": "Solution"}})
        };
        Server::arm(move |request, _| {
            let target = request.target.as_str();
            let (b, a, c) = (entry("b", "Zeta"), entry("a", "Alpha"), entry("c", "alpha two"));
            if target.contains("/contentProductPackages/") {
                let mut entry = if target.contains("/contentProductPackages/a") { a } else { c };
                if entry["name"] == "a" {
                    entry["properties"]["installedVersion"] = "1.0".into();
                }
                return Reply::json(200, &entry);
            }
            if target.contains("%24search") {
                return Reply::json(200, &json!({"value": [a, b]}));
            }
            if target.contains("/contentProductPackages?") && !target.contains("skip") {
                let next = format!("{target}&$skipToken=2");
                return Reply::json(200, &json!({"value": [b, a], "nextLink": next}));
            }
            if target.contains("/contentProductPackages") {
                return Reply::json(200, &json!({"value": [c]}));
            }
            let registered = |id: &str| json!({"name": id, "properties": {"contentId": id, "version": "1.0"}});
            Reply::json(200, &json!({"value": [registered("a"), registered("c")]}))
        })
        .await
    }

    async fn read(server: &Server, config: State) -> (Vec<String>, Context) {
        let (session, context) = (Session::new(server.client()), Context::for_tests());
        let state = SolutionsDataSource.read(&context, &session, config).await.expect("read");
        (state.get(&CONTENT_IDS).expect("a list"), context)
    }

    fn config() -> State {
        let id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";
        State::empty(&SolutionsDataSource.schema())
            .with(&WORKSPACE_ID, WorkspaceId::parse(id).expect("a workspace"))
            .with(&INCLUDE_PREVIEW, true)
            .with(&INCLUDE_DEPRECATED, false)
    }

    #[tokio::test]
    async fn all_pages_are_read_and_the_results_sorted_by_name() {
        let (ids, context) = read(&azure().await, config()).await;

        assert_eq!(ids, ["a", "c", "b"]);
        assert!(context.warnings().is_empty());
    }

    #[tokio::test]
    async fn a_left_over_is_not_installed() {
        let server = azure().await;

        assert_eq!(read(&server, config().with(&INSTALLED, Some(true))).await.0, ["a"]);
        assert_eq!(read(&server, config().with(&UPDATE_AVAILABLE, Some(false))).await.0, ["c", "b"]);
    }

    #[tokio::test]
    async fn it_tells_where_azure_searches_differently() {
        let (ids, context) = read(&azure().await, config().with(&SEARCH, Some("alpha".to_owned()))).await;

        assert_eq!(ids, ["a", "c"]);
        let warning = context.warnings().to_string();
        assert!(warning.contains("besides: b. It does not find: c."), "{warning}");
    }
}
