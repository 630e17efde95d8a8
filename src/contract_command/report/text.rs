//! The result as text.

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
    let outcome = &report.analysis.outcome;
    let is_inexpressible = matches!(outcome, Outcome::Inexpressible(_));
    let heading = if is_inexpressible { "No contract expresses this. " } else { "" };
    text += &wrap(&format!("{heading}{}", mask.text(report.reason())), "");
    if let Outcome::Contract(arguments) = outcome
        && !arguments.is_default()
    {
        text += &format!("\n{}", mask.text(&hcl::contract(arguments)));
    }
    for note in report.notes() {
        text += &format!("\n{}", wrap(&format!("Note: {}", mask.text(&note)), ""));
    }
    if report.is_record && is_inexpressible {
        text += "\nIf the reason does not solve this, report it with the issue template \"Contract report\". IDs and secrets are \
             already masked:\n\n";
        text += "----------------------------------------------------------------\n";
        text += &issue::text(report, &mut mask);
        text += "----------------------------------------------------------------\n";
    }
    text
}

/// Formats one connector with its changed values, like a Terraform plan.
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
