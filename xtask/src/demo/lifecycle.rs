//! The steps of the demo, with the expected plan and the expected content of Azure after each step.

use anyhow::Result;
use terraform_driver::SOURCE;
use terraform_driver::plan::Action;

use super::stage::{CONNECTOR, Stage};

pub(crate) fn run(stage: &mut Stage) -> Result<()> {
    let workspace = stage.workspace().to_owned();

    stage.step("Look up the Content Hub solution that the connector needs");
    stage.configure("main.tf", &provider_and_solution(&workspace))?;
    stage.run(&["init"])?;
    stage.run(&["apply", "-auto-approve"])?;
    stage.show_azure(false)?;

    stage.step("Plan the connector");
    stage.configure("connector.tf", CONNECTOR_TF)?;
    stage.plan(Some(Action::Create))?;
    stage.show_azure(false)?;

    stage.step("Apply the plan");
    stage.run(&["apply", "plan"])?;
    stage.show_azure(true)?;

    stage.step("Plan again: nothing to do");
    stage.plan(None)?;

    stage.step("Another administrator switches the connector off in the portal; the plan shows it");
    stage.disconnect_in_the_portal()?;
    stage.show_azure(false)?;
    stage.plan(Some(Action::Create))?;

    stage.step("Apply: it is on again");
    stage.run(&["apply", "plan"])?;
    stage.show_azure(true)?;

    stage.step("Import it into an empty state");
    stage.delete_state()?;
    stage.run(&["import", CONNECTOR, &workspace])?;
    stage.check_state(true)?;
    stage.show_azure(true)?;

    stage.step("Plan after the import: nothing to do");
    stage.plan(None)?;

    stage.step("Destroy");
    stage.run(&["destroy", "-auto-approve"])?;
    stage.check_state(false)?;
    stage.show_azure(false)
}

const CONNECTOR_TF: &str = "\
resource \"sentinel_dfc_tenant_connector\" \"this\" {
  workspace_id = local.workspace_id

  lifecycle {
    precondition {
      condition     = data.sentinel_content_hub_solution.this.satisfies
      error_message = \"Install the Microsoft Defender for Cloud solution 3.0.0 or newer first.\"
    }
  }
}
";

fn provider_and_solution(workspace: &str) -> String {
    format!(
        r#"terraform {{
  required_providers {{
    sentinel = {{
      source = "{SOURCE}"
    }}
  }}
}}

locals {{
  workspace_id = "{workspace}"
}}

data "sentinel_content_hub_solution" "this" {{
  workspace_id       = local.workspace_id
  display_name       = "Microsoft Defender for Cloud"
  version_constraint = ">= 3.0.0"
}}

output "solution" {{
  value = {{
    installed = data.sentinel_content_hub_solution.this.installed_version
    available = data.sentinel_content_hub_solution.this.available_version
    satisfies = data.sentinel_content_hub_solution.this.satisfies
  }}
}}
"#
    )
}
