//! The build of OpenTofu from its Go module.

use crate::go::GoProgram;

/// The version to build.
const VERSION: &str = "1.12.6";

pub(super) fn program() -> GoProgram {
    GoProgram {
        title: format!("OpenTofu {VERSION}"),
        executable: format!("tofu-{VERSION}"),
        package: "github.com/opentofu/opentofu/cmd/tofu",
        // OpenTofu's go.mod replaces hcl, but Go applies a `replace` only in the main module.
        requirements: format!(
            "require github.com/opentofu/opentofu v{VERSION}\n\n\
             replace github.com/hashicorp/hcl/v2 v2.20.1 => \
             github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828\n"
        ),
        files: Vec::new(),
        // Without this variable, the executable reports a development build.
        variables: &["github.com/opentofu/opentofu/version.dev=no"],
    }
}
