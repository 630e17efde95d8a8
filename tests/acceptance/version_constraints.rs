//! Version constraints have the same meaning as in Terraform and OpenTofu.
//!
//! For every pair of a version and a constraint, a registry offers a module with only this version. Terraform must
//! install the module if and only if the provider's rules select the version.

use std::collections::BTreeSet;

use terraform_provider_sentinel::{SolutionVersion, VersionConstraint};

use crate::support::{ModuleRegistry, Scene};

scenarios![selects_the_same_versions_as_terraform_and_opentofu];

const VERSIONS: [&str; 25] = [
    "1.0.0",
    "1.0.0.2",
    "1.0.0.3",
    "2.9.0",
    "3",
    "3.0.0-alpha",
    "3.0.0-beta",
    "3.0.0-beta.2",
    "3.0.0-beta2",
    "3.0.0",
    "3.0.0+build.7",
    "3.0.1-rc1",
    "3.0.1",
    "3.1.0-rc1",
    "3.1.0",
    "3.2.0beta",
    "03.03.00",
    "3.5",
    "v3.7.0",
    "3.9.9",
    "4.0.0-alpha",
    "4.0.0",
    "4.0.1",
    "4.10.0",
    "10.0.0",
];

/// Conditions that select a pre-release have no other condition, no space after the operator, and no `v`. Otherwise,
/// Terraform ignores the pre-release, because its second parser rejects such constraints. Terraform documents that
/// `= 3.0.0-beta` selects 3.0.0-beta, and the provider does so.
const CONSTRAINTS: [&str; 56] = [
    "3.0.0",
    "3.0",
    "= 3",
    "=3.0",
    "= 3.0.0",
    "= 3.0.0.0",
    "= v3.7.0",
    "= 1.0.0.2",
    "= 3.0.0+build.7",
    "3.0.0-beta",
    "=3.0.0-beta2",
    "3.0-alpha",
    "=3.2.0-beta",
    "!= 3.0.0",
    "!= 3.1.0",
    "!= 3.0.0-beta",
    "> 3",
    "> 3.0.0",
    "> 3.0.0-beta",
    "> 3.0.0+build.1",
    ">= 3",
    ">= 3.0.0",
    ">=3.0.0",
    ">= v3.0.0",
    ">= 3.0.0-beta",
    ">= 3.1.0-alpha",
    ">= 3.0.0+build.9",
    "< 4",
    "< 4.0.0",
    "< 3.0.0-beta2",
    "< 4.0.0-beta",
    "<= 4",
    "<= 4.0.0",
    "<= 3.1.0-rc1",
    "~> 3",
    "~> 3.0",
    "~>3.0",
    "~>  3.0.0",
    "~> 3.0.1",
    "~> 3.1",
    "~> 03.03",
    "~> v3.0",
    "~> 1.0.0.0",
    "~> 1.0.0.2",
    "~> 3.0-alpha",
    "~> 3.0.0-alpha",
    "~> 3.1.0-rc1",
    ">= 3.0.0, < 4.0.0",
    ">= 3.0.0,< 3.5",
    " >= 3.0.0 ,!= 3.0.1 ",
    "> 2.9.0, <= 3.0.0",
    ">= 3.0.0, != 3.1.0, < 3.5",
    ">= 3.0.0-beta, < 4.0.0-beta",
    "~> 3.0, != 3.5",
    "= 3.0.0, = 3.1.0",
    ">= 4.0.0, < 3.0.0",
];

fn selects_the_same_versions_as_terraform_and_opentofu(mut scene: Scene) {
    let registry = ModuleRegistry::of(&VERSIONS);
    scene.file("registry.tfrc", &registry.cli_configuration());
    scene.set("TF_CLI_CONFIG_FILE", "registry.tfrc");
    for version in 0..VERSIONS.len() {
        // One file per version, because Terraform reads the whole file again for each error that shows its lines.
        scene.file(&format!("v{version}.tf"), &modules(version));
    }

    let finished = scene.run(&["get", "-no-color"]);

    let installed = installed(&finished.stdout);
    let rejected = ["Unresolvable module version constraint", "Module has no versions"];
    let rejections: usize = rejected.iter().map(|sentence| finished.stderr.matches(sentence).count()).sum();
    assert_eq!(installed.len() + rejections, VERSIONS.len() * CONSTRAINTS.len(), "each pair is installed or rejected");
    let differences: Vec<String> = pairs()
        .filter_map(|(version, constraint)| {
            let (cli, ours) = (installed.contains(&name(version, constraint)), selects(version, constraint));
            let (constraint, version) = (CONSTRAINTS[constraint], VERSIONS[version]);
            (cli != ours).then(|| format!("{constraint:?} and {version}: the CLI {cli}, the provider {ours}"))
        })
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..VERSIONS.len()).flat_map(|version| (0..CONSTRAINTS.len()).map(move |constraint| (version, constraint)))
}

/// One module per constraint, from a source with only this version.
fn modules(version: usize) -> String {
    let module = |(constraint, text): (usize, &&str)| {
        let (name, source) = (name(version, constraint), ModuleRegistry::module(version));
        format!("module \"{name}\" {{\n  source  = \"{source}\"\n  version = \"{text}\"\n}}\n\n")
    };
    CONSTRAINTS.iter().enumerate().map(module).collect()
}

fn name(version: usize, constraint: usize) -> String {
    format!("v{version}_c{constraint}")
}

/// The names of the installed modules in Terraform's output: `- v7_c12 in .terraform/modules/v7_c12`.
fn installed(stdout: &str) -> BTreeSet<String> {
    let reports = stdout.lines().filter_map(|line| line.strip_prefix("- ")?.split_once(" in "));
    reports.map(|(name, _)| name.to_owned()).collect()
}

fn selects(version: usize, constraint: usize) -> bool {
    let version = SolutionVersion::parse(VERSIONS[version]).expect("a version");
    VersionConstraint::parse(CONSTRAINTS[constraint]).expect("a constraint").is_satisfied_by(&version)
}
