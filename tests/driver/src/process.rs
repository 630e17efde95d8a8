//! A run of Terraform or OpenTofu, in its own process group, with a time limit and its full output.

use std::fmt;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The time limit of a run. A run that exceeds it is killed, and has no exit code.
const LIMIT: Duration = Duration::from_secs(180);

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The command line.
    pub command: String,
    /// The exit code. `None` if a signal ended the process.
    pub code: Option<i32>,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
    /// The duration of the run.
    pub took: Duration,
}

impl Finished {
    /// Whether the exit code is 0.
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// Both outputs as one line, without the frames and line breaks of diagnostics. Use it to search for sentences.
    pub fn words(&self) -> String {
        let both = format!("{}\n{}", self.stdout, self.stderr);
        both.split_whitespace().filter(|word| !matches!(*word, "│" | "╷" | "╵")).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        writeln!(f, "$ {}   ({end} after {:.2} s)", self.command, self.took.as_secs_f64())?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.trim().is_empty() {
                writeln!(f, "--- {name} ---\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

/// A running process.
#[derive(Debug)]
pub struct Running {
    command: String,
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
    started: Instant,
}

impl Running {
    /// Starts `command` in its own process group, so that a signal can reach all its processes, like Ctrl-C in a
    /// terminal.
    pub fn start(command: &mut Command, shown: String) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("`{shown}` does not start"))?;
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        Ok(Self { command: shown, child, stdout, stderr, started })
    }

    /// Waits for the end of the run. Kills it after the time limit.
    pub fn wait(mut self) -> Result<Finished> {
        let status = self.wait_within_limit()?;
        let took = self.started.elapsed();
        let text = |reader: Option<JoinHandle<String>>| reader.and_then(|r| r.join().ok()).unwrap_or_default();
        Ok(Finished {
            command: std::mem::take(&mut self.command),
            code: status.code(),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
            took,
        })
    }

    /// Sends SIGINT to the process and its child processes, like Ctrl-C.
    #[cfg(unix)]
    pub fn interrupt(&self) -> Result<()> {
        rustix::process::kill_process_group(self.pid(), rustix::process::Signal::INT).context("cannot interrupt")
    }

    /// Kills the process like `kill -9`, but not its child processes.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("cannot kill the CLI")
    }

    fn wait_within_limit(&mut self) -> Result<ExitStatus> {
        let mut pause = Duration::from_micros(500);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if self.started.elapsed() > LIMIT {
                self.kill_group();
                return Ok(self.child.wait()?);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(4));
        }
    }

    fn kill_group(&mut self) {
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(self.pid(), rustix::process::Signal::KILL);
        let _ = self.child.kill();
    }

    #[cfg(unix)]
    fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }
}

impl Drop for Running {
    /// Kills the processes if a test failed before it called `wait`.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill_group();
            let _ = self.child.wait();
        }
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_the_frame_of_a_diagnostic() {
        let stderr = "╷\n│ Error: Workspace not\n│ found\n╵\n".to_owned();
        let finished = Finished {
            command: "terraform plan".to_owned(),
            code: Some(1),
            stdout: String::new(),
            stderr,
            took: Duration::ZERO,
        };
        assert_eq!(finished.words(), "Error: Workspace not found");
    }
}
