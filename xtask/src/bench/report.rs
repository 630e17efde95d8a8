//! The figures next to what they are held to, for people and as JSON.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use super::plans::{Plans, ProcessorTime, Subject};

const MEGABYTE: f64 = 1_000_000.0;

/// Everything that one run measured.
pub(crate) struct Report {
    /// Name and version of the CLI.
    pub(crate) cli: String,
    /// From exec to the handshake line.
    pub(crate) handshake: Duration,
    /// Size of the stripped executable.
    pub(crate) binary_bytes: u64,
    /// One for each number of connectors, and of solutions.
    pub(crate) plans: Vec<Plans>,
}

/// One figure with its limit.
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    limit: Option<f64>,
}

impl Report {
    fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut add = |what: String, value: f64, unit, limit| figures.push(Figure { what, value, unit, limit });
        for plans in &self.plans {
            let Plans { subject, count, floor, plan, requests, state_bytes, peak_memory, processor } = plans;
            let limit = if *count == 1 { 1.8 } else { 2.0 };
            let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
            let count = match subject {
                Subject::Connectors => count.to_string(),
                Subject::Solutions => format!("{count} solutions"),
            };
            add(format!("plan with {count}, floor"), floor.as_secs_f64(), "s", None);
            add(format!("plan with {count}"), plan.as_secs_f64(), "s", None);
            add(format!("plan with {count} / floor"), plan.as_secs_f64() / floor.as_secs_f64(), "×", Some(limit));
            match subject {
                Subject::Connectors => {
                    let each = number(*requests) / number(plans.count);
                    add(format!("requests per connector, {count}"), each, "", Some(2.0));
                }
                Subject::Solutions => {
                    let beyond = number(*requests) - number(plans.count);
                    add(format!("reads beyond one each, {count}"), beyond, "", Some(5.0));
                    let each = to_megabytes(*state_bytes) * 1000.0 / number(plans.count);
                    add(format!("state file for each, {count}"), each, "kB", Some(4.0));
                }
            }
            if let Some(ProcessorTime { floor, cli, provider }) = processor {
                add(format!("processor time of the CLI, {count}, floor"), floor.as_secs_f64(), "s", None);
                add(format!("processor time of the CLI, {count}"), cli.as_secs_f64(), "s", None);
                add(format!("the CLI alone / floor, {count}"), cli.as_secs_f64() / floor.as_secs_f64(), "×", None);
                add(format!("processor time of the provider, {count}"), provider.as_secs_f64(), "s", None);
            }
            if let Some(bytes) = peak_memory {
                let megabytes = to_megabytes(*bytes);
                add(format!("peak memory of the provider, {count}"), megabytes, "MB", Some(40.0));
            }
        }
        add("exec to handshake line, with TLS".to_owned(), self.handshake.as_secs_f64() * 1000.0, "ms", Some(3.0));
        add("stripped executable".to_owned(), to_megabytes(self.binary_bytes), "MB", Some(10.0));
        figures
    }

    /// For other programs: every figure with its unit and its limit.
    pub(crate) fn to_json(&self) -> Value {
        let figures: Vec<Value> = self
            .figures()
            .iter()
            .map(|Figure { what, value, unit, limit }| {
                json!({ "what": what, "value": value, "unit": unit, "limit": limit })
            })
            .collect();
        json!({ "cli": self.cli, "figures": figures })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "With {}:\n", self.cli)?;
        writeln!(f, "{:<42} {:>10} {:>12}", "", "measured", "at most")?;
        for Figure { what, value, unit, limit } in self.figures() {
            let limit = limit.map_or_else(String::new, |limit| {
                format!("{limit:.1} {unit}{}", if value > limit { "  exceeded" } else { "" })
            });
            writeln!(f, "{what:<42} {:>10} {limit:>12}", format!("{value:.3} {unit}"))?;
        }
        Ok(())
    }
}

fn to_megabytes(bytes: u64) -> f64 {
    // Exact up to four gigabytes, which neither a provider's size nor its memory will see.
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / MEGABYTE
}
