//! Error texts from Azure that contain escape codes or secrets.

use serde_json::{Map, Value, json};

use crate::support::{CONTENT_ID, Scene, connector, solution_with};

scenarios![
    removes_escape_codes_from_azures_texts,
    masks_secrets_that_azure_repeats,
    masks_parameters_that_a_deployment_repeats,
    names_the_policy_that_denies_a_deployment,
];

const JWT: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21hbmFnZW1lbnQifQ.c2lnbmF0dXJl";

fn removes_escape_codes_from_azures_texts(mut scene: Scene) {
    scene.set("TF_LOG_PROVIDER", "debug");
    reject_connector_writes(&scene, "\u{1b}[2J\u{1b}]0;title\u{7}It is \u{202e}on\u{9b}31m fire\r\u{8}.");

    let finished = scene.apply_fails(&["It is on fire"]);

    for output in [&finished.stdout, &finished.stderr] {
        let forbidden = ['\u{1b}', '\u{7}', '\u{8}', '\u{9b}', '\u{202e}'];
        assert!(!output.contains(forbidden) && !output.contains("title"), "a terminal would act on it");
    }
}

fn masks_secrets_that_azure_repeats(mut scene: Scene) {
    scene.set("TF_LOG_PROVIDER", "debug");
    let secret = scene.variable("ARM_CLIENT_SECRET");
    reject_connector_writes(&scene, &format!("bad token {JWT}, bad secret {secret}"));

    // `finish` checks that no output contains the client secret.
    let finished = scene.apply_fails(&["bad token (sensitive value), bad secret (sensitive value)"]);

    assert!(!finished.stderr.contains(JWT) && !finished.stdout.contains(JWT));
}

fn masks_parameters_that_a_deployment_repeats(scene: Scene) {
    let mut scene = scene.in_a_world(|world| {
        declare(world, "apiKey", json!({"type": "securestring"}));
        declare(world, "contact", json!({"type": "string"}));
    });
    scene.set("TF_LOG_PROVIDER", "debug");
    scene.azure.uninstall("law-soc");
    let parameters = "  parameters = {\n    apiKey = \"k3y\"\n    contact = \"ann@soc.example\"\n  }";
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), parameters));
    let message = "apiKey 'k3y' of 'ann@soc.example' is not valid";
    let body = json!({ "error": { "code": "InvalidTemplate", "message": message } });
    scene.azure.inject(json!({ "method": "PUT", "path": "/deployments/", "status": 400, "body": body }));

    let finished = scene.apply_fails(&["apiKey '(sensitive value)' of '(sensitive value)' is not valid"]);

    for output in [&finished.stdout, &finished.stderr] {
        assert!(!output.contains("'k3y'") && !output.contains("'ann@soc.example'"), "a parameter is shown");
    }
}

fn names_the_policy_that_denies_a_deployment(scene: Scene) {
    scene.azure.uninstall("law-soc");
    scene.configure(&solution_with(&scene.azure.workspace("law-soc"), ""));
    let violation = json!({ "type": "PolicyViolation", "info": {
        "policyAssignmentDisplayName": "Only approved content",
        "policyAssignmentScope": "/providers/Microsoft.Management/managementGroups/corp",
        "policyDefinitionDisplayName": "Deny connectors",
    }});
    let detail = json!({ "code": "RequestDisallowedByPolicy", "message": "Resource 'x' was disallowed by policy.",
        "additionalInfo": [violation] });
    let body = json!({ "error": { "code": "InvalidTemplateDeployment", "message": "The deployment failed.", "details": [detail] } });
    scene.azure.inject(json!({ "method": "PUT", "path": "/deployments/", "status": 403, "body": body }));

    let finished = scene.apply_fails(&[
        "Azure Policy denies the request",
        "policy assignment \"Only approved content\" on /providers/Microsoft.Management/managementGroups/corp",
        "exemption",
    ]);

    assert!(!finished.words().contains("Microsoft Sentinel Contributor"), "no role changes a policy");
}

/// Rejects all writes of data connectors with this message, first with a status that the provider retries.
fn reject_connector_writes(scene: &Scene, message: &str) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    let body = json!({ "error": { "code": "BadRequest", "message": message } });
    let fault = |status: u16| json!({ "method": "PUT", "path": "/dataConnectors/", "status": status, "body": body });
    let mut passing = fault(503);
    passing["times"] = json!(1);
    scene.azure.inject(passing);
    scene.azure.inject(fault(400));
}

/// Adds a parameter to the template of the solution.
fn declare(world: &mut Map<String, Value>, name: &str, declaration: Value) {
    let packages = world["world"]["catalog"]["packages"].as_array_mut().expect("a list");
    let package = packages.iter_mut().find(|package| package["contentId"] == CONTENT_ID).expect("it is on offer");
    package["packagedContent"]["parameters"][name] = declaration;
}
