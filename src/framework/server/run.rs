//! Runs author code, and turns a panic, a timeout and an interrupt into diagnostics.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{sleep_until, timeout};

use crate::framework::diagnostics::Diagnostic;
use crate::framework::mask::Mask;
use crate::framework::operation::Context;

/// How long author code may run after it is cancelled, to report what exists.
const GRACE: Duration = Duration::from_secs(5);

/// Why author code did not finish.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Interruption {
    /// It panicked, with this message.
    Panicked(String),
    /// The operation's timeout passed. The user can set it under this name in the `timeouts` block, if there is one.
    TimedOut(Option<&'static str>),
    /// The user interrupted the run.
    Stopped,
}

impl Interruption {
    /// The same, without secrets in the message of a panic.
    pub(super) fn masked(self, mask: &Mask) -> Self {
        match self {
            Self::Panicked(message) => Self::Panicked(mask.hide(&message)),
            other => other,
        }
    }

    /// What is reported: the activity ("creating the object") and what the state holds now.
    pub(super) fn diagnostic(&self, activity: &str, left: &str) -> Diagnostic {
        match self {
            Self::Panicked(message) => {
                Diagnostic::bug(&format!("The provider panicked while {activity}: {message}. {left}"))
            }
            Self::TimedOut(setting) => {
                let remedy = setting.map(|name| format!(" Increase `{name}` in the `timeouts` block."));
                Diagnostic::error(
                    "The operation timed out",
                    format!("The timeout passed while {activity}. {left}{}", remedy.unwrap_or_default()),
                )
            }
            Self::Stopped => Diagnostic::error(
                "The operation was canceled",
                format!("The run was canceled while {activity}. {left}"),
            ),
        }
    }
}

/// Runs author code. The deadline and an interrupt of the run cancel it. If it does not end soon after, it is dropped.
pub(super) async fn run<T>(context: &Context, call: impl Future<Output = T>) -> Result<T, Interruption> {
    let mut call = std::pin::pin!(AssertUnwindSafe(call).catch_unwind());
    let interruption = tokio::select! {
        biased;
        outcome = &mut call => return outcome.map_err(|panic| panicked(panic.as_ref()).masked(context.secrets())),
        () = context.cancellation().cancelled() => Interruption::Stopped,
        () = sleep_until(context.deadline()) => Interruption::TimedOut(context.timeout()),
    };
    context.cancellation().cancel();
    match timeout(GRACE, call).await {
        Ok(outcome) => outcome.map_err(|panic| panicked(panic.as_ref()).masked(context.secrets())),
        Err(_) => Err(interruption),
    }
}

/// Runs author code that does not wait for anything.
pub(super) fn run_now<T>(call: impl FnOnce() -> T) -> Result<T, Interruption> {
    std::panic::catch_unwind(AssertUnwindSafe(call)).map_err(|panic| panicked(panic.as_ref()))
}

fn panicked(panic: &(dyn Any + Send)) -> Interruption {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Interruption::Panicked(text.unwrap_or("no message").to_owned())
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio_util::sync::CancellationToken;

    use super::*;

    fn context(seconds: u64) -> Context {
        Context::new(Duration::from_secs(seconds), CancellationToken::new())
    }

    #[tokio::test(start_paused = true)]
    async fn returns_the_result_within_the_deadline() {
        assert_eq!(run(&context(1), async { 7 }).await, Ok(7));
    }

    #[tokio::test(start_paused = true)]
    async fn reports_a_panic_with_its_message() {
        let outcome: Result<(), _> = run(&context(1), async { panic!("oh no") }).await;

        assert_eq!(outcome, Err(Interruption::Panicked("oh no".to_owned())));
    }

    #[tokio::test(start_paused = true)]
    async fn cancels_at_the_deadline_and_returns_the_late_result() {
        let context = context(1);

        let outcome = run(&context, async {
            context.cancellation().cancelled().await;
            "bookkeeping done"
        })
        .await;

        assert_eq!(outcome, Ok("bookkeeping done"));
    }

    #[tokio::test(start_paused = true)]
    async fn drops_a_future_that_ignores_the_deadline() {
        let context = context(1).with_timeout(Some("read"));

        assert_eq!(run(&context, pending::<()>()).await, Err(Interruption::TimedOut(Some("read"))));
    }

    #[test]
    fn timeout_error_names_only_a_configurable_timeout() {
        let detail = |setting| Interruption::TimedOut(setting).diagnostic("reading", "Nothing was changed.").detail;

        assert!(detail(Some("read")).ends_with("Nothing was changed. Increase `read` in the `timeouts` block."));
        assert!(detail(None).ends_with("Nothing was changed."));
    }

    #[tokio::test(start_paused = true)]
    async fn drops_a_future_that_ignores_cancellation() {
        let context = context(3600);
        context.cancellation().cancel();

        assert_eq!(run(&context, pending::<()>()).await, Err(Interruption::Stopped));
    }
}
