//! Times plans of existing connectors and, in turns with them, of as many `terraform_data`.

use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, ensure};
use terraform_driver::world::copy_workspace;
use terraform_driver::{Cli, Finished, SOURCE, Sandbox, Simulator};

use super::process::{self, median};

/// What planning one number of connectors costs.
pub(crate) struct Plans {
    /// How many connectors, all of them there and unchanged.
    pub(crate) count: usize,
    /// A plan of as many `terraform_data`: what the CLI costs by itself.
    pub(crate) floor: Duration,
    /// A plan of the connectors.
    pub(crate) plan: Duration,
    /// Requests to Azure Resource Manager in one plan.
    pub(crate) requests: usize,
    /// The most memory that a provider process had, in bytes; known on Linux only.
    pub(crate) peak_memory: Option<u64>,
}

/// Connects `count` workspaces, then plans them `runs` times.
pub(crate) fn measure(cli: &Cli, provider: &Path, simulator: &Path, count: usize, runs: usize) -> Result<Plans> {
    let azure = world_with(simulator, count)?;
    let mut connectors = Sandbox::with_override(provider)?;
    for (name, value) in azure.environment() {
        connectors.set(name, value);
    }
    connectors.write("main.tf", &connectors_tf(&azure, count)?)?;
    succeed(&connectors, cli, &["apply", "-auto-approve", "-no-color"])?;

    let floor = Sandbox::with_override(provider)?;
    floor.write(
        "main.tf",
        &format!(
            "resource \"terraform_data\" \"each\" {{\n  count = {count}\n  input = \"{PREFIX}${{count.index}}\"\n}}\n"
        ),
    )?;
    succeed(&floor, cli, &["apply", "-auto-approve", "-no-color"])?;

    let mut times = (Vec::new(), Vec::new());
    for _ in 0..runs {
        times.0.push(succeed(&floor, cli, PLAN)?.took);
        azure.forget_requests()?;
        times.1.push(succeed(&connectors, cli, PLAN)?.took);
    }
    let requests = azure.requests()?.to_arm().count();
    Ok(Plans {
        count,
        floor: median(times.0),
        plan: median(times.1),
        requests,
        peak_memory: peak_memory_of_a_plan(&connectors, cli)?,
    })
}

const PLAN: &[&str] = &["plan", "-no-color", "-detailed-exitcode"];

fn succeed(sandbox: &Sandbox, cli: &Cli, arguments: &[&str]) -> Result<Finished> {
    let finished = sandbox.run(cli, arguments)?;
    ensure!(finished.succeeded(), "a command that is measured must succeed and change nothing:\n{finished}");
    Ok(finished)
}

/// A run of its own: watching the processes takes time from them.
fn peak_memory_of_a_plan(sandbox: &Sandbox, cli: &Cli) -> Result<Option<u64>> {
    thread::scope(|scope| {
        let plan = scope.spawn(|| succeed(sandbox, cli, PLAN));
        let mut peak = None;
        while !plan.is_finished() {
            peak = peak.max(process::peak_memory(sandbox));
            thread::sleep(Duration::from_millis(2));
        }
        plan.join().unwrap_or_else(|_| anyhow::bail!("the plan's thread panicked"))?;
        Ok(peak)
    })
}

/// An Azure with `count` onboarded workspaces called `bench-0`, `bench-1`, ….
fn world_with(binary: &Path, count: usize) -> Result<Simulator> {
    let mut world = Simulator::start(binary, None)?.world()?;
    copy_workspace(&mut world, "law-soc", (0..count).map(name));
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("world.json");
    fs::write(&file, serde_json::Value::Object(world).to_string())?;
    Simulator::start(binary, Some(&file))
}

/// What the names of the workspaces begin with; a number follows.
const PREFIX: &str = "bench-";

fn name(number: usize) -> String {
    format!("{PREFIX}{number}")
}

/// The connectors, told apart by `count` as the floor's objects are: with `for_each` over a thousand ids the CLI would
/// evaluate the whole set again for each of them, and that would be measured.
fn connectors_tf(azure: &Simulator, count: usize) -> Result<String> {
    let first = name(0);
    let id = azure.workspace(&first)?;
    let (stem, _) = id.split_at(id.len() - first.len() + PREFIX.len());
    Ok(format!(
        "terraform {{\n  required_providers {{\n    sentinel = {{\n      source = \"{SOURCE}\"\n    }}\n  }}\n}}\n\n\
         resource \"sentinel_dfc_tenant_connector\" \"each\" {{\n  count = {count}\n\n  \
         workspace_id = \"{stem}${{count.index}}\"\n}}\n"
    ))
}
