//! Tests from plan to destroy: selection by content ID and by name, import, parameters and dependencies.

use super::*;

#[tokio::test(start_paused = true)]
async fn creates_reads_and_deletes_a_solution() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);

    let planned = lifecycle.plan(&config(&azure)).await;

    assert_eq!(planned.action, PlannedAction::Create);
    assert_eq!(planned.state.get(&DISPLAY_NAME), Ok(Knowable::Unknown), "the catalog may change until the apply");
    assert_eq!(planned.state.get(&INSTALLED_VERSION), Ok(Knowable::Unknown));
    assert_eq!(azure.writes(), 0, "a plan only reads");

    assert_eq!(applies(&mut lifecycle, &config(&azure)).await, Vec::<String>::new());

    assert_complete(&azure);
    assert_eq!(azure.count("PUT", "/deployments/"), 1);
    assert_eq!(get(&lifecycle, &VERSION), text("3.0.3"));
    assert_eq!(get(&lifecycle, &AVAILABLE_VERSION), text("3.0.3"));
    assert_eq!(get(&lifecycle, &UPDATE_AVAILABLE), Some(false));
    assert_eq!(get(&lifecycle, &IS_DEPRECATED), Some(false));
    assert!(get(&lifecycle, &CONTENT_PRODUCT_ID).is_some_and(|id| id.starts_with(&format!("{SOLUTION}-sl-"))));
    assert_eq!(get(&lifecycle, &DEPENDENCIES), Some(Vec::new()));
    assert_eq!(get(&lifecycle, &TEMPLATE_COUNT), Some(2));
    assert!(get(&lifecycle, &CONNECTOR_IDS).is_some_and(|ids| ids.len() == 1 && ids[0].ends_with(PAGE)));
    assert!(get(&lifecycle, &ID).is_some_and(|id| id.ends_with(&format!("/contentPackages/{SOLUTION}"))));
    let deployment = get(&lifecycle, &DEPLOYMENT_NAME).expect("a deployment");
    assert!(deployment.starts_with("sentinel-cloud-3.0.3-") && deployment.len() <= 64, "{deployment}");

    let diagnostics = lifecycle.destroy().await;

    assert!(diagnostics.is_empty(), "{diagnostics}");
    assert_eq!(azure.objects(), Vec::<String>::new());
    assert!(lifecycle.state().is_none());
}

#[tokio::test(start_paused = true)]
async fn sends_parameters_and_no_portal_texts() {
    let azure = Azure::start().await;
    applies(&mut lifecycle(&azure), &config(&azure)).await;

    let deployment = azure.sent("PUT", "/deployments/")["properties"].clone();

    assert_eq!(deployment["parameters"]["workspace"], json!({"value": "law-soc"}));
    let resources = deployment["template"]["resources"].as_array().expect("a list");
    let metadata = |kind| {
        let template = resources.iter().find(|resource| resource["properties"]["contentKind"] == kind);
        &template.expect("a template")["properties"]["mainTemplate"]["metadata"]
    };
    assert_eq!(metadata("Playbook"), &json!({"title": "CloudPlaybook"}));
}

#[tokio::test(start_paused = true)]
async fn finds_a_solution_by_display_name() {
    let azure = Azure::start().await;
    let by_name =
        Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&DISPLAY_NAME, text("contoso CLOUD"));
    let mut lifecycle = lifecycle(&azure);

    applies(&mut lifecycle, &by_name).await;

    assert_eq!(get(&lifecycle, &CONTENT_ID), text(SOLUTION));
    assert_eq!(get(&lifecycle, &DISPLAY_NAME), text("contoso CLOUD"), "the configuration's spelling");
    applies(&mut lifecycle, &config(&azure)).await;
    assert_eq!(azure.count("PUT", "/deployments/"), 1, "the same solution under its other name");
}

#[tokio::test(start_paused = true)]
async fn plan_validates_parameters_and_a_change_redeploys() {
    let azure = Azure::start().await;
    azure.declare_parameter("region", json!({"type": "string"})).await;
    let mut lifecycle = lifecycle(&azure);
    let with =
        |name: &str, value: &str| config(&azure).with(&PARAMETERS, Some([(name.to_owned(), value.to_owned())].into()));

    let missing = lifecycle.plan(&config(&azure)).await.diagnostics;
    assert_eq!(summaries(&missing), ["A parameter of the solution has no value"]);
    assert!(missing.to_string().contains("\"region\""), "{missing}");
    let unknown = lifecycle.plan(&with("colour", "red")).await.diagnostics;
    assert!(summaries(&unknown).contains(&"The solution has no such parameter".to_owned()), "{unknown}");

    applies(&mut lifecycle, &with("region", "eu")).await;
    applies(&mut lifecycle, &with("region", "us")).await;
    assert_eq!(azure.count("PUT", "/deployments/"), 2);
}

#[tokio::test(start_paused = true)]
async fn equivalent_parameters_do_not_redeploy() {
    let azure = Azure::start().await;
    azure.declare_parameter("days", json!({"type": "int", "defaultValue": 30})).await;
    let mut lifecycle = lifecycle(&azure);
    let with = |parameters: &[(&str, &str)]| {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        config(&azure).with(&PARAMETERS, Some(parameters.iter().map(owned).collect()))
    };
    applies(&mut lifecycle, &config(&azure)).await;
    let before = azure.writes();

    assert_eq!(
        lifecycle.plan(&with(&[])).await.state.get(&DEPLOYMENT_NAME),
        Ok(Knowable::Known(get(&lifecycle, &DEPLOYMENT_NAME)))
    );
    for same in [with(&[]), config(&azure), with(&[("days", "30")]), with(&[("DAYS", "030")])] {
        applies(&mut lifecycle, &same).await;
    }
    assert_eq!(azure.writes(), before);
    applies(&mut lifecycle, &with(&[("days", "31")])).await;
    assert_eq!(azure.count("PUT", "/deployments/"), 2);
}

