//! The resource's life against a workspace that keeps content as Azure does.

use std::time::Duration;

use serde_json::json;

use super::SolutionResource;
use super::attributes::{
    ADOPT_EXISTING, AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DEPLOYMENT_NAME,
    DISPLAY_NAME, ID, INSTALLED_VERSION, PARAMETERS, TEMPLATE_COUNT, TRACK_LATEST, UPDATE_AVAILABLE, VERSION,
    VERSION_CONSTRAINT, WORKSPACE_ID, schema,
};
use super::resource::TYPE_NAME;
use crate::azure::testing::Reply;
use crate::content_hub::constraint::VersionConstraint;
use crate::content_hub::testing::{Azure, PAGE, SOLUTION, World};
use crate::framework::testing::{Lifecycle, summaries};
use crate::framework::{
    Action, AnyDataSource, AnyResource, Attribute, AttributeValue, Context, Diagnostics, Draft, Knowable, Provider,
    Resource, Schema, State, resource,
};
use crate::workspace::Session;

/// A provider of this resource alone; each run has a session of its own.
struct Alone(Box<dyn Fn() -> Session + Send + Sync>);

impl Provider for Alone {
    type Client = Session;

    fn name(&self) -> &'static str {
        "sentinel"
    }

    fn schema(&self) -> Schema {
        Schema::new("For tests.")
    }

    async fn configure(&self, _: &Context, _: Draft, _: &str) -> Result<Knowable<Session>, Diagnostics> {
        Ok(Knowable::Known(self.0()))
    }

    fn resources(&self) -> Vec<AnyResource<Session>> {
        vec![resource(SolutionResource)]
    }

    fn data_sources(&self) -> Vec<AnyDataSource<Session>> {
        Vec::new()
    }
}

fn life(azure: &Azure) -> Lifecycle {
    let client = azure.session().arm().clone();
    Lifecycle::new(Alone(Box::new(move || Session::new(client.clone()))), TYPE_NAME)
}

fn config(azure: &Azure) -> Draft {
    Draft::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&CONTENT_ID, Some(SOLUTION.to_owned()))
}

