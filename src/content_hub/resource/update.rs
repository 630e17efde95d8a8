//! Update: installs the planned version in place. Other changes write nothing to Azure.

use crate::azure_diagnostics;
use crate::content_hub::installation::Observation;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Failed, State};
use crate::session::{self, Session};

use super::attributes::{DEPLOYMENT_NAME, INSTALLED_VERSION, WORKSPACE_ID};
use super::config::SolutionConfig;
use super::identity::{content_id, package_id};
use super::install_kind::InstallKind;
use super::install_step::install_solution;
use super::record::record_in;
use super::{diagnostics, earlier_deployment};

pub(super) async fn update(ctx: &Context, session: &Session, prior: State, planned: State) -> Result<State, Failed> {
    if !plans_installation(&planned) {
        return Ok(planned);
    }
    let config = SolutionConfig::from_planned(&planned).map_err(Failed::nothing_changed)?;
    let workspace = &config.workspace;
    let content_id = content_id(&prior).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline);
    let failed = |error, activity| {
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    };
    let _lock = session
        .lock(&package_id(workspace, &content_id), &deadline)
        .await
        .map_err(|error| failed(error, "waiting for another change of the solution"))?;
    let observation = Observation::read(&hub, &content_id, record_in(&prior).as_ref())
        .await
        .map_err(|error| failed(error, "reading the solution"))?;

    let title = diagnostics::title(&observation, &content_id);
    let version = planned.get(&INSTALLED_VERSION).map_err(Failed::nothing_changed)?.unwrap_or_default();
    let available = observation.available_version();
    if available != Some(version.as_str()) {
        return Err(Failed::nothing_changed(diagnostics::catalog_changed(&title, &version, available)));
    }
    earlier_deployment::stop(&hub, &prior, &title).await.map_err(Failed::nothing_changed)?;
    install_solution(ctx, &hub, &config, &observation, InstallKind::Update, prior, planned).await
}

/// Only the plan of an installation leaves the name of the deployment unknown.
fn plans_installation(planned: &State) -> bool {
    planned.value().attribute(DEPLOYMENT_NAME.name()).is_unknown()
}
