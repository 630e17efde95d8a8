//! The preflight: the checks of a plan before it creates a connector, their results, and the number of their requests.

use serde_json::json;
use terraform_driver::Requests;
use terraform_driver::world::copy_workspace;

use crate::support::{CONNECTOR, Scene, assert_says, connector, connector_with, solution, solution_with};

scenarios![
    warns_about_an_old_solution,
    fails_the_plan_in_error_mode,
    reports_each_fact_once_for_three_connectors,
    reports_errors_for_an_identity_without_roles,
    checks_nothing_in_off_mode,
    reports_a_missing_role_and_a_missing_license,
    ignores_prerequisites_created_in_the_same_apply,
    ignores_a_solution_upgraded_in_the_same_apply,
    reports_a_missing_onboarding_once,
    does_not_check_an_unchanged_connector,
    destroys_despite_failed_checks,
    reads_three_times_for_each_workspace,
    rejects_an_invalid_mode,
];

const OLD: &str = "Defender for Cloud solution missing or outdated in law-outdated";

fn provider(preflight: &str) -> String {
    format!("provider \"sentinel\" {{\n  preflight = \"{preflight}\"\n}}\n")
}

fn warns_about_an_old_solution(scene: Scene) {
    scene.configure(&connector(&scene.azure.workspace("law-outdated")));

    let finished = scene.succeed(&["plan", "-no-color"]);

    assert_says(&finished, &[OLD, "Version 2.0.1", "with sentinel_dfc_tenant_connector.this", "`depends_on`"]);
    scene.azure.assert_only_read();
    scene.apply();
    scene.assert_no_changes();
}

fn fails_the_plan_in_error_mode(mut scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    scene.configure(&(provider("error") + &connector(&workspace)));
    scene.plan_fails(&[OLD, "SENTINEL_PREFLIGHT"]);

    scene.configure(&connector(&workspace));
    scene.set("SENTINEL_PREFLIGHT", "ERROR");
    scene.apply_fails(&[OLD]);
    scene.azure.assert_only_read();
    scene.assert_state([]);
}

/// The three kinds of connectors of a workspace.
fn connectors(workspace: &str) -> String {
    let others = ["sentinel_defender_xdr_connector", "sentinel_dfc_subscription_connector"]
        .map(|kind| format!("resource \"{kind}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n"));
    connector(workspace) + &others.concat()
}

fn reports_each_fact_once_for_three_connectors(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        world["world"]["roles"]["Reader"]["actions"] =
            json!(["*/read", "Microsoft.SecurityInsights/dataConnectorsCheckRequirements/action"]);
        for assignment in world["world"]["role_assignments"].as_array_mut().expect("a list") {
            assignment["role"] = json!("Reader");
        }
        world["world"]["behaviors"]["requirements"] =
            json!({"MicrosoftThreatProtection": {"authorizationState": "Valid", "licenseState": "Invalid"}});
    });
    let facts =
        [OLD, "Missing permission on the workspace law-outdated", "Defender XDR cannot be connected to law-outdated"];
    for (mode, succeeds) in [("warn", true), ("error", false)] {
        scene.configure(&(provider(mode) + &connectors(&scene.azure.workspace("law-outdated"))));

        let finished = scene.run(&["plan", "-no-color"]);

        assert_eq!(finished.succeeded(), succeeds, "{mode}");
        for fact in facts {
            assert_eq!(finished.words().matches(fact).count(), 1, "{mode}: {fact}: {}", finished.words());
        }
        assert!(!finished.words().contains("similar warning"), "{}", finished.words());
        assert!(!finished.words().contains("-refresh=false"), "nothing is in the state: {}", finished.words());
    }
}

