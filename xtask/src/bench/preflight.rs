//! Measures what the preflight adds to a plan that creates connectors, each in its own workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use terraform_driver::simulator::Request;
use terraform_driver::{Cli, Requests, Sandbox};

use super::contender::succeed;
use super::plans::{self, Subject};
use super::process::median;

/// The number of connectors and of workspaces.
pub(super) const COUNT: usize = 100;

/// The maximum number of reads that the preflight may add for a workspace.
pub(super) const READS: f64 = 3.0;

/// Plans of the same new connectors with and without the preflight.
pub(crate) struct Preflight {
    with: Planned,
    without: Planned,
}

/// The median time of several plans, and the requests of the last one.
struct Planned {
    time: Duration,
    requests: Requests,
}

/// Plans `runs` times with each setting, in turns. Nothing is applied.
pub(super) fn measure(cli: &Cli, provider: &Path, simulator: &Path, runs: usize) -> Result<Preflight> {
    let azure = plans::world(simulator, Subject::Connectors, COUNT)?;
    let mut sandbox = Sandbox::with_override(provider)?;
    for (name, value) in azure.environment() {
        sandbox.set(name, value);
    }
    sandbox.write("main.tf", &plans::configuration(&azure, Subject::Connectors, COUNT)?)?;
    let mut plan = |setting| -> Result<_> {
        sandbox.set("SENTINEL_PREFLIGHT", setting);
        azure.clear_requests()?;
        Ok((succeed(&sandbox, cli, &["plan", "-no-color"])?.took, azure.requests()?))
    };

    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        without.push(plan("off")?);
        with.push(plan("warn")?);
    }
    Ok(Preflight { with: Planned::of(with)?, without: Planned::of(without)? })
}

impl Planned {
    fn of(turns: Vec<(Duration, Requests)>) -> Result<Self> {
        let (times, mut requests): (Vec<_>, Vec<_>) = turns.into_iter().unzip();
        let requests = requests.pop().context("--runs must be at least 1")?;
        Ok(Self { time: median(times), requests })
    }
}

impl Preflight {
    /// The duration of a plan with the preflight, relative to one without it.
    pub(super) fn ratio(&self) -> f64 {
        self.with.time.as_secs_f64() / self.without.time.as_secs_f64()
    }

    /// The maximum number of requests that the preflight adds for one workspace.
    pub(super) fn added(&self) -> usize {
        let without = by_workspace(&self.without.requests);
        let added = |(workspace, count): (String, usize)| {
            count - without.get(&workspace).copied().unwrap_or_default().min(count)
        };
        by_workspace(&self.with.requests).into_iter().map(added).max().unwrap_or_default()
    }

    /// The number of repeated requests in one plan with the preflight.
    pub(super) fn repeated(&self) -> usize {
        let requests = || self.with.requests.to_arm();
        let different: BTreeSet<_> =
            requests().map(|request| (&request.method, &request.path, &request.query)).collect();
        requests().count() - different.len()
    }

    /// The number of token requests in one plan with the preflight. All its reads have the same audience.
    pub(super) fn token_requests(&self) -> usize {
        self.with.requests.to_token_endpoints().count()
    }
}

/// The number of requests by workspace. Requests without a workspace have an empty name.
fn by_workspace(requests: &Requests) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in requests.to_arm() {
        *counts.entry(workspace(request)).or_default() += 1;
    }
    counts
}

fn workspace(request: &Request) -> String {
    let path = request.path.to_lowercase();
    let (_, below) = path.split_once("/workspaces/").unwrap_or_default();
    below.split('/').next().unwrap_or_default().to_owned()
}
