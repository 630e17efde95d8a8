//! The do-nothing provider in Go: the minimum cost of a provider on terraform-plugin-framework.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use terraform_driver::{Cli, Sandbox};

use crate::go::GoProgram;

const FRAMEWORK: &str = "1.19.0";

const SOURCE: &str = include_str!("do_nothing.go");

/// The build of the do-nothing provider.
pub(super) fn program() -> GoProgram {
    let mut hasher = DefaultHasher::new();
    SOURCE.hash(&mut hasher);
    GoProgram {
        title: format!("the do-nothing provider on terraform-plugin-framework {FRAMEWORK}"),
        executable: format!("do-nothing-provider-{FRAMEWORK}-{:016x}", hasher.finish()),
        package: ".",
        requirements: format!("require github.com/hashicorp/terraform-plugin-framework v{FRAMEWORK}\n"),
        files: vec![("main.go".to_owned(), SOURCE.to_owned())],
        variables: &[],
    }
}

/// Fails unless the do-nothing provider, in the sandbox `theirs`, has the same attributes in each of its resources.
pub(super) fn check_attributes(cli: &Cli, ours: &Sandbox, theirs: &Sandbox) -> Result<()> {
    let (mut ours, theirs) = (attributes(cli, ours)?, attributes(cli, theirs)?);
    // The do-nothing provider has only the resources that are measured.
    ours.retain(|resource, _| theirs.contains_key(resource));
    ensure!(
        ours == theirs,
        "xtask/src/bench/do_nothing.go no longer has the attributes of our resources:\nours: {ours:#?}\nin Go: {theirs:#?}"
    );
    Ok(())
}

/// The names of the attributes and blocks of each resource.
fn attributes(cli: &Cli, sandbox: &Sandbox) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let schema = sandbox.provider_schema(cli)?;
    let names = |value: &Value| value.as_object().map_or_else(Vec::new, |object| object.keys().cloned().collect());
    let resources = schema["resource_schemas"].as_object().context("the provider has no resources")?;
    Ok(resources
        .iter()
        .map(|(name, resource)| {
            let block = &resource["block"];
            (name.clone(), names(&block["attributes"]).into_iter().chain(names(&block["block_types"])).collect())
        })
        .collect())
}
