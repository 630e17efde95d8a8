//! From the first plan to the destroy, by content id, by name, by import.

use super::*;

#[tokio::test]
async fn a_life_on_an_empty_workspace_leaves_it_empty() {
    let azure = Azure::new().await;
    let mut life = life(&azure);

    let planned = life.plan(&config(&azure)).await;

    assert_eq!(planned.action, PlannedAction::Create);
    assert_eq!(planned.state.get(&DISPLAY_NAME), Ok(Knowable::Known(text("Contoso Cloud"))));
    assert_eq!(planned.state.get(&INSTALLED_VERSION), Ok(Knowable::Unknown));
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
        Config::empty(&schema()).with(&WORKSPACE_ID, azure.workspace()).with(&DISPLAY_NAME, text("contoso CLOUD"));
    let mut life = life(&azure);

    applies(&mut life, &by_name).await;

    assert_eq!(get(&life, &CONTENT_ID), text(SOLUTION));
    assert_eq!(get(&life, &DISPLAY_NAME), text("contoso CLOUD"), "the configuration's spelling");
    applies(&mut life, &config(&azure)).await;
    assert_eq!(azure.count("PUT", "/deployments/"), 1, "the same solution under its other name");
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

    let missing = life.plan(&config(&azure)).await.diagnostics;
    assert_eq!(summaries(&missing), ["A parameter of the solution has no value"]);
    assert!(missing.to_string().contains("\"region\""), "{missing}");
    let unknown = life.plan(&with("colour", "red")).await.diagnostics;
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
async fn a_solution_that_is_needed_in_turn_is_not_missing() {
    let azure = Azure::new().await;
    azure.world(|world| {
        for (content_id, needed) in
            [(SOLUTION, "contoso.base"), ("contoso.base", "contoso.ring"), ("contoso.ring", SOLUTION)]
        {
            world.offer(content_id, "3.0.3");
            let solution = world.catalogue.get_mut(content_id).expect("on offer");
            solution["dependencies"] = json!({"criteria": [{"kind": "Solution", "contentId": needed}]});
        }
    });
    let mut life = life(&azure);

    let told = applies(&mut life, &config(&azure)).await;

    assert_eq!(told, Vec::<String>::new());
    assert_whole(&azure);
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

    let told = life(&azure).plan(&wrong).await.diagnostics;

    assert_eq!(summaries(&told), ["No such solution in Content Hub"]);
    assert!(told.to_string().contains(SOLUTION), "{told}");
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

/// The solution, and after it another one that brings content of the same names; with the configuration of the other.
async fn sharing(azure: &Azure) -> (Lifecycle, Lifecycle, Config) {
    const RELATED: &str = "contoso.azure-sentinel-solution-cloud-updated";
    azure.world(|world| world.offer(RELATED, "1.0.0"));
    let related = config(azure).with(&CONTENT_ID, text(RELATED));
    let (mut one, mut other) = (life(azure), life(azure));
    applies(&mut one, &config(azure)).await;
    applies(&mut other, &related).await;
    (one, other, related)
}

#[tokio::test]
async fn two_solutions_that_bring_the_same_content_both_come_to_rest() {
    let azure = Azure::new().await;
    let (mut one, mut other, _) = sharing(&azure).await;

    let planned = one.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert_eq!(get(&one, &TEMPLATE_COUNT), Some(2), "whosever they are by now");

    // Azure takes the templates away with the solution that brought them last.
    assert!(!other.destroy().await.has_errors());
    let planned = one.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::Update);
    assert!(planned.diagnostics.to_string().contains("its content templates are missing"), "{}", planned.diagnostics);
    applies(&mut one, &config(&azure)).await;
    assert_whole(&azure);
}

#[tokio::test]
async fn a_solution_that_goes_leaves_what_another_has_brought_anew() {
    let azure = Azure::new().await;
    let (mut one, mut other, related) = sharing(&azure).await;

    assert!(!one.destroy().await.has_errors());

    let planned = other.plan(&related).await;
    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert!(azure.holds().contains(&format!("dataconnectors/{}", PAGE.to_lowercase())));
}
