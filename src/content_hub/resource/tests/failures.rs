//! What Azure or the provider refuses. The acceptance scenarios `content_hub_failures` test what a user sees of it.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_failed_deployment_is_reported_by_operation_and_repaired_by_the_next_apply() {
    let azure = Azure::start().await;
    azure.refuse_the_playbook();
    let mut life = life(&azure);

    let diagnostics = life.apply(&config(&azure)).await;

    assert_eq!(summaries(&diagnostics), ["The deployment of the solution failed"]);
    let text = diagnostics.to_string();
    for part in [
        "contentTemplates/law-soc-pl-",
        "BadRequest: the innermost reason",
        "Correlation ID: run-1",
        "sentinel-cloud-3.0.3-",
        "4 of 5",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("law-soc-dc-"), "{text}");
    assert!(life.is_tainted());
    azure.deploy_normally();
    applies(&mut life, &config(&azure)).await;
    assert_whole(&azure);
}

#[tokio::test(start_paused = true)]
async fn a_failed_upgrade_is_in_the_state_and_repaired_in_place() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    applies(&mut life, &tracking).await;
    azure.offer(SOLUTION, "3.1.0");
    azure.refuse_the_playbook();

    let diagnostics = life.apply(&tracking).await;

    assert_eq!(summaries(&diagnostics), ["The deployment of the solution failed"]);
    assert!(!life.is_tainted());
    azure.deploy_normally();
    let planned = life.plan(&tracking).await;
    assert_eq!(planned.action, PlannedAction::Update, "{}", planned.diagnostics);
    applies(&mut life, &tracking).await;
    assert_whole(&azure);
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_on_the_resource_group_is_named_and_leaves_nothing() {
    let azure = Azure::start().await;
    let refusal = Effect::new().error(403, "AuthorizationFailed", "not you");
    azure.fault("PUT", "/deployments/", refusal);

    let mut life = life(&azure);

    let diagnostics = life.apply(&config(&azure)).await.to_string();

    assert!(life.state().is_none() && !life.is_tainted());
    assert_eq!(azure.holds(), Vec::<String>::new(), "the registration is gone");
    assert!(
        diagnostics.contains("The provider removed the registration again, so nothing is left in the workspace."),
        "{diagnostics}"
    );
    let needed = "`Microsoft.Resources/deployments/write` on the resource group \"rg-soc\"";
    assert!(diagnostics.contains(needed), "{diagnostics}");
}