fn reports_errors_for_an_identity_without_roles(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        for assignment in world["world"]["role_assignments"].as_array_mut().expect("a list") {
            assignment["role"] = json!("Storage Account Contributor");
        }
        world["world"]["roles"]["Storage Account Contributor"] = json!({"actions": ["Microsoft.Storage/*"]});
    });
    scene.configure(&(provider("error") + &connectors(&scene.azure.workspace("law-soc"))));

    let finished = scene.run(&["plan", "-no-color"]);

    let words = finished.words();
    assert!(!finished.succeeded());
    assert_eq!(words.matches("Error: Missing permission on the workspace law-soc").count(), 1, "{words}");
    assert!(words.contains("SENTINEL_PREFLIGHT") && words.contains("AuthorizationFailed"), "{words}");
    for part in ["The plan continues without this check", "ignore this warning", "-refresh=false"] {
        assert!(!words.contains(part), "{part}: {words}");
    }
}

fn checks_nothing_in_off_mode(mut scene: Scene) {
    scene.set("SENTINEL_PREFLIGHT", "error");
    scene.configure(&(provider("off") + &connector(&scene.azure.workspace("law-outdated"))));

    let finished = scene.apply();

    assert!(!finished.words().contains(OLD), "{}", finished.words());
    for part in ["/permissions", "CheckRequirements", "/contentProductPackages"] {
        scene.azure.assert_requests("GET", part, 0);
        scene.azure.assert_requests("POST", part, 0);
    }
}

fn reports_a_missing_role_and_a_missing_license(scene: Scene) {
    let scene = scene.in_a_world(|world| {
        for assignment in world["world"]["role_assignments"].as_array_mut().expect("a list") {
            assignment["role"] = json!("Reader");
        }
        // The role Reader cannot check requirements, so add the action to it.
        world["world"]["roles"]["Reader"]["actions"] =
            json!(["*/read", "Microsoft.SecurityInsights/dataConnectorsCheckRequirements/action"]);
        world["world"]["behaviors"]["requirements"] =
            json!({"MicrosoftThreatProtection": {"authorizationState": "Valid", "licenseState": "Invalid"}});
    });
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    let finished = scene.succeed(&["plan", "-no-color"]);

    assert_says(
        &finished,
        &[
            "Missing permission on the workspace law-soc",
            "Microsoft.SecurityInsights/dataConnectors/write",
            "If the same apply assigns the role, you can ignore this warning",
            "Defender XDR cannot be connected to law-soc",
            "https://security.microsoft.com",
        ],
    );
}

/// Onboards, installs and connects in one apply.
fn everything(workspace: &str) -> String {
    let onboarding =
        format!("resource \"sentinel_workspace_onboarding\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n");
    let after = |address: &str| format!("  depends_on = [{address}]");
    onboarding
        + &solution_with(workspace, &after("sentinel_workspace_onboarding.this"))
        + &connector_with(workspace, &after("sentinel_content_hub_solution.this"))
}

fn ignores_prerequisites_created_in_the_same_apply(scene: Scene) {
    scene.configure(&(provider("error") + &everything(&scene.azure.workspace("law-fresh"))));

    let finished = scene.apply();

    for finding in ["is not onboarded", "missing or outdated", "Missing permission"] {
        assert!(!finished.words().contains(finding), "{}", finished.words());
    }
    scene.azure.assert_streams("law-fresh");
    scene.assert_no_changes();
}

fn ignores_a_solution_upgraded_in_the_same_apply(scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    let import = "import {\n  to = sentinel_content_hub_solution.this\n  id = \"WORKSPACE|azuresentinel.azure-sentinel-solution-\
                  microsoftdefenderforcloud\"\n}\n"
        .replace("WORKSPACE", &workspace);
    scene.configure(&(import + &solution_with(&workspace, "  version_constraint = \"< 3.0.0\"\n  repair = \"never\"")));
    scene.apply();
    let upgraded = solution_with(&workspace, "  version_constraint = \">= 3.0.0\"\n  repair = \"never\"");
    scene.configure(
        &(provider("error")
            + &upgraded
            + &connector_with(&workspace, "  depends_on = [sentinel_content_hub_solution.this]")),
    );

    scene.apply();

    scene.azure.assert_streams("law-outdated");
    scene.assert_no_changes();
}

