//! Installations that end early, and deployments that Azure continues. The acceptance scenarios `content_hub_broken_off` test
//! a timeout and lost answers with the CLIs.

use std::collections::BTreeMap;

use azure_simulator::Moment;

use super::*;
use crate::azure::Deadline;
use crate::content_hub::installation::install::{InstallRequest, install};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::resource::install_diagnostics;
use crate::content_hub::resource::install_kind::InstallKind;

#[tokio::test(start_paused = true)]
async fn ctrl_c_cancels_the_deployment_and_keeps_what_exists() {
    let azure = Azure::start().await;
    azure.hang_at_the_playbook();
    let mut life = life(&azure);
    let config = config(&azure);

    let diagnostics = interrupted(&azure, &mut life, &config).await;

    assert_eq!(summaries(&diagnostics), ["The installation of the solution was canceled"]);
    assert!(diagnostics.to_string().contains("of 5 operations succeeded"), "{diagnostics}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert!(life.is_tainted());
    azure.deploy_normally();
    applies(&mut life, &config).await;
    assert_whole(&azure);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_never_started_is_not_reported_as_running() {
    let azure = Azure::start().await;
    let busy = Effect::new().error(503, "ServerBusy", "come again");
    azure.fault("PUT", "/deployments/", busy);

    let diagnostics = failed_install(&azure).await;

    assert!(diagnostics.contains("ServerBusy"), "{diagnostics}");
    assert!(diagnostics.contains("Azure does not know the deployment of its content"), "{diagnostics}");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_whose_status_cannot_be_read_is_reported_with_the_reason() {
    let azure = Azure::start().await;
    let busy = Effect::new().error(503, "ServerBusy", "come again");
    azure.fault("GET", "Microsoft.Resources", busy);

    let diagnostics = failed_install(&azure).await;

    assert!(diagnostics.contains("The state of the deployment is unknown"), "{diagnostics}");
    assert!(diagnostics.contains("ServerBusy"), "{diagnostics}");
    assert!(diagnostics.contains("The number of successful operations is unknown (5 in total)"), "{diagnostics}");
}

/// Applies, and interrupts when the deployment is followed.
async fn interrupted(azure: &Azure, life: &mut Lifecycle, config: &Config) -> Diagnostics {
    let server = life.server();
    let interrupt = async {
        is_followed(azure).await;
        server.stop();
    };
    let (diagnostics, ()) = tokio::join!(life.apply(config), interrupt);
    diagnostics
}

/// Waits until the provider asks for the operations of a deployment.
async fn is_followed(azure: &Azure) {
    while azure.count("GET", "/operations") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The diagnostics of an installation that fails.
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
async fn a_running_deployment_of_an_earlier_run_is_cancelled_before_the_solution_is_uninstalled() {
    let azure = Azure::start().await;
    let refusal = Effect::new().error(409, "Conflict", "not now");
    azure.fault_once("POST", "/cancel", refusal);
    azure.hang_at_the_playbook();
    let mut life = life(&azure);
    let diagnostics = interrupted(&azure, &mut life, &config(&azure)).await;
    assert!(diagnostics.to_string().contains("could not be canceled"), "{diagnostics}");

    let diagnostics = life.destroy().await;

    assert!(!diagnostics.has_errors(), "{diagnostics}");
    let requests = azure.requests();
    let last = |method: &str, part: &str| {
        let is_meant = |request: &String| request.starts_with(method) && request.contains(part);
        requests.iter().rposition(is_meant).expect("it was sent")
    };
    assert!(last("POST", "/cancel") < last("DELETE", "/contentPackages/"), "{requests:#?}");
    assert_eq!(azure.holds(), Vec::<String>::new());
}

/// Applies, and kills the run when the deployment is followed: it saves no state.
async fn killed(azure: &Azure, config: &Config, mut life: Lifecycle) {
    tokio::select! {
        _ = life.apply(config) => panic!("it never ends"),
        () = is_followed(azure) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_running_deployment_of_a_killed_run_is_cancelled_before_the_solution_is_installed() {
    let azure = Azure::start().await;
    azure.hang_at_the_playbook();
    killed(&azure, &config(&azure), life(&azure)).await;
    azure.deploy_normally();

    applies(&mut life(&azure), &config(&azure)).await;

    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert_whole(&azure);
}

#[tokio::test(start_paused = true)]
async fn a_destroy_cancels_the_deployment_of_a_killed_run() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    // Another run begins to upgrade the solution and is killed.
    azure.offer(SOLUTION, "3.1.0");
    azure.hang_at_the_playbook();
    let already = azure.count("GET", "/operations");
    let mut upgrade = self::life(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    tokio::select! {
        _ = upgrade.apply(&tracking) => panic!("it never ends"),
        () = async {
            while azure.count("GET", "/operations") == already {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        } => {}
    }

    let diagnostics = life.destroy().await;

    assert!(!diagnostics.has_errors(), "{diagnostics}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_succeeded_after_it_was_lost_is_no_reason_to_install_again() {
    let azure = Azure::start().await;
    let mut life = life(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    applies(&mut life, &tracking).await;
    azure.offer(SOLUTION, "3.1.0");
    let refusal = Effect::new().error(403, "AuthorizationFailed", "not you");
    azure.fault("GET", "Microsoft.Resources/deployments/", refusal);
    assert!(life.apply(&tracking).await.has_errors());
    azure.clear_faults();
    tokio::time::sleep(Duration::from_secs(60)).await;

    let planned = life.plan(&tracking).await;

    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
}

/// What happens to one request of an installation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mishap {
    /// It is refused.
    Refused,
    /// It takes effect and is refused.
    RefusedAfterwards,
    /// It takes effect, its response is lost, and the next request is refused.
    Lost,
}

impl Mishap {
    const ALL: [Self; 3] = [Self::Refused, Self::RefusedAfterwards, Self::Lost];
}

#[tokio::test(start_paused = true)]
async fn wherever_an_installation_ends_the_next_apply_completes_it_and_a_destroy_removes_it() {
    let azure = Azure::start().await;
    let mut undisturbed = life(&azure);
    assert!(!undisturbed.apply(&config(&azure)).await.has_errors());
    let requests = azure.requests();
    assert!(requests.len() > 10, "{requests:?}");
    assert!(!undisturbed.destroy().await.has_errors());

    for (number, request) in requests.iter().enumerate() {
        let is_read = request.starts_with("GET ");
        // A read that is lost is sent again, so that its retry would be refused.
        let mishaps: &[Mishap] = if is_read { &[Mishap::Refused] } else { &Mishap::ALL };
        for mishap in mishaps {
            meet_with(&azure, *mishap, number);
            let mut life = life(&azure);

            let _ = life.apply(&config(&azure)).await;
            azure.clear_faults();
            applies(&mut life, &config(&azure)).await;

            assert_whole(&azure);
            let diagnostics = life.destroy().await;
            assert!(!diagnostics.has_errors(), "{mishap:?} at {request}: {diagnostics}");
            assert_eq!(azure.holds(), Vec::<String>::new(), "{mishap:?} at {request}");
        }
    }
}

/// The request after `number` others meets with this.
fn meet_with(azure: &Azure, mishap: Mishap, number: usize) {
    let mut earlier: usize = 0;
    azure.intercept(move |request, _| {
        if request.is_login() {
            return None;
        }
        earlier += 1;
        let refusal = Effect::new().error(403, "AuthorizationFailed", "not this one");
        match (mishap, (earlier - 1).checked_sub(number)) {
            (Mishap::Refused, Some(0)) | (Mishap::Lost, Some(1)) => Some(refusal),
            (Mishap::RefusedAfterwards, Some(0)) => Some(refusal.forward()),
            (Mishap::Lost, Some(0)) => Some(Effect::new().disconnect(Moment::After)),
            _ => None,
        }
    });
}
