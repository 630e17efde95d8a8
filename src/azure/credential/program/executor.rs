//! Runs a program with a time limit, and kills it if it takes too long or its result is no longer needed.
//!
//! On Unix, its child processes are killed too. On Windows, they continue: ending them needs a job object, which needs
//! unsafe code. So killing `az.cmd` does not stop its Python process.

use std::ffi::OsStr;
use std::io;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use azure_identity::Executor;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// The maximum size of the output, in bytes. A token with warnings is much smaller.
const OUTPUT_LIMIT: u64 = 1024 * 1024;

/// How long the rest of the output may take after the program has ended. A background process may keep the streams
/// open.
const REST_OF_OUTPUT_LIMIT: Duration = Duration::from_millis(500);

/// An executor for one command, with a time limit.
#[derive(Clone, Copy, Debug)]
pub(in crate::azure::credential) struct LimitedExecutor {
    /// The time limit of one call.
    pub(in crate::azure::credential) limit: Duration,
    /// The name of the command in messages.
    pub(in crate::azure::credential) command: &'static str,
    /// Reads the document with the token from a successful output. The error says what is wrong with the output.
    pub(in crate::azure::credential) read: fn(&[u8]) -> Result<Vec<u8>, &'static str>,
}

impl LimitedExecutor {
    pub(in crate::azure::credential) fn shared(self) -> Arc<dyn Executor> {
        Arc::new(self)
    }

    /// Waits for a process and returns its output, up to [`OUTPUT_LIMIT`]. If the process succeeds, the standard output
    /// is reduced to the document with the token.
    async fn output_of(&self, mut child: Child, group: &mut ProcessGroup) -> io::Result<Output> {
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let status = {
            let drain = async { tokio::try_join!(self.drain(out, &mut stdout), self.drain(err, &mut stderr)) };
            let mut drain = std::pin::pin!(drain);
            let (status, drained) = tokio::select! {
                drained = &mut drain => {
                    drained?;
                    (child.wait().await?, Ok(Ok(((), ()))))
                }
                status = child.wait() => (status?, tokio::time::timeout(REST_OF_OUTPUT_LIMIT, drain).await),
            };
            group.disarm();
            drained.unwrap_or(Ok(((), ())))?;
            status
        };
        if !status.success() {
            return Ok(Output { status, stdout, stderr });
        }
        let stdout = (self.read)(&stdout).map_err(|problem| self.invalid(problem))?;
        Ok(Output { status, stdout, stderr })
    }

    async fn drain(&self, stream: Option<impl AsyncRead + Unpin>, content: &mut Vec<u8>) -> io::Result<()> {
        let Some(stream) = stream else { return Ok(()) };
        let read = stream.take(OUTPUT_LIMIT + 1).read_to_end(content).await?;
        if read as u64 > OUTPUT_LIMIT {
            return Err(self.invalid("it does not stop printing"));
        }
        Ok(())
    }

    fn invalid(&self, problem: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("`{}`: {problem}", self.command))
    }
}

#[async_trait::async_trait]
impl Executor for LimitedExecutor {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // A separate process group, so that its child processes can be killed too. Ctrl-C reaches only the provider.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        let mut group = ProcessGroup::of(&child);
        match tokio::time::timeout(self.limit, self.output_of(child, &mut group)).await {
            Ok(output) => output,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("`{}` did not respond within {} s", self.command, self.limit.as_secs()),
            )),
        }
    }
}

/// The process group of one call. On Unix, `drop` kills the processes that still run.
struct ProcessGroup {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl ProcessGroup {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_child: &Child) -> Self {
        Self {}
    }

    /// Disarms `drop` after the program has ended itself. Its background processes may continue, and the system may
    /// reuse its ID for another group.
    fn disarm(&mut self) {
        #[cfg(unix)]
        self.leader.take();
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // Fails if all processes have ended.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::output::token_document;
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    async fn run(limit: Duration, script: &str) -> io::Result<Output> {
        let executor = LimitedExecutor { limit, command: "test", read: token_document };
        executor.run(OsStr::new("/bin/sh"), &[OsStr::new("-c"), OsStr::new(script)]).await
    }

    #[tokio::test]
    async fn returns_the_output_of_a_call() {
        let output = run(LIMIT, "echo '{\"accessToken\": \"t\", \"expires_on\": 1}'").await.expect("an output");
        let failed = run(LIMIT, "echo no; exit 1").await.expect("an output");

        assert_eq!(output.stdout, br#"{"accessToken":"t","tokenType":"Bearer","expires_on":1}"#);
        assert_eq!(failed.stdout, b"no\n");
    }

    #[tokio::test]
    async fn rejects_endless_output() {
        let error = run(LIMIT, "while :; do echo 'warning warning warning warning'; done").await.expect_err("endless");

        assert!(error.to_string().contains("`test`: it does not stop printing"), "{error}");
    }

    #[tokio::test]
    async fn kills_a_call_and_its_children_at_the_time_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let error = run(Duration::from_millis(100), &script).await.expect_err("too slow");

        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child was not killed");
    }

    #[tokio::test]
    async fn does_not_wait_for_a_background_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("done");
        let script = format!(
            "(sleep 1.5; touch '{}') & echo '{{\"accessToken\": \"t\", \"expires_on\": 1}}'",
            witness.display()
        );
        let started = std::time::Instant::now();

        let output = run(LIMIT, &script).await.expect("an output");

        assert!(output.stdout.starts_with(br#"{"accessToken":"t""#));
        assert!(started.elapsed() < Duration::from_millis(1400), "{:?}", started.elapsed());
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(witness.exists(), "the child was killed");
    }

    #[tokio::test]
    async fn kills_a_dropped_call() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let dropped = tokio::time::timeout(Duration::from_millis(100), run(LIMIT, &script)).await;

        assert!(dropped.is_err());
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child was not killed");
    }
}
