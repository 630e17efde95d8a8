//! Installations that are broken off: what is said of them, and what becomes of a deployment that Azure goes on with.

use std::collections::BTreeMap;

use super::*;
use crate::azure::Deadline;
use crate::content_hub::ContentHub;
use crate::content_hub::installation::install::{InstallRequest, install};
use crate::content_hub::resource::deployment_diagnostic;
use crate::content_hub::resource::install_kind::InstallKind;

#[tokio::test]
async fn ctrl_c_cancels_the_deployment_and_keeps_what_exists() {
    let azure = Azure::new().await;
    azure.world(|world| world.hangs = true);
    let mut life = life(&azure);
    let config = config(&azure);

    let told = interrupted(&azure, &mut life, &config).await;

    assert_eq!(summaries(&told), ["The installation of the solution was interrupted"]);
    assert!(told.to_string().contains("4 of 4 steps were done"), "{told}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert!(life.is_tainted());
    azure.world(|world| world.hangs = false);
    applies(&mut life, &config).await;
    assert_whole(&azure);
}

#[tokio::test]
async fn a_timeout_leaves_azure_at_it_and_says_where_to_look() {
    let azure = Azure::new().await;
    azure.world(|world| world.hangs = true);

    let told = told_of_an_install_in(&azure, Duration::from_secs(2)).await;

    assert!(told.contains("The deployment of the solution is still running"), "{told}");
    assert!(told.contains("az deployment operation group list"), "{told}");
    assert_eq!(azure.count("POST", "/cancel"), 0);
}

#[tokio::test]
async fn a_deployment_that_never_began_is_not_said_to_go_on() {
    let azure = Azure::with(|request, _, _| {
        let is_start = request.method == "PUT" && request.target.contains("/deployments/");
        is_start.then(|| Reply::error(503, "ServerBusy", "come again"))
    })
    .await;

    let told = told_of_an_install_in(&azure, Duration::from_secs(6)).await;

    assert!(told.contains("ServerBusy"), "{told}");
    assert!(told.contains("Azure does not know of a deployment of its content"), "{told}");
}

#[tokio::test]
async fn a_deployment_that_cannot_be_asked_about_is_told_with_the_reason() {
    let azure = Azure::with(|request, _, _| {
        let is_about = request.method == "GET" && request.target.contains("Microsoft.Resources");
        is_about.then(|| Reply::error(503, "ServerBusy", "come again"))
    })
    .await;

    let told = told_of_an_install_in(&azure, Duration::from_secs(6)).await;

    assert!(told.contains("cannot be followed any more"), "{told}");
    assert!(told.contains("ServerBusy") && told.contains("how many of its 4 steps were done is not known"), "{told}");
}

/// Applies, and asks to stop as soon as the deployment is followed; what is told.
async fn interrupted(azure: &Azure, life: &mut Lifecycle, config: &Config) -> Diagnostics {
    let server = life.server();
    let interrupt = async {
        while azure.count("GET", "/operations/") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        server.stop();
    };
    let (told, ()) = tokio::join!(life.apply(config), interrupt);
    told
}

/// What is told of an installation that has so much time.
async fn told_of_an_install_in(azure: &Azure, time: Duration) -> String {
    let (session, workspace) = (azure.session(), azure.workspace());
    let deadline = Deadline::lasting(time);
    let hub = ContentHub::new(&session, &workspace, &deadline);
    let entry = hub.entry_of(SOLUTION).await.expect("an answer").expect("on offer");
    let order = InstallRequest { entry: &entry, registrations: &[], parameters: &BTreeMap::new() };
    let error = install(&hub, &order, |_| ()).await.expect_err("no good end");
    deployment_diagnostic::of(&error, "\"Contoso Cloud\" 3.0.3", InstallKind::Nothing, &session).to_string()
}

#[tokio::test]
async fn a_deployment_that_outlasts_its_run_is_ended_before_the_solution_is_taken_away() {
    let azure = Azure::with(|request, before, _| {
        let is_first_try = request.method == "POST" && request.target.contains("/cancel") && before == 0;
        is_first_try.then(|| Reply::error(409, "Conflict", "not now"))
    })
    .await;
    azure.world(|world| world.hangs = true);
    let mut life = life(&azure);
    let told = interrupted(&azure, &mut life, &config(&azure)).await;
    assert!(told.to_string().contains("could not be cancelled"), "{told}");

    let told = life.destroy().await;

    assert!(!told.has_errors(), "{told}");
    let calls = azure.calls();
    let last = |method: &str, part: &str| {
        calls.iter().rposition(|call| call.starts_with(method) && call.contains(part)).expect("it was sent")
    };
    assert!(last("POST", "/cancel") < last("DELETE", "/contentPackages/"), "{calls:#?}");
    assert_eq!(azure.holds(), Vec::<String>::new());
}

#[tokio::test]
async fn a_deployment_that_no_state_tells_of_is_ended_before_the_solution_is_taken_over() {
    let azure = Azure::new().await;
    azure.world(|world| world.hangs = true);
    let mut forgotten = life(&azure);
    let server = forgotten.server();
    let kill = async {
        while azure.count("GET", "/operations/") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        drop(server);
    };
    let config = config(&azure);
    tokio::select! {
        _ = forgotten.apply(&config) => panic!("it never ends"),
        () = kill => {}
    }
    azure.world(|world| world.hangs = false);

    applies(&mut life(&azure), &config).await;

    assert_eq!(azure.count("POST", "/cancel"), 1);
    assert_whole(&azure);
}

#[tokio::test]
async fn a_destroy_ends_a_deployment_that_a_killed_run_has_left() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    applies(&mut life, &config(&azure)).await;
    azure.world(|world| {
        // an upgrade was begun, and whoever began it is no more
        let name = world.deployments.keys().next().expect("the installation's").clone();
        world.deployments.get_mut(&name).expect("it is there")["state"] = json!("Running");
    });

    let told = life.destroy().await;

    assert!(!told.has_errors(), "{told}");
    assert_eq!(azure.count("POST", "/cancel"), 1);
}

