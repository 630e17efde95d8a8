//! How the process ends: it finishes what it does, or it ends now.

use tokio_util::sync::CancellationToken;

/// Shared by everything that can end the process, and by everything that must end with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifetime {
    finishing: CancellationToken,
    over: CancellationToken,
}

impl Lifetime {
    /// No new calls from here on; those in flight run to their end. Asked a second time, it ends at once.
    pub(crate) fn finish(&self) {
        if self.finishing.is_cancelled() {
            self.end();
        }
        self.finishing.cancel();
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
    fn asked_twice_to_finish_it_ends() {
        let lifetime = Lifetime::default();
        lifetime.finish();
        assert!(lifetime.finishing.is_cancelled() && !lifetime.over.is_cancelled());
        lifetime.finish();
        assert!(lifetime.over.is_cancelled());
    }

    #[test]
    fn ending_finishes_too() {
        let lifetime = Lifetime::default();
        lifetime.end();
        assert!(lifetime.finishing.is_cancelled() && lifetime.over.is_cancelled());
    }
}
