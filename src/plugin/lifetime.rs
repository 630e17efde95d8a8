//! How the process ends: it finishes what it does, or it ends now.

use tokio_util::sync::CancellationToken;

/// Shared by everything that can end the process, and by everything that must end with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifetime {
    finishing: CancellationToken,
    over: CancellationToken,
    abandoned: CancellationToken,
}

impl Lifetime {
    /// No new calls from here on; those in flight run to their end.
    pub(crate) fn finish(&self) {
        self.finishing.cancel();
    }

    /// The CLI is gone: as [`Lifetime::finish`], and calls in flight should begin nothing that nobody could record.
    pub(crate) fn abandon(&self) {
        self.abandoned.cancel();
        self.finish();
    }

    /// Cancelled when the CLI is gone.
    pub(crate) fn abandoned(&self) -> CancellationToken {
        self.abandoned.clone()
    }

    /// At once, but for the answer to who asked for it.
    pub(crate) fn end(&self) {
        self.finishing.cancel();
        self.over.cancel();
    }

    /// Resolves when no new calls are wanted.
    pub(crate) async fn finishing(&self) {
        self.finishing.cancelled().await;
    }

    /// Resolves when the process has to end now.
    pub(crate) async fn over(&self) {
        self.over.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finishing_for_two_reasons_is_still_no_end() {
        let lifetime = Lifetime::default();
        lifetime.finish();
        lifetime.abandon();
        assert!(lifetime.finishing.is_cancelled() && lifetime.abandoned.is_cancelled());
        assert!(!lifetime.over.is_cancelled());
    }

    #[test]
    fn ending_finishes_too() {
        let lifetime = Lifetime::default();
        lifetime.end();
        assert!(lifetime.finishing.is_cancelled() && lifetime.over.is_cancelled());
    }
}
