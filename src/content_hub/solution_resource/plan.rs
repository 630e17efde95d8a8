//! Plan: what can be known before anything is written. Look-ups only, and of what exists already none at all: what its
//! refresh has found is in the state.

use std::collections::BTreeMap;

use crate::content_hub::catalogue::{ContentHub, LookupError};
use crate::content_hub::entry::Entry;
use crate::content_hub::installation::aim::{decide, decide_anew};
use crate::content_hub::installation::defect::defects;
use crate::content_hub::installation::install::known_parameters;
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::{Aim, Defect, Look, Record, Versions, Wanted};
use crate::content_hub::selector::Selector;
use crate::deployment::parameters;
use crate::explain;
use crate::framework::{Context, Diagnostics, Knowable, Plan, Row, Severity, State};
use crate::workspace::{Onboarding, Owner, Session, WorkspaceId, is_not_onboarded, not_onboarded};

use super::attributes::{
    ADOPT_EXISTING, AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DEPLOYMENT_NAME,
    DISPLAY_NAME, ID, INSTALLED_VERSION, PARAMETERS, TEMPLATE_COUNT, UPDATE_AVAILABLE, VERSION, WORKSPACE_ID,
};
use super::resource::TYPE_NAME;
use super::{dependencies, diagnostics, request};

/// Key in the private state: which object it is. When a replacement is planned without a prior state, this tells that
/// what is there is the object that is about to be replaced.
pub(super) const OBJECT: &str = "object";

pub(super) async fn plan(ctx: &Context, client: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
    let Some(prior) = plan.prior().cloned() else {
        return match (client, plan.get(&WORKSPACE_ID)?) {
            (Some(session), Knowable::Known(workspace)) => plan_create(ctx, session, &workspace, plan).await,
            _ => Ok(()),
        };
    };
    let workspace = prior.get(&WORKSPACE_ID)?;
    let content_id = prior.get(&CONTENT_ID)?.unwrap_or_default();
    if let Some(session) = client {
        let key = object_key(&workspace, &content_id);
        // Whichever of the two is planned first: an object's own creation is never planned before itself.
        if session.singletons().is_expected(TYPE_NAME, &key) {
            return Err(diagnostics::managed_twice(&workspace, &content_id).into());
        }
        session.singletons().planned(TYPE_NAME, &key);
    }
    if plan.get(&WORKSPACE_ID)? != Knowable::Known(workspace.clone()) {
        return Ok(()); // another object, which is planned by itself
    }
    if is_another(ctx, client, &workspace, &prior, plan).await? {
        return Ok(());
    }
    plan_change(ctx, client, &workspace, &prior, plan).await
}

/// What tells a solution on a workspace from all others.
pub(super) fn object_key(workspace: &WorkspaceId, content_id: &str) -> String {
    format!("{}|{}", workspace.key(), content_id.to_lowercase())
}

/// What a create wants beyond what the configuration says: the newest version, and parameters that are in force.
pub(super) fn at_create(wanted: &mut Wanted, look: &Look, has_parameters: bool) {
    wanted.is_newest |= wanted.version.is_none();
    wanted.is_forced = has_parameters && look.installed_version().is_some();
}

