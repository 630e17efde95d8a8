//! Update: installs the planned version in place. Other changes affect only the state.

use crate::azure_diagnostics;
use crate::content_hub::api::packaged_content::PackagedContent;
use crate::content_hub::installation::Observation;
use crate::content_hub::installation::deployments::provided_parameters;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::parameters;
use crate::framework::{Context, Diagnostics, Failed, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

use super::attributes::{DEPLOYMENT_NAME, DISPLAY_NAME, INSTALLED_VERSION, PARAMETERS, WORKSPACE_ID};
use super::config::SolutionConfig;
use super::flatten::{flatten, keep_planned};
use super::identity::{content_id, package_id};
use super::install_kind::InstallKind;
use super::install_step::install_solution;
use super::record::{record_in, updated_record};
use super::{diagnostics, earlier_deployment};

pub(super) async fn update(ctx: &Context, session: &Session, prior: State, planned: State) -> Result<State, Failed> {
    if !plans_installation(&planned) {
        return Ok(planned);
    }
    let config = SolutionConfig::from_planned(&planned).map_err(Failed::nothing_changed)?;
    let workspace = &config.workspace;
    let content_id = content_id(&prior).map_err(Failed::nothing_changed)?;
    let title = prior.get(&DISPLAY_NAME).map_err(Failed::nothing_changed)?.unwrap_or_else(|| content_id.clone());
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline).waiting_for_onboarding();
    let failed = |error, activity| {
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    };
    let _lock = session
        .lock(&package_id(workspace, &content_id), &deadline)
        .await
        .map_err(|error| failed(error, "waiting for another change of the solution"))?;
    // A running deployment would change the content during the read.
    earlier_deployment::cancel_all(&hub, &prior, &title).await.map_err(Failed::nothing_changed)?;
    let observation = Observation::read(&hub, &content_id, record_in(&prior).as_ref())
        .await
        .map_err(|error| failed(error, "reading the solution"))?;

    let version = planned.get(&INSTALLED_VERSION).map_err(Failed::nothing_changed)?.unwrap_or_default();
    let available = observation.available_version();
    if available != Some(version.as_str()) {
        return Err(Failed::nothing_changed(diagnostics::catalog_changed(&title, &version, available)));
    }
    let record = updated_record(&observation, &content_id, record_in(&prior));
    let is_complete = observation.installed_version() == Some(version.as_str()) && record.defects.is_empty();
    if is_complete
        && parameters_are_equivalent(&prior, &planned, workspace, &observation).map_err(Failed::nothing_changed)?
    {
        let mut state = planned.clone();
        state.set(&DEPLOYMENT_NAME, prior.get(&DEPLOYMENT_NAME).map_err(Failed::nothing_changed)?);
        flatten(&mut state, workspace, &content_id, &observation, &record);
        keep_planned(&mut state, &planned);
        return Ok(state);
    }
    install_solution(ctx, &hub, &config, &observation, InstallKind::Update, prior, planned).await
}

/// Whether an installation is planned. Only then is the deployment name unknown.
fn plans_installation(planned: &State) -> bool {
    planned.value().attribute(DEPLOYMENT_NAME.name()).is_unknown()
}

/// Whether the parameters differ only in spelling, and are equal for the template.
fn parameters_are_equivalent(
    prior: &State,
    planned: &State,
    workspace: &WorkspaceId,
    observation: &Observation,
) -> Result<bool, Diagnostics> {
    let [before, after] = [prior.get(&PARAMETERS)?, planned.get(&PARAMETERS)?].map(Option::unwrap_or_default);
    let declared = observation.packaged_content().map(PackagedContent::parameters);
    let provided = provided_parameters(workspace.name(), "");
    Ok(before != after
        && declared.is_some_and(|declared| parameters::are_equivalent(declared, &provided, &before, &after)))
}
