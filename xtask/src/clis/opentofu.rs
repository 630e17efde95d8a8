//! How OpenTofu is built from its Go module.

use crate::go::GoProgram;

/// The release that is built.
const VERSION: &str = "1.12.6";

pub(super) fn program() -> GoProgram {
    GoProgram {
        title: format!("OpenTofu {VERSION}"),
        executable: format!("tofu-{VERSION}"),
        package: "github.com/opentofu/opentofu/cmd/tofu",
        // OpenTofu's own go.mod replaces hcl, and a `replace` counts in the main module only.
        requirements: format!(
            "require github.com/opentofu/opentofu v{VERSION}\n\n\
             replace github.com/hashicorp/hcl/v2 v2.20.1 => \
             github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828\n"
        ),
        files: Vec::new(),
        // Without this the executable calls itself a development build.
        variables: &["github.com/opentofu/opentofu/version.dev=no"],
    }
}
