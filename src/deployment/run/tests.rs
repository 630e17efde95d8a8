//! A deployment against a faulty Resource Manager: the result matches the state that Azure reports.

use serde_json::json;

use super::*;
use crate::azure::testing::{Received, Reply, Server};

const STATUS: &str = "/subscriptions/s/operations/1";

/// The subject of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum About {
    Start,
    Status,
    Steps,
    Itself,
    Cancel,
}

impl About {
    fn of(request: &Received) -> Self {
        let path = request.target.split('?').next().unwrap_or_default();
        match request.method.as_str() {
            "PUT" => Self::Start,
            "POST" => Self::Cancel,
            _ if path == STATUS => Self::Status,
            _ if path.ends_with("/operations") => Self::Steps,
            _ => Self::Itself,
        }
    }
}

/// A Resource Manager that starts every deployment and never finishes it. `mishap` may answer instead.
async fn azure(mishap: impl Fn(About) -> Option<Reply> + Send + Sync + 'static) -> Server {
    Server::arm(move |request: &Received, _| {
        let about = About::of(request);
        let reply = mishap(about).unwrap_or_else(|| match about {
            About::Start => Reply::json(201, &json!({})).header("azure-asyncoperation", STATUS),
            About::Status => Reply::json(200, &json!({"status": "Running"})),
            About::Steps => Reply::json(200, &json!({"value": [{"properties": {"provisioningState": "Running"}}]})),
            About::Itself => state("Running"),
            About::Cancel => Reply::json(204, &json!(null)),
        });
        reply.header("retry-after-ms", "5")
    })
    .await
}

fn state(word: &str) -> Reply {
    Reply::json(200, &json!({"properties": {"provisioningState": word, "error": {"code": "C", "message": "M"}}}))
}

fn busy() -> Option<Reply> {
    Some(Reply::error(503, "ServerBusy", "come again"))
}

fn refused() -> Option<Reply> {
    Some(Reply::error(403, "AuthorizationFailed", "not you"))
}

fn deployment() -> Deployment {
    Deployment {
        group: ResourceId::parse("/subscriptions/s/resourceGroups/g").expect("a resource group"),
        name: "d".to_owned(),
        template: json!({"resources": [{}, {}]}),
        parameters: json!({}),
    }
}

async fn run_for(azure: &Server, time: Duration) -> Result<Vec<DeploymentOperation>, Failure> {
    run(&azure.client(), &deployment(), &Deadline::lasting(time)).await
}

const LONG: Duration = Duration::from_secs(30);
/// Long enough for some attempts.
const SHORT: Duration = Duration::from_secs(3);

#[tokio::test]
async fn a_start_that_azure_does_not_know_was_refused() {
    let azure = azure(|about| match about {
        About::Start => busy(),
        About::Itself => Some(Reply::error(404, "DeploymentNotFound", "no such deployment")),
        _ => None,
    })
    .await;

    let failure = run_for(&azure, SHORT).await.expect_err("it never started");

    let Reason::Refused(error) = failure.reason else { panic!("{:?}", failure.reason) };
    assert_eq!(error.service().and_then(|error| error.code.as_deref()), Some("ServerBusy"));
}

#[tokio::test]
async fn a_start_whose_response_is_lost_is_followed() {
    let azure = azure(|about| match about {
        About::Start => Some(Reply::error(500, "InternalError", "an answer that says nothing")),
        About::Itself => Some(state("Succeeded")),
        _ => None,
    })
    .await;

    run_for(&azure, SHORT).await.expect("it was started and has ended");
}

#[tokio::test]
async fn a_start_that_fails_at_once_has_failed() {
    let azure = azure(|about| (about == About::Start).then(|| state("Failed"))).await;

    let failure = run_for(&azure, LONG).await.expect_err("it failed");

    assert!(matches!(&failure.reason, Reason::Failed(error) if error.code.as_deref() == Some("C")), "{failure:?}");
}

#[tokio::test]
async fn if_the_status_cannot_be_read_the_deployment_itself_is_read() {
    for (word, is_good) in [("Succeeded", true), ("Failed", false)] {
        let azure = azure(move |about| match about {
            About::Status => refused(),
            About::Itself => Some(state(word)),
            _ => None,
        })
        .await;

        assert_eq!(run_for(&azure, LONG).await.is_ok(), is_good, "{word}");
    }
}

#[tokio::test]
async fn a_deployment_that_outlasts_the_deadline_is_reported_as_running() {
    let azure = azure(|_| None).await;

    let failure = run_for(&azure, SHORT).await.expect_err("no end");

    assert!(matches!(failure.reason, Reason::StillRunning(_)), "{failure:?}");
    assert_eq!((failure.steps.len(), failure.of), (1, 2));
}

#[tokio::test]
async fn a_deployment_whose_state_cannot_be_read_is_lost_with_the_reason() {
    let azure = azure(|about| if about == About::Start { None } else { busy() }).await;

    let failure = run_for(&azure, SHORT).await.expect_err("no end");

    let Reason::Lost(error) = failure.reason else { panic!("{:?}", failure.reason) };
    assert_eq!(error.service().map(|error| error.status), Some(503));
}

#[tokio::test]
async fn operations_that_cannot_be_read_delay_nothing() {
    let azure = azure(|about| match about {
        About::Steps => refused(),
        About::Status => Some(Reply::json(200, &json!({"status": "Succeeded"}))),
        _ => None,
    })
    .await;

    assert!(run_for(&azure, LONG).await.expect("a good end").is_empty());
}

#[tokio::test]
async fn the_result_of_a_cancellation_is_reported() {
    type Mishap = fn(About) -> Option<Reply>;
    let table: [(Mishap, Cancellation); 4] = [
        (|_| None, Cancellation::Accepted),
        (
            |about| (about == About::Cancel).then(|| Reply::error(404, "DeploymentNotFound", "none")),
            Cancellation::Absent,
        ),
        (
            |about| match about {
                About::Cancel => Some(Reply::error(409, "DeploymentCannotBeCancelled", "it is over")),
                About::Itself => Some(state("Succeeded")),
                _ => None,
            },
            Cancellation::Over,
        ),
        (|about| if about == About::Cancel { refused() } else { None }, Cancellation::Refused),
    ];
    for (mishap, expected) in table {
        let azure = azure(mishap).await;
        let deadline = Deadline::lasting(LONG);
        let (arm, deployment) = (azure.client(), deployment());
        let stop = async {
            while !azure.calls().iter().any(|call| call.contains(STATUS)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            deadline.cancellation.cancel();
        };

        let (outcome, ()) = tokio::join!(run(&arm, &deployment, &deadline), stop);

        let reason = outcome.expect_err("it was stopped").reason;
        assert!(matches!(&reason, Reason::Stopped(actual) if *actual == expected), "{expected:?}: {reason:?}");
    }
}
