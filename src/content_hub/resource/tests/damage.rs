//! Solutions whose content has gone missing: recognised, told, and repaired by the next apply.

use super::*;

#[tokio::test]
async fn what_has_gone_missing_is_recognised_and_repaired_with_the_reason() {
    type Damage = fn(&mut World);
    let damages: [(&str, Damage); 5] = [
        ("connector pages are missing", |world| drop(world.documents.remove("dataconnectors/cloudpage"))),
        ("1 of its 2 content templates", |world| drop(world.documents.remove("contenttemplates/template-1"))),
        ("content templates are missing", |world| {
            world.documents.retain(|key, _| !key.starts_with("contenttemplates"));
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

        assert_eq!(planned.action, PlannedAction::Update, "{reason}: {}", planned.diagnostics);
        assert_eq!(summaries(&planned.diagnostics), ["~The solution is installed again"]);
        assert!(planned.diagnostics.to_string().contains(reason), "{}", planned.diagnostics);
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

    assert_eq!(planned.action, PlannedAction::Create);
    applies(&mut life, &config(&azure)).await;
    assert_whole(&azure);
}

#[tokio::test]
async fn damage_that_was_never_whole_is_not_forgotten() {
    let azure = Azure::new().await;
    azure.world(|world| world.register(SOLUTION, SOLUTION, "3.0.3"));
    let mut life = life(&azure);
    assert!(!life.import(&format!("{}|{SOLUTION}", azure.workspace())).await.has_errors());

    for _ in 0..2 {
        assert!(!life.refresh_only().await.has_errors());
        let planned = life.plan(&config(&azure)).await;
        assert_eq!(planned.action, PlannedAction::Update, "{}", planned.diagnostics);
    }
    applies(&mut life, &config(&azure)).await;
    assert_whole(&azure);
}
