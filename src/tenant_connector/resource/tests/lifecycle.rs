//! Creates, reads and destroys, alone and beside other products.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_life_on_an_empty_workspace_leaves_it_empty() {
    let azure = Azure::start_empty().await;

    let state = create(&azure, planned(&azure)).await.expect("created");

    assert_eq!(properties(&azure)["filteredProviders"], json!({"alerts": ["microsoftDefenderForCloud"]}));
    assert_eq!(properties(&azure)["tenantId"], azure.tenant());
    assert_eq!(state.get(&NAME), Ok(connectors(&azure)[0]["name"].as_str().map(str::to_owned)));
    assert_eq!(state.get(&TENANT_ID), Ok(Some(TenantId::from_azure(&azure.tenant()))));
    assert_eq!(read(&azure, &state).await, Read::Found(state.clone()), "nothing has changed since");

    delete(&azure, state).await;

    assert_eq!(connectors(&azure), Vec::<Value>::new());
    assert_eq!(methods(&azure), "GET PUT GET GET GET DELETE GET");
}

#[tokio::test(start_paused = true)]
async fn a_life_beside_other_products_leaves_them_streaming() {
    // Another owner may rely on what the create started along with its own part.
    for alerts in ["Enabled", "Disabled"] {
        let azure = portals(alerts, IDENTITY).await;

        let state = create(&azure, planned(&azure)).await.expect("created");
        delete(&azure, state).await;

        assert_eq!(properties(&azure), portal(&azure, "Enabled", IDENTITY)["properties"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_life_on_a_connector_whose_alerts_are_off_turns_them_off_again() {
    let azure = portals("Disabled", None).await;

    let state = create(&azure, planned(&azure)).await.expect("created");
    delete(&azure, state).await;

    assert_eq!(properties(&azure), portal(&azure, "Disabled", None)["properties"]);
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_others_have_come_to_use_outlives_the_resource() {
    let azure = Azure::start_empty().await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    change(&azure, |connector| connector["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into());

    delete(&azure, state).await;

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
}

#[tokio::test(start_paused = true)]
async fn an_owner_who_joins_before_the_create_reads_back_keeps_its_part() {
    let azure = Azure::start_empty().await;
    let collection = azure.id("dataConnectors");
    azure.before(
        |request| request.method == "GET" && request.path.ends_with("/dataConnectors") && request.earlier == 1,
        move |world| {
            let mut document = world.collection(&collection).next().expect("it was created").clone();
            document["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into();
            let id = document["id"].as_str().expect("an ID").to_owned();
            world.put_document(&id, document);
        },
    );

    let state = create(&azure, planned(&azure)).await.expect("created");
    assert_eq!(properties(&azure)["dataTypes"]["incidents"]["state"], "Enabled");
    delete(&azure, state).await;

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
}

#[tokio::test(start_paused = true)]
async fn alerts_that_were_turned_off_elsewhere_do_not_start_again_after_a_destroy() {
    let azure = portals("Enabled", IDENTITY).await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    change(&azure, |connector| connector["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into());

    delete(&azure, state).await;

    assert_eq!(properties(&azure), portal(&azure, "Disabled", IDENTITY)["properties"]);
}

#[tokio::test(start_paused = true)]
async fn without_a_filter_destroying_turns_off_all_alerts_and_warns_once() {
    let azure = portals("Enabled", None).await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("taken over");
    let context = Context::for_tests();

    TenantConnector.delete(&context, &azure.session(), state).await.expect("deleted");

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
    let warnings: Vec<String> = context.warnings().iter().map(|warning| warning.summary.clone()).collect();
    assert_eq!(warnings, ["Destroying this resource disables all Defender alerts in law-soc"]);
}
