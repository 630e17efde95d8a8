//! Tests of missing content. The acceptance scenarios `content_hub_repair` test the other defects.

use super::*;

#[tokio::test(start_paused = true)]
async fn repairs_missing_content_and_stale_registrations() {
    type Damage = fn(&Azure);
    let damages: [(&str, Damage); 2] = [
        ("1 of its 2 content templates", |azure| azure.delete("contenttemplates/law-soc-pl-")),
        ("it belongs to a deleted workspace", |azure| {
            // The list still contains the registration, but the catalog reports the solution as not installed.
            let listed = azure.document(&format!("contentPackages/{SOLUTION}")).expect("it is registered");
            azure.delete("contentpackages/");
            let list = Effect::new().json(json!({"value": [listed]}));
            azure.fault("GET", r"/contentPackages\?", list);
        }),
    ];
    for (reason, damage) in damages {
        let azure = Azure::start().await;
        let mut lifecycle = lifecycle(&azure);
        applies(&mut lifecycle, &config(&azure)).await;
        damage(&azure);

        let planned = lifecycle.plan(&config(&azure)).await;

        assert_eq!(planned.action, PlannedAction::Update, "{reason}: {}", planned.diagnostics);
        assert_eq!(summaries(&planned.diagnostics), [about("The solution will be repaired")]);
        assert!(planned.diagnostics.to_string().contains(reason), "{}", planned.diagnostics);
        applies(&mut lifecycle, &config(&azure)).await;
        assert_complete(&azure);
    }
}

#[tokio::test(start_paused = true)]
async fn repairs_an_imported_solution_only_if_configured() {
    let azure = Azure::start().await;
    azure.register(SOLUTION, SOLUTION, "3.0.3");
    let mut lifecycle = lifecycle(&azure);
    assert!(!lifecycle.import(&format!("{}|{SOLUTION}", azure.workspace())).await.has_errors());

    for _ in 0..2 {
        assert!(!lifecycle.refresh_only().await.has_errors());
        let planned = lifecycle.plan(&config(&azure)).await;
        assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
        assert_eq!(summaries(&planned.diagnostics), [about("The solution will not be repaired")]);
    }
    let never = config(&azure).with(&REPAIR, Some(Repair::Never));
    assert_eq!(applies(&mut lifecycle, &never).await, Vec::<String>::new());
    assert_eq!(azure.writes(), 0);
    applies(&mut lifecycle, &config(&azure).with(&REPAIR, Some(Repair::Always))).await;
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn plan_of_a_repair_lists_the_restored_content() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &config(&azure)).await;
    let complete = lifecycle.state().expect("a state");
    azure.delete("contenttemplates/law-soc-pl-");
    azure.delete("dataconnectors/");

    let planned = lifecycle.plan(&config(&azure)).await;

    assert_eq!(get(&lifecycle, &CONNECTOR_IDS), Some(Vec::new()));
    let unknown: Vec<&String> = match planned.state.value() {
        Value::Object(all) => all.iter().filter(|(_, value)| value.is_unknown()).map(|(name, _)| name).collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(unknown, ["deployment_name"]);
    assert_eq!(planned.state.get(&CONNECTOR_IDS), Ok(Knowable::Known(complete.get(&CONNECTOR_IDS).expect("pages"))));
    assert_eq!(planned.state.get(&TEMPLATE_COUNT), Ok(Knowable::Known(Some(2))));
    applies(&mut lifecycle, &config(&azure)).await;
    assert_complete(&azure);
}
