//! Runs `az` with a time limit, and kills it with its children if it takes too long or is no longer needed.

use std::ffi::OsStr;
use std::io;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use azure_identity::Executor;
use tokio::process::Command;

/// Time limit of one call. A cold start takes a few seconds.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct LimitedExecutor {
    limit: Duration,
}

impl LimitedExecutor {
    pub(super) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self { limit })
    }
}

#[async_trait::async_trait]
impl Executor for LimitedExecutor {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0); // `az` starts children. They end with it, and Ctrl-C in the terminal is for the provider.
        let child = command.spawn()?;
        let _group = Group::of(&child);
        match tokio::time::timeout(self.limit, child.wait_with_output()).await {
            Ok(output) => output,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("`az account get-access-token` did not respond within {} s", self.limit.as_secs()),
            )),
        }
    }
}

/// The processes of one call. Drop kills those that still run.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &tokio::process::Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    #[cfg(not(unix))]
    fn of(_child: &tokio::process::Child) -> Self {
        Self {}
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // Fails if all of them have ended, as they should.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    async fn run(limit: Duration, script: &str) -> io::Result<Output> {
        let executor = LimitedExecutor { limit };
        executor.run(OsStr::new("/bin/sh"), &[OsStr::new("-c"), OsStr::new(script)]).await
    }

    #[tokio::test]
    async fn a_quick_call_returns_its_output() {
        let output = run(LIMIT, "echo token").await.expect("an output");

        assert_eq!(output.stdout, b"token\n");
    }

    #[tokio::test]
    async fn a_call_beyond_the_limit_is_killed_with_its_children() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let error = run(Duration::from_millis(100), &script).await.expect_err("too slow");

        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child lived on");
    }

    #[tokio::test]
    async fn a_dropped_call_is_killed() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = folder.path().join("still-alive");
        let script = format!("cd /bin && (sleep 0.3; touch '{}')", witness.display());

        let dropped = tokio::time::timeout(Duration::from_millis(100), run(LIMIT, &script)).await;

        assert!(dropped.is_err());
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(!witness.exists(), "the child lived on");
    }
}
