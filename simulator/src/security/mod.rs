//! Microsoft.Security: the plans and settings of Microsoft Defender for Cloud on a subscription.

mod pricings;
mod settings;

use hyper::StatusCode;

use crate::arm::route::ResourceType;
use crate::arm::{ArmError, Context};

pub(crate) const RESOURCE_TYPES: &[&ResourceType] = &[&pricings::PRICINGS, &settings::SETTINGS];

const NAMESPACE: &str = "Microsoft.Security";

/// Returns the subscription, or 404 if the scope is not a subscription.
fn on_subscription(context: &Context<'_>) -> Result<String, ArmError> {
    let scope = &context.target.scope;
    let subscription = context.target.subscription.as_deref().filter(|_| scope.matches('/').count() == 2);
    subscription.map(str::to_owned).ok_or_else(|| {
        let message = format!("'{}' is not supported on '{scope}'.", context.target.resource_type());
        ArmError::new(StatusCode::NOT_FOUND, "InvalidResourceType", message)
    })
}
