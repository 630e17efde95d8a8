//! The Azure SDK for Go: builds a program with its calls into the cache.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Command;

use anyhow::Result;
use terraform_driver::Simulator;

use super::{ClientOutcome, connect, required};
use crate::checkout;
use crate::go::GoProgram;

const SOURCE: &str = include_str!("go_sdk.go");

const REQUIREMENTS: &str = "\
require github.com/Azure/azure-sdk-for-go/sdk/azcore v1.24.0
require github.com/Azure/azure-sdk-for-go/sdk/azidentity v1.15.0
require github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources/v3 v3.0.1
";

pub(super) fn sdk(simulator: &Simulator) -> Result<ClientOutcome> {
    if let Err(left_out) = required("go")? {
        return Ok(left_out);
    }
    let Some(program) = program().built()? else { return Ok(ClientOutcome::Skipped("Go cannot build it".to_owned())) };
    checkout::run(connect(&mut Command::new(program), simulator)?)?;
    Ok(ClientOutcome::Works)
}

fn program() -> GoProgram {
    let mut hasher = DefaultHasher::new();
    (SOURCE, REQUIREMENTS).hash(&mut hasher);
    GoProgram {
        title: "the calls of the Azure SDK for Go".to_owned(),
        executable: format!("azure-sdk-for-go-{:016x}", hasher.finish()),
        package: ".",
        requirements: REQUIREMENTS.to_owned(),
        files: vec![("main.go".to_owned(), SOURCE.to_owned())],
        variables: &[],
    }
}
