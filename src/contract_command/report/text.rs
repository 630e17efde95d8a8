//! The result for people.

use serde_json::Value;

use super::{Report, issue};
use crate::contract_command::difference::Change;
use crate::contract_command::hcl;
use crate::contract_command::mask::Mask;
use crate::contract_command::outcome::Outcome;
use crate::contract_command::wrap::wrap;

pub(super) fn text(report: &Report<'_>, mut mask: Mask) -> String {
    let mut text = String::new();
    if !report.changes.is_empty() {
        text += "What changed:\n\n";
        text += &report.changes.iter().map(|change| of_change(change, &mut mask)).collect::<String>();
        text += "\n";
    }
    text += &match &report.analysis.outcome {
        Outcome::Nothing => wrap(nothing(report), ""),
        Outcome::Contract(arguments) if arguments.is_default() => {
            "This is the default contract: nothing needs to be set. Leave `contract` out.\n".to_owned()
        }
        Outcome::Contract(arguments) => format!(
            "This is not the default contract. Add this to the resource sentinel_dfc_tenant_connector:\n\n{}",
            mask.text(&hcl::contract(arguments))
        ),
        Outcome::Inexpressible(reason) => wrap(&format!("No contract expresses this. {}", mask.text(reason)), ""),
    };
    if report.is_record && matches!(report.analysis.outcome, Outcome::Contract(_)) {
        text += "\nThe click has connected this workspace. To manage this connection, set `adopt_existing = true`.\n";
    }
    for note in &report.analysis.notes {
        text += &format!("\n{}", wrap(&format!("Note: {}", mask.text(note)), ""));
    }
    if !report.versions.unsupported.is_empty() {
        text +=
            &format!("\nNote: This cloud does not have the API versions {}.\n", report.versions.unsupported.join(", "));
    }
    if report.is_record && matches!(report.analysis.outcome, Outcome::Inexpressible(_)) {
        text +=
            "\nPlease report it with the issue template \"Contract report\". IDs and secrets are already masked:\n\n";
        text += "----------------------------------------------------------------\n";
        text += &issue::text(report, &mut mask);
        text += "----------------------------------------------------------------\n";
    }
    text
}

const fn nothing(report: &Report<'_>) -> &'static str {
    if !report.is_record {
        return "The workspace is not connected: no data connector streams tenant-wide Defender for Cloud alerts. To learn \
                which contract the portal uses, run `terraform-provider-sentinel contract record`.\n";
    }
    "Nothing relevant changed.\n\nPossible causes: nobody selected Connect before the time was over (`--timeout`), the portal \
     reported an error, the connector was connected before, or the portal stores the connection outside of the workspace. \
     `terraform-provider-sentinel contract check` prints what the workspace uses now.\n"
}

/// One connector with its changed values, like a plan.
fn of_change(change: &Change, mask: &mut Mask) -> String {
    let connector = change.connector();
    let sign = match (&change.before, &change.after) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    };
    let mut text = format!("  {sign} {} \"{}\"\n", mask.text(&connector.kind), mask.text(&connector.name));
    for field in change.fields.iter().filter(|field| field.path != ["kind"]) {
        let name = field.path.last().map(String::as_str).unwrap_or_default();
        let mut shown = |value: &Value| mask.named(name, value).to_string();
        let value = match (&field.before, &field.after) {
            (None, Some(after)) => shown(after),
            (Some(before), None) => format!("{} -> nothing", shown(before)),
            (before, after) => {
                let (before, after) = (before.as_ref().map(&mut shown), after.as_ref().map(&mut shown));
                format!("{} -> {}", before.unwrap_or_default(), after.unwrap_or_default())
            }
        };
        text += &format!("      {} = {value}\n", mask.text(&field.path.join(".")));
    }
    text
}
