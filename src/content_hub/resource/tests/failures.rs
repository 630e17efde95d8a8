//! Tests of failed installations. The acceptance scenarios `content_hub_failures` test the messages.

use super::*;

#[tokio::test(start_paused = true)]
async fn reports_failed_operations_and_repairs_at_the_next_apply() {
    let azure = Azure::start().await;
    azure.reject_playbook();
    let mut lifecycle = lifecycle(&azure);

    let diagnostics = lifecycle.apply(&config(&azure)).await;

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
    assert!(lifecycle.is_tainted());
    azure.clear_deployment_rules();
    applies(&mut lifecycle, &config(&azure)).await;
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn saves_a_failed_upgrade_and_repairs_it_in_place() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    applies(&mut lifecycle, &tracking).await;
    azure.offer(SOLUTION, "3.1.0");
    azure.reject_playbook();

    let diagnostics = lifecycle.apply(&tracking).await;

    assert_eq!(summaries(&diagnostics), ["The deployment of the solution failed"]);
    assert!(!lifecycle.is_tainted());
    azure.clear_deployment_rules();
    let planned = lifecycle.plan(&tracking).await;
    assert_eq!(planned.action, PlannedAction::Update, "{}", planned.diagnostics);
    applies(&mut lifecycle, &tracking).await;
    assert_complete(&azure);
    assert_eq!(get(&lifecycle, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test(start_paused = true)]
async fn missing_deployment_role_leaves_no_registration() {
    let azure = Azure::start().await;
    let refusal = Effect::new().error(403, "AuthorizationFailed", "not you");
    azure.fault("PUT", "/deployments/", refusal);

    let mut lifecycle = lifecycle(&azure);

    let diagnostics = lifecycle.apply(&config(&azure)).await.to_string();

    assert!(lifecycle.state().is_none() && !lifecycle.is_tainted());
    assert_eq!(azure.objects(), Vec::<String>::new(), "the content package was removed");
    assert!(
        diagnostics.contains("The provider removed the content package again, so nothing is left in the workspace."),
        "{diagnostics}"
    );
    let needed = "`Microsoft.Resources/deployments/write` on the resource group \"rg-soc\"";
    assert!(diagnostics.contains(needed), "{diagnostics}");
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_role_assigned_in_the_same_run() {
    let azure = Azure::start().await;
    let group = azure.workspace().resource_id().parent().expect("a resource group");
    azure.assign_role("Contributor", group.as_str(), Duration::from_secs(60));

    applies(&mut lifecycle(&azure), &config(&azure)).await;

    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn retries_a_deployment_until_a_new_role_takes_effect() {
    let azure = Azure::start().await;
    let message =
        "Deployment failed with multiple errors: 'Authorization failed for template resource 'x' of type 'y'.'";
    for _ in 0..3 {
        azure.deny_once("PUT", "/deployments/", "InvalidTemplateDeployment", message);
    }

    applies(&mut lifecycle(&azure), &config(&azure)).await;

    assert_complete(&azure);
    assert_eq!(azure.count("PUT", "/deployments/"), 4);
}

#[tokio::test(start_paused = true)]
async fn missing_role_at_the_first_write_leaves_no_content() {
    let azure = Azure::start().await;
    azure.fault("PUT", "/contentPackages/", Effect::new().error(403, "AuthorizationFailed", "not you"));
    let mut lifecycle = lifecycle(&azure);

    let diagnostics = lifecycle.apply(&config(&azure)).await.to_string();

    assert!(diagnostics.contains("The provider repeated the request for 1 min"), "{diagnostics}");
    assert!(lifecycle.state().is_none() && !lifecycle.is_tainted());
    assert_eq!(azure.count("PUT", "/deployments/"), 0);
}

#[tokio::test(start_paused = true)]
async fn failed_adoption_does_not_uninstall_the_existing_solution() {
    for part in ["/contentTemplates/.*-pl-", "/metadata/", "/dataConnectors/"] {
        let azure = Azure::start().await;
        azure.offer(SOLUTION, "2.0.1");
        applies(&mut lifecycle(&azure), &config(&azure)).await;
        azure.offer(SOLUTION, "3.0.3");
        azure.reject_deployment_of(part);
        let mut lifecycle = lifecycle(&azure);

        let diagnostics = lifecycle.apply(&config(&azure)).await;

        assert!(diagnostics.has_errors(), "{diagnostics}");
        assert!(diagnostics.to_string().contains("adopts the solution again"), "{diagnostics}");
        assert!(lifecycle.state().is_none(), "Terraform would taint and then replace it");
        azure.clear_deployment_rules();
        let planned = lifecycle.plan(&config(&azure)).await;
        assert!(planned.diagnostics.to_string().contains("its last installation did not finish"), "{part}");
        applies(&mut lifecycle, &config(&azure)).await;
        assert_eq!((azure.count("DELETE", ""), azure.count("PUT", "/deployments/")), (0, 3), "{part}");
        assert_eq!(get(&lifecycle, &INSTALLED_VERSION), text("3.0.3"));
    }
}

#[tokio::test(start_paused = true)]
async fn warns_about_an_uninstall_in_the_plan() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &config(&azure)).await;

    azure.offer("contoso.other", "1.0.0");
    let planned = lifecycle.plan(&config(&azure).with(&CONTENT_ID, text("contoso.other"))).await;
    assert_eq!(planned.action, PlannedAction::Replace);
    assert!(summaries(&planned.diagnostics).contains(&about("The solution will be uninstalled")));

    lifecycle.taint();
    let planned = lifecycle.plan(&config(&azure)).await;
    assert_eq!(summaries(&planned.diagnostics), [about("A tainted solution will be uninstalled first")]);

    let mut imported = self::lifecycle(&azure);
    assert!(!imported.import(&format!("{}|{SOLUTION}", azure.workspace())).await.has_errors());
    let planned = imported.plan_destroy().await;
    assert_eq!(summaries(&planned.diagnostics), [about("The solution will be uninstalled")]);
}

#[tokio::test(start_paused = true)]
async fn destroy_of_an_adopted_solution_warns_after_an_upgrade() {
    let azure = Azure::start().await;
    azure.offer(SOLUTION, "2.0.1");
    let mut own = lifecycle(&azure);
    applies(&mut own, &config(&azure)).await;
    let mut imported = lifecycle(&azure);
    assert!(!imported.import(&format!("{}|{SOLUTION}", azure.workspace())).await.has_errors());
    azure.offer(SOLUTION, "3.0.3");
    let latest = config(&azure).with(&TRACK_LATEST, true);
    let mut adopted = lifecycle(&azure);

    applies(&mut adopted, &latest).await;
    assert_ne!(get(&adopted, &DEPLOYMENT_NAME), None, "the adoption upgrades it");
    for (lifecycle, version) in [(&mut imported, "3.0.4"), (&mut adopted, "3.0.5")] {
        azure.offer(SOLUTION, version);
        applies(lifecycle, &latest).await;
        assert_eq!(get(lifecycle, &INSTALLED_VERSION), text(version));
        assert_eq!(summaries(&lifecycle.plan_destroy().await.diagnostics), [about("The solution will be uninstalled")]);
    }
    own.read().await;
    assert_eq!(summaries(&own.plan_destroy().await.diagnostics), Vec::<String>::new(), "the resource installed it");
}

#[tokio::test(start_paused = true)]
async fn failed_destroy_keeps_a_tainted_solution_unfinished() {
    let azure = Azure::start().await;
    azure.reject_playbook();
    let mut lifecycle = lifecycle(&azure);
    assert!(lifecycle.apply(&config(&azure)).await.has_errors());
    azure.clear_deployment_rules();
    azure.fault("DELETE", "", Effect::new().error(409, "ScopeLocked", "locked"));
    assert!(lifecycle.apply(&config(&azure)).await.has_errors());
    azure.clear_faults();

    lifecycle.untaint();
    let planned = lifecycle.plan(&config(&azure)).await;

    assert_eq!(planned.action, PlannedAction::Update, "{}", planned.diagnostics);
    applies(&mut lifecycle, &config(&azure)).await;
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn lost_private_state_means_unfinished_unless_deployed() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &config(&azure)).await;
    lifecycle.lose_private();
    assert_eq!(lifecycle.plan(&config(&azure)).await.action, PlannedAction::NoOp);

    lifecycle.lose_private();
    azure.fault("GET", "Microsoft.Resources/deployments/", Effect::new().error(404, "DeploymentNotFound", "none"));
    let planned = lifecycle.plan(&config(&azure)).await;
    assert_eq!(planned.action, PlannedAction::Update);
    assert!(planned.diagnostics.to_string().contains("did not finish"), "{}", planned.diagnostics);
}

#[tokio::test(start_paused = true)]
async fn replacement_never_downgrades() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &config(&azure)).await;
    azure.offer(SOLUTION, "3.0.0");
    lifecycle.taint();

    let diagnostics = lifecycle.apply(&config(&azure)).await;

    assert_eq!(summaries(&diagnostics), ["A newer version is installed"]);
    assert!(diagnostics.to_string().contains("terraform untaint"), "{diagnostics}");
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn installs_the_newest_version_at_apply() {
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

    let mut lifecycle = lifecycle(&azure);
    let diagnostics = lifecycle.apply(&config(&azure)).await;

    assert_eq!(summaries(&diagnostics), Vec::<String>::new(), "the apply is consistent with the plan");
    assert_eq!(get(&lifecycle, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test(start_paused = true)]
async fn denied_registration_changes_nothing() {
    let azure = Azure::start().await;
    let refusal = Effect::new().error(403, "AuthorizationFailed", "not you");
    azure.fault("PUT", "/contentPackages/", refusal);
    azure.register(SOLUTION, SOLUTION, "2.0.1");
    let mut lifecycle = lifecycle(&azure);

    let diagnostics = lifecycle.apply(&config(&azure)).await;

    assert!(diagnostics.has_errors(), "{diagnostics}");
    assert!(lifecycle.state().is_none(), "the existing solution is neither in the state nor tainted");
}

#[tokio::test(start_paused = true)]
async fn rejects_parameters_that_cannot_be_deployed() {
    let azure = Azure::start().await;
    azure.declare_parameter("severity", json!({"type": "string", "defaultValue": ""})).await;
    let with = |value: &str| {
        config(&azure)
            .with(&VERSION, text("3.0.3"))
            .with(&PARAMETERS, Some([("severity".to_owned(), value.to_owned())].into()))
    };
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &with("low")).await;
    azure.offer(SOLUTION, "3.1.0");

    let planned = lifecycle.plan(&with("high")).await;

    assert_eq!(summaries(&planned.diagnostics), ["The parameters cannot be deployed"]);
    assert!(planned.diagnostics.to_string().contains("offers only version 3.1.0"), "{}", planned.diagnostics);
}