async fn plan_create(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let Knowable::Known(selector) = request::selector(plan.config())? else { return Ok(()) };
    let budget = session.budget(ctx);
    let hub = ContentHub::new(session, workspace, &budget).recent();
    let entry = match hub.select(&selector).await {
        Ok(entry) => entry,
        Err(LookupError::Azure { error, .. }) if is_not_onboarded(&error) => {
            if let Ok(Onboarding::Absent) = session.onboarding(workspace, &budget).await {
                let mut warning = not_onboarded(workspace).at(WORKSPACE_ID.path());
                warning.severity = Severity::Warning; // the same run may onboard it first
                ctx.warn(warning);
            }
            return Ok(());
        }
        Err(error) => return Err(diagnostics::not_found(&error, &selector).into()),
    };
    let content_id = entry.package.content_id.clone();
    let title = entry.package.display_name.clone().unwrap_or_else(|| content_id.clone());
    set_if_open(plan, &CONTENT_ID, Some(content_id.clone()));
    set_if_open(plan, &DISPLAY_NAME, Some(title.clone()));
    plan.set(&ID, Some(diagnostics::package_id(workspace, &content_id)));

    let look = Look::with(&hub, entry).await.map_err(|error| {
        explain::diagnostic(&error, "looking at what the workspace has of the solution").at(WORKSPACE_ID.path())
    })?;
    let key = object_key(workspace, &content_id);
    let owner = session.singletons().owner(TYPE_NAME, &key);
    let replaces_itself = plan.private().get(OBJECT).is_some_and(|object| object == key.as_str());
    let is_strangers = look.is_present() && !replaces_itself && owner != Owner::Itself;
    if is_strangers && owner == Owner::Another {
        return Err(diagnostics::managed_twice(workspace, &content_id).into());
    }
    if is_strangers && plan.get(&ADOPT_EXISTING)? == Knowable::Known(false) {
        return Err(diagnostics::conflict(workspace, &content_id, &look).into());
    }
    if !replaces_itself {
        if !session.singletons().expects(TYPE_NAME, &key) {
            return Err(diagnostics::managed_twice(workspace, &content_id).into());
        }
        if session.singletons().is_leaving(TYPE_NAME, &key) {
            ctx.warn(diagnostics::changes_hands(workspace, &content_id));
        }
    }

    let (wanted, parameters) = (request::wanted(plan.config())?, plan.config().get(&PARAMETERS)?);
    let Knowable::Known((mut wanted, parameters)) = wanted.zip(parameters) else { return Ok(()) };
    let parameters = parameters.unwrap_or_default();
    let versions = Versions { installed: look.installed_version(), available: look.available_version() };
    at_create(&mut wanted, &look, !parameters.is_empty());
    let (aim, found) = if is_strangers {
        let found = defects(&look, &content_id, None);
        (decide(&wanted, versions, !found.is_empty()), found)
    } else {
        (decide_anew(&wanted, versions), Vec::new())
    };
    let aim = aim.map_err(|refusal| diagnostics::refused(&refusal, &title))?;
    let installs = match &aim {
        Aim::Install(version) => Some(version.as_str()),
        Aim::Keep | Aim::CannotRepair(_) => None,
    };
    if is_strangers {
        ctx.warn(diagnostics::adopted(workspace, &content_id, &look, installs));
    }
    // Terraform plans a creation again before it applies it, and takes another answer for a bug. By then the catalogue may
    // have moved on, or somebody may have changed what is there: only a pin is sure.
    if wanted.version.is_some() {
        plan.set(&INSTALLED_VERSION, installs.or(versions.installed).map(str::to_owned));
    }
    say_why(ctx, &aim, &title, &found);
    if installs.is_some() {
        check_entry(ctx, &hub, look.entry.as_ref(), &parameters, &title).await?;
    }
    Ok(())
}

/// Whether the configuration now means another solution, so that this object is replaced.
async fn is_another(
    ctx: &Context,
    client: Option<&Session>,
    workspace: &WorkspaceId,
    prior: &State,
    plan: &mut Plan,
) -> Result<bool, Diagnostics> {
    let content_id = prior.get(&CONTENT_ID)?.unwrap_or_default();
    let selector = match request::selector(plan.config())? {
        Knowable::Known(selector) => selector,
        Knowable::Unknown => {
            plan.set_unknown(&CONTENT_ID);
            plan.requires_replace(&CONTENT_ID);
            return Ok(true);
        }
    };
    match &selector {
        Selector::ContentId(given) => Ok(!given.trim().eq_ignore_ascii_case(&content_id)),
        Selector::DisplayName(given) => {
            let known = prior.get(&DISPLAY_NAME)?;
            if known.is_some_and(|known| known.trim().to_lowercase() == given.trim().to_lowercase()) {
                return Ok(false);
            }
            let Some(session) = client else { return Ok(false) };
            let budget = session.budget(ctx);
            let hub = ContentHub::new(session, workspace, &budget).recent();
            let entry = hub.select(&selector).await.map_err(|error| diagnostics::not_found(&error, &selector))?;
            if entry.package.has_content_id(&content_id) {
                return Ok(false);
            }
            plan.set(&CONTENT_ID, Some(entry.package.content_id));
            Ok(true)
        }
    }
}

async fn plan_change(
    ctx: &Context,
    client: Option<&Session>,
    workspace: &WorkspaceId,
    prior: &State,
    plan: &mut Plan,
) -> Result<(), Diagnostics> {
    let (wanted, parameters) = (request::wanted(plan.config())?, plan.config().get(&PARAMETERS)?);
    let Knowable::Known((mut wanted, parameters)) = wanted.zip(parameters) else {
        open(plan, prior, None)?;
        return Ok(());
    };
    wanted.is_forced = parameters != prior.get(&PARAMETERS)?;
    let (installed, available) = (prior.get(&INSTALLED_VERSION)?, prior.get(&AVAILABLE_VERSION)?);
    let versions = Versions { installed: installed.as_deref(), available: available.as_deref() };
    let record = prior.private().get(KEY).and_then(Record::from_json).unwrap_or_default();
    let content_id = prior.get(&CONTENT_ID)?.unwrap_or_default();
    let title = prior.get(&DISPLAY_NAME)?.unwrap_or_else(|| content_id.clone());

    let aim = decide(&wanted, versions, !record.defects.is_empty())
        .map_err(|refusal| diagnostics::also_stops_a_destroy(diagnostics::refused(&refusal, &title)))?;
    say_why(ctx, &aim, &title, &record.defects);
    let Aim::Install(version) = aim else { return keep(plan, prior) };
    open(plan, prior, Some(version))?;
    let Some(session) = client else { return Ok(()) };
    let budget = session.budget(ctx);
    let hub = ContentHub::new(session, workspace, &budget).recent();
    let entry = hub.entry_of(&content_id).await.map_err(|error| {
        explain::diagnostic(&error, "looking the solution up in Content Hub").at(WORKSPACE_ID.path())
    })?;
    check_entry(ctx, &hub, entry.as_ref(), &parameters.unwrap_or_default(), &title).await
}

