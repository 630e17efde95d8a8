//! A contender of the benchmark: a provider or Terraform alone, with unchanged resources.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, ensure};
use terraform_driver::{Cli, Finished, Sandbox, Simulator};

use super::process::{self, Providers, median};

/// The kind of a contender.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ContenderKind {
    /// The provider as built from this checkout.
    Ours,
    /// The do-nothing provider in Go.
    Go,
    /// Another build of the provider, given on the command line.
    Other,
    /// Terraform alone, with the same number of `terraform_data` resources.
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

/// A provider to measure.
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
    /// The median wall-clock time of a plan.
    pub(crate) plan: Duration,
    /// The number of requests to Azure Resource Manager in one plan.
    pub(crate) requests: usize,
    /// The number of requests for access tokens in one plan.
    pub(crate) token_requests: usize,
    /// The size of the state file, in bytes.
    pub(crate) state_bytes: u64,
    /// The processor time, on Linux only.
    pub(crate) processor: Option<ProcessorTime>,
    /// The largest peak memory of a provider process, in bytes, on Linux only.
    pub(crate) peak_memory: Option<u64>,
}

/// The average processor time of one plan. Unlike wall-clock time, it does not include waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProcessorTime {
    /// The processor time of Terraform.
    pub(crate) cli: Duration,
    /// The processor time of the provider's processes.
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
            azure.clear_requests()?;
        }
        let before = process::processor_time_of_ended();
        self.times.push(succeed(&self.sandbox, cli, PLAN)?.took);
        let after = process::processor_time_of_ended();
        self.processor = add(self.processor, before, after);
        Ok(())
    }

    /// Summarizes the measurements. One more plan measures the provider's processes.
    pub(crate) fn finish(self, cli: &Cli) -> Result<Measured> {
        let requests = self.azure.as_ref().map(Simulator::requests).transpose()?;
        let providers = self.measure_plan(cli)?;
        let turns = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        let provider = providers.processor_time();
        Ok(Measured {
            who: self.who,
            requests: requests.as_ref().map_or(0, |requests| requests.to_arm().count()),
            token_requests: requests.as_ref().map_or(0, |requests| requests.to_token_endpoints().count()),
            state_bytes: fs::metadata(self.sandbox.module().join("terraform.tfstate"))?.len(),
            processor: self
                .processor
                .map(|sum| ProcessorTime { cli: (sum / turns).saturating_sub(provider), provider }),
            peak_memory: providers.peak_memory(),
            plan: median(self.times),
        })
    }

    /// Measures the provider's processes in a separate plan, because sampling slows them down.
    fn measure_plan(&self, cli: &Cli) -> Result<Providers> {
        thread::scope(|scope| {
            let plan = scope.spawn(|| succeed(&self.sandbox, cli, PLAN));
            let mut providers = Providers::default();
            while !plan.is_finished() {
                providers.sample(&self.sandbox);
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

pub(super) fn succeed(sandbox: &Sandbox, cli: &Cli, arguments: &[&str]) -> Result<Finished> {
    let finished = sandbox.run(cli, arguments)?;
    ensure!(finished.succeeded(), "a command that is measured must succeed and change nothing:\n{finished}");
    Ok(finished)
}