fn reports_a_missing_onboarding_once(scene: Scene) {
    let workspace = scene.azure.workspace("law-fresh");
    for (mode, succeeds) in [("off", true), ("warn", true), ("error", false)] {
        scene.configure(&(provider(mode) + &connector(&workspace)));

        let finished = scene.run(&["plan", "-no-color"]);

        assert_eq!(finished.succeeded(), succeeds, "{mode}");
        let said = finished.words().matches("The workspace law-fresh is not onboarded to Microsoft Sentinel").count();
        assert_eq!(said, 1, "{mode}: {}", finished.words());
        assert!(!finished.words().contains("missing or outdated"), "it cannot be read: {}", finished.words());
    }
}

fn does_not_check_an_unchanged_connector(scene: Scene) {
    let workspace = scene.azure.workspace("law-soc");
    scene.configure(&(solution(&workspace).replace("\n}", "\n  adopt_existing = true\n}") + &connector(&workspace)));
    scene.apply();
    scene.azure.clear_requests();

    scene.assert_no_changes();

    scene.azure.assert_requests("GET", "/permissions", 0);
    scene.azure.assert_requests("POST", "", 0);
}

fn destroys_despite_failed_checks(scene: Scene) {
    let workspace = scene.azure.workspace("law-outdated");
    scene.configure(&connector(&workspace));
    scene.apply();
    scene.assert_state([CONNECTOR]);
    scene.configure(&(provider("error") + &connector(&workspace)));

    scene.destroy();

    scene.assert_state([]);
}

fn reads_three_times_for_each_workspace(scene: Scene) {
    let name = |number: usize| format!("law-{number:02}");
    let scene = scene.in_a_world(|world| copy_workspace(world, "law-soc", (1..=10).map(name)));
    let connectors: String = (1..=10)
        .map(|number| {
            let workspace = scene.azure.workspace(&name(number));
            connector(&workspace).replace("\"this\"", &format!("\"c{number}\""))
                + &format!(
                    "resource \"sentinel_defender_xdr_connector\" \"x{number}\" {{\n  workspace_id = \"{workspace}\"\n}}\n"
                )
        })
        .collect();
    scene.configure(&(provider("warn") + &connectors));
    scene.azure.clear_requests();

    scene.plan();

    let requests = scene.azure.requests();
    // The two connectors of a workspace share each response.
    for (method, part) in [
        ("GET", "/providers/Microsoft.Authorization/permissions"),
        ("POST", "/dataConnectorsCheckRequirements"),
        ("GET", "/contentProductPackages/"),
    ] {
        scene.azure.assert_requests(method, part, 10);
    }
    let paths = || requests.all().iter().map(|request| request.path.as_str());
    assert_eq!(paths().filter(|path| path.ends_with("/oauth2/v2.0/token")).count(), 1, "one token for a run");
    assert_eq!(paths().filter(|path| path.starts_with("/graph")).count(), 0, "a plan sends no request to Graph");
    scene.configure(&(provider("off") + &connectors));
    scene.azure.clear_requests();
    scene.plan();
    // The number of shared lists depends on timing, with and without the preflight.
    let others = |requests: &Requests| requests.to_arm().filter(|one| !one.path.ends_with("/dataConnectors")).count();
    assert_eq!(others(&requests), others(&scene.azure.requests()) + 30, "three more for each workspace");
}

fn rejects_an_invalid_mode(mut scene: Scene) {
    scene.configure(&(provider("strict") + &connector(&scene.azure.workspace("law-soc"))));
    scene.fail(&["validate", "-no-color"], &["Invalid preflight", "\"off\", \"warn\" or \"error\""]);
    scene.configure(&(provider("") + &connector(&scene.azure.workspace("law-soc"))));
    scene.fail(&["validate", "-no-color"], &["Invalid preflight", "preflight = \"\"", "\"\" from the argument"]);

    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.set("SENTINEL_PREFLIGHT", "");
    scene.plan();
    scene.set("SENTINEL_PREFLIGHT", "yes");
    scene.plan_fails(&["Invalid SENTINEL_PREFLIGHT", "\"yes\""]);
}
