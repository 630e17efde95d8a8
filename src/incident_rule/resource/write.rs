//! Writes a rule and reads it back, because a workspace in the Defender portal may accept a rule and then drop or
//! disable it.

use std::time::Duration;

use crate::azure::{Backoff, Error};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;
use crate::incident_rule::api::AlertRules;
use crate::incident_rule::rule::Rule;
use crate::sentinel::{NotReady, not_onboarded, when_onboarded};

use super::attributes::WORKSPACE_ID;
use super::diagnostics;

/// The maximum number of reads until Azure returns an accepted rule.
const READ_LIMIT: u32 = 5;
const INITIAL_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(8);

/// Why a write failed.
#[derive(Debug)]
pub(super) struct WriteError {
    pub(super) diagnostic: Box<Diagnostic>,
    /// Whether the rule may exist despite the error.
    pub(super) may_exist: bool,
}

/// Finds the alert rule with this name. Waits if the workspace was onboarded recently.
pub(super) async fn find(rules: &AlertRules<'_>, name: &str) -> Result<Option<serde_json::Value>, Diagnostic> {
    let found = when_onboarded(rules.session, rules.workspace, rules.deadline, || rules.get(name)).await;
    found.map_err(|error| match error {
        NotReady::NotOnboarded => not_onboarded(rules.workspace).at(WORKSPACE_ID.path()),
        NotReady::Azure(error) => azure_diagnostics::from_error(&error, "reading the rule").at(WORKSPACE_ID.path()),
    })
}

/// Creates the rule, or updates `existing`.
pub(super) async fn write(
    rules: &AlertRules<'_>,
    name: &str,
    rule: &Rule,
    existing: Option<serde_json::Value>,
) -> Result<(), WriteError> {
    let sent = rules.put(name, rule, existing).await;
    let lost = match sent {
        Ok(()) => None,
        Err(error) if error.outcome_unknown() && !rules.deadline.is_over() => Some(error),
        Err(error) => {
            let may_exist = error.outcome_unknown();
            return Err(WriteError { diagnostic: Box::new(diagnostics::rejected(rules.workspace, &error)), may_exist });
        }
    };
    let kept = read_back(rules, name, rule).await;
    let diagnostic = match (kept, lost) {
        (Ok(Some(kept)), _) if is_same(&kept, rule) => return Ok(()),
        (_, Some(lost)) => diagnostics::rejected(rules.workspace, &lost),
        (Ok(Some(kept)), None) => diagnostics::changed(rules.workspace, rule, &kept),
        (Ok(None), None) => diagnostics::dropped(rules.workspace, rule),
        (Err(error), None) => azure_diagnostics::from_error(&error.after_a_write(), "reading the rule back"),
    };
    Err(WriteError { diagnostic: Box::new(diagnostic), may_exist: true })
}

/// Reads the rule for some seconds, until Azure returns it as it was written.
async fn read_back(rules: &AlertRules<'_>, name: &str, rule: &Rule) -> Result<Option<Rule>, Error> {
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    let mut read = None;
    for attempt in 1..=READ_LIMIT {
        read = rules.get(name).await?.as_ref().and_then(Rule::parse);
        if attempt == READ_LIMIT || read.as_ref().is_some_and(|read| is_same(read, rule)) {
            break;
        }
        backoff.wait(rules.deadline).await?;
    }
    Ok(read)
}

/// Whether Azure stored the rule as it was written. Azure may change the case of a product or a GUID.
fn is_same(kept: &Rule, written: &Rule) -> bool {
    let normal = |rule: &Rule| Rule {
        product: rule.product.to_lowercase(),
        template: rule.template.as_ref().map(|template| template.to_lowercase()),
        ..rule.clone()
    };
    normal(kept) == normal(written)
}
