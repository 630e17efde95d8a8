//! Tests of the log.

use super::*;

#[tokio::test(start_paused = true)]
async fn logs_requests_without_secrets_query_and_body() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer({
            let log = log.clone();
            move || log.clone()
        })
        .finish();
    // With only one subscriber, tracing caches for all threads whether an event is enabled. A thread of another test
    // has no subscriber, and would disable the event for this test.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = after(|| Reply::error(503, "Busy", "later").header("x-ms-request-id", "r-1"), 1).await;
    let request = Request::put(PATH, "v", json!({"password": "in-the-body"})).query("sig", "in-the-query");
    // Another thread may have filled the cache before the second subscriber existed.
    tracing::callsite::rebuild_interest_cache();

    server.client().send(&request, &deadline()).await.expect("a response");

    let log = String::from_utf8_lossy(&log.0.lock().expect("not poisoned")).into_owned();
    let own: Vec<&str> = log.lines().filter(|line| line.contains("azure::http")).collect();
    assert!(own[0].contains(PATH) && own[0].contains("503") && own[0].contains("r-1"), "{own:?}");
    assert!(own.iter().all(|line| !line.contains("in-the-query")), "{own:?}");
    for secret in ["the-secret-itself", "token-0", "in-the-body"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
