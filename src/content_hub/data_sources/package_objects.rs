//! Parts of a package as objects in Terraform.

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::framework::{Attribute, nested_object};

nested_object! {
    impl Support {
        tier: Option<String> = Attribute::computed("tier").description("`Microsoft`, `Partner` or `Community`."),
        name: Option<String> = Attribute::computed("name").description("Name of the supporter."),
        email: Option<String> = Attribute::computed("email").description("Mail address of the supporter."),
        link: Option<String> = Attribute::computed("link").description("Page of the supporter."),
    }
}

nested_object! {
    impl Categories {
        domains: Vec<String> = Attribute::computed("domains").description("Such as `Security - Cloud Security`."),
        verticals: Vec<String> = Attribute::computed("verticals").description("Industries."),
    }
}

nested_object! {
    impl Dependency {
        kind: Option<String> = Attribute::computed("kind")
            .description("What it is: `DataConnector`, `AnalyticsRule`, `Solution` and others."),
        content_id: String = Attribute::computed("content_id").description("Content id of what is needed."),
        version: Option<String> = Attribute::computed("version")
            .description("The version that is needed at least; null for any."),
        name: Option<String> = Attribute::computed("name").description("Its name, which Azure often leaves out."),
    }
}
