//! Several connectors: in parallel, one at a time, and in modules with several provider configurations.

use terraform_driver::world::copy_workspace;

use crate::support::Scene;

scenarios![connects_twenty_workspaces, connects_with_parallelism_1, connects_in_a_module_with_provider_aliases];

fn connects_twenty_workspaces(scene: Scene) {
    let scene = scene.in_a_world(|world| copy_workspace(world, "law-soc", (1..=20).map(name)));
    scene.configure(&for_each_of_twenty(&scene));

    scene.apply();

    for number in 1..=20 {
        scene.azure.assert_streams(&name(number));
    }
    scene.azure.assert_requests("PUT", "/dataConnectors/", 20);
    scene.azure.clear_requests();
    scene.assert_no_changes();
    scene.azure.assert_requests("GET", "/dataConnectors", 20);
    let reads = scene.azure.requests().to_arm().count();
    assert!(reads <= 40, "a refresh is one read a resource, plus at most one look-up a workspace, not {reads}");

    scene.destroy();
    for number in 1..=20 {
        scene.azure.assert_not_streaming(&name(number));
    }
}

fn connects_with_parallelism_1(scene: Scene) {
    let scene = scene.in_a_world(|world| copy_workspace(world, "law-soc", (1..=20).map(name)));
    scene.configure(&for_each_of_twenty(&scene));

    scene.succeed(&["apply", "-auto-approve", "-no-color", "-parallelism=1"]);

    assert_eq!(scene.state().addresses().len(), 20);
    scene.azure.assert_requests("PUT", "/dataConnectors/", 20);
}

fn connects_in_a_module_with_provider_aliases(scene: Scene) {
    scene.file("soc/requirements.tf", &scene.read("requirements.tf"));
    scene.file(
        "soc/main.tf",
        r#"
variable "workspace_id" {
  type = string
}

resource "sentinel_dfc_tenant_connector" "this" {
  workspace_id = var.workspace_id
}

output "id" {
  value = sentinel_dfc_tenant_connector.this.id
}
"#,
    );
    scene.configure(&format!(
        r#"
provider "sentinel" {{
  alias = "one"
}}

provider "sentinel" {{
  alias           = "two"
  subscription_id = "{}"
}}

module "one" {{
  source       = "./soc"
  workspace_id = "{}"
  providers    = {{ sentinel = sentinel.one }}
}}

module "two" {{
  source       = "./soc"
  workspace_id = "{}"
  providers    = {{ sentinel = sentinel.two }}
}}
"#,
        scene.variable("ARM_SUBSCRIPTION_ID"),
        scene.azure.workspace("law-soc"),
        scene.azure.workspace("law-outdated"),
    ));
    scene.succeed(&["get", "-no-color"]);

    scene.apply();

    scene.azure.assert_streams("law-soc");
    scene.azure.assert_streams("law-outdated");
    scene.assert_state([
        "module.one.sentinel_dfc_tenant_connector.this",
        "module.two.sentinel_dfc_tenant_connector.this",
    ]);
    scene.assert_no_changes();
}

fn name(number: usize) -> String {
    format!("law-{number:02}")
}

fn for_each_of_twenty(scene: &Scene) -> String {
    let ids: Vec<String> =
        (1..=20).map(|number| format!("    \"{}\",\n", scene.azure.workspace(&name(number)))).collect();
    format!(
        r#"
resource "sentinel_dfc_tenant_connector" "each" {{
  for_each = toset([
{}  ])

  workspace_id = each.value
}}
"#,
        ids.concat()
    )
}
