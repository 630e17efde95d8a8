//! Installing a solution: register it, deploy its content, and look whether both are there.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use super::registration;
use super::{Observation, Record};
use crate::azure::resource_id::ResourceId;
use crate::azure::{Backoff, Deadline, Error, Request};
use crate::content_hub::api::entry::Entry;
use crate::content_hub::api::package::Package;
use crate::content_hub::api::template_names::TemplateNames;
use crate::content_hub::lookup::catalogue::{API_VERSION, ContentHub, INSTALLED};
use crate::deployment::{self, Deployment, DeploymentOperation, Failure, Outcome, Running, parameters};
use crate::sentinel::{Location, WorkspaceId};

/// How long what was deployed may take to show in Sentinel's own lists.
const PROPAGATION: Duration = Duration::from_secs(120);
/// What Sentinel's lists are given where the operation's own time is over.
const LAST_LOOK: Duration = Duration::from_millis(1500);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What is to be installed.
#[derive(Debug)]
pub struct InstallRequest<'a> {
    /// The catalogue's entry, read by its name.
    pub entry: &'a Entry,
    /// Registrations with the content id, whatever they are called.
    pub registrations: &'a [Package],
    /// Values for the template's own parameters.
    pub parameters: &'a BTreeMap<String, String>,
}

/// An installation that is whole.
#[derive(Debug)]
pub struct Installed {
    /// The look that found it so.
    pub observation: Observation,
    /// What to keep of it.
    pub record: Record,
}

/// Why an installation did not come to a good end. What is said to have begun may have left something in Azure.
#[derive(Debug)]
pub enum InstallError {
    /// The catalogue's entry holds no template.
    NoContent,
    /// The values for the template's parameters do not fit. Nothing was changed.
    Parameters(Vec<parameters::Problem>),
    /// A call before the first write failed. Nothing was changed.
    Preparing(Error),
    /// A left-over that owns the content id could not be taken away.
    Orphan {
        /// Its name.
        name: String,
        /// Azure's answer.
        error: Error,
    },
    /// The registration was refused, or its answer got lost.
    Registering(Error),
    /// The deployment.
    Deploying {
        /// Its ARM id.
        deployment: ResourceId,
        /// What happened to it.
        failure: Box<Failure>,
    },
    /// Azure said that all is done, and still it is not there.
    NotThere {
        /// What is missing, for people.
        missing: Vec<String>,
        /// The last call's error, where one failed.
        error: Option<Error>,
    },
}

impl InstallError {
    /// Whether Azure may hold something of the installation.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        match self {
            Self::NoContent | Self::Parameters(_) | Self::Preparing(_) => false,
            Self::Deploying { .. } | Self::NotThere { .. } => true,
            Self::Orphan { error, .. } | Self::Registering(error) => error.outcome_unknown(),
        }
    }
}

/// The parameters of a template that the provider fills in itself, whoever wrote the template. Nobody else may.
#[must_use]
pub fn known_parameters<'a>(workspace: &'a str, location: &'a str) -> [(&'a str, &'a str); 2] {
    [("workspace", workspace), ("workspace-location", location)]
}

/// ARM id of a deployment of solutions of `workspace`: they go into its resource group.
#[must_use]
pub fn deployment_id(workspace: &WorkspaceId, name: &str) -> ResourceId {
    group(workspace).extension("Microsoft.Resources", "deployments", name)
}

fn group(workspace: &WorkspaceId) -> ResourceId {
    workspace.resource_id().parent().expect("invariant: a workspace lies in a resource group")
}

/// A name for the deployment of a package that no earlier one has.
#[must_use]
pub fn deployment_name(package: &Package) -> String {
    let unique = Uuid::new_v4().simple().to_string();
    deployment::name_for(
        &package.content_id,
        subject(&package.content_id),
        package.version.as_deref().unwrap_or("0"),
        &unique[..8],
    )
}

