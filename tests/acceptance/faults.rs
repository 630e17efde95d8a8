//! Faults of Azure: throttling, errors, interrupted connections, invalid responses and concurrent changes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{CONNECTOR, Scene, connector, connector_with};

scenarios![
    waits_for_the_retry_after_of_a_throttled_read,
    waits_for_the_retry_after_of_a_throttled_write,
    retries_a_server_error,
    finds_its_own_object_after_a_lost_response,
    retries_a_request_that_did_not_arrive,
    retries_a_truncated_response,
    rejects_a_response_that_is_not_json,
    retries_repeated_conflicts,
    merges_again_after_a_concurrent_write,
    reports_that_azure_drops_the_provider,
    saves_the_connector_of_a_failed_create,
    stops_at_its_timeout,
    destroy_succeeds_if_the_connector_is_already_deleted,
    one_wrong_response_keeps_the_state,
    failed_destroy_without_read_permission_keeps_the_state,
    retries_while_disconnecting,
];

fn waits_for_the_retry_after_of_a_throttled_read(scene: Scene) {
    let fault = json!({ "method": "GET", "path": "/dataConnectors", "times": 1,
        "status": 429, "headers": { "Retry-After": "2" } });
    let took = connects_despite(&scene, fault);

    assert!(took >= Duration::from_secs(2), "Azure said to wait 2 s, not {took:?}");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
}

fn waits_for_the_retry_after_of_a_throttled_write(scene: Scene) {
    let fault = json!({ "method": "PUT", "path": "/dataConnectors/", "times": 2,
        "status": 429, "headers": { "Retry-After": "1" } });
    let took = connects_despite(&scene, fault);

    assert!(took >= Duration::from_secs(2), "Azure said twice to wait 1 s, not {took:?}");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 3);
}

fn retries_a_server_error(scene: Scene) {
    scene.azure.inject(json!({ "method": "GET", "path": "/dataConnectors", "times": 1, "status": 500 }));
    scene.azure.inject(json!({ "method": "GET", "path": "/dataConnectors", "times": 1, "status": 504 }));
    connects_despite(&scene, json!({ "method": "PUT", "path": "/dataConnectors/", "times": 1, "status": 503 }));

    let responses = |status| scene.azure.requests().all().iter().filter(|r| r.status == Some(status)).count();
    assert_eq!((responses(500), responses(504), responses(503)), (1, 1, 1));
}

fn finds_its_own_object_after_a_lost_response(scene: Scene) {
    let fault = json!({ "method": "PUT", "path": "/dataConnectors/", "times": 1, "disconnect": "after" });
    connects_despite(&scene, fault);

    let connectors = scene.azure.ids().into_iter().filter(|id| {
        id.contains("/law-soc/")
            && scene.azure.document(id).is_some_and(|document| document["kind"] == "MicrosoftThreatProtection")
    });
    assert_eq!(connectors.count(), 1, "no second connector is made");
}

fn retries_a_request_that_did_not_arrive(scene: Scene) {
    let fault = json!({ "path": "/dataConnectors", "times": 2, "disconnect": "before" });
    connects_despite(&scene, fault);
}

fn retries_a_truncated_response(scene: Scene) {
    let fault = json!({ "method": "GET", "path": "/dataConnectors", "times": 1, "truncate": 10 });
    connects_despite(&scene, fault);
}

fn rejects_a_response_that_is_not_json(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.azure.inject(json!({ "method": "GET", "path": "/dataConnectors", "status": 200, "body": "<html>oops" }));

    scene.plan_fails(&["JSON", "/dataConnectors"]);

    scene.azure.assert_only_read();
    scene.azure.clear_faults();
    scene.apply();
    scene.azure.assert_streams("law-soc");
}

fn retries_repeated_conflicts(scene: Scene) {
    connects_despite(&scene, conflict(5));

    scene.azure.assert_requests("PUT", "/dataConnectors/", 6);
}

fn merges_again_after_a_concurrent_write(scene: Scene) {
    // A connector whose etag changes between the provider's read and write.
    scene.azure.connect_in_the_portal("law-soc");
    scene.azure.change_connector("law-soc", |document| {
        document["properties"]["dataTypes"]["incidents"]["state"] = "Enabled".into();
        document["properties"]["filteredProviders"]["alerts"] = json!(["microsoftDefenderForIdentity"]);
    });

    connects_despite(&scene, conflict(2));

    let (_, document) = scene.azure.connector("law-soc").expect("it is connected");
    let providers = document["properties"]["filteredProviders"]["alerts"].as_array().expect("a list");
    assert!(providers.contains(&Value::from("microsoftDefenderForIdentity")), "{providers:?}");
    assert_eq!(document["properties"]["dataTypes"]["incidents"]["state"], "Enabled");
}

