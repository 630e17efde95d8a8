//! The nested objects of a package: support contact, categories and dependencies.

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::framework::{Attribute, nested_object};

nested_object! {
    impl Support {
        tier: Option<String> = Attribute::computed("tier").description("The support tier: `Microsoft`, `Partner` or `Community`."),
        name: Option<String> = Attribute::computed("name").description("The name of the support contact."),
        email: Option<String> = Attribute::computed("email").description("The email address of the support contact."),
        link: Option<String> = Attribute::computed("link").description("The URL of the support page."),
    }
}

nested_object! {
    impl Categories {
        domains: Vec<String> = Attribute::computed("domains").description("The domains, for example `Security - Cloud Security`."),
        verticals: Vec<String> = Attribute::computed("verticals").description("The industries."),
    }
}

nested_object! {
    impl Dependency {
        kind: Option<String> = Attribute::computed("kind")
            .description("The kind of the content, for example `DataConnector`, `AnalyticsRule` or `Solution`."),
        content_id: String = Attribute::computed("content_id").description("The content ID of the dependency."),
        version: Option<String> = Attribute::computed("version")
            .description("The minimum version. Null if any version is enough."),
        name: Option<String> = Attribute::computed("name").description("The name of the dependency. Azure often omits it."),
    }
}