fn at_least(constraint: &str) -> Option<VersionConstraint> {
    Some(VersionConstraint::parse(constraint).expect("a constraint"))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn get<T: AttributeValue>(life: &Lifecycle, attribute: &Attribute<T>) -> T {
    life.state().expect("a state").get(attribute).expect("a value")
}

/// Applies, which must succeed, and then plans nothing.
async fn applies(life: &mut Lifecycle, config: &Draft) -> Vec<String> {
    let told = life.apply(config).await;
    assert!(!told.has_errors(), "{told}");
    let after = life.plan(config).await;
    assert!(!after.told.has_errors(), "{}", after.told);
    assert_eq!(after.action, Action::NoOp, "{:?}", after.state);
    summaries(&told)
}

/// Everything of the solution is there, once.
fn assert_whole(azure: &Azure) {
    assert_eq!(
        azure.holds(),
        [
            format!("contentpackages/{SOLUTION}"),
            "contenttemplates/template-1".to_owned(),
            "contenttemplates/template-2".to_owned(),
            format!("dataconnectors/{}", PAGE.to_lowercase()),
            "metadata/dataconnector-cloudpage".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_life_on_an_empty_workspace_leaves_it_empty() {
    let azure = Azure::new().await;
    let mut life = life(&azure);

    let planned = life.plan(&config(&azure)).await;

    assert_eq!(planned.action, Action::Create);
    assert_eq!(planned.state.get(&DISPLAY_NAME), Ok(Knowable::Known(text("Contoso Cloud"))));
    assert_eq!(planned.state.get(&INSTALLED_VERSION), Ok(Knowable::Known(text("3.0.3"))));
    assert_eq!(azure.writes(), 0, "a plan only reads");

    assert_eq!(applies(&mut life, &config(&azure)).await, Vec::<String>::new());

    assert_whole(&azure);
    assert_eq!(azure.count("PUT", "/deployments/"), 1);
    assert_eq!(get(&life, &VERSION), text("3.0.3"));
    assert_eq!(get(&life, &AVAILABLE_VERSION), text("3.0.3"));
    assert_eq!(get(&life, &UPDATE_AVAILABLE), Some(false));
    assert_eq!(get(&life, &CONTENT_PRODUCT_ID), Some(format!("{SOLUTION}-sl-3.0.3")));
    assert_eq!(get(&life, &DEPENDENCIES), Some(Vec::new()));
    assert_eq!(get(&life, &TEMPLATE_COUNT), Some(2));
    assert!(get(&life, &CONNECTOR_IDS).is_some_and(|ids| ids.len() == 1 && ids[0].ends_with(PAGE)));
    assert!(get(&life, &ID).is_some_and(|id| id.ends_with(&format!("/contentPackages/{SOLUTION}"))));
    let deployment = get(&life, &DEPLOYMENT_NAME).expect("a deployment");
    assert!(deployment.starts_with("sentinel-cloud-3.0.3-") && deployment.len() <= 64, "{deployment}");

    let told = life.destroy().await;

    assert!(told.is_empty(), "{told}");
    assert_eq!(azure.holds(), Vec::<String>::new());
    assert!(life.state().is_none());
}

#[tokio::test]
async fn what_is_deployed_has_its_parameters_and_no_texts_for_the_portal() {
    let azure = Azure::new().await;
    applies(&mut life(&azure), &config(&azure)).await;

    let template = azure.world(|world| world.deployments.values().next().map(|done| done["template"].clone()));

    let resources = template.expect("a deployment")["resources"].clone();
    assert_eq!(resources[1]["properties"]["mainTemplate"]["metadata"], json!({}));
}

#[tokio::test]
async fn a_solution_is_found_by_its_display_name() {
    let azure = Azure::new().await;
    let by_name =
        Draft::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&DISPLAY_NAME, text("contoso CLOUD"));
    let mut life = life(&azure);

    applies(&mut life, &by_name).await;

    assert_eq!(get(&life, &CONTENT_ID), text(SOLUTION));
    assert_eq!(get(&life, &DISPLAY_NAME), text("contoso CLOUD"), "the configuration's spelling");
    applies(&mut life, &config(&azure)).await;
    assert_eq!(azure.count("PUT", "/deployments/"), 1, "the same solution under its other name");
}

#[tokio::test]
async fn an_older_version_is_taken_over_and_upgraded() {
    let azure = Azure::new().await;
    azure.world(|world| world.register(SOLUTION, SOLUTION, "2.0.1"));
    let mut life = life(&azure);

    let told = applies(&mut life, &config(&azure).with(&VERSION_CONSTRAINT, at_least(">= 3.0.0"))).await;

    assert!(told.contains(&"~An existing solution is taken over".to_owned()), "{told:?}");
    assert_whole(&azure);
    assert_eq!(azure.world(|world| world.registered(SOLUTION).map(str::to_owned)), text("3.0.3"));
}

#[tokio::test]
async fn what_is_whole_is_taken_over_without_a_write() {
    let azure = Azure::new().await;
    applies(&mut life(&azure), &config(&azure)).await;
    let before = azure.writes();
    let mut other = life(&azure);

    let told = applies(&mut other, &config(&azure)).await;

    assert_eq!(azure.writes(), before);
    assert!(told.contains(&"~An existing solution is taken over".to_owned()));
    assert_eq!(get(&other, &DEPLOYMENT_NAME), None);
    applies(&mut other, &config(&azure).with(&TRACK_LATEST, true)).await;
    assert_eq!(azure.writes(), before, "a setting of ours is nothing to Azure");
}

#[tokio::test]
async fn what_is_there_is_a_conflict_if_it_is_not_to_be_taken_over() {
    let azure = Azure::new().await;
    azure.world(|world| world.register(SOLUTION, SOLUTION, "3.0.3"));
    let mut life = life(&azure);

    let told = life.apply(&config(&azure).with(&ADOPT_EXISTING, false)).await;

    assert_eq!(summaries(&told), ["The solution is installed already"]);
    assert!(told.to_string().contains(&format!("id = \"{}|{SOLUTION}\"", azure.workspace())), "{told}");
    assert_eq!(azure.writes(), 0);
}

#[tokio::test]
async fn a_newer_version_in_the_catalogue_is_an_upgrade_only_if_asked_for() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    azure.world(|world| world.offer(SOLUTION, "3.1.0"));

    let planned = life.plan(&config(&azure)).await;
    assert_eq!(planned.action, Action::NoOp);
    assert_eq!(get(&life, &UPDATE_AVAILABLE), Some(true));

    let tracking = config(&azure).with(&TRACK_LATEST, true);
    let planned = life.plan(&tracking).await;
    assert_eq!(planned.action, Action::Update);
    assert_eq!(planned.state.get(&INSTALLED_VERSION), Ok(Knowable::Known(text("3.1.0"))));

    applies(&mut life, &tracking).await;
    assert_whole(&azure);
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
    assert_eq!(get(&life, &CONTENT_PRODUCT_ID), Some(format!("{SOLUTION}-sl-3.1.0")));
}

#[tokio::test]
async fn a_pin_upgrades_in_place_and_never_downgrades() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    let pinned = |version: &str| config(&azure).with(&VERSION, text(version));
    applies(&mut life, &pinned("3.0.3")).await;
    azure.world(|world| world.offer(SOLUTION, "3.1.0"));
    applies(&mut life, &pinned("3.0.3")).await;

    assert_eq!(summaries(&life.plan(&pinned("3.0.9")).await.told), ["The version is not on offer"]);
    applies(&mut life, &pinned("3.1")).await;
    assert_eq!(summaries(&life.plan(&pinned("3.0.3")).await.told), ["A newer version is installed"]);
    assert_eq!(get(&life, &VERSION), text("3.1"), "the configuration's spelling");
    assert_eq!(azure.count("PUT", "/deployments/"), 2);
}

#[tokio::test]
async fn a_pin_that_the_catalogue_does_not_offer_fails_the_plan() {
    let azure = Azure::new().await;

    let planned = life(&azure).plan(&config(&azure).with(&VERSION, text("2.0.1"))).await;

    assert_eq!(summaries(&planned.told), ["The version is not on offer"]);
    assert!(planned.told.to_string().contains("3.0.3"), "{}", planned.told);
}

#[tokio::test]
async fn what_has_gone_missing_is_recognised_and_repaired_with_the_reason() {
    type Damage = fn(&mut World);
    let damages: [(&str, Damage); 5] = [
        ("connector pages are missing", |world| drop(world.documents.remove("dataconnectors/cloudpage"))),
        ("1 of its 2 content templates", |world| drop(world.documents.remove("contenttemplates/template-1"))),
        ("content templates are missing", |world| {
            world.documents.retain(|key, _| !key.starts_with("contenttemplates"))
        }),
        ("left-over of an earlier workspace", |world| {
            let package = world.documents.get_mut(&format!("contentpackages/{SOLUTION}")).expect("it is registered");
            package["stale"] = true.into();
        }),
        ("\"orphan-sl-1\"", |world| {
            world.documents.remove(&format!("contentpackages/{SOLUTION}"));
            world.register("orphan-sl-1", SOLUTION, "3.0.3");
        }),
    ];
    for (reason, damage) in damages {
        let azure = Azure::new().await;
        let mut life = life(&azure);
        applies(&mut life, &config(&azure)).await;
        azure.world(damage);

        let planned = life.plan(&config(&azure)).await;

        assert_eq!(planned.action, Action::Update, "{reason}: {}", planned.told);
        assert_eq!(summaries(&planned.told), ["~The solution is installed again"]);
        assert!(planned.told.to_string().contains(reason), "{}", planned.told);
        applies(&mut life, &config(&azure)).await;
        assert_whole(&azure);
    }
}

#[tokio::test]
async fn what_was_only_registered_is_installed() {
    let azure = Azure::new().await;
    azure.world(|world| world.register(SOLUTION, SOLUTION, "3.0.3"));

    let told = applies(&mut life(&azure), &config(&azure)).await;

    assert!(told.contains(&"~The solution is installed again".to_owned()), "{told:?}");
    assert_whole(&azure);
}

#[tokio::test]
async fn what_is_uninstalled_elsewhere_is_installed_by_the_next_apply() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    azure.world(|world| world.documents.clear());

    let planned = life.plan(&config(&azure)).await;

    assert_eq!(planned.action, Action::Create);
    applies(&mut life, &config(&azure)).await;
    assert_whole(&azure);
}