#[tokio::test]
async fn a_deployment_that_has_succeeded_since_is_no_reason_to_install_again() {
    let azure = Azure::new().await;
    let mut life = life(&azure);
    let tracking = config(&azure).with(&TRACK_LATEST, true);
    applies(&mut life, &tracking).await;
    azure.world(|world| {
        world.offer(SOLUTION, "3.1.0");
        world.undeployable.push("template-2".to_owned());
    });
    assert!(life.apply(&tracking).await.has_errors());

    // what failed to be told has come to its good end in Azure
    azure.world(|world| {
        world.undeployable.clear();
        let name = world.deployments.keys().find(|name| name.contains("3.1.0")).expect("it was begun").clone();
        world.deployments.get_mut(&name).expect("it is there")["state"] = json!("Succeeded");
        let template = world.documents["contenttemplates/template-1"].clone();
        world.put("contentTemplates", "template-2", template);
    });

    let planned = life.plan(&tracking).await;
    assert_eq!(planned.action, PlannedAction::NoOp, "{}", planned.diagnostics);
    assert_eq!(get(&life, &INSTALLED_VERSION), text("3.1.0"));
}

#[tokio::test]
async fn wherever_an_install_breaks_off_the_next_apply_converges_and_doubles_nothing() {
    // One refusal, at each request in turn; a write that was refused is done all the same, or is not.
    let azure = Azure::new().await;
    assert!(!life(&azure).apply(&config(&azure)).await.has_errors());
    let calls = azure.calls();
    assert!(calls.len() > 10, "{calls:?}");
    let cases = calls.iter().enumerate().flat_map(|(number, call)| {
        let outcomes: &[bool] = if call.starts_with("GET ") { &[false] } else { &[false, true] };
        outcomes.iter().map(move |is_carried_out| (number, *is_carried_out))
    });

    for (number, is_carried_out) in cases {
        let azure = Azure::refusing(number, is_carried_out).await;
        let mut life = life(&azure);

        let _ = life.apply(&config(&azure)).await;
        applies(&mut life, &config(&azure)).await;

        assert_whole(&azure);
        let told = life.destroy().await;
        assert!(!told.has_errors(), "{told}");
        assert_eq!(azure.holds(), Vec::<String>::new());
    }
}
