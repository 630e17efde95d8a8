//! Times plans of existing connectors, or of installed solutions, and, in turns with them, of as many `terraform_data`.

use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, ensure};
use terraform_driver::world::copy_workspace;
use terraform_driver::{Cli, Finished, SOURCE, Sandbox, Simulator};

use super::process::{self, Providers, median};
use super::solutions;

/// What is planned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Subject {
    /// Connectors, each in a workspace of its own.
    Connectors,
    /// Installed solutions, all in one workspace.
    Solutions,
}

/// What planning a number of resources costs.
pub(crate) struct Plans {
    /// Of which kind.
    pub(crate) subject: Subject,
    /// How many, all of them there and unchanged.
    pub(crate) count: usize,
    /// A plan of as many `terraform_data`: what the CLI costs by itself.
    pub(crate) floor: Duration,
    /// A plan of the resources.
    pub(crate) plan: Duration,
    /// Requests to Azure Resource Manager in one plan.
    pub(crate) requests: usize,
    /// Size of the state file, in bytes.
    pub(crate) state_bytes: u64,
    /// The most memory that a provider process had, in bytes; known on Linux only.
    pub(crate) peak_memory: Option<u64>,
    /// Known on Linux only.
    pub(crate) processor: Option<ProcessorTime>,
}

/// Processor time of one plan, on average: what the machine does, whoever waits for whom.
pub(crate) struct ProcessorTime {
    /// Of the CLI, for a plan of as many `terraform_data`.
    pub(crate) floor: Duration,
    /// Of the CLI alone, for a plan of the resources.
    pub(crate) cli: Duration,
    /// Of the provider's processes, for the same plan.
    pub(crate) provider: Duration,
}

/// Applies `count` resources, then plans them `runs` times.
pub(crate) fn measure(
    cli: &Cli,
    provider: &Path,
    simulator: &Path,
    subject: Subject,
    count: usize,
    runs: usize,
) -> Result<Plans> {
    let azure = match subject {
        Subject::Connectors => world_with(simulator, |world| copy_workspace(world, "law-soc", (0..count).map(name)))?,
        Subject::Solutions => world_with(simulator, |world| solutions::add_to(world, count))?,
    };
    let mut resources = Sandbox::with_override(provider)?;
    for (name, value) in azure.environment() {
        resources.set(name, value);
    }
    let configuration = match subject {
        Subject::Connectors => connectors_tf(&azure, count)?,
        Subject::Solutions => solutions::configuration(azure.workspace(solutions::WORKSPACE)?, count),
    };
    resources.write("main.tf", &(requirements() + &configuration))?;
    succeed(&resources, cli, &["apply", "-auto-approve", "-no-color"])?;

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
        times.1.push(succeed(&resources, cli, PLAN)?.took);
        let after = process::processor_time_of_ended();
        processor.0 = add(processor.0, before, between);
        processor.1 = add(processor.1, between, after);
    }
    let requests = azure.requests()?.to_arm().count();
    let providers = watch_a_plan(&resources, cli)?;
    let average = |sum: Duration| sum / u32::try_from(runs).unwrap_or(u32::MAX);
    let provider = providers.processor_time();
    let state_bytes = fs::metadata(resources.module().join("terraform.tfstate"))?.len();
    Ok(Plans {
        subject,
        count,
        state_bytes,
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

/// Names the provider.
fn requirements() -> String {
    format!(
        "terraform {{\n  required_providers {{\n    sentinel = {{\n      source = \"{SOURCE}\"\n    }}\n  }}\n}}\n\n"
    )
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

/// The default Azure, changed before anybody uses it.
fn world_with(
    binary: &Path,
    change: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>),
) -> Result<Simulator> {
    let mut world = Simulator::start(binary, None)?.world()?;
    change(&mut world);
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
        "resource \"sentinel_dfc_tenant_connector\" \"each\" {{\n  count = {count}\n\n  \
         workspace_id = \"{stem}${{count.index}}\"\n}}\n"
    ))
}