#[tokio::test(start_paused = true)]
async fn create_plan_does_not_depend_on_azure() {
    let azure = Azure::start().await;
    let lifecycle = lifecycle(&azure);
    lifecycle.begin_run().await;
    let by_name =
        Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&DISPLAY_NAME, text("contoso cloud"));
    for config in [config(&azure).with(&VERSION, text("3.0.3")), by_name] {
        let planned = lifecycle.plan_as_read(&config).await.planned;

        azure.fault("GET", "SecurityInsights", crate::testing::not_onboarded());
        lifecycle.begin_run().await;
        assert_eq!(lifecycle.plan_as_read(&config).await.planned, planned, "the workspace was off-boarded");
        azure.clear_faults();
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_missing_dependency() {
    let azure = Azure::start().await;
    azure.require(SOLUTION, "contoso.base");
    let mut lifecycle = lifecycle(&azure);

    let diagnostics = lifecycle.apply(&config(&azure)).await;

    assert!(summaries(&diagnostics).contains(&"Required solutions are missing".to_owned()), "{diagnostics}");
    assert!(diagnostics.to_string().contains("contoso.base"), "{diagnostics}");
    assert_eq!(azure.writes(), 0);
    azure.register("contoso.base", "contoso.base", "1.0.0");
    applies(&mut lifecycle, &config(&azure)).await;
    assert_eq!(get(&lifecycle, &DEPENDENCIES), Some(vec!["contoso.base".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn accepts_circular_dependencies() {
    let azure = Azure::start().await;
    for (content_id, needed) in
        [(SOLUTION, "contoso.base"), ("contoso.base", "contoso.ring"), ("contoso.ring", SOLUTION)]
    {
        azure.require(content_id, needed);
    }
    let mut lifecycle = lifecycle(&azure);

    let diagnostics = applies(&mut lifecycle, &config(&azure)).await;

    assert_eq!(diagnostics, Vec::<String>::new());
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn import_plans_no_change() {
    let azure = Azure::start().await;
    applies(&mut lifecycle(&azure), &config(&azure)).await;
    let before = azure.writes();
    let package = azure.workspace().sentinel_resource("contentPackages", SOLUTION).to_string();
    for id in [package, format!("{}|{}", azure.workspace(), SOLUTION.to_uppercase())] {
        let mut lifecycle = lifecycle(&azure);

        let diagnostics = lifecycle.import(&id).await;

        assert!(diagnostics.is_empty(), "{diagnostics}");
        assert_eq!(get(&lifecycle, &CONTENT_ID), text(SOLUTION));
        assert_eq!(get(&lifecycle, &DISPLAY_NAME), None, "a generated configuration may set only one of the two");
        applies(&mut lifecycle, &config(&azure)).await;
        let imported = lifecycle.state().expect("a state").value().clone();
        assert!(lifecycle.refresh_only().await.is_empty());
        assert_eq!(lifecycle.state().expect("a state").value(), &imported, "a refresh of an import is no drift");
    }
    assert_eq!(azure.writes(), before);
}

#[tokio::test(start_paused = true)]
async fn futures_stay_below_the_stack_limit() {
    let azure = Azure::start().await;
    let (session, context) = (azure.session(), Context::for_tests());
    let state = State::empty(&schema());

    let create = SolutionResource.create(&context, &session, state.clone());
    assert!(size_of_val(&create) < 32 * 1024, "{} bytes", size_of_val(&create));
    let read = SolutionResource.read(&context, &session, state);
    assert!(size_of_val(&read) < 16 * 1024, "{} bytes", size_of_val(&read));
}

/// Installs the solution, and then another one whose content has the same names. Returns both, and the configuration of
/// the second one.
async fn install_two_with_shared_content(azure: &Azure) -> (Lifecycle, Lifecycle, Config) {
    const RELATED: &str = "contoso.azure-sentinel-solution-cloud-updated";
    azure.offer(RELATED, "1.0.0");
    let related = config(azure).with(&CONTENT_ID, text(RELATED));
    let (mut one, mut other) = (lifecycle(azure), lifecycle(azure));
    applies(&mut one, &config(azure)).await;
    applies(&mut other, &related).await;
    (one, other, related)
}

#[tokio::test(start_paused = true)]
async fn two_solutions_with_shared_content_reach_an_empty_plan() {
    let azure = Azure::start().await;
    let (mut one, mut other, _) = install_two_with_shared_content(&azure).await;

    let planned = one.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert_eq!(get(&one, &TEMPLATE_COUNT), Some(2), "templates of the other solution count");

    // Azure deletes the templates with the solution that installed them last.
    assert!(!other.destroy().await.has_errors());
    let planned = one.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::Update);
    assert!(planned.diagnostics.to_string().contains("its content templates are missing"), "{}", planned.diagnostics);
    applies(&mut one, &config(&azure)).await;
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn destroy_keeps_content_installed_later_by_another_solution() {
    let azure = Azure::start().await;
    let (mut one, mut other, related) = install_two_with_shared_content(&azure).await;

    assert!(!one.destroy().await.has_errors());

    let planned = other.plan(&related).await;
    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert!(azure.objects().contains(&format!("dataconnectors/{}", PAGE.to_lowercase())));
}
