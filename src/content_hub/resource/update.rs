//! Update: what the plan asks to be installed is installed, in place; everything else is nothing to Azure.

use crate::azure_diagnostics;
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::{Observation, Record};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::framework::{Context, Failed, State};
use crate::session::{self, Session};

use super::attributes::{DEPLOYMENT_NAME, INSTALLED_VERSION, WORKSPACE_ID};
use super::config::Request;
use super::identity::{content_id, package_id};
use super::install_kind::InstallKind;
use super::install_step::install_found;
use super::{diagnostics, earlier_deployment};

pub(super) async fn update(ctx: &Context, session: &Session, prior: State, planned: State) -> Result<State, Failed> {
    if !asks_for_installation(&planned) {
        return Ok(planned);
    }
    let request = Request::of(&planned).map_err(Failed::nothing_changed)?;
    let workspace = &request.workspace;
    let content_id = content_id(&prior).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline);
    let explained =
        |error, doing| Failed::nothing_changed(azure_diagnostics::from_error(&error, doing).at(WORKSPACE_ID.path()));
    let _turn = session
        .lock(&package_id(workspace, &content_id), &deadline)
        .await
        .map_err(|error| explained(error, "waiting for another installation of the solution"))?;
    let record = prior.private().get(KEY).and_then(Record::from_json);
    let observation = Observation::at(&hub, &content_id, record.as_ref())
        .await
        .map_err(|error| explained(error, "looking at what the workspace has of the solution"))?;

    let title = diagnostics::title(&observation, &content_id);
    let version = planned.get(&INSTALLED_VERSION).map_err(Failed::nothing_changed)?.unwrap_or_default();
    if observation.available_version() != Some(version.as_str()) {
        return Err(Failed::nothing_changed(diagnostics::moved_on(&title, &version, observation.available_version())));
    }
    earlier_deployment::end(&hub, &prior, &title).await.map_err(Failed::nothing_changed)?;
    install_found(ctx, &hub, &request, &observation, InstallKind::Change, prior, planned).await
}

/// The plan leaves open what the deployment will be called only where there is to be one.
fn asks_for_installation(planned: &State) -> bool {
    planned.value().attribute(DEPLOYMENT_NAME.name()).is_unknown()
}
