//! Plans a solution that is in the state: a reinstallation, an upgrade, or no change.

use std::collections::BTreeMap;

use crate::azure_diagnostics;
use crate::content_hub::installation::decision::decide;
use crate::content_hub::installation::{Decision, Defect, InstallationRecord, Versions};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Attribute, AttributeValue, Context, Diagnostics, Knowable, Plan, State};
use crate::sentinel::WorkspaceId;
use crate::session::{self, Session};

use super::preview::{check_installation, set_if_not_configured, warn_about_defects};
use crate::content_hub::resource::attributes::{
    ADOPT_EXISTING, AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DISPLAY_NAME, ID,
    INSTALLED_VERSION, IS_DEPRECATED, PARAMETERS, REPAIR, TEMPLATE_COUNT, TRACK_LATEST, UPDATE_AVAILABLE, VERSION,
    WORKSPACE_ID,
};
use crate::content_hub::resource::diagnostics::Subject;
use crate::content_hub::resource::flatten::connector_ids;
use crate::content_hub::resource::identity::content_id;
use crate::content_hub::resource::record::record_in;
use crate::content_hub::resource::{config, diagnostics};

/// Plans the changes. Returns whether an installation is planned.
pub(super) async fn plan(
    ctx: &Context,
    client: Option<&Session>,
    workspace: &WorkspaceId,
    prior: &State,
    plan: &mut Plan,
) -> Result<bool, Diagnostics> {
    let record = record_in(prior).unwrap_or_default();
    let content_id = content_id(prior)?;
    let title = prior.get(&DISPLAY_NAME)?.unwrap_or_else(|| content_id.clone());
    let subject = Subject { workspace, content_id: &content_id, title: &title };
    if ignores_all_changes(plan, prior) {
        if !record.defects.is_empty() {
            ctx.warn(diagnostics::damage_ignored(subject, &record.defects));
        }
        return Ok(false);
    }
    let (desired, parameters) = (config::desired(plan.config())?, plan.config().get(&PARAMETERS)?);
    let (Knowable::Known((mut desired, parameters)), Knowable::Known(repair)) =
        (desired.zip(parameters), plan.get(&REPAIR)?)
    else {
        plan_unknown(plan, prior)?;
        return Ok(false);
    };
    let parameters = parameters.unwrap_or_default();
    desired.must_redeploy = parameters != prior.get(&PARAMETERS)?.unwrap_or_default();
    desired.repair = repair.unwrap_or_default();
    let (installed, available) = (prior.get(&INSTALLED_VERSION)?, prior.get(&AVAILABLE_VERSION)?);
    let versions = Versions { installed: installed.as_deref(), available: available.as_deref() };

    let decision = decide(&desired, versions, &record.defects)
        .map_err(|error| diagnostics::with_destroy_hint(diagnostics::cannot_install(&error, &title)))?;
    warn_about_defects(ctx, &decision, subject, &record.defects);
    let Decision::Install(version) = decision else { return Ok(false) };
    plan_installation(plan, prior, workspace, &record, &version)?;
    let Some(session) = client else { return Ok(false) };
    check(ctx, session, workspace, &content_id, &parameters, &title).await?;
    Ok(true)
}

async fn check(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    content_id: &str,
    parameters: &BTreeMap<String, String>,
    title: &str,
) -> Result<(), Diagnostics> {
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, workspace, &deadline).cached();
    let entry = hub.entry_by_content_id(content_id).await.map_err(|error| {
        azure_diagnostics::from_error(&error, "looking up the solution in Content Hub").at(WORKSPACE_ID.path())
    })?;
    check_installation(ctx, &hub, entry.as_ref(), parameters, title).await
}

/// Whether `ignore_changes = all` is set. Terraform then sends the prior values of all arguments as the configuration.
/// They contain both names, although a configuration can set only one.
fn ignores_all_changes(plan: &Plan, prior: &State) -> bool {
    let config = plan.config();
    let is_prior = |name: &str| config.value().attribute(name) == prior.value().attribute(name);
    let names = [CONTENT_ID.name(), DISPLAY_NAME.name(), VERSION.name(), REPAIR.name()];
    let flags = [TRACK_LATEST.name(), ADOPT_EXISTING.name()];
    names.iter().chain(&flags).all(|name| is_prior(name) && !config.value().attribute(name).is_null())
}

/// Plans unknown values if the plan cannot determine whether to install.
fn plan_unknown(plan: &mut Plan, prior: &State) -> Result<(), Diagnostics> {
    plan.set_computed_unknown(&[&CONTENT_ID, &DISPLAY_NAME, &ID, &REPAIR]);
    if plan.config().is_null(&DISPLAY_NAME) && prior.get(&DISPLAY_NAME)?.is_none() {
        plan.set_unknown(&DISPLAY_NAME);
    }
    Ok(())
}

/// Plans an installation of `version`. Sets only values that follow from the state, so that the plan is the same when
/// Terraform plans again at apply. Other computed attributes are known after the apply.
fn plan_installation(
    plan: &mut Plan,
    prior: &State,
    workspace: &WorkspaceId,
    record: &InstallationRecord,
    version: &str,
) -> Result<(), Diagnostics> {
    plan_unknown(plan, prior)?;
    let is_same_version = prior.get(&INSTALLED_VERSION)?.as_deref() == Some(version);
    plan.set(&INSTALLED_VERSION, Some(version.to_owned()));
    set_if_not_configured(plan, &VERSION, Some(version.to_owned()));
    // An update installs the version in the catalog, or fails.
    plan.set(&AVAILABLE_VERSION, Some(version.to_owned()));
    plan.set(&UPDATE_AVAILABLE, Some(false));
    keep(plan, prior, &IS_DEPRECATED)?;
    if is_same_version {
        keep(plan, prior, &CONTENT_PRODUCT_ID)?;
        keep(plan, prior, &DEPENDENCIES)?;
    }
    if is_same_version && record.is_of(version) {
        // The installation restores the content in the record.
        plan.set(&CONNECTOR_IDS, Some(connector_ids(workspace, &record.pages, &record.definitions)));
        let present = prior.get(&TEMPLATE_COUNT)?;
        plan.set(&TEMPLATE_COUNT, present.map(|present| present + missing_templates(&record.defects)));
    }
    Ok(())
}

/// Keeps the prior value unless it is null.
fn keep<T: AttributeValue>(
    plan: &mut Plan,
    prior: &State,
    attribute: &Attribute<Option<T>>,
) -> Result<(), Diagnostics> {
    if let Some(value) = prior.get(attribute)? {
        plan.set(attribute, Some(value));
    }
    Ok(())
}

fn missing_templates(defects: &[Defect]) -> i64 {
    let missing = defects.iter().map(|defect| match defect {
        Defect::MissingTemplates { present, expected } => i64::try_from(expected.saturating_sub(*present)).unwrap_or(0),
        _ => 0,
    });
    missing.sum()
}
