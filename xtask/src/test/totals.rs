//! Sums up the `test result:` lines of several test programs.

use std::fmt;

/// The number of passed, failed and skipped tests in all test programs of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    programs: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    cargo_failed: bool,
}

impl Totals {
    /// Counts a line of a test program's output. Ignores other lines than test results.
    pub(crate) fn count(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        self.programs += 1;
        for part in result.split(['.', ';']) {
            let Some((number, what)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<usize>() else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "filtered out" => self.skipped += number,
                _ => {}
            }
        }
    }

    /// Records whether cargo succeeded, because a test program that crashed prints no result line.
    pub(crate) const fn cargo_succeeded(&mut self, succeeded: bool) {
        self.cargo_failed = !succeeded;
    }

    pub(crate) const fn all_passed(&self) -> bool {
        self.failed == 0 && !self.cargo_failed
    }

    pub(crate) const fn ran(&self) -> usize {
        self.passed + self.failed
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { programs, passed, failed, skipped, .. } = self;
        write!(f, "Total of {programs} test programs: {passed} passed, {failed} failed, {skipped} left out.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_the_results_of_several_programs() {
        let mut totals = Totals::default();
        totals.count("test result: ok. 10 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s");
        totals.count("test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2s");
        totals.count("test framework::tests::something ... ok");
        assert_eq!(totals.to_string(), "Total of 2 test programs: 12 passed, 1 failed, 4 left out.");
    }

    #[test]
    fn crashed_program_counts_as_a_failure() {
        let mut totals = Totals::default();
        totals.cargo_succeeded(false);
        assert!(!totals.all_passed());
    }
}
