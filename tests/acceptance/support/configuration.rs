//! Configurations that many scenarios use.

use std::path::Path;

/// Address of the resource that [`connector`] writes.
pub(crate) const CONNECTOR: &str = "sentinel_dfc_tenant_connector.this";

/// Names the provider; every scenario's configuration has it unless it writes its own.
pub(super) const REQUIREMENTS: &str = r#"
terraform {
  required_providers {
    sentinel = {
      source = "sentinel/sentinel"
    }
  }
}
"#;

/// Makes files of `examples/{name}` the configuration.
pub(crate) fn stage_example(scene: &super::Scene, name: &str, files: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    scene.file("requirements.tf", "");
    for file in files {
        let text = std::fs::read_to_string(folder.join(file)).expect("the example can be read");
        scene.file(file, &text);
    }
}

/// The connector of a workspace, with nothing else said.
pub(crate) fn connector(workspace_id: &str) -> String {
    connector_with(workspace_id, "")
}

/// The connector of a workspace, with more arguments.
pub(crate) fn connector_with(workspace_id: &str, arguments: &str) -> String {
    format!(
        "resource \"sentinel_dfc_tenant_connector\" \"this\" {{\n  workspace_id = \"{workspace_id}\"\n{arguments}\n}}\n"
    )
}
