//! `cargo xtask bench`: what the provider costs, next to what the CLI costs without it.
//!
//! Every figure about time is a ratio within one run: plans with the provider against plans of as many
//! `terraform_data`, taken in turns. Absolute times depend on the machine and are only shown beside it.

mod plans;
mod process;
mod report;
mod solutions;

use std::fs;

use anyhow::Result;
use clap::Args;

use crate::checkout::{self, PROVIDER, Profile, SIMULATOR};
use crate::clis::{self, Choice};
use plans::Subject;
use report::Report;

/// Measure plans with 1, 100 and 1,000 connectors and with 50 solutions, start-up, memory and size of the release build.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Measure with this CLI; without it the one that is there, Terraform first.
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
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let cli = clis::chosen(arguments.cli)?;
    let provider = checkout::build(PROVIDER, Profile::Release)?;
    let simulator = checkout::build(SIMULATOR, Profile::Release)?;

    println!("measuring the start…");
    let handshake = process::time_to_handshake(&provider)?;
    let mut plans = Vec::new();
    for &count in &arguments.counts {
        println!("measuring plans with {count} connectors…");
        plans.push(plans::measure(&cli, &provider, &simulator, Subject::Connectors, count, arguments.runs)?);
    }
    for &count in &arguments.solutions {
        println!("measuring plans with {count} solutions…");
        plans.push(plans::measure(&cli, &provider, &simulator, Subject::Solutions, count, arguments.runs)?);
    }
    let report = Report { cli: cli.to_string(), handshake, binary_bytes: fs::metadata(&provider)?.len(), plans };

    print!("\n{report}");
    let file = checkout::target().join("bench.json");
    fs::write(&file, serde_json::to_string_pretty(&report.to_json())? + "\n")?;
    println!("\nwritten to {}", file.display());
    Ok(())
}
