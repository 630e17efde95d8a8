//! Times plans of existing connectors and, in turns with them, of as many `terraform_data`.

use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, ensure};
use terraform_driver::world::copy_workspace;
use terraform_driver::{Cli, Finished, SOURCE, Sandbox, Simulator};

use super::process::{self, Providers, median};

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
    /// Known on Linux only.
    pub(crate) processor: Option<ProcessorTime>,
}

/// Processor time of one plan, on average: what the machine does, whoever waits for whom.
pub(crate) struct ProcessorTime {
    /// Of the CLI, for a plan of as many `terraform_data`.
    pub(crate) floor: Duration,
    /// Of the CLI alone, for a plan of the connectors.
    pub(crate) cli: Duration,
    /// Of the provider's processes, for the same plan.
    pub(crate) provider: Duration,
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
    let mut processor = (Some(Duration::ZERO), Some(Duration::ZERO));
    for _ in 0..runs {
        let before = process::processor_time_of_ended();
        times.0.push(succeed(&floor, cli, PLAN)?.took);
        let between = process::processor_time_of_ended();
        azure.forget_requests()?;
        times.1.push(succeed(&connectors, cli, PLAN)?.took);
        let after = process::processor_time_of_ended();
        processor.0 = add(processor.0, before, between);
        processor.1 = add(processor.1, between, after);
    }
    let requests = azure.requests()?.to_arm().count();
    let providers = watch_a_plan(&connectors, cli)?;
    let average = |sum: Duration| sum / u32::try_from(runs).unwrap_or(u32::MAX);
    let provider = providers.processor_time();
    Ok(Plans {
        count,
        floor: median(times.0),
        plan: median(times.1),
        requests,
        peak_memory: providers.peak_memory(),
        processor: processor.0.zip(processor.1).map(|(floor, plan)| ProcessorTime {
            floor: average(floor),
            cli: average(plan).saturating_sub(provider),
            provider,
        }),
    })
}

fn add(sum: Option<Duration>, before: Option<Duration>, after: Option<Duration>) -> Option<Duration> {
    Some(sum? + after?.saturating_sub(before?))
}

const PLAN: &[&str] = &["plan", "-no-color", "-detailed-exitcode"];

fn succeed(sandbox: &Sandbox, cli: &Cli, arguments: &[&str]) -> Result<Finished> {
    let finished = sandbox.run(cli, arguments)?;
    ensure!(finished.succeeded(), "a command that is measured must succeed and change nothing:\n{finished}");
    Ok(finished)
}

/// A run of its own: watching the processes takes time from them.
fn watch_a_plan(sandbox: &Sandbox, cli: &Cli) -> Result<Providers> {
    thread::scope(|scope| {
        let plan = scope.spawn(|| succeed(sandbox, cli, PLAN));
        let mut providers = Providers::default();
        while !plan.is_finished() {
            providers.look(sandbox);
            thread::sleep(Duration::from_millis(2));
        }
        plan.join().unwrap_or_else(|_| anyhow::bail!("the plan's thread panicked"))?;
        Ok(providers)
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
