//! The build of the latest Terraform from its Go module, for the tests only.

use crate::go::GoProgram;

/// The version to build.
const VERSION: &str = "1.15.9";

const MODULE: &str = "github.com/hashicorp/terraform";

/// Backends that are separate modules in Terraform's repository. They are not published, and no test uses them.
const UNPUBLISHED_BACKENDS: [&str; 9] = ["azure", "consul", "cos", "gcs", "kubernetes", "oci", "oss", "pg", "s3"];

pub(super) fn program() -> GoProgram {
    let backends = UNPUBLISHED_BACKENDS.map(|name| Stub {
        path: format!("{MODULE}/internal/backend/remote-state/{name}"),
        source: backend_in_memory(name),
    });
    let legacy = Stub { path: format!("{MODULE}/internal/legacy"), source: "package legacy\n".to_owned() };

    let mut requirements = format!("require {MODULE} v{VERSION}\n");
    let mut files = Vec::new();
    for Stub { path, source } in backends.into_iter().chain([legacy]) {
        let folder = format!("stubs/{}", path.rsplit('/').next().unwrap_or(&path));
        requirements += &format!("replace {path} => ./{folder}\n");
        files.push((format!("{folder}/go.mod"), format!("module {path}\n\ngo 1.25\n")));
        files.push((format!("{folder}/stub.go"), source));
    }
    GoProgram {
        title: format!("Terraform {VERSION}"),
        executable: format!("terraform-{VERSION}"),
        package: MODULE,
        requirements,
        files,
        // Without this variable, the executable reports a development build.
        variables: &["github.com/hashicorp/terraform/version.dev=no"],
    }
}

/// A module that replaces an unpublished one.
struct Stub {
    path: String,
    source: String,
}

/// A backend package that exports Terraform's in-memory backend under another name.
fn backend_in_memory(name: &str) -> String {
    let backend = format!("{MODULE}/internal/backend");
    format!(
        "package {name}\n\nimport (\n\t\"{backend}\"\n\t\"{backend}/remote-state/inmem\"\n)\n\n\
         func New() backend.Backend {{ return inmem.New() }}\n"
    )
}
