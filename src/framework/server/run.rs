//! Runs the functions of resources, and converts panics, timeouts and interruptions to diagnostics.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{sleep_until, timeout};

use crate::framework::diagnostics::Diagnostic;
use crate::framework::mask::Mask;
use crate::framework::operation::{Context, timeout_path};

/// How long a function may continue after its cancellation, to report what exists.
const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// The reason why a function did not finish.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Interruption {
    /// The function panicked, with this message.
    Panicked(String),
    /// The operation timed out. Contains the argument of the `timeouts` block that sets the timeout, if there is one.
    TimedOut(Option<&'static str>),
    /// The user interrupted the run.
    Stopped,
}

impl Interruption {
    /// Hides secrets in the message of a panic.
    pub(super) fn masked(self, mask: &Mask) -> Self {
        match self {
            Self::Panicked(message) => Self::Panicked(mask.hide(&message)),
            other => other,
        }
    }

    /// The diagnostic. `activity` is, for example, "creating the object", and `state_note` a sentence about the state.
    pub(super) fn diagnostic(&self, activity: &str, state_note: &str) -> Diagnostic {
        match self {
            Self::Panicked(message) => {
                Diagnostic::bug(&format!("The provider panicked while {activity}: {message}. {state_note}"))
            }
            Self::TimedOut(setting) => {
                let remedy = setting.map(|name| format!(" Increase `{name}` in the `timeouts` block."));
                let error = Diagnostic::error(
                    "The operation timed out",
                    format!("The timeout passed while {activity}. {state_note}{}", remedy.unwrap_or_default()),
                );
                Diagnostic { path: setting.map(timeout_path), ..error }
            }
            Self::Stopped => Diagnostic::error(
                "The operation was canceled",
                format!("The run was canceled while {activity}. {state_note}"),
            ),
        }
    }
}

/// Runs an async function. The deadline or an interruption cancels it. If it does not end within [`GRACE_PERIOD`], it
/// is dropped.
pub(super) async fn run<T>(context: &Context, call: impl Future<Output = T>) -> Result<T, Interruption> {
    let mut call = std::pin::pin!(AssertUnwindSafe(call).catch_unwind());
    let interruption = tokio::select! {
        biased;
        outcome = &mut call => return outcome.map_err(|panic| panicked(panic.as_ref()).masked(context.secrets())),
        () = context.cancellation().cancelled() => Interruption::Stopped,
        () = sleep_until(context.deadline()) => Interruption::TimedOut(context.timeout()),
    };
    context.cancellation().cancel();
    match timeout(GRACE_PERIOD, call).await {
        Ok(outcome) => outcome.map_err(|panic| panicked(panic.as_ref()).masked(context.secrets())),
        Err(_) => Err(interruption),
    }
}

/// Runs a synchronous function.
pub(super) fn run_sync<T>(call: impl FnOnce() -> T) -> Result<T, Interruption> {
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
    use crate::framework::value::Path;

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
        let diagnostic = |setting| Interruption::TimedOut(setting).diagnostic("reading", "Nothing was changed.");
        let detail = |setting| diagnostic(setting).detail;

        assert!(detail(Some("read")).ends_with("Nothing was changed. Increase `read` in the `timeouts` block."));
        assert!(detail(None).ends_with("Nothing was changed."));
        assert_eq!(diagnostic(Some("read")).path, Some(Path::attribute("timeouts").child("read")));
        assert_eq!(diagnostic(None).path, None);
    }

    #[tokio::test(start_paused = true)]
    async fn drops_a_future_that_ignores_cancellation() {
        let context = context(3600);
        context.cancellation().cancel();

        assert_eq!(run(&context, pending::<()>()).await, Err(Interruption::Stopped));
    }
}