#[tokio::test]
async fn a_failed_deployment_is_told_step_by_step_and_repaired_by_the_next_apply() {
    let azure = Azure::new().await;
    azure.world(|world| world.undeployable.push("template-2".to_owned()));
    let mut life = life(&azure);

    let told = life.apply(&config(&azure)).await;

    assert_eq!(summaries(&told), ["The deployment of the solution failed"]);
    let text = told.to_string();
    for part in [
        "contentTemplates/template-2",
        "BadRequest: the innermost reason",
        "Correlation id: run-1",
        "sentinel-cloud-3.0.3-",
        "3 of 4",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("template-1"), "{text}");
    assert!(life.is_tainted());
    azure.world(|world| world.undeployable.clear());
    applies(&mut life, &config(&azure)).await;
    assert_whole(&azure);
}

#[tokio::test]
async fn a_failed_upgrade_is_in_the_state_and_repaired_in_place() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    applies(&mut life, &tracking).await;
    azure.world(|world| {
        world.offer(SOLUTION, "3.1.0");
        world.undeployable.push("template-2".to_owned());
    });

    let told = life.apply(&tracking).await;

    assert_eq!(summaries(&told), ["The deployment of the solution failed"]);
    assert!(!life.is_tainted());
    azure.world(|world| world.undeployable.clear());
    let planned = life.plan(&tracking).await;
    assert_eq!(planned.action, Action::Update, "{}", planned.told);
    applies(&mut life, &tracking).await;
    assert_whole(&azure);
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test]
async fn ctrl_c_cancels_the_deployment_and_keeps_what_exists() {
    let azure = Azure::new().await;
    azure.world(|world| world.hangs = true);
    let mut life = life(&azure);
    let config = config(&azure);

    let server = life.server();

    let interrupt = async {
        while azure.count("GET", "/operations/") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.stop();
    };
    let (told, ()) = tokio::join!(life.apply(&config), interrupt);

    assert_eq!(summaries(&told), ["The installation of the solution was interrupted"]);
    assert!(told.to_string().contains("4 of 4 steps were done"), "{told}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert!(life.is_tainted());
    azure.world(|world| world.hangs = false);
    applies(&mut life, &config).await;
    assert_whole(&azure);
}

#[tokio::test]
async fn wherever_an_install_breaks_off_the_next_apply_converges_and_doubles_nothing() {
    // One refusal, at each request in turn; a write that was refused is done all the same, or is not.
    let azure = Azure::new().await;
    assert!(!life(&azure).apply(&config(&azure)).await.has_errors());
    let calls = azure.calls();
    assert!(calls.len() > 10, "{calls:?}");
    let cases = calls.iter().enumerate().flat_map(|(number, call)| {
        let outcomes: &[bool] = if call.starts_with("GET ") { &[false] } else { &[false, true] };
        outcomes.iter().map(move |is_carried_out| (number, *is_carried_out))
    });

    for (number, is_carried_out) in cases {
        let azure = Azure::refusing(number, is_carried_out).await;
        let mut life = life(&azure);

        let _ = life.apply(&config(&azure)).await;
        applies(&mut life, &config(&azure)).await;

        assert_whole(&azure);
        let told = life.destroy().await;
        assert!(!told.has_errors(), "{told}");
        assert_eq!(azure.holds(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_users_made_stays_and_is_named() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    azure.world(|world| {
        let parent = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc/\
                      providers/Microsoft.SecurityInsights/alertRules/mine";
        world.put("alertRules", "mine", json!({}));
        world.put(
            "metadata",
            "AnalyticsRule-mine",
            json!({"properties": {"parentId": parent, "source": {"sourceId": SOLUTION}}}),
        );
    });

    let told = life.destroy().await;

    assert!(told.iter().all(|told| told.summary == "What was made from the solution's templates stays"), "{told}");
    assert!(told.to_string().contains("alertRules/mine"), "{told}");
    assert_eq!(azure.holds(), ["alertrules/mine", "metadata/analyticsrule-mine"]);
}

#[tokio::test]
async fn parameters_are_checked_by_the_plan_and_their_change_deploys_again() {
    let azure = Azure::new().await;
    azure.world(|world| {
        let solution = world.catalogue.get_mut(SOLUTION).expect("on offer");
        solution["packagedContent"]["parameters"]["region"] = json!({"type": "string"});
    });
    let mut life = life(&azure);
    let with =
        |name: &str, value: &str| config(&azure).with(&PARAMETERS, Some([(name.to_owned(), value.to_owned())].into()));

    let missing = life.plan(&config(&azure)).await.told;
    assert_eq!(summaries(&missing), ["A parameter of the solution has no value"]);
    assert!(missing.to_string().contains("\"region\""), "{missing}");
    let unknown = life.plan(&with("colour", "red")).await.told;
    assert!(summaries(&unknown).contains(&"The solution has no such parameter".to_owned()), "{unknown}");

    applies(&mut life, &with("region", "eu")).await;
    applies(&mut life, &with("region", "us")).await;
    assert_eq!(azure.count("PUT", "/deployments/"), 2);
}

#[tokio::test]
async fn a_solution_that_needs_another_names_it() {
    let azure = Azure::new().await;
    azure.world(|world| {
        let solution = world.catalogue.get_mut(SOLUTION).expect("on offer");
        solution["dependencies"] = json!({"criteria": [{"kind": "Solution", "contentId": "contoso.base"}]});
    });
    let mut life = life(&azure);

    let told = life.apply(&config(&azure)).await;

    assert!(summaries(&told).contains(&"The solution needs others that are missing".to_owned()), "{told}");
    assert!(told.to_string().contains("contoso.base"), "{told}");
    assert_eq!(azure.writes(), 0);
    azure.world(|world| world.register("contoso.base", "contoso.base", "1.0.0"));
    applies(&mut life, &config(&azure)).await;
    assert_eq!(get(&life, &DEPENDENCIES), Some(vec!["contoso.base".to_owned()]));
}

#[tokio::test]
async fn an_import_is_followed_by_nothing() {
    let azure = Azure::new().await;
    applies(&mut life(&azure), &config(&azure)).await;
    let before = azure.writes();
    let package = azure.workspace().sentinel_resource("contentPackages", SOLUTION).to_string();
    for id in [package, format!("{}|{}", azure.workspace(), SOLUTION.to_uppercase())] {
        let mut life = life(&azure);

        let told = life.import(&id).await;

        assert!(told.is_empty(), "{told}");
        assert_eq!(get(&life, &CONTENT_ID), text(SOLUTION));
        assert_eq!(get(&life, &DISPLAY_NAME), None, "a generated configuration may have one of the two only");
        applies(&mut life, &config(&azure)).await;
        assert_eq!(get(&life, &DISPLAY_NAME), text("Contoso Cloud"), "known from the next refresh on");
    }
    assert_eq!(azure.writes(), before);
}

#[tokio::test]
async fn what_is_not_installed_cannot_be_imported() {
    let azure = Azure::new().await;

    let told = life(&azure).import(&format!("{}|{SOLUTION}", azure.workspace())).await;

    assert_eq!(summaries(&told), ["Nothing to import"]);
}

#[tokio::test]
async fn an_unknown_content_id_proposes_near_ones() {
    let azure = Azure::new().await;
    let wrong = config(&azure).with(&CONTENT_ID, text("contoso.azure-sentinel-solution-clouds"));

    let told = life(&azure).plan(&wrong).await.told;

    assert_eq!(summaries(&told), ["No such solution in Content Hub"]);
    assert!(told.to_string().contains(SOLUTION), "{told}");
}

#[tokio::test]
async fn a_catalogue_that_moves_on_between_plan_and_apply_changes_nothing() {
    let azure = Azure::with(|request, before, world| {
        // by the time of the third look at the entry, a newer version is on offer
        if request.method == "GET" && request.target.contains("/contentProductPackages/") && before == 2 {
            world.offer(SOLUTION, "3.1.0");
        }
        None
    })
    .await;

    let told = life(&azure).apply(&config(&azure)).await;

    assert_eq!(summaries(&told), ["The catalogue has moved on since the plan"]);
    assert_eq!(azure.writes(), 0);
}

#[tokio::test]
async fn a_timeout_leaves_azure_at_it_and_says_where_to_look() {
    let azure = Azure::new().await;
    azure.world(|world| world.hangs = true);
    let session = azure.session();
    let workspace = azure.workspace();
    let budget = crate::azure::Budget::lasting(Duration::from_secs(2));
    let hub = crate::content_hub::ContentHub::new(&session, &workspace, &budget);
    let entry = hub.entry_of(SOLUTION).await.expect("an answer").expect("on offer");
    let order = crate::content_hub::installation::install::Order {
        entry: &entry,
        registrations: &[],
        parameters: &std::collections::BTreeMap::new(),
    };

    let error = crate::content_hub::installation::install::install(&hub, &order, |_| ()).await.expect_err("no end");

    let told = super::deployment_diagnostic::of(&error, "\"Contoso Cloud\" 3.0.3", &session);
    assert_eq!(summaries(&told), ["The deployment of the solution is still running"]);
    assert!(told.to_string().contains("az deployment operation group list"), "{told}");
    assert_eq!(azure.count("POST", "/cancel"), 0);
}

#[tokio::test]
async fn a_workspace_without_sentinel_is_told_and_reading_it_finds_nothing() {
    let azure = Azure::with(|request, _, _| {
        if request.target.contains("onboardingStates") {
            return Some(Reply::error(404, "NotFound", "none"));
        }
        let sentinel = request.target.contains("Microsoft.SecurityInsights");
        sentinel.then(|| Reply::error(400, "BadRequest", "Workspace 'law-soc' is not onboarded to Microsoft Sentinel."))
    })
    .await;

    let told = life(&azure).apply(&config(&azure)).await;

    assert!(summaries(&told).contains(&"The workspace is not onboarded to Microsoft Sentinel".to_owned()), "{told}");
    assert_eq!(azure.writes(), 0);
}

#[tokio::test]
async fn an_operation_fits_on_any_threads_stack() {
    let azure = Azure::new().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let state = State::empty(&schema());

    let create = SolutionResource.create(&context, &session, state.clone());
    assert!(size_of_val(&create) < 32 * 1024, "{} bytes", size_of_val(&create));
    let read = SolutionResource.read(&context, &session, state);
    assert!(size_of_val(&read) < 16 * 1024, "{} bytes", size_of_val(&read));
}
