//! Tests of create, read and destroy, with and without other products in the connector.

use super::*;

#[tokio::test(start_paused = true)]
async fn creates_reads_and_deletes_a_connector() {
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
async fn create_and_destroy_leave_other_products_connected() {
    // A destroy does not disable the alerts again, because another owner may rely on them.
    for alerts in ["Enabled", "Disabled"] {
        let azure = portals(alerts, IDENTITY).await;

        let state = create(&azure, planned(&azure)).await.expect("created");
        delete(&azure, state).await;

        assert_eq!(properties(&azure), portal(&azure, "Enabled", IDENTITY)["properties"]);
    }
}

#[tokio::test(start_paused = true)]
async fn destroy_disables_alerts_that_the_create_enabled() {
    let azure = portals("Disabled", None).await;

    let state = create(&azure, planned(&azure)).await.expect("created");
    delete(&azure, state).await;

    assert_eq!(properties(&azure), portal(&azure, "Disabled", None)["properties"]);
}

#[tokio::test(start_paused = true)]
async fn destroy_keeps_a_connector_that_other_owners_use() {
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
async fn destroy_keeps_settings_that_others_changed_during_the_create() {
    let azure = Azure::start_empty().await;
    let collection = azure.id("dataConnectors");
    azure.before(
        |request| request.method == "GET" && request.path.ends_with("/dataConnectors") && request.earlier == 1,
        move |world| {
            let mut document = world.collection(&collection).next().expect("a connector").clone();
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
async fn destroy_does_not_enable_alerts_that_another_process_disabled() {
    let azure = portals("Enabled", IDENTITY).await;
    let state = create(&azure, planned(&azure)).await.expect("created");
    change(&azure, |connector| connector["properties"]["dataTypes"]["alerts"]["state"] = "Disabled".into());

    delete(&azure, state).await;

    assert_eq!(properties(&azure), portal(&azure, "Disabled", IDENTITY)["properties"]);
}

#[tokio::test(start_paused = true)]
async fn destroy_without_a_filter_disables_all_alerts_and_warns_once() {
    let azure = portals("Enabled", None).await;
    let state = create(&azure, planned(&azure).with(&ADOPT_EXISTING, true)).await.expect("adopted");
    let context = Context::for_tests();

    TenantConnector.delete(&context, &azure.session(), state).await.expect("deleted");

    assert_eq!(
        properties(&azure)["dataTypes"],
        json!({"incidents": {"state": "Enabled"}, "alerts": {"state": "Disabled"}})
    );
    let warnings: Vec<String> = context.warnings().iter().map(|warning| warning.summary.clone()).collect();
    assert_eq!(warnings, ["Destroying this resource disables all Defender alerts in law-soc"]);
}
