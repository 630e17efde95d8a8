//! Against a workspace that keeps documents as Azure does: over real HTTPS, with etags.

use std::convert::Infallible;

use serde_json::{Value, json};

use super::*;
use crate::azure::testing::{Reply, deadline};
use crate::sentinel::data_connector::testing::{Azure, carry_out, conflict, not_onboarded};

async fn converge(
    azure: &Azure,
    deadline: &Deadline,
    decide: impl FnMut(Look<'_>) -> Result<Change, Infallible>,
) -> Result<Vec<Document>, Stopped<Infallible>> {
    let (session, workspace) = (azure.session(), azure.workspace());
    let writer =
        Writer { session: &session, workspace: &workspace, api_version: "v", deadline, awaits_onboarding: true };
    writer.converge(decide).await
}

fn off() -> Value {
    json!({"name": "c", "etag": "e1", "kind": "K", "properties": {"on": false}})
}

/// A slice: switches the first document on, or makes one.
fn switch_on(look: Look<'_>) -> Result<Change, Infallible> {
    let mut document = look.documents.first().cloned().unwrap_or_else(|| Document::new("c", "K", json!({})));
    if document.get(&["properties", "on"]) == Some(&Value::Bool(true)) {
        return Ok(Change::Nothing);
    }
    document.set(&["properties", "on"], true.into());
    Ok(Change::Put(document))
}

#[tokio::test]
async fn a_change_is_one_look_one_write_with_the_etag_and_one_look_back() {
    let azure = Azure::holding(vec![off()], |_, _, _| None).await;

    converge(&azure, &deadline(), switch_on).await.expect("a write");

    assert_eq!(azure.methods(), "GET PUT GET");
    assert_eq!(azure.document()["properties"]["on"], true);
}

#[tokio::test]
async fn what_is_already_so_is_looked_at_and_not_written() {
    let azure = Azure::holding(vec![json!({"name": "c", "properties": {"on": true}})], |_, _, _| None).await;

    converge(&azure, &deadline(), switch_on).await.expect("nothing to do");

    assert_eq!(azure.methods(), "GET");
}

#[tokio::test]
async fn a_change_in_between_is_merged_and_not_overwritten() {
    let azure = Azure::holding(vec![off()], |request, before, documents| {
        if request.method == "PUT" && before == 0 {
            documents[0]["etag"] = "e2".into();
            documents[0]["properties"]["theirs"] = 7.into();
        }
        None
    })
    .await;

    converge(&azure, &deadline(), switch_on).await.expect("a write");

    assert_eq!(azure.methods(), "GET PUT GET PUT GET");
    assert_eq!(azure.document()["properties"], json!({"on": true, "theirs": 7}));
}

#[tokio::test]
async fn a_storm_of_conflicts_ends_with_the_timeout_and_its_reason() {
    let azure = Azure::holding(vec![off()], |request, _, _| (request.method == "PUT").then(conflict)).await;

    let stopped = converge(&azure, &Deadline::lasting(Duration::from_secs(3)), switch_on).await.expect_err("no end");

    let Reason::Azure(error) = stopped.reason else { panic!("expected a timeout, got {:?}", stopped.reason) };
    assert_eq!(error.service().map(|service| service.status), Some(409));
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_recognised_as_our_own() {
    let azure = Azure::holding(vec![off()], |request, before, documents| {
        (request.method == "PUT" && before == 0).then(|| {
            carry_out(request, documents);
            Reply::Disconnect
        })
    })
    .await;
    let mut sent_before_the_end = Sent::Nothing;

    let decide = |look: Look<'_>| {
        sent_before_the_end = look.sent;
        switch_on(look)
    };
    converge(&azure, &deadline(), decide).await.expect("found its own write");

    assert_eq!(sent_before_the_end, Sent::Unanswered);
    assert_eq!(azure.methods(), "GET PUT PUT GET", "the repetition met its own etag");
}

#[tokio::test]
async fn a_write_that_azure_answers_with_errors_until_the_end_has_sent_nothing() {
    let azure = Azure::holding(vec![off()], |request, _, _| {
        let unavailable = || Reply::json(503, &json!({"error": {"code": "ServiceUnavailable", "message": "no"}}));
        (request.method == "PUT").then(unavailable)
    })
    .await;

    let stopped = converge(&azure, &Deadline::lasting(Duration::from_secs(2)), switch_on).await.expect_err("no end");

    assert_eq!(stopped.sent, Sent::Nothing);
}

#[tokio::test]
async fn a_write_that_was_carried_out_in_part_and_never_answered_may_exist() {
    let azure = Azure::holding(vec![off()], |request, _, documents| {
        (request.method == "PUT").then(|| {
            documents[0]["properties"]["half"] = true.into();
            Reply::json(503, &json!({"error": {"code": "ServiceUnavailable", "message": "no"}}))
        })
    })
    .await;

    let stopped = converge(&azure, &Deadline::lasting(Duration::from_secs(2)), switch_on).await.expect_err("no end");

    assert_eq!(stopped.sent, Sent::Unanswered);
}

#[tokio::test]
async fn a_write_that_is_accepted_and_not_kept_is_an_error() {
    let azure =
        Azure::holding(vec![off()], |request, _, _| (request.method == "PUT").then(|| Reply::json(200, &off()))).await;

    let stopped = converge(&azure, &deadline(), switch_on).await.expect_err("not kept");

    assert_eq!(stopped.sent, Sent::Accepted);
    assert!(matches!(stopped.reason, Reason::NotKept(Some(held)) if held == Document::parse(off()).expect("it")));
    assert_eq!(azure.methods().matches("PUT").count(), 1, "written once");
}

#[tokio::test]
async fn stopped_while_a_write_is_read_back_it_does_not_say_that_nothing_was_changed() {
    let azure =
        Azure::holding(vec![off()], |request, _, _| (request.method == "PUT").then(|| Reply::json(200, &off()))).await;
    let deadline = deadline();
    let cancellation = deadline.cancellation.clone();
    let decide = |look: Look<'_>| {
        if look.sent == Sent::Accepted {
            cancellation.cancel();
        }
        switch_on(look)
    };

    let stopped = converge(&azure, &deadline, decide).await.expect_err("stopped");

    assert_eq!(stopped.sent, Sent::Accepted);
    assert!(matches!(stopped.reason, Reason::Azure(Error::Cancelled { outcome_unknown: true })));
}

