//! Configurations that many scenarios use.

use std::path::Path;

/// The address of the resource in [`connector`].
pub(crate) const CONNECTOR: &str = "sentinel_dfc_tenant_connector.this";

/// The `required_providers` of every scenario that does not write its own.
pub(super) const REQUIREMENTS: &str = r#"
terraform {
  required_providers {
    sentinel = {
      source = "sentinel/sentinel"
    }
  }
}
"#;

/// Copies files of `examples/{name}` into the configuration.
pub(crate) fn copy_example(scene: &super::Scene, name: &str, files: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    scene.file("requirements.tf", "");
    for file in files {
        let text = std::fs::read_to_string(folder.join(file)).expect("the example can be read");
        scene.file(file, &text);
    }
}

/// The connector of a workspace, without other arguments.
pub(crate) fn connector(workspace_id: &str) -> String {
    connector_with(workspace_id, "")
}

/// The connector of a workspace, with more arguments.
pub(crate) fn connector_with(workspace_id: &str, arguments: &str) -> String {
    format!(
        "resource \"sentinel_dfc_tenant_connector\" \"this\" {{\n  workspace_id = \"{workspace_id}\"\n{arguments}\n}}\n"
    )
}
