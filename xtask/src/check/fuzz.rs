//! A short fuzz run: property tests with fresh random inputs for as long as the time allows.
//!
//! `cargo test` tries 256 inputs for each property. This check tries more for the code that reads bytes from another
//! process, and for the rules that decide what is written to Azure. proptest shrinks and prints a failing input, and
//! saves it in proptest-regressions/. Commit that file with the fix.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Checked;
use crate::checkout::{self, PROVIDER};
use crate::test::totals::Totals;

/// The names of the targets, and the modules with their property tests.
const TARGETS: [(&str, &str); 3] = [
    ("the codec", "protocol::codec::"),
    ("the rules of the shared XDR document", "defender_xdr::"),
    ("the ownership of shared objects", "ownership::"),
];

/// How long to fuzz each target. The last round may end later.
const TIME: Duration = Duration::from_secs(10);

/// The number of inputs for each property in one round.
const CASES: u32 = 1000;

pub(super) fn check() -> Result<Checked> {
    for (what, module) in TARGETS {
        let started = Instant::now();
        let mut rounds = 0;
        while started.elapsed() < TIME {
            round(module).with_context(|| format!("fuzzing {what} found a failure"))?;
            rounds += 1;
        }
        println!("{what}: {} inputs for each property", rounds * CASES);
    }
    Ok(Checked::Passed)
}

fn round(module: &str) -> Result<()> {
    let mut command = checkout::cargo(["test", "--quiet", "--package", PROVIDER, "--lib", "--", module]);
    // Shrinking a failing input causes many panics. Their backtraces would hide the result.
    command.env("PROPTEST_CASES", CASES.to_string()).env("RUST_BACKTRACE", "0");
    let output = command.output().context("cargo does not start")?;
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{stdout}{stderr}");
    let mut totals = Totals::default();
    stdout.lines().for_each(|line| totals.count(line));
    ensure!(totals.ran() > 0, "no test is called {module}");
    Ok(())
}
