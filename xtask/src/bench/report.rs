//! The report of a benchmark: its figures and their limits, as text and as JSON.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use super::complete;
use super::contender::{ContenderKind, Measured};
use super::plans::{Plans, Subject};
use super::preflight::{self, Preflight};

const MEGABYTE: f64 = 1_000_000.0;

/// The measurements of one run.
pub(crate) struct Report {
    /// The name and version of Terraform or OpenTofu.
    pub(crate) cli: String,
    /// The number of runs of each plan.
    pub(crate) runs: usize,
    /// Whether the do-nothing provider in Go was measured.
    pub(crate) has_go: bool,
    /// The time from exec to the handshake line.
    pub(crate) handshake: Duration,
    /// The size of the stripped executable, in bytes.
    pub(crate) binary_bytes: u64,
    /// The plans of each number of connectors and of solutions, and of the complete example.
    pub(crate) plans: Vec<Plans>,
    /// The preflight of new connectors.
    pub(crate) preflight: Preflight,
}

/// One figure with its limit.
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    limit: Option<f64>,
}

impl Report {
    /// All figures, starting with the ratio to the do-nothing provider, which is the most important one.
    fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut add = |what: String, value: f64, unit, limit| figures.push(Figure { what, value, unit, limit });
        for other in [ContenderKind::Go, ContenderKind::Other, ContenderKind::Floor] {
            for plans in &self.plans {
                let Some((ours, theirs)) = plans.of(ContenderKind::Ours).zip(plans.of(other)) else { continue };
                let limit = if other == ContenderKind::Go { limit_relative_to_go(plans) } else { None };
                let what = format!("plan with {}: ours / {}", label(plans), other.name());
                add(what, ours.plan.as_secs_f64() / theirs.plan.as_secs_f64(), "×", limit);
            }
        }
        // Processor time is less exact than wall-clock time on an idle machine, but comparable on a busy one.
        for other in [ContenderKind::Go, ContenderKind::Other] {
            for plans in &self.plans {
                let Some((ours, theirs)) = plans.of(ContenderKind::Ours).zip(plans.of(other)) else { continue };
                let Some((ours, theirs)) = ours.processor.zip(theirs.processor) else { continue };
                let what = format!("processor time with {}: ours / {}", label(plans), other.name());
                add(what, ours.total().as_secs_f64() / theirs.total().as_secs_f64(), "×", None);
            }
        }
        for plans in &self.plans {
            let count = label(plans);
            for Measured { who, plan, .. } in &plans.measured {
                add(format!("plan with {count}: {}", who.name()), plan.as_secs_f64(), "s", None);
            }
            for Measured { who, processor, .. } in &plans.measured {
                let Some(processor) = processor else { continue };
                let name = who.name();
                add(format!("processor time of the CLI, {count}: {name}"), processor.cli.as_secs_f64(), "s", None);
                if *who != ContenderKind::Floor {
                    let provider = processor.provider.as_secs_f64();
                    add(format!("processor time of the provider, {count}: {name}"), provider, "s", None);
                }
            }
            let Some(ours) = plans.of(ContenderKind::Ours) else { continue };
            add(format!("token requests, {count}"), number(ours.token_requests), "", Some(1.0));
            match plans.subject {
                Subject::Connectors => {
                    let each = number(ours.requests) / number(plans.count);
                    add(format!("requests for each, {count}"), each, "", Some(2.0));
                }
                Subject::Complete => {
                    add(format!("requests in a plan, {count}"), number(ours.requests), "", Some(complete::READS));
                }
                Subject::Solutions => {
                    let beyond = number(ours.requests) - number(plans.count);
                    add(format!("reads beyond one each, {count}"), beyond, "", Some(5.0));
                    let each = to_megabytes(ours.state_bytes) * 1000.0 / number(plans.count);
                    add(format!("state file for each, {count}"), each, "kB", Some(4.0));
                }
            }
            for Measured { who, peak_memory, .. } in &plans.measured {
                let Some(bytes) = peak_memory else { continue };
                let limit = (*who == ContenderKind::Ours).then_some(40.0);
                add(format!("peak memory, {count}: {}", who.name()), to_megabytes(*bytes), "MB", limit);
            }
        }
        let preflight = format!("preflight of {} connectors", preflight::COUNT);
        let added = number(self.preflight.added());
        add(format!("{preflight}: reads added for a workspace"), added, "", Some(preflight::READS));
        add(format!("{preflight}: repeated requests"), number(self.preflight.repeated()), "", Some(0.0));
        add(format!("{preflight}: token requests"), number(self.preflight.token_requests()), "", Some(1.0));
        add(format!("{preflight}: plan with / without it"), self.preflight.ratio(), "×", None);
        add("exec to handshake line, with TLS".to_owned(), self.handshake.as_secs_f64() * 1000.0, "ms", Some(3.0));
        add("stripped executable".to_owned(), to_megabytes(self.binary_bytes), "MB", Some(10.0));
        figures
    }

    /// The report as JSON: every figure with its unit and its limit.
    pub(crate) fn to_json(&self) -> Value {
        let figures: Vec<Value> = self
            .figures()
            .iter()
            .map(|Figure { what, value, unit, limit }| {
                json!({ "what": what, "value": value, "unit": unit, "limit": limit })
            })
            .collect();
        json!({ "cli": self.cli, "runs": self.runs, "figures": figures })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "With {}, medians of {} plans in turns:\n", self.cli, self.runs)?;
        if !self.has_go {
            writeln!(f, "Left out: the do-nothing provider in Go. To measure it, install Go.\n")?;
        }
        writeln!(f, "{:<66} {:>10} {:>12}", "", "measured", "at most")?;
        for Figure { what, value, unit, limit } in self.figures() {
            let limit = limit.map_or_else(String::new, |limit| {
                format!("{limit:.2} {unit}{}", if value > limit { "  exceeded" } else { "" })
            });
            writeln!(f, "{what:<66} {:>10} {limit:>12}", format!("{value:.3} {unit}"))?;
        }
        Ok(())
    }
}

/// The maximum duration of a plan, relative to the do-nothing provider.
fn limit_relative_to_go(plans: &Plans) -> Option<f64> {
    match (plans.subject, plans.count) {
        (Subject::Connectors, 1) => Some(0.50),
        (Subject::Connectors, 100) => Some(0.58),
        (Subject::Connectors, 1000) => Some(0.62),
        (Subject::Complete, _) => Some(1.0),
        _ => None,
    }
}

/// The count and the subject: `1 connector`, `50 solutions`.
fn label(plans: &Plans) -> String {
    let subject = plans.subject.to_string();
    let noun = if plans.count == 1 { subject.trim_end_matches('s') } else { &subject };
    format!("{} {noun}", plans.count)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn to_megabytes(bytes: u64) -> f64 {
    // Exact up to four gigabytes, which a provider's size and memory do not reach.
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / MEGABYTE
}