#[tokio::test]
async fn a_list_that_lags_behind_an_agreeing_answer_is_waited_for() {
    let azure = Azure::holding(vec![off()], |request, before, _| {
        let stale = request.method == "GET" && (1..4).contains(&before);
        stale.then(|| Reply::json(200, &json!({"value": [off()]})))
    })
    .await;

    converge(&azure, &deadline(), switch_on).await.expect("in the end");

    assert_eq!(azure.methods(), "GET PUT GET GET GET GET");
}

#[tokio::test]
async fn stopped_during_a_write_that_never_answers_it_says_that_something_may_exist() {
    let azure = Azure::holding(vec![off()], |request, _, _| (request.method == "PUT").then_some(Reply::Hang)).await;
    let deadline = deadline();
    let cancellation = deadline.cancellation.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancellation.cancel();
    });

    let stopped = converge(&azure, &deadline, switch_on).await.expect_err("stopped");

    assert_eq!(stopped.sent, Sent::Unanswered);
    assert!(matches!(stopped.reason, Reason::Azure(Error::Cancelled { .. })));
}

#[tokio::test]
async fn stopped_during_a_write_that_was_carried_out_it_finds_out() {
    let azure = Azure::holding(vec![off()], |request, _, documents| {
        (request.method == "PUT").then(|| {
            carry_out(request, documents);
            Reply::Hang
        })
    })
    .await;
    let deadline = deadline();
    let cancellation = deadline.cancellation.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancellation.cancel();
    });

    converge(&azure, &deadline, switch_on).await.expect("carried out");
}

#[tokio::test]
async fn deleting_what_somebody_else_deletes_first_is_done() {
    let azure = Azure::holding(vec![off()], |request, _, documents| {
        if request.method == "DELETE" {
            documents.clear();
        }
        None
    })
    .await;

    let decide = |look: Look<'_>| Ok(look.documents.first().cloned().map_or(Change::Nothing, Change::Delete));

    assert_eq!(converge(&azure, &deadline(), decide).await.expect("gone").len(), 0);
}

#[tokio::test]
async fn a_delete_that_is_accepted_and_does_nothing_is_not_believed_when_time_is_up() {
    let azure = Azure::holding(vec![off()], |request, _, _| {
        (request.method == "DELETE").then(|| Reply::json(200, &Value::Null))
    })
    .await;

    let decide = |look: Look<'_>| Ok(look.documents.first().cloned().map_or(Change::Nothing, Change::Delete));
    let stopped = converge(&azure, &Deadline::lasting(Duration::from_secs(1)), decide).await.expect_err("still there");

    assert_eq!(stopped.sent, Sent::Accepted);
    assert!(matches!(stopped.reason, Reason::Azure(Error::TimedOut { outcome_unknown: true, .. })));
}

#[tokio::test]
async fn a_refusal_is_an_error_and_nothing_was_sent() {
    let azure = Azure::holding(vec![off()], |request, _, _| {
        (request.method == "PUT").then(|| Reply::error(403, "AuthorizationFailed", "no"))
    })
    .await;

    let stopped = converge(&azure, &deadline(), switch_on).await.expect_err("refused");

    assert_eq!(stopped.sent, Sent::Nothing);
}

#[tokio::test]
async fn a_workspace_that_nobody_onboards_is_refused_at_once() {
    let azure = Azure::holding(Vec::new(), |request, _, _| {
        let onboarding = request.target.contains("onboardingStates");
        Some(if onboarding { Reply::error(404, "NotFound", "no state") } else { not_onboarded() })
    })
    .await;

    let stopped = converge(&azure, &deadline(), switch_on).await.expect_err("not onboarded");

    assert!(matches!(stopped.reason, Reason::NotOnboarded));
    assert_eq!(azure.methods(), "GET");
}

#[tokio::test]
async fn a_workspace_that_is_being_onboarded_is_waited_for() {
    let azure = Azure::holding(Vec::new(), |request, before, _| {
        (request.target.contains("dataConnectors?") && before == 0).then(not_onboarded)
    })
    .await;

    converge(&azure, &deadline(), switch_on).await.expect("onboarded in the end");

    assert_eq!(azure.methods(), "GET GET PUT GET");
}

#[test]
fn pauses_grow_to_a_limit_and_are_spread() {
    assert_eq!(pause_before(0, 0.0), Duration::from_millis(200));
    assert_eq!(pause_before(2, 0.5), Duration::from_millis(1200));
    assert_eq!(pause_before(99, 1.0), Duration::from_millis(12_800));
}
