//! Tests of interrupted installations, and of deployments that Azure continues. The acceptance scenarios
//! `content_hub_interruption` test a timeout and lost responses with Terraform and OpenTofu.

use std::collections::BTreeMap;

use azure_simulator::Moment;

use super::*;
use crate::azure::Deadline;
use crate::content_hub::installation::install::{InstallRequest, install};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::resource::install_diagnostics;
use crate::content_hub::resource::install_kind::InstallKind;

#[tokio::test(start_paused = true)]
async fn ctrl_c_cancels_the_deployment_and_saves_the_state() {
    let azure = Azure::start().await;
    azure.hang_at_playbook();
    let mut lifecycle = lifecycle(&azure);
    let config = config(&azure);

    let diagnostics = apply_and_interrupt(&azure, &mut lifecycle, &config).await;

    assert_eq!(summaries(&diagnostics), ["The installation of the solution was canceled"]);
    assert!(diagnostics.to_string().contains("of 5 operations succeeded"), "{diagnostics}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert!(lifecycle.is_tainted());
    azure.clear_deployment_rules();
    applies(&mut lifecycle, &config).await;
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn reports_a_deployment_that_has_not_started() {
    let azure = Azure::start().await;
    let busy = Effect::new().error(503, "ServerBusy", "come again");
    azure.fault("PUT", "/deployments/", busy);

    let diagnostics = failed_install(&azure).await;

    assert!(diagnostics.contains("ServerBusy"), "{diagnostics}");
    assert!(diagnostics.contains("Azure has not started the deployment of its content"), "{diagnostics}");
}

#[tokio::test(start_paused = true)]
async fn reports_why_the_status_of_a_deployment_is_unreadable() {
    let azure = Azure::start().await;
    let busy = Effect::new().error(503, "ServerBusy", "come again");
    azure.fault("GET", "Microsoft.Resources", busy);

    let diagnostics = failed_install(&azure).await;

    assert!(diagnostics.contains("The state of the deployment is unknown"), "{diagnostics}");
    assert!(diagnostics.contains("ServerBusy"), "{diagnostics}");
    assert!(diagnostics.contains("The number of successful operations is unknown (5 in total)"), "{diagnostics}");
}

/// Applies, and interrupts the run when the provider polls the deployment.
async fn apply_and_interrupt(azure: &Azure, lifecycle: &mut Lifecycle, config: &Config) -> Diagnostics {
    let server = lifecycle.server();
    let interrupt = async {
        wait_for_polling(azure).await;
        server.stop();
    };
    let (diagnostics, ()) = tokio::join!(lifecycle.apply(config), interrupt);
    diagnostics
}

/// Waits until the provider reads the operations of a deployment.
async fn wait_for_polling(azure: &Azure) {
    while azure.count("GET", "/operations") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Runs an installation that fails, and returns its diagnostics.
async fn failed_install(azure: &Azure) -> String {
    let (session, workspace) = (azure.session(), azure.workspace());
    let deadline = Deadline::lasting(Duration::from_secs(60));
    let hub = ContentHub::new(&session, &workspace, &deadline);
    let entry = hub.entry_by_content_id(SOLUTION).await.expect("a response").expect("on offer");
    let request = InstallRequest { entry: &entry, registrations: &[], parameters: &BTreeMap::new() };
    let error = install(&hub, &request, |_| ()).await.expect_err("a failure");
    install_diagnostics::install_failed(&error, "\"Contoso Cloud\" 3.0.3", InstallKind::Create, &session).to_string()
}

#[tokio::test(start_paused = true)]
async fn cancels_a_deployment_of_an_earlier_run_before_uninstall() {
    let azure = Azure::start().await;
    let refusal = Effect::new().error(409, "Conflict", "not now");
    azure.fault_once("POST", "/cancel", refusal);
    azure.hang_at_playbook();
    let mut lifecycle = lifecycle(&azure);
    let diagnostics = apply_and_interrupt(&azure, &mut lifecycle, &config(&azure)).await;
    assert!(diagnostics.to_string().contains("could not be canceled"), "{diagnostics}");

    let diagnostics = lifecycle.destroy().await;

    assert!(!diagnostics.has_errors(), "{diagnostics}");
    let requests = azure.requests();
    let last = |method: &str, part: &str| {
        let is_match = |request: &String| request.starts_with(method) && request.contains(part);
        requests.iter().rposition(is_match).expect("it was sent")
    };
    assert!(last("POST", "/cancel") < last("DELETE", "/contentPackages/"), "{requests:#?}");
    assert_eq!(azure.objects(), Vec::<String>::new());
}

/// Applies, and kills the run when the provider polls the deployment. The run saves no state.
async fn apply_and_kill(azure: &Azure, config: &Config, mut lifecycle: Lifecycle) {
    tokio::select! {
        _ = lifecycle.apply(config) => panic!("it never ends"),
        () = wait_for_polling(azure) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn cancels_a_deployment_of_a_killed_run_before_install() {
    let azure = Azure::start().await;
    azure.hang_at_playbook();
    apply_and_kill(&azure, &config(&azure), lifecycle(&azure)).await;
    azure.clear_deployment_rules();

    applies(&mut lifecycle(&azure), &config(&azure)).await;

    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert_complete(&azure);
}

#[tokio::test(start_paused = true)]
async fn destroy_cancels_a_deployment_of_a_killed_run() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    applies(&mut lifecycle, &config(&azure)).await;
    // Another run starts to upgrade the solution and is killed.
    azure.offer(SOLUTION, "3.1.0");
    azure.hang_at_playbook();
    let already = azure.count("GET", "/operations");
    let mut upgrade = self::lifecycle(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    tokio::select! {
        _ = upgrade.apply(&tracking) => panic!("it never ends"),
        () = async {
            while azure.count("GET", "/operations") == already {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        } => {}
    }

    let diagnostics = lifecycle.destroy().await;

    assert!(!diagnostics.has_errors(), "{diagnostics}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
}

#[tokio::test(start_paused = true)]
async fn plans_no_change_if_a_lost_deployment_succeeded_later() {
    let azure = Azure::start().await;
    let mut lifecycle = lifecycle(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    applies(&mut lifecycle, &tracking).await;
    azure.offer(SOLUTION, "3.1.0");
    let refusal = Effect::new().error(403, "AuthorizationFailed", "not you");
    azure.fault("GET", "Microsoft.Resources/deployments/", refusal);
    assert!(lifecycle.apply(&tracking).await.has_errors());
    azure.clear_faults();
    tokio::time::sleep(Duration::from_secs(60)).await;

    let planned = lifecycle.plan(&tracking).await;

    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert_eq!(get(&lifecycle, &INSTALLED_VERSION), text("3.1.0"));
}

/// A failure of one request of an installation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum RequestFailure {
    /// Azure rejects the request.
    Rejected,
    /// The request takes effect, but Azure responds with an error.
    RejectedAfterEffect,
    /// The request takes effect, its response is lost, and Azure rejects the next request.
    ResponseLost,
}

impl RequestFailure {
    const ALL: [Self; 3] = [Self::Rejected, Self::RejectedAfterEffect, Self::ResponseLost];
}

#[tokio::test(start_paused = true)]
async fn completes_and_removes_an_installation_failed_at_any_request() {
    let azure = Azure::start().await;
    let mut undisturbed = lifecycle(&azure);
    assert!(!undisturbed.apply(&config(&azure)).await.has_errors());
    let requests = azure.requests();
    assert!(requests.len() > 10, "{requests:?}");
    assert!(!undisturbed.destroy().await.has_errors());

    for (number, request) in requests.iter().enumerate() {
        let is_read = request.starts_with("GET ");
        // The client retries a read whose response is lost, so its retry would be the rejected request.
        let failures: &[RequestFailure] = if is_read { &[RequestFailure::Rejected] } else { &RequestFailure::ALL };
        for failure in failures {
            inject(&azure, *failure, number);
            let mut lifecycle = lifecycle(&azure);

            let _ = lifecycle.apply(&config(&azure)).await;
            azure.clear_faults();
            applies(&mut lifecycle, &config(&azure)).await;

            assert_complete(&azure);
            let diagnostics = lifecycle.destroy().await;
            assert!(!diagnostics.has_errors(), "{failure:?} at {request}: {diagnostics}");
            assert_eq!(azure.objects(), Vec::<String>::new(), "{failure:?} at {request}");
        }
    }
}

/// Injects the failure at the request with this index.
fn inject(azure: &Azure, failure: RequestFailure, number: usize) {
    let mut earlier: usize = 0;
    azure.intercept(move |request, _| {
        if request.is_login() {
            return None;
        }
        earlier += 1;
        let refusal = Effect::new().error(403, "AuthorizationFailed", "not this one");
        match (failure, (earlier - 1).checked_sub(number)) {
            (RequestFailure::Rejected, Some(0)) | (RequestFailure::ResponseLost, Some(1)) => Some(refusal),
            (RequestFailure::RejectedAfterEffect, Some(0)) => Some(refusal.forward()),
            (RequestFailure::ResponseLost, Some(0)) => Some(Effect::new().disconnect(Moment::After)),
            _ => None,
        }
    });
}
