//! What the preflight adds to a plan that creates connectors, each in a workspace of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use terraform_driver::simulator::Request;
use terraform_driver::{Cli, Requests, Sandbox};

use super::contender::succeed;
use super::plans::{self, Subject};
use super::process::median;

/// How many connectors, and as many workspaces.
pub(super) const COUNT: usize = 100;

/// How many reads the preflight may add for a workspace.
pub(super) const READS: f64 = 3.0;

/// Plans of the same new connectors with the preflight and without it.
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
        azure.forget_requests()?;
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
    /// How many times as long a plan takes with the preflight.
    pub(super) fn ratio(&self) -> f64 {
        self.with.time.as_secs_f64() / self.without.time.as_secs_f64()
    }

    /// The most requests that the preflight adds for one workspace.
    pub(super) fn added(&self) -> usize {
        let without = by_workspace(&self.without.requests);
        let added = |(workspace, count): (String, usize)| {
            count - without.get(&workspace).copied().unwrap_or_default().min(count)
        };
        by_workspace(&self.with.requests).into_iter().map(added).max().unwrap_or_default()
    }

    /// How many requests of one plan with the preflight repeat an earlier one.
    pub(super) fn repeated(&self) -> usize {
        let requests = || self.with.requests.to_arm();
        let different: BTreeSet<_> =
            requests().map(|request| (&request.method, &request.path, &request.query)).collect();
        requests().count() - different.len()
    }

    /// How many access tokens one plan with the preflight requests. All its reads have one audience.
    pub(super) fn logins(&self) -> usize {
        self.with.requests.logins().count()
    }
}

/// How many requests each workspace got. Those to no workspace count as one more.
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
