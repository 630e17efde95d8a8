//! Permanent refusals of Azure: each is reported once, with its code and what to do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Scene, connector};

scenarios![
    reports_a_missing_license,
    reports_a_missing_role,
    reports_an_unregistered_resource_provider,
    reports_a_disabled_subscription,
    reports_a_kind_that_the_api_version_does_not_know,
];

fn reports_a_missing_license(scene: Scene) {
    // Azure answers with 401 here; a new token would not help.
    let expected = ["License or consent is missing", "InvalidLicense", "Missing consent", "Security Administrator"];
    refused(&scene, 401, "InvalidLicense", "Missing consent", &expected);
}

fn reports_a_missing_role(scene: Scene) {
    let message = "The client does not have authorization to perform action \
                   'Microsoft.SecurityInsights/dataConnectors/write'.";
    refused(&scene, 403, "AuthorizationFailed", message, &["AuthorizationFailed", "dataConnectors/write", "role"]);
}

fn reports_an_unregistered_resource_provider(scene: Scene) {
    let message = "The subscription is not registered to use namespace 'Microsoft.SecurityInsights'.";
    refused(&scene, 409, "MissingSubscriptionRegistration", message, &["MissingSubscriptionRegistration", "register"]);
}

fn reports_a_disabled_subscription(scene: Scene) {
    let message = "The subscription 's' is disabled and therefore marked as read only.";
    let expected = ["The subscription is disabled", "ReadOnlyDisabledSubscription", "reactivate"];
    refused(&scene, 409, "ReadOnlyDisabledSubscription", message, &expected);
}

fn reports_a_kind_that_the_api_version_does_not_know(scene: Scene) {
    let message = "Connector kind 'MicrosoftThreatProtection' is not supported in api-version: '2020-01-01'";
    refused(&scene, 400, "BadRequest", message, &["is not supported in api-version", "contract"]);
}

/// The write is refused: the apply says `sentences` and the correlation id, at once, and after one attempt.
fn refused(scene: &Scene, status: u16, code: &str, message: &str, sentences: &[&str]) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let body: Value = json!({ "error": { "code": code, "message": message } });
    scene.azure.inject(json!({ "method": "PUT", "path": "/dataConnectors/", "status": status, "body": body }));

    let finished = scene.apply_fails(sentences);

    assert!(finished.words().to_lowercase().contains("correlation id"), "Microsoft support needs it");
    assert!(finished.took < Duration::from_secs(20), "waiting does not help");
    scene.azure.assert_requests("PUT", "/dataConnectors/", 1);
    scene.azure.assert_silent("law-soc");
    scene.assert_state([]);
}