/// Why more is done than the configuration asks for, or less.
fn say_why(ctx: &Context, aim: &Aim, title: &str, found: &[Defect]) {
    match aim {
        Aim::Install(version) if !found.is_empty() => ctx.warn(diagnostics::reinstalled(title, version, found)),
        Aim::CannotRepair(obstacle) => ctx.warn(diagnostics::not_repairable(title, found, obstacle)),
        Aim::Install(_) | Aim::Keep => {}
    }
}

/// What can be known of an installation before it begins: whether its parameters fit, and whether what it needs is there.
async fn check_entry(
    ctx: &Context,
    hub: &ContentHub<'_>,
    entry: Option<&Entry>,
    given: &BTreeMap<String, String>,
    title: &str,
) -> Result<(), Diagnostics> {
    let Some(entry) = entry else { return Ok(()) };
    if let Some(content) = &entry.content {
        // the location is asked for when it is needed: whatever it is, it is known
        let known = known_parameters(hub.workspace.name(), "");
        parameters::fill(content.parameters(), &known, given)
            .map_err(|problems| diagnostics::parameters(&problems, title))?;
    }
    if entry.needed_solutions().next().is_some() {
        // A look that fails says nothing here: the apply looks again.
        let missing = dependencies::missing(hub, entry).await.unwrap_or_default();
        let expected = |needed: &String| {
            let content_id = needed.split(' ').next().unwrap_or_default();
            hub.session.singletons().is_expected(TYPE_NAME, &object_key(hub.workspace, content_id))
        };
        let missing: Vec<String> = missing.into_iter().filter(|needed| !expected(needed)).collect();
        if !missing.is_empty() {
            let mut warning = diagnostics::needs(title, &missing);
            warning.severity = Severity::Warning; // the same run may install them first
            ctx.warn(warning);
        }
    }
    Ok(())
}

/// The plan of an installation: its version, as far as it is decided, and the rest after apply.
fn open(plan: &mut Plan, prior: &State, version: Option<String>) -> Result<(), Diagnostics> {
    match version {
        Some(version) => {
            plan.set(&INSTALLED_VERSION, Some(version.clone()));
            set_if_open(plan, &VERSION, Some(version));
        }
        None => {
            plan.set_unknown(&INSTALLED_VERSION);
            if plan.config().is_null(&VERSION) {
                plan.set_unknown(&VERSION);
            }
        }
    }
    if plan.config().is_null(&DISPLAY_NAME) && prior.get(&DISPLAY_NAME)?.is_none() {
        plan.set_unknown(&DISPLAY_NAME);
    }
    plan.set_unknown(&AVAILABLE_VERSION);
    plan.set_unknown(&UPDATE_AVAILABLE);
    plan.set_unknown(&CONTENT_PRODUCT_ID);
    plan.set_unknown(&DEPENDENCIES);
    plan.set_unknown(&CONNECTOR_IDS);
    plan.set_unknown(&TEMPLATE_COUNT);
    plan.set_unknown(&DEPLOYMENT_NAME);
    Ok(())
}

/// The plan of nothing: what is known stays so, nulls included.
fn keep(plan: &mut Plan, prior: &State) -> Result<(), Diagnostics> {
    set_if_open(plan, &VERSION, prior.get(&VERSION)?);
    set_if_open(plan, &CONTENT_ID, prior.get(&CONTENT_ID)?);
    set_if_open(plan, &DISPLAY_NAME, prior.get(&DISPLAY_NAME)?);
    plan.set(&INSTALLED_VERSION, prior.get(&INSTALLED_VERSION)?);
    plan.set(&AVAILABLE_VERSION, prior.get(&AVAILABLE_VERSION)?);
    plan.set(&UPDATE_AVAILABLE, prior.get(&UPDATE_AVAILABLE)?);
    plan.set(&CONTENT_PRODUCT_ID, prior.get(&CONTENT_PRODUCT_ID)?);
    plan.set(&DEPENDENCIES, prior.get(&DEPENDENCIES)?);
    plan.set(&CONNECTOR_IDS, prior.get(&CONNECTOR_IDS)?);
    plan.set(&TEMPLATE_COUNT, prior.get(&TEMPLATE_COUNT)?);
    plan.set(&DEPLOYMENT_NAME, prior.get(&DEPLOYMENT_NAME)?);
    plan.set(&ID, prior.get(&ID)?);
    Ok(())
}

/// Sets what the configuration leaves to the provider.
fn set_if_open<R: Row>(plan: &mut Plan, row: &R, value: R::Value) {
    if plan.config().is_null(row) {
        plan.set(row, value);
    }
}
