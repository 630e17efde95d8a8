//! `cargo xtask bench`: measures the provider, compared with a do-nothing provider and with Terraform alone.
//!
//! Compare only the ratios of times within one run: all contenders take turns and plan the same number of resources.
//! Absolute times depend on the machine.

mod complete;
mod contender;
mod do_nothing;
mod plans;
mod preflight;
mod process;
mod report;
mod solutions;

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use terraform_driver::Sandbox;

use crate::checkout::{self, PROVIDER, Profile, SIMULATOR};
use crate::clis::{self, Choice};
use contender::{ContenderKind, Provider};
use plans::Subject;
use report::Report;

/// Measure plans with 1, 100 and 1,000 connectors, with 50 solutions and of the complete example, the preflight of 100
/// new connectors, start-up, memory and size of the release build.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Use this CLI. Defaults to the first that is found: Terraform, then OpenTofu.
    #[arg(long)]
    cli: Option<Choice>,
    /// How many connectors to plan with.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 100, 1000])]
    counts: Vec<usize>,
    /// How many installed solutions of one workspace to plan with.
    #[arg(long, value_delimiter = ',', default_values_t = [50])]
    solutions: Vec<usize>,
    /// How often each plan is made; the median counts.
    #[arg(long, default_value_t = 7)]
    runs: usize,
    /// Also measure this executable: another build of the provider, such as one from before a change.
    #[arg(long, value_name = "PATH")]
    provider: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let cli = clis::chosen(arguments.cli)?;
    let ours = checkout::build(PROVIDER, Profile::Release)?;
    let simulator = checkout::build(SIMULATOR, Profile::Release)?;
    let mut providers = vec![Provider { who: ContenderKind::Ours, executable: ours.clone() }];
    if let Some(path) = &arguments.provider {
        ensure!(path.is_file(), "--provider: there is no file {}", path.display());
        providers.push(Provider { who: ContenderKind::Other, executable: fs::canonicalize(path)? });
    }
    if let Some(executable) = do_nothing::program().built()? {
        do_nothing::check_attributes(&cli, &Sandbox::with_override(&ours)?, &Sandbox::with_override(&executable)?)?;
        providers.push(Provider { who: ContenderKind::Go, executable });
    }

    println!("measuring the start…");
    let handshake = process::time_to_handshake(&ours)?;
    let mut plans = Vec::new();
    let complete = vec![complete::RESOURCES];
    for (subject, counts) in [
        (Subject::Connectors, &arguments.counts),
        (Subject::Solutions, &arguments.solutions),
        (Subject::Complete, &complete),
    ] {
        // Another build may be older than the resources of the example.
        let supports = |provider: &&Provider| subject != Subject::Complete || provider.who != ContenderKind::Other;
        let contenders: Vec<Provider> = providers.iter().filter(supports).cloned().collect();
        for &count in counts {
            println!("measuring plans with {count} {subject}…");
            plans.push(plans::measure(&cli, &contenders, &simulator, subject, count, arguments.runs)?);
        }
    }
    println!("measuring the preflight…");
    let preflight = preflight::measure(&cli, &ours, &simulator, arguments.runs)?;
    let report = Report {
        cli: cli.to_string(),
        runs: arguments.runs,
        has_go: providers.iter().any(|provider| provider.who == ContenderKind::Go),
        handshake,
        binary_bytes: fs::metadata(&ours)?.len(),
        plans,
        preflight,
    };

    print!("\n{report}");
    let file = checkout::target().join("bench.json");
    fs::write(&file, serde_json::to_string_pretty(&report.to_json())? + "\n")?;
    println!("\nwritten to {}", file.display());
    Ok(())
}
