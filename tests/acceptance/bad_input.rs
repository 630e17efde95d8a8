//! Invalid input: errors at the attribute, with the expected value, as early as possible.

use std::time::Duration;

use crate::support::{Scene, connector, connector_with};

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-0000000000ff";

scenarios![
    reports_a_malformed_workspace_id,
    reports_an_id_of_another_type,
    reports_an_id_copied_from_the_wrong_place,
    reports_a_malformed_contract,
    reports_a_malformed_tenant,
    reports_a_malformed_timeout,
    reports_an_unknown_workspace,
    reports_a_subscription_without_access,
    reports_an_invalid_version_constraint,
    reports_both_and_no_selector_of_a_solution,
    reports_every_error_of_a_configuration_together,
    reports_an_unreachable_endpoint,
    reports_an_untrusted_certificate,
    reports_an_unreachable_proxy,
    reports_an_unsupported_proxy,
    reports_an_invalid_certificate_file,
];

fn reports_a_malformed_workspace_id(scene: Scene) {
    scene.configure(&connector("law-soc"));

    assert_rejected_by_validate(&scene, &["workspace_id", "law-soc", "/subscriptions/"]);
}

fn reports_an_id_of_another_type(scene: Scene) {
    let vault = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v");
    scene.configure(&connector(&vault));

    assert_rejected_by_validate(
        &scene,
        &["workspace_id", "Microsoft.KeyVault/vaults", "Microsoft.OperationalInsights/workspaces"],
    );
}

fn reports_an_id_copied_from_the_wrong_place(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let offer = format!("Use \"{workspace}\"");
    for (text, cause) in [
        (format!("C:/Program Files/Git{workspace}"), "MSYS_NO_PATHCONV=1"),
        (format!("https://portal.azure.com/#@contoso.com/resource{workspace}/Overview"), "the portal"),
        (workspace.replace('/', "%2F"), "%2F"),
        (format!("'{workspace}'"), "in quotes"),
        (format!(" {workspace}"), "white space"),
    ] {
        scene.configure(&connector(&text));

        let finished = scene.fail(&["validate", "-no-color"], &[cause]);

        // Terraform breaks the line in the middle of the ID.
        let plain = |text: &str| text.replace([' ', '\n', '│'], "");
        assert!(plain(&finished.stderr).contains(&plain(&offer)), "the ID inside is offered");
    }
    for (text, cause) in [
        (SUBSCRIPTION.to_owned(), "customer ID"),
        (workspace.replace(&scene.variable("ARM_SUBSCRIPTION_ID"), "my-sub"), "is not a GUID"),
        (workspace.replace("/providers/", "./providers/"), "end with a dot"),
    ] {
        scene.configure(&connector(&text));

        assert_rejected_by_validate(&scene, &["workspace_id", cause]);
    }
}

fn reports_a_malformed_contract(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    for version in ["newest", "2025-13-45-preview"] {
        let contract = format!("  contract = {{\n    api_version = \"{version}\"\n  }}");
        scene.configure(&connector_with(&workspace, &contract));

        assert_rejected_by_validate(
            &scene,
            &["api_version", version, "Must be an existing date in the format `YYYY-MM-DD`"],
        );
    }
}

fn reports_a_malformed_tenant(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector_with(&workspace, "  tenant_id = \"contoso\""));

    assert_rejected_by_validate(&scene, &["tenant_id", "contoso"]);
}

fn reports_a_malformed_timeout(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&connector_with(&workspace, "  timeouts {\n    create = \"half an hour\"\n  }"));

    assert_rejected_by_validate(&scene, &["create", "half an hour"]);
}

fn reports_an_unknown_workspace(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc").replace("law-soc", "law-nowhere");
    scene.configure(&connector(&workspace));

    let finished = scene.apply_fails(&["law-nowhere", "ResourceNotFound"]);

    assert!(finished.words().to_lowercase().contains("correlation id"));
    scene.azure.assert_only_read();
}

fn reports_a_subscription_without_access(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    let own = scene.variable("ARM_SUBSCRIPTION_ID");
    scene.configure(&connector(&workspace.replace(&own, SUBSCRIPTION)));

    let finished = scene.apply_fails(&[SUBSCRIPTION]);

    assert!(finished.words().to_lowercase().contains("correlation id"));
    scene.azure.assert_only_read();
}

fn reports_an_invalid_version_constraint(scene: Scene) {
    scene.configure(&solution(&scene, "content_id = \"x.y\"\n  version_constraint = \"three\""));

    assert_rejected_by_validate(&scene, &["version_constraint", "three"]);
}

fn reports_both_and_no_selector_of_a_solution(scene: Scene) {
    for arguments in ["", "content_id = \"x.y\"\n  display_name = \"X\""] {
        scene.configure(&solution(&scene, arguments));

        assert_rejected_by_validate(&scene, &["content_id", "display_name"]);
    }
}

fn reports_every_error_of_a_configuration_together(scene: Scene) {
    scene.configure(&connector_with("law-soc", "  tenant_id = \"contoso\""));

    assert_rejected_by_validate(&scene, &["law-soc", "contoso"]);
}

fn reports_an_unreachable_endpoint(mut scene: Scene) {
    scene.set("ARM_METADATA_HOSTNAME", "127.0.0.1:9");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    assert_plan_fails_in_time(&scene, &["127.0.0.1:9"]);
}

fn reports_an_untrusted_certificate(mut scene: Scene) {
    scene.unset("SSL_CERT_FILE");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    assert_plan_fails_in_time(&scene, &["127.0.0.1", "certificate"]);
}

fn reports_an_unreachable_proxy(mut scene: Scene) {
    scene.set("HTTPS_PROXY", "http://127.0.0.1:9");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    assert_plan_fails_in_time(&scene, &["127.0.0.1", "proxy"]);
}

fn reports_an_unsupported_proxy(mut scene: Scene) {
    scene.set("HTTPS_PROXY", "ftp://user:hidden-password@127.0.0.1:9");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.plan_fails(&["HTTPS_PROXY", "ftp"]);

    assert!(!finished.stderr.contains("hidden-password"));
    assert!(finished.took < Duration::from_secs(10), "it took {:?}", finished.took);
}

fn reports_an_invalid_certificate_file(mut scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    for (file, problem) in [("/nonexistent/ca.pem", "cannot be read"), ("/tmp", "is a directory"), ("", "empty text")] {
        scene.set("SSL_CERT_FILE", file);

        assert_plan_fails_in_time(&scene, &["SSL_CERT_FILE", file, problem]);
    }
}

fn solution(scene: &Scene, arguments: &str) -> String {
    let workspace = scene.azure.workspace("law-soc");
    format!("data \"sentinel_content_hub_solution\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  {arguments}\n}}\n")
}

/// Asserts that `validate` fails with all of `sentences`, and sends no request to Azure.
fn assert_rejected_by_validate(scene: &Scene, sentences: &[&str]) {
    scene.fail(&["validate", "-no-color"], sentences);
    assert_eq!(scene.azure.requests().all().len(), 0, "validate works without Azure");
}

/// Asserts that the plan fails with all of `sentences` within a reasonable time.
fn assert_plan_fails_in_time(scene: &Scene, sentences: &[&str]) {
    let finished = scene.plan_fails(sentences);

    assert!(finished.took < Duration::from_secs(90), "it took {:?}", finished.took);
}