#[tokio::test(start_paused = true)]
async fn a_role_that_the_same_run_assigned_is_awaited() {
    let azure = Azure::start().await;
    let group = azure.workspace().resource_id().parent().expect("a resource group");
    azure.assign_role("Contributor", group.as_str(), Duration::from_secs(60));

    applies(&mut life(&azure), &config(&azure)).await;

    assert_whole(&azure);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_refused_for_a_new_role_is_repeated() {
    let azure = Azure::start().await;
    let message =
        "Deployment failed with multiple errors: 'Authorization failed for template resource 'x' of type 'y'.'";
    for _ in 0..3 {
        azure.refuse_role_once("PUT", "/deployments/", "InvalidTemplateDeployment", message);
    }

    applies(&mut life(&azure), &config(&azure)).await;

    assert_whole(&azure);
    assert_eq!(azure.count("PUT", "/deployments/"), 4);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_is_missing_at_the_first_write_leaves_nothing() {
    let azure = Azure::start().await;
    azure.fault("PUT", "/contentPackages/", Effect::new().error(403, "AuthorizationFailed", "not you"));
    let mut life = life(&azure);

    let diagnostics = life.apply(&config(&azure)).await.to_string();

    assert!(diagnostics.contains("The provider repeated the request for 1 min"), "{diagnostics}");
    assert!(life.state().is_none() && !life.is_tainted());
    assert_eq!(azure.count("PUT", "/deployments/"), 0);
}

#[tokio::test(start_paused = true)]
async fn what_existed_before_a_failed_takeover_is_never_uninstalled() {
    for part in ["/contentTemplates/.*-pl-", "/metadata/", "/dataConnectors/"] {
        let azure = Azure::start().await;
        azure.offer(SOLUTION, "2.0.1");
        applies(&mut life(&azure), &config(&azure)).await;
        azure.offer(SOLUTION, "3.0.3");
        azure.refuse(part);
        let mut life = life(&azure);

        let diagnostics = life.apply(&config(&azure)).await;

        assert!(diagnostics.has_errors(), "{diagnostics}");
        assert!(diagnostics.to_string().contains("adopts the solution again"), "{diagnostics}");
        assert!(life.state().is_none(), "Terraform would taint and then replace it");
        azure.deploy_normally();
        let planned = life.plan(&config(&azure)).await;
        assert!(planned.diagnostics.to_string().contains("its last installation did not finish"), "{part}");
        applies(&mut life, &config(&azure)).await;
        assert_eq!((azure.count("DELETE", ""), azure.count("PUT", "/deployments/")), (0, 3), "{part}");
        assert_eq!(get(&life, &INSTALLED_VERSION), text("3.0.3"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_uninstalls_says_so() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;

    azure.offer("contoso.other", "1.0.0");
    let planned = life.plan(&config(&azure).with(&CONTENT_ID, text("contoso.other"))).await;
    assert_eq!(planned.action, PlannedAction::Replace);
    assert!(summaries(&planned.diagnostics).contains(&about("The solution will be uninstalled")));

    life.taint();
    let planned = life.plan(&config(&azure)).await;
    assert_eq!(summaries(&planned.diagnostics), [about("A tainted solution will be uninstalled first")]);

    let mut imported = self::life(&azure);
    assert!(!imported.import(&format!("{}|{SOLUTION}", azure.workspace())).await.has_errors());
    let planned = imported.plan_destroy().await;
    assert_eq!(summaries(&planned.diagnostics), [about("The solution will be uninstalled")]);
}

#[tokio::test(start_paused = true)]
async fn a_destroy_of_an_upgraded_solution_still_knows_that_it_existed() {
    let azure = Azure::start().await;
    azure.offer(SOLUTION, "2.0.1");
    let mut own = life(&azure);
    applies(&mut own, &config(&azure)).await;
    let mut imported = life(&azure);
    assert!(!imported.import(&format!("{}|{SOLUTION}", azure.workspace())).await.has_errors());
    azure.offer(SOLUTION, "3.0.3");
    let latest = config(&azure).with(&TRACK_LATEST, true);
    let mut adopted = life(&azure);

    applies(&mut adopted, &latest).await;
    assert_ne!(get(&adopted, &DEPLOYMENT_NAME), None, "the adoption upgrades it");
    for (life, version) in [(&mut imported, "3.0.4"), (&mut adopted, "3.0.5")] {
        azure.offer(SOLUTION, version);
        applies(life, &latest).await;
        assert_eq!(get(life, &INSTALLED_VERSION), text(version));
        assert_eq!(summaries(&life.plan_destroy().await.diagnostics), [about("The solution will be uninstalled")]);
    }
    own.read().await;
    assert_eq!(summaries(&own.plan_destroy().await.diagnostics), Vec::<String>::new(), "its own installation");
}

#[tokio::test(start_paused = true)]
async fn a_failed_destroy_of_a_tainted_solution_does_not_make_it_look_complete() {
    let azure = Azure::start().await;
    azure.refuse_the_playbook();
    let mut life = life(&azure);
    assert!(life.apply(&config(&azure)).await.has_errors());
    azure.deploy_normally();
    azure.fault("DELETE", "", Effect::new().error(409, "ScopeLocked", "locked"));
    assert!(life.apply(&config(&azure)).await.has_errors());
    azure.clear_faults();

    life.untaint();
    let planned = life.plan(&config(&azure)).await;

    assert_eq!(planned.action, PlannedAction::Update, "{}", planned.diagnostics);
    applies(&mut life, &config(&azure)).await;
    assert_whole(&azure);
}

#[tokio::test(start_paused = true)]
async fn a_lost_record_counts_as_unfinished_unless_the_deployment_succeeded() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    life.lose_private();
    assert_eq!(life.plan(&config(&azure)).await.action, PlannedAction::NoOp);

    life.lose_private();
    azure.fault("GET", "Microsoft.Resources/deployments/", Effect::new().error(404, "DeploymentNotFound", "none"));
    let planned = life.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::Update);
    assert!(planned.diagnostics.to_string().contains("did not finish"), "{}", planned.diagnostics);
}

#[tokio::test(start_paused = true)]
async fn a_replacement_never_installs_an_older_version() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    azure.offer(SOLUTION, "3.0.0");
    life.taint();

    let diagnostics = life.apply(&config(&azure)).await;

    assert_eq!(summaries(&diagnostics), ["A newer version is installed"]);
    assert!(diagnostics.to_string().contains("terraform untaint"), "{diagnostics}");
    assert_whole(&azure);
}

#[tokio::test(start_paused = true)]
async fn a_catalog_that_changes_between_plan_and_apply_installs_its_newest_version() {
    let azure = Azure::start().await;
    azure.intercept(|request, world| {
        let is_entry = request.method == "GET" && request.path.contains("/contentProductPackages/");
        if is_entry && request.earlier == 2 {
            let mut catalog = world.to_value()["world"]["catalog"].clone();
            catalog["packages"][0]["version"] = "3.1.0".into();
            world.patch(json!({ "catalog": catalog }));
        }
        None
    });

    let mut life = life(&azure);
    let diagnostics = life.apply(&config(&azure)).await;

    assert_eq!(summaries(&diagnostics), Vec::<String>::new(), "nothing that was planned is taken back");
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test(start_paused = true)]
async fn a_refused_registration_changes_nothing() {
    let azure = Azure::start().await;
    let refusal = Effect::new().error(403, "AuthorizationFailed", "not you");
    azure.fault("PUT", "/contentPackages/", refusal);
    azure.register(SOLUTION, SOLUTION, "2.0.1");
    let mut life = life(&azure);

    let diagnostics = life.apply(&config(&azure)).await;

    assert!(diagnostics.has_errors(), "{diagnostics}");
    assert!(life.state().is_none(), "what was there before is not in the state, and not tainted");
}

#[tokio::test(start_paused = true)]
async fn parameters_that_cannot_be_deployed_are_refused() {
    let azure = Azure::start().await;
    azure.declare_parameter("severity", json!({"type": "string", "defaultValue": ""})).await;
    let with = |value: &str| {
        config(&azure)
            .with(&VERSION, text("3.0.3"))
            .with(&PARAMETERS, Some([("severity".to_owned(), value.to_owned())].into()))
    };
    let mut life = life(&azure);
    applies(&mut life, &with("low")).await;
    azure.offer(SOLUTION, "3.1.0");

    let planned = life.plan(&with("high")).await;

    assert_eq!(summaries(&planned.diagnostics), ["The parameters cannot be deployed"]);
    assert!(planned.diagnostics.to_string().contains("offers only version 3.1.0"), "{}", planned.diagnostics);
}