/// Deployments of this solution that Azure is at, whoever has started them, in this run or another.
///
/// # Errors
/// What a call can end with.
pub async fn running_deployments(hub: &ContentHub<'_>, content_id: &str) -> Result<Vec<ResourceId>, Error> {
    let all = deployment::running(hub.session.arm(), &group(hub.workspace), hub.deadline).await?;
    let is_meant = |running: &Running| {
        deployment::is_name_of(content_id, running.id.name())
            && running.parameter("workspace").is_some_and(|name| name.eq_ignore_ascii_case(hub.workspace.name()))
    };
    Ok(all.into_iter().filter(is_meant).map(|running| running.id).collect())
}

/// What tells the solution from others in the name of a deployment: most content ids have a long part in common.
fn subject(content_id: &str) -> &str {
    match content_id.rsplit_once("azure-sentinel-solution-") {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => content_id,
    }
}

/// Installs. `begun` is called with the deployment's name just before the first write: from there on something may exist.
///
/// # Errors
/// [`InstallError`].
pub async fn install(
    hub: &ContentHub<'_>,
    order: &InstallRequest<'_>,
    begun: impl FnOnce(&str),
) -> Result<Installed, InstallError> {
    let (session, workspace, deadline) = (hub.session, hub.workspace, hub.deadline);
    let package = &order.entry.package;
    let content = order.entry.content.clone().ok_or(InstallError::NoContent)?;
    let location = session.look_up(&Location::of(workspace), deadline).await.map_err(InstallError::Preparing)?;
    let known = known_parameters(workspace.name(), &location);
    let parameters =
        parameters::fill(content.parameters(), &known, order.parameters).map_err(InstallError::Parameters)?;
    let (pages, definitions) = (content.pages(), content.definitions());
    let has_templates = content.template_count() > 0;
    let deployment = Deployment {
        group: group(workspace),
        name: deployment_name(package),
        template: content.into_template(),
        parameters,
    };

    begun(&deployment.name);
    session.written(workspace.resource_id());
    let outcome = async {
        register(hub, package, order.registrations).await?;
        deployment::run(session.arm(), &deployment, deadline)
            .await
            .map_err(|failure| InstallError::Deploying { deployment: deployment.id(), failure: Box::new(failure) })
    }
    .await;
    session.written(workspace.resource_id());
    let expected = Expected::of(&outcome?, pages, definitions, has_templates);
    // A deployment that was seen to be over in the last moment deserves an observation, too.
    let last = Deadline::lasting(LAST_LOOK);
    let is_late = hub.deadline.remaining() < LAST_LOOK;
    let hub = if is_late { hub.within(&last) } else { *hub };
    verify(&hub, package, &expected).await
}

/// Takes away what else owns the content id, and registers the package under it.
async fn register(hub: &ContentHub<'_>, package: &Package, registrations: &[Package]) -> Result<(), InstallError> {
    remove_orphans(hub, package, registrations).await?;
    let id = hub.workspace.sentinel_resource(INSTALLED, &package.content_id);
    let request = Request::put(id, API_VERSION, registration::body(package));
    match hub.session.arm().send(&request, hub.deadline).await {
        Ok(_) => Ok(()),
        Err(error) if registration::is_owned_by_another(&error) => {
            // the list did not show it a moment ago: look again, and try once more
            let all = hub.installed().await.map_err(InstallError::Registering)?;
            let owners: Vec<Package> = all.into_iter().filter(|own| own.has_content_id(&package.content_id)).collect();
            remove_orphans(hub, package, &owners).await?;
            hub.session.arm().send(&request, hub.deadline).await.map(drop).map_err(InstallError::Registering)
        }
        Err(error) => Err(InstallError::Registering(error)),
    }
}

async fn remove_orphans(
    hub: &ContentHub<'_>,
    package: &Package,
    registrations: &[Package],
) -> Result<(), InstallError> {
    for orphan in registrations.iter().filter(|other| !other.name.eq_ignore_ascii_case(&package.content_id)) {
        tracing::info!(registration = orphan.name, "removing a left-over that owns the content id");
        let request = Request::delete(hub.workspace.sentinel_resource(INSTALLED, &orphan.name), API_VERSION);
        let removed = hub.session.arm().get_optional(&request, hub.deadline).await;
        removed.map_err(|error| InstallError::Orphan { name: orphan.name.clone(), error })?;
    }
    Ok(())
}

