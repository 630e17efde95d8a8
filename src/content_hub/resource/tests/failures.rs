//! What Azure or the provider refuses: told, with nothing lost, and mended by the next apply.

use super::*;

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
    assert_eq!(planned.action, PlannedAction::Update, "{}", planned.diagnostics);
    applies(&mut life, &tracking).await;
    assert_whole(&azure);
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test]
async fn a_role_on_the_workspace_alone_is_told_to_be_too_little() {
    let azure = Azure::with(|request, _, _| {
        let is_start = request.method == "PUT" && request.target.contains("/deployments/");
        is_start.then(|| Reply::error(403, "AuthorizationFailed", "not you"))
    })
    .await;

    let told = life(&azure).apply(&config(&azure)).await.to_string();

    assert!(told.contains("Microsoft.Resources/deployments/write is needed on the resource group \"rg\""), "{told}");
}

#[tokio::test]
async fn an_adoption_that_fails_says_what_the_next_apply_would_take_away() {
    let azure = Azure::new().await;
    azure.world(|world| {
        world.register(SOLUTION, SOLUTION, "2.0.1");
        world.undeployable.push("template-2".to_owned());
    });

    let told = life(&azure).apply(&config(&azure)).await.to_string();

    assert!(told.contains("the next apply would uninstall the solution"), "{told}");
    assert!(told.contains("`terraform untaint`"), "{told}");
}

#[tokio::test]
async fn a_replacement_never_brings_an_older_version() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    azure.world(|world| world.offer(SOLUTION, "3.0.0"));
    life.taint();

    let told = life.apply(&config(&azure)).await;

    assert_eq!(summaries(&told), ["A newer version is installed"]);
    assert!(told.to_string().contains("terraform untaint"), "{told}");
    assert_whole(&azure);
}

#[tokio::test]
async fn a_catalogue_that_moves_on_before_a_creation_is_applied_has_its_newest_installed() {
    let azure = Azure::with(|request, before, world| {
        // by the time of the third look at the entry, a newer version is on offer
        if request.method == "GET" && request.target.contains("/contentProductPackages/") && before == 2 {
            world.offer(SOLUTION, "3.1.0");
        }
        None
    })
    .await;

    let mut life = life(&azure);
    let told = life.apply(&config(&azure)).await;

    assert_eq!(summaries(&told), Vec::<String>::new(), "nothing that was planned is taken back");
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
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
async fn a_registration_that_is_refused_has_changed_nothing() {
    let azure = Azure::with(|request, _, _| {
        let is_registration = request.method == "PUT" && request.target.contains("/contentPackages/");
        is_registration.then(|| Reply::error(403, "AuthorizationFailed", "not you"))
    })
    .await;
    azure.world(|world| world.register(SOLUTION, SOLUTION, "2.0.1"));
    let mut life = life(&azure);

    let told = life.apply(&config(&azure)).await;

    assert!(told.has_errors(), "{told}");
    assert!(life.state().is_none(), "what was there before is nobody's, and not tainted");
}

#[tokio::test]
async fn parameters_that_cannot_be_deployed_are_refused() {
    let azure = Azure::new().await;
    azure.world(|world| {
        let solution = world.catalogue.get_mut(SOLUTION).expect("on offer");
        solution["packagedContent"]["parameters"]["severity"] = json!({"type": "string", "defaultValue": ""});
    });
    let with = |value: &str| {
        config(&azure)
            .with(&VERSION, text("3.0.3"))
            .with(&PARAMETERS, Some([("severity".to_owned(), value.to_owned())].into()))
    };
    let mut life = life(&azure);
    applies(&mut life, &with("low")).await;
    azure.world(|world| world.offer(SOLUTION, "3.1.0"));

    let planned = life.plan(&with("high")).await;

    assert_eq!(summaries(&planned.diagnostics), ["The parameters cannot be brought into force"]);
    assert!(planned.diagnostics.to_string().contains("offers version 3.1.0 only"), "{}", planned.diagnostics);
}
