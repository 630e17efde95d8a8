//! A contender of the bench: a provider, or the CLI alone, with resources that exist and do not change.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, ensure};
use terraform_driver::{Cli, Finished, Sandbox, Simulator};

use super::process::{self, Providers, median};

/// Who is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ContenderKind {
    /// The provider as built from this checkout.
    Ours,
    /// The do-nothing provider in Go.
    Go,
    /// Another build of ours, named on the command line.
    Other,
    /// The CLI alone, with as many `terraform_data`.
    Floor,
}

impl ContenderKind {
    /// The name in the report.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Go => "Go doing nothing",
            Self::Other => "the other build",
            Self::Floor => "floor",
        }
    }
}

/// A provider to measure: which, and its executable.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    pub(crate) who: ContenderKind,
    pub(crate) executable: PathBuf,
}

/// A contender in its sandbox, with the measurements so far.
pub(crate) struct Contender {
    who: ContenderKind,
    sandbox: Sandbox,
    azure: Option<Simulator>,
    times: Vec<Duration>,
    processor: Option<Duration>,
}

/// The figures of one contender.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) who: ContenderKind,
    /// Median wall-clock time of a plan.
    pub(crate) plan: Duration,
    /// Requests to Azure Resource Manager in one plan.
    pub(crate) requests: usize,
    /// Requests for access tokens in one plan.
    pub(crate) logins: usize,
    /// Size of the state file, in bytes.
    pub(crate) state_bytes: u64,
    /// Known on Linux only.
    pub(crate) processor: Option<ProcessorTime>,
    /// The most memory that a provider process had, in bytes; known on Linux only.
    pub(crate) peak_memory: Option<u64>,
}

/// Average processor time of one plan. Unlike wall-clock time, it leaves out waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProcessorTime {
    /// Of the CLI alone.
    pub(crate) cli: Duration,
    /// Of the provider's processes.
    pub(crate) provider: Duration,
}

impl ProcessorTime {
    pub(crate) fn total(self) -> Duration {
        self.cli + self.provider
    }
}

impl Contender {
    /// Applies `configuration`, so that its resources exist.
    pub(crate) fn new(
        who: ContenderKind,
        cli: &Cli,
        executable: &Path,
        azure: Option<Simulator>,
        configuration: &str,
    ) -> Result<Self> {
        let mut sandbox = Sandbox::with_override(executable)?;
        for (name, value) in azure.iter().flat_map(Simulator::environment) {
            sandbox.set(name, value);
        }
        sandbox.write("main.tf", configuration)?;
        succeed(&sandbox, cli, &["apply", "-auto-approve", "-no-color"])?;
        Ok(Self { who, sandbox, azure, times: Vec::new(), processor: Some(Duration::ZERO) })
    }

    /// Plans once.
    pub(crate) fn run_once(&mut self, cli: &Cli) -> Result<()> {
        if let Some(azure) = &self.azure {
            azure.forget_requests()?;
        }
        let before = process::processor_time_of_ended();
        self.times.push(succeed(&self.sandbox, cli, PLAN)?.took);
        let after = process::processor_time_of_ended();
        self.processor = add(self.processor, before, after);
        Ok(())
    }

    /// Summarizes the turns. One more plan measures the provider's processes.
    pub(crate) fn finish(self, cli: &Cli) -> Result<Measured> {
        let requests = self.azure.as_ref().map(Simulator::requests).transpose()?;
        let providers = self.measure_plan(cli)?;
        let turns = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        let provider = providers.processor_time();
        Ok(Measured {
            who: self.who,
            requests: requests.as_ref().map_or(0, |requests| requests.to_arm().count()),
            logins: requests.as_ref().map_or(0, |requests| requests.logins().count()),
            state_bytes: fs::metadata(self.sandbox.module().join("terraform.tfstate"))?.len(),
            processor: self
                .processor
                .map(|sum| ProcessorTime { cli: (sum / turns).saturating_sub(provider), provider }),
            peak_memory: providers.peak_memory(),
            plan: median(self.times),
        })
    }

    /// A separate plan, because sampling the processes slows them down.
    fn measure_plan(&self, cli: &Cli) -> Result<Providers> {
        thread::scope(|scope| {
            let plan = scope.spawn(|| succeed(&self.sandbox, cli, PLAN));
            let mut providers = Providers::default();
            while !plan.is_finished() {
                providers.look(&self.sandbox);
                thread::sleep(Duration::from_millis(2));
            }
            plan.join().unwrap_or_else(|_| anyhow::bail!("the plan's thread panicked"))?;
            Ok(providers)
        })
    }
}

const PLAN: &[&str] = &["plan", "-no-color", "-detailed-exitcode"];

fn add(sum: Option<Duration>, before: Option<Duration>, after: Option<Duration>) -> Option<Duration> {
    Some(sum? + after?.saturating_sub(before?))
}

fn succeed(sandbox: &Sandbox, cli: &Cli, arguments: &[&str]) -> Result<Finished> {
    let finished = sandbox.run(cli, arguments)?;
    ensure!(finished.succeeded(), "a command that is measured must succeed and change nothing:\n{finished}");
    Ok(finished)
}
