//! The nested objects of a package: support contact, categories and dependencies.

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::framework::{AnyAttribute, Attribute, Invalid, NestedObject, Object};

const TIER: Attribute<Option<String>> =
    Attribute::computed("tier").description("The support tier: `Microsoft`, `Partner` or `Community`.");
const SUPPORTER: Attribute<Option<String>> =
    Attribute::computed("name").description("The name of the support contact.");
const EMAIL: Attribute<Option<String>> =
    Attribute::computed("email").description("The email address of the support contact.");
const LINK: Attribute<Option<String>> = Attribute::computed("link").description("The URL of the support page.");

impl NestedObject for Support {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&TIER, &SUPPORTER, &EMAIL, &LINK]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self {
            tier: object.get(&TIER)?,
            name: object.get(&SUPPORTER)?,
            email: object.get(&EMAIL)?,
            link: object.get(&LINK)?,
        })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&TIER, self.tier);
        object.set(&SUPPORTER, self.name);
        object.set(&EMAIL, self.email);
        object.set(&LINK, self.link);
    }
}

const DOMAINS: Attribute<Vec<String>> =
    Attribute::computed("domains").description("The domains, for example `Security - Cloud Security`.");
const VERTICALS: Attribute<Vec<String>> = Attribute::computed("verticals").description("The industries.");

impl NestedObject for Categories {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&DOMAINS, &VERTICALS]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self { domains: object.get(&DOMAINS)?, verticals: object.get(&VERTICALS)? })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&DOMAINS, self.domains);
        object.set(&VERTICALS, self.verticals);
    }
}

const KIND: Attribute<Option<String>> = Attribute::computed("kind")
    .description("The kind of the content, for example `DataConnector`, `AnalyticsRule` or `Solution`.");
const DEPENDENCY_CONTENT_ID: Attribute<String> =
    Attribute::computed("content_id").description("The content ID of the dependency.");
const DEPENDENCY_VERSION: Attribute<Option<String>> =
    Attribute::computed("version").description("The minimum version. Null if any version is enough.");
const DEPENDENCY_NAME: Attribute<Option<String>> =
    Attribute::computed("name").description("The name of the dependency. Azure often omits it.");

impl NestedObject for Dependency {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[&KIND, &DEPENDENCY_CONTENT_ID, &DEPENDENCY_VERSION, &DEPENDENCY_NAME]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self {
            kind: object.get(&KIND)?,
            content_id: object.get(&DEPENDENCY_CONTENT_ID)?,
            version: object.get(&DEPENDENCY_VERSION)?,
            name: object.get(&DEPENDENCY_NAME)?,
        })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&KIND, self.kind);
        object.set(&DEPENDENCY_CONTENT_ID, self.content_id);
        object.set(&DEPENDENCY_VERSION, self.version);
        object.set(&DEPENDENCY_NAME, self.name);
    }
}
