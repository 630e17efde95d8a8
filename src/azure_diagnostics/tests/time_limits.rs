//! Diagnostics of exceeded time limits.

use super::*;

#[test]
fn configure_error_does_not_mention_the_timeouts_block() {
    let waited = Duration::from_secs(30);
    for last in [None, Some(Box::new(service(503, "Busy", "later")))] {
        let error = Error::TimedOut { last, waited, limit: OWN_LIMIT, next_wait: None, outcome_unknown: false };

        let detail = while_configuring(&error, "reading the endpoints", Interface::Provider).detail;

        assert!(!detail.contains("`timeouts` block") && detail.contains("during its configuration"), "{detail}");
    }
}

#[test]
fn suggests_a_longer_timeout_only_for_the_operation_timeout() {
    for (limit, is_about_timeout) in [(TIMEOUT, true), (OWN_LIMIT, false)] {
        let last = Box::new(service(429, "TooManyRequests", "Slow down."));
        let (waited, next_wait) = (Duration::from_secs(1), Some(Duration::from_secs(2)));
        for error in [
            Error::Throttled { until: SystemTime::UNIX_EPOCH, limit, last: last.clone() },
            Error::TimedOut { last: Some(last), waited, limit, next_wait, outcome_unknown: false },
        ] {
            let diagnostic = from_error(&error, ACTIVITY);

            assert_eq!(diagnostic.is_about_timeout, is_about_timeout, "{error}");
            assert_eq!(diagnostic.detail.contains("`timeouts` block"), is_about_timeout, "{error}");
        }
    }
    assert!(!from_error(&service(503, "Busy", "later"), ACTIVITY).is_about_timeout);
}

#[test]
fn command_explains_why_it_stopped_waiting() {
    let (limit, waited) = (OWN_LIMIT, Duration::from_secs(9));
    let timed_out = |next_wait| {
        let last = Some(Box::new(service(503, "Busy", "later")));
        of_command(&Error::TimedOut { last, waited, limit, next_wait, outcome_unknown: false }, ACTIVITY)
    };
    let throttled = |status| {
        let last = Box::new(service(status, "Later", ""));
        Error::Throttled { until: SystemTime::UNIX_EPOCH, limit, last }
    };

    for (diagnostic, summary, fact) in [
        (timed_out(None), "Azure did not respond in time", "The time limit of 15 s passed"),
        (
            timed_out(Some(waited)),
            "No time is left for another attempt",
            "in 9 s, would be after the time limit of 15 s",
        ),
        (of_command(&throttled(429), ACTIVITY), "Throttled by Azure", "after the time limit of 15 s"),
        (of_command(&throttled(503), ACTIVITY), "No time is left for another attempt", "after the time limit of 15 s"),
    ] {
        assert_eq!(diagnostic.summary, summary);
        assert!(diagnostic.detail.contains(fact), "{}", diagnostic.detail);
        assert!(diagnostic.detail.contains("un the command again"), "{}", diagnostic.detail);
    }
}
