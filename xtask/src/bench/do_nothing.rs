//! The do-nothing provider in Go: the least that a provider process on terraform-plugin-framework costs.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Result, ensure};
use serde::Deserialize;
use terraform_driver::{Cli, Sandbox};

use super::plans::requirements;
use crate::go::GoProgram;

const FRAMEWORK: &str = "1.19.0";

const SOURCE: &str = include_str!("do_nothing.go");

/// How it is built.
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

/// Fails unless the do-nothing provider, in the sandbox `theirs`, has the same resources with the same attributes.
pub(super) fn check_attributes(cli: &Cli, ours: &Sandbox, theirs: &Sandbox) -> Result<()> {
    let (ours, theirs) = (attributes(cli, ours)?, attributes(cli, theirs)?);
    ensure!(
        ours == theirs,
        "xtask/src/bench/do_nothing.go no longer has the attributes of our resources:\nours: {ours:#?}\nin Go: {theirs:#?}"
    );
    Ok(())
}

/// The names of the attributes and blocks of each resource.
fn attributes(cli: &Cli, sandbox: &Sandbox) -> Result<BTreeMap<String, BTreeSet<String>>> {
    #[derive(Deserialize)]
    struct Output {
        provider_schemas: BTreeMap<String, Provider>,
    }
    #[derive(Deserialize)]
    struct Provider {
        resource_schemas: BTreeMap<String, Resource>,
    }
    #[derive(Deserialize)]
    struct Resource {
        block: Block,
    }
    #[derive(Deserialize)]
    struct Block {
        attributes: BTreeMap<String, serde::de::IgnoredAny>,
        #[serde(default)]
        block_types: BTreeMap<String, serde::de::IgnoredAny>,
    }

    sandbox.write("main.tf", &requirements())?;
    let finished = sandbox.run(cli, &["providers", "schema", "-json"])?;
    ensure!(finished.succeeded(), "the CLI cannot read a provider's schema:\n{finished}");
    let output: Output = serde_json::from_str(&finished.stdout)?;
    let resources = output.provider_schemas.into_values().flat_map(|provider| provider.resource_schemas);
    Ok(resources
        .map(|(name, resource)| {
            let Block { attributes, block_types } = resource.block;
            (name, attributes.into_keys().chain(block_types.into_keys()).collect())
        })
        .collect())
}