/// What must be there after a deployment.
#[derive(Debug)]
struct Expected {
    /// Names of connector pages, as far as the template tells them.
    pages: Vec<String>,
    /// Names of pages of codeless connectors.
    definitions: Vec<String>,
    /// Names of connectors that Azure's steps tell: pages that the template does not name plainly are among them.
    deployed: Vec<String>,
    /// Names of the templates, where Azure's steps tell them.
    templates: TemplateNames,
    /// There are templates, whatever they are called.
    has_templates: bool,
}

impl Expected {
    /// By the steps that Azure took, as far as it tells them; else by what can be read off the template.
    fn of(steps: &[DeploymentOperation], pages: Vec<String>, definitions: Vec<String>, has_templates: bool) -> Self {
        let done = steps.iter().filter(|step| step.outcome == Outcome::Succeeded);
        let ids: Vec<ResourceId> = done.filter_map(|step| ResourceId::parse(step.resource.as_deref()?).ok()).collect();
        let names = |kind: &str| {
            let resource_type = format!("Microsoft.SecurityInsights/{kind}");
            ids.iter().filter(|id| id.is_type(&resource_type)).map(ResourceId::name).collect::<Vec<_>>()
        };
        let deployed = names("dataConnectors").into_iter().map(str::to_owned).collect();
        Self { pages, definitions, deployed, templates: names("contentTemplates").into_iter().collect(), has_templates }
    }

    /// What to keep of an installation that has all of it.
    fn record(&self, observation: &Observation) -> Record {
        let whole = observation.record();
        let names: Vec<String> = self.pages.iter().chain(&self.deployed).cloned().collect();
        let pages = observation.connectors.pages_named(&names).iter().map(|page| page.name().to_owned()).collect();
        Record { pages, templates: whole.templates.and(&self.templates), ..whole }
    }

    /// What of it a look did not find, for people.
    fn missing(&self, observation: &Observation, version: Option<&str>) -> Vec<String> {
        let mut missing = Vec::new();
        if version.is_some() && observation.installed_version() != version {
            missing.push("the registration".to_owned());
        }
        let pages = observation.pages(None);
        let is_there = |name: &&String| pages.iter().any(|page| page.name().eq_ignore_ascii_case(name));
        missing
            .extend(self.pages.iter().filter(|name| !is_there(name)).map(|name| format!("the connector page {name}")));
        let (shown, desired) = (observation.definitions(None), self.definitions.iter());
        let is_shown = |name: &&String| shown.iter().any(|own| own.eq_ignore_ascii_case(name));
        missing.extend(desired.filter(|name| !is_shown(name)).map(|name| format!("the connector page {name}")));
        let (found, expected) = (observation.templates.found(&self.templates), self.templates.len());
        if found < expected {
            missing.push(format!("{} of {expected} content templates", expected - found));
        } else if self.has_templates && expected == 0 && observation.templates.own.is_empty() {
            missing.push("its content templates".to_owned());
        }
        missing
    }
}

/// Looks until everything is there. Sentinel's lists follow a deployment with some delay.
async fn verify(hub: &ContentHub<'_>, package: &Package, expected: &Expected) -> Result<Installed, InstallError> {
    let deadline = hub.deadline.at_most(PROPAGATION);
    let mut backoff = Backoff::growing(FIRST_PAUSE, LONGEST_PAUSE);
    let mut missing = Vec::new();
    loop {
        match Observation::at(hub, &package.content_id, None).await {
            Ok(observation) => {
                missing = expected.missing(&observation, package.version.as_deref());
                if missing.is_empty() {
                    let record = expected.record(&observation);
                    return Ok(Installed { observation, record });
                }
            }
            Err(error) => return Err(InstallError::NotThere { missing, error: Some(error.after_a_write()) }),
        }
        if let Err(interrupted) = backoff.wait(&deadline).await {
            let error = hub.deadline.is_over().then(|| interrupted.after_a_write());
            return Err(InstallError::NotThere { missing, error });
        }
    }
}