fn reports_that_azure_drops_the_provider(scene: Scene) {
    // Azure accepts the request, but does not save the product filter.
    let scene = scene.in_a_world(|world| {
        let rule = json!({
            "type": "Microsoft.SecurityInsights/dataConnectors",
            "kind": "MicrosoftThreatProtection",
            "remove_elements": { "/properties/filteredProviders/alerts": ["microsoftDefenderForCloud"] },
        });
        world["world"]["behaviors"]["write_rules"] = json!([rule]);
    });
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.apply_fails(&["microsoftDefenderForCloud", "contract"]);

    scene.azure.assert_not_streaming("law-soc");
    scene.assert_state([CONNECTOR]);
}

fn saves_the_connector_of_a_failed_create(scene: Scene) {
    // Azure accepts the write, and rejects all further reads. There are two reads before the write, because an apply
    // plans again.
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.plan();
    let body = json!({ "error": { "code": "AuthorizationFailed", "message": "No more." } });
    let fault = json!({ "method": "GET", "path": "/dataConnectors", "skip": 2, "status": 403, "body": body });
    scene.azure.inject(fault);

    scene.fail(&["apply", "-no-color", "plan"], &["AuthorizationFailed"]);

    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR]);
    assert!(scene.state().is_tainted(CONNECTOR));
    scene.azure.clear_faults();
    scene.apply();
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn stops_at_its_timeout(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector_with(&workspace, "  timeouts {\n    create = \"3s\"\n  }"));
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "status": 503 }));

    // Terraform shows the line of the attribute.
    let finished = scene.apply_fails(&["503", "create = \"3s\"", "the timeout of 3 s"]);

    assert!(finished.took < Duration::from_secs(20), "the timeout is 3 s");
    scene.azure.assert_not_streaming("law-soc");
}

fn destroy_succeeds_if_the_connector_is_already_deleted(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    let (id, _) = scene.azure.connector("law-soc").expect("it is connected");
    scene.azure.delete(&id);
    scene.azure.clear_requests();

    scene.succeed(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);

    scene.assert_state([]);
    scene.azure.assert_only_read();
}

fn retries_while_disconnecting(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "times": 1, "status": 503 }));
    scene.azure.inject(json!({ "method": "DELETE", "path": "/dataConnectors/", "times": 1, "status": 503 }));

    scene.destroy();

    scene.azure.assert_not_streaming("law-soc");
    scene.assert_state([]);
}

/// Connects law-soc while `fault` is active, and returns the duration of the apply.
fn connects_despite(scene: &Scene, fault: Value) -> Duration {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.azure.inject(fault);

    let finished = scene.apply();

    assert!(scene.azure.fault_hits() > 0, "the fault affected a request");
    scene.azure.assert_streams("law-soc");
    scene.assert_state([CONNECTOR]);
    scene.azure.clear_faults();
    scene.assert_no_changes();
    finished.took
}

/// A fault that rejects writes because of an outdated etag.
fn conflict(times: u32) -> Value {
    let message = "Newer instance of data connector exists (Etag does not match). Data was not saved.";
    json!({ "method": "PUT", "path": "/dataConnectors/", "times": times, "status": 409,
        "body": { "error": { "code": "Conflict", "message": message } } })
}

fn one_wrong_response_keeps_the_state(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.apply();
    for response in not_found_responses() {
        scene.azure.inject(once(&response));

        scene.assert_no_changes();

        scene.assert_state([CONNECTOR]);
        scene.azure.clear_faults();
    }
    for response in not_found_responses() {
        scene.plan_with(&["-destroy"]);
        scene.azure.inject(once(&response));

        scene.succeed(&["apply", "-no-color", "plan"]);

        scene.azure.assert_not_streaming("law-soc");
        scene.azure.clear_faults();
        scene.apply();
    }
}

fn failed_destroy_without_read_permission_keeps_the_state(scene: Scene) {
    scene.configure(&connector_with(&scene.azure.workspace("law-soc"), "  timeouts {\n    delete = \"3s\"\n  }"));
    scene.apply();
    scene.plan_with(&["-destroy"]);
    let [_, not_found, ..] = not_found_responses();
    let mut fault = once(&not_found);
    fault.as_object_mut().expect("an object").remove("times");
    scene.azure.inject(fault);

    scene.fail(&["apply", "-no-color", "plan"], &[]);

    scene.assert_state([CONNECTOR]);
    scene.azure.assert_streams("law-soc");
}

/// Responses that mean that the connector, its workspace or Sentinel does not exist.
fn not_found_responses() -> [Value; 4] {
    let error = |status: u16, code: &str, message: &str| json!({ "status": status, "body": { "error": { "code": code, "message": message } } });
    [
        json!({ "status": 200, "body": { "value": [] } }),
        error(404, "ResourceNotFound", "The Resource was not found."),
        error(404, "NotFound", "Couldn't find workspaceMetadata of workspace id 1"),
        error(400, "BadRequest", "Workspace 'law-soc' is not onboarded to Microsoft Sentinel."),
    ]
}

/// A fault that returns this response to the next read of the data connectors.
fn once(response: &Value) -> Value {
    let mut fault = response.clone();
    fault["method"] = "GET".into();
    fault["path"] = "/dataConnectors".into();
    fault["times"] = 1.into();
    fault
}
