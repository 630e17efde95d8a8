//! Which version is installed, and what is taken over as it is.

use super::*;

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

    assert_eq!(summaries(&told), ["The solution already exists"]);
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
    assert_eq!(planned.action, PlannedAction::NoOp);
    assert_eq!(get(&life, &UPDATE_AVAILABLE), Some(true));

    let tracking = config(&azure).with(&TRACK_LATEST, true);
    let planned = life.plan(&tracking).await;
    assert_eq!(planned.action, PlannedAction::Update);
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

    assert_eq!(summaries(&life.plan(&pinned("3.0.9")).await.diagnostics), ["The version is not on offer"]);
    applies(&mut life, &pinned("3.1")).await;
    assert_eq!(summaries(&life.plan(&pinned("3.0.3")).await.diagnostics), ["A newer version is installed"]);
    assert_eq!(get(&life, &VERSION), text("3.1"), "the configuration's spelling");
    assert_eq!(azure.count("PUT", "/deployments/"), 2);
}

#[tokio::test]
async fn a_pin_that_the_catalogue_does_not_offer_fails_the_plan() {
    let azure = Azure::new().await;

    let planned = life(&azure).plan(&config(&azure).with(&VERSION, text("2.0.1"))).await;

    assert_eq!(summaries(&planned.diagnostics), ["The version is not on offer"]);
    assert!(planned.diagnostics.to_string().contains("3.0.3"), "{}", planned.diagnostics);
}
