//! Verifies that an installation is complete.

use std::time::Duration;

use super::{InstallationRecord, Observation};
use crate::azure::resource_id::ResourceId;
use crate::azure::{Backoff, Deadline, Error};
use crate::content_hub::api::package::Package;
use crate::content_hub::api::packaged_content::PackagedContent;
use crate::content_hub::api::template_names::TemplateNames;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::{DeploymentOperation, OperationState};
use crate::sentinel::confirming_absence;

/// How long Sentinel's lists may lag behind a deployment.
const PROPAGATION: Duration = Duration::from_secs(120);
/// The minimum time for the verification, even if the operation has timed out.
const MINIMUM: Duration = Duration::from_millis(1500);
const INITIAL_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// A complete installation.
#[derive(Debug)]
pub struct Installed {
    /// The observation of the complete installation.
    pub observation: Observation,
    /// The record to save.
    pub record: InstallationRecord,
}

/// The error of an installation that is incomplete although Azure reported success.
#[derive(Debug)]
pub struct Incomplete {
    /// The missing content, for messages.
    pub missing: Vec<String>,
    /// The error of the last request, if it failed.
    pub error: Option<Error>,
}

/// The content that a template installs, according to the template itself.
#[derive(Debug)]
pub(super) struct TemplateContent {
    /// The names of connector pages, if they can be evaluated.
    pages: Vec<String>,
    /// The names of data connector definitions, if they can be evaluated.
    definitions: Vec<String>,
    has_templates: bool,
}

impl TemplateContent {
    pub(super) fn of(content: &PackagedContent) -> Self {
        Self {
            pages: content.page_names(),
            definitions: content.definition_names(),
            has_templates: content.template_count() > 0,
        }
    }
}

/// The content that must be present after a deployment.
#[derive(Debug)]
pub(super) struct Expected {
    content: TemplateContent,
    /// The names of the deployed data connectors. They include pages whose names only Resource Manager can evaluate.
    deployed_connectors: Vec<String>,
    /// The names of the deployed content templates.
    deployed_templates: TemplateNames,
}

impl Expected {
    pub(super) fn new(content: TemplateContent, operations: &[DeploymentOperation]) -> Self {
        let succeeded = operations.iter().filter(|operation| operation.state == OperationState::Succeeded);
        let ids: Vec<ResourceId> =
            succeeded.filter_map(|operation| ResourceId::parse(operation.resource.as_deref()?).ok()).collect();
        let names = |kind: &str| {
            let resource_type = format!("Microsoft.SecurityInsights/{kind}");
            ids.iter().filter(|id| id.is_type(&resource_type)).map(ResourceId::name).collect::<Vec<_>>()
        };
        Self {
            content,
            deployed_connectors: names("dataConnectors").into_iter().map(str::to_owned).collect(),
            deployed_templates: names("contentTemplates").into_iter().collect(),
        }
    }

    /// The record of the complete installation.
    fn record(&self, observation: &Observation) -> InstallationRecord {
        let record = observation.to_record();
        let names: Vec<String> = self.content.pages.iter().chain(&self.deployed_connectors).cloned().collect();
        let pages = observation.connectors.pages_named(&names).iter().map(|page| page.name().to_owned()).collect();
        InstallationRecord { pages, templates: record.templates.union(&self.deployed_templates), ..record }
    }

    /// The content that is missing in an observation, for messages.
    fn missing(&self, observation: &Observation, version: Option<&str>) -> Vec<String> {
        let mut missing = Vec::new();
        if version.is_some() && observation.installed_version() != version {
            missing.push("the content package".to_owned());
        }
        let (pages, definitions) = (observation.pages(None), observation.definitions(None));
        let has_page = |name: &String| pages.iter().any(|page| page.name().eq_ignore_ascii_case(name));
        let has_definition = |name: &String| definitions.iter().any(|own| own.eq_ignore_ascii_case(name));
        let missing_pages = self.content.pages.iter().filter(|name| !has_page(name));
        let missing_definitions = self.content.definitions.iter().filter(|name| !has_definition(name));
        missing.extend(missing_pages.chain(missing_definitions).map(|name| format!("the connector page {name}")));
        let present = observation.templates.count_present(&self.deployed_templates);
        let expected = self.deployed_templates.len();
        if present < expected {
            missing.push(format!("{} of {expected} content templates", expected - present));
        } else if self.content.has_templates && expected == 0 && observation.templates.own.is_empty() {
            missing.push("the content templates".to_owned());
        }
        missing
    }
}

/// Waits until all expected content is present. Sentinel's lists lag behind a deployment.
pub(super) async fn verify(
    hub: &ContentHub<'_>,
    package: &Package,
    expected: &Expected,
) -> Result<Installed, Incomplete> {
    let minimum = Deadline::lasting(MINIMUM);
    let hub = if hub.deadline.remaining() < MINIMUM { hub.within(&minimum) } else { *hub };
    let deadline = hub.deadline.at_most(PROPAGATION);
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    let mut missing = Vec::new();
    loop {
        // A single wrong response must not taint a complete installation.
        let read = || Observation::read(&hub, &package.content_id, None);
        match confirming_absence(hub.session, hub.workspace, hub.deadline, read).await {
            Ok(observation) => {
                missing = expected.missing(&observation, package.version.as_deref());
                if missing.is_empty() {
                    let record = expected.record(&observation);
                    return Ok(Installed { observation, record });
                }
            }
            Err(error) => return Err(Incomplete { missing, error: Some(error.after_a_write()) }),
        }
        if let Err(interrupted) = backoff.wait(&deadline).await {
            let error = hub.deadline.is_over().then(|| interrupted.after_a_write());
            return Err(Incomplete { missing, error });
        }
    }
}
