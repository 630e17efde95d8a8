//! Parts of a package as objects in Terraform.

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::framework::{AnyAttribute, Attribute, Invalid, NestedObject, Object};

const TIER: Attribute<Option<String>> =
    Attribute::computed("tier").description("`Microsoft`, `Partner` or `Community`.");
const SUPPORTER: Attribute<Option<String>> = Attribute::computed("name").description("Name of the supporter.");
const EMAIL: Attribute<Option<String>> = Attribute::computed("email").description("Mail address of the supporter.");
const LINK: Attribute<Option<String>> = Attribute::computed("link").description("Page of the supporter.");

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
    Attribute::computed("domains").description("Such as `Security - Cloud Security`.");
const VERTICALS: Attribute<Vec<String>> = Attribute::computed("verticals").description("Industries.");

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

const KIND: Attribute<Option<String>> =
    Attribute::computed("kind").description("What it is: `DataConnector`, `AnalyticsRule`, `Solution` and others.");
const DEPENDENCY_CONTENT_ID: Attribute<String> =
    Attribute::computed("content_id").description("Content id of what is needed.");
const DEPENDENCY_VERSION: Attribute<Option<String>> =
    Attribute::computed("version").description("The version that is needed at least; null for any.");
const DEPENDENCY_NAME: Attribute<Option<String>> =
    Attribute::computed("name").description("Its name, which Azure often leaves out.");

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
