//! `$filter` of the lists of resources and resource groups. Comparisons ignore case, and a filter can mention tags.

use serde_json::{Value, json};

use crate::arm::filter::Filter;
use crate::arm::{ArmError, Context};

/// The filter of a request, in lower case.
///
/// # Errors
/// 400 for a filter that mentions other properties than `allowed`, and for one that cannot be parsed.
pub(super) fn parse(context: &Context<'_>, allowed: &[&str]) -> Result<Option<Filter>, ArmError> {
    let Some(text) = context.request.option("$filter") else { return Ok(None) };
    let filter = Filter::parse(&text.to_lowercase()).ok();
    let filter = filter.filter(|filter| filter.paths().iter().all(|path| allowed.contains(path)));
    filter.map(Some).ok_or_else(|| ArmError::invalid_filter(&text))
}

/// The objects that a filter is matched against: `members` in lower case, alone and with each tag.
pub(super) fn views(members: &Value, document: &Value) -> Vec<Value> {
    let lower = |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| json!(text.to_lowercase()));
    let members = members.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), lower(value)));
    let base = Value::Object(members.collect());
    let tags = document["tags"].as_object().into_iter().flatten().map(|(name, value)| {
        let mut view = base.clone();
        view["tagname"] = json!(name.to_lowercase());
        view["tagvalue"] = lower(value);
        view
    });
    [base.clone()].into_iter().chain(tags).collect()
}
