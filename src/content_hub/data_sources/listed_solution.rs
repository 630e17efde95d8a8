//! A solution in the list of `sentinel_content_hub_solutions`: the attributes of the single data source without the
//! long texts.

use crate::content_hub::api::dependency::Dependency;
use crate::content_hub::api::package::{Categories, Support};
use crate::content_hub::lookup::solution::Solution;
use crate::framework::{AnyAttribute, Attribute, Invalid, NestedObject, Object};

/// One element.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ListedSolution {
    content_id: String,
    display_name: Option<String>,
    installed: bool,
    installed_version: Option<String>,
    available_version: Option<String>,
    update_available: bool,
    stale_registration: bool,
    content_product_id: Option<String>,
    content_schema_version: Option<String>,
    content_kind: Option<String>,
    publisher: Option<String>,
    support: Option<Support>,
    categories: Categories,
    dependencies: Vec<Dependency>,
    is_preview: bool,
    is_deprecated: bool,
    first_published: Option<String>,
    last_published: Option<String>,
    id: String,
}

impl ListedSolution {
    pub(crate) fn of(solution: &Solution) -> Self {
        let package = solution.package().clone();
        Self {
            content_id: package.content_id,
            display_name: package.display_name,
            installed: solution.is_installed(),
            installed_version: solution.installed_version().map(str::to_owned),
            available_version: solution.available_version().map(str::to_owned),
            update_available: solution.is_update_available(),
            stale_registration: solution.is_stale_registration(),
            content_product_id: package.content_product_id,
            content_schema_version: package.content_schema_version,
            content_kind: package.content_kind,
            publisher: package.publisher,
            support: package.support,
            categories: package.categories,
            dependencies: package.dependencies,
            is_preview: package.is_preview,
            is_deprecated: package.is_deprecated,
            first_published: package.first_published,
            last_published: package.last_published,
            id: package.id,
        }
    }
}

const CONTENT_ID: Attribute<String> = Attribute::computed("content_id").description("The content ID of the solution.");
const DISPLAY_NAME: Attribute<Option<String>> =
    Attribute::computed("display_name").description("The name of the solution in the portal.");
const INSTALLED: Attribute<bool> =
    Attribute::computed("installed").description("Whether the solution is installed in the workspace.");
const INSTALLED_VERSION: Attribute<Option<String>> = Attribute::computed("installed_version")
    .description("The installed version. Null if the solution is not installed.");
const AVAILABLE_VERSION: Attribute<Option<String>> =
    Attribute::computed("available_version").description("The version in the catalog, which is always the newest one.");
const UPDATE_AVAILABLE: Attribute<bool> = Attribute::computed("update_available")
    .description("Whether the catalog offers a newer version than the installed one.");
const STALE_REGISTRATION: Attribute<bool> = Attribute::computed("stale_registration").description(
    "Whether the workspace's list of installed solutions contains the solution although the catalog does not \
     report it as installed.",
);
const CONTENT_PRODUCT_ID: Attribute<Option<String>> = Attribute::computed("content_product_id")
    .description("The ID of the version in the catalog, which is different for each version.");
const CONTENT_SCHEMA_VERSION: Attribute<Option<String>> =
    Attribute::computed("content_schema_version").description("The version of the content format.");
const CONTENT_KIND: Attribute<Option<String>> =
    Attribute::computed("content_kind").description("The kind of the package: `Solution` or `Standalone`.");
const PUBLISHER: Attribute<Option<String>> = Attribute::computed("publisher").description("The name of the publisher.");
const SUPPORT: Attribute<Option<Support>> = Attribute::computed("support").description("The support contact.");
const CATEGORIES: Attribute<Categories> =
    Attribute::computed("categories").description("The categories of the solution.");
const DEPENDENCIES: Attribute<Vec<Dependency>> = Attribute::computed("dependencies")
    .description("The content of the solution and the other solutions that it needs, in Azure's order.");
const IS_PREVIEW: Attribute<bool> = Attribute::computed("is_preview").description("Whether the solution is a preview.");
const IS_DEPRECATED: Attribute<bool> =
    Attribute::computed("is_deprecated").description("Whether the publisher has deprecated the solution.");
const FIRST_PUBLISHED: Attribute<Option<String>> =
    Attribute::computed("first_published").description("The date of the first version.");
const LAST_PUBLISHED: Attribute<Option<String>> =
    Attribute::computed("last_published").description("The date of the version in the catalog.");
const ID: Attribute<String> = Attribute::computed("id").description("The ID of the solution's catalog entry.");

impl NestedObject for ListedSolution {
    fn attributes() -> &'static [&'static dyn AnyAttribute] {
        &[
            &CONTENT_ID,
            &DISPLAY_NAME,
            &INSTALLED,
            &INSTALLED_VERSION,
            &AVAILABLE_VERSION,
            &UPDATE_AVAILABLE,
            &STALE_REGISTRATION,
            &CONTENT_PRODUCT_ID,
            &CONTENT_SCHEMA_VERSION,
            &CONTENT_KIND,
            &PUBLISHER,
            &SUPPORT,
            &CATEGORIES,
            &DEPENDENCIES,
            &IS_PREVIEW,
            &IS_DEPRECATED,
            &FIRST_PUBLISHED,
            &LAST_PUBLISHED,
            &ID,
        ]
    }

    fn parse(object: &Object<'_>) -> Result<Self, Invalid> {
        Ok(Self {
            content_id: object.get(&CONTENT_ID)?,
            display_name: object.get(&DISPLAY_NAME)?,
            installed: object.get(&INSTALLED)?,
            installed_version: object.get(&INSTALLED_VERSION)?,
            available_version: object.get(&AVAILABLE_VERSION)?,
            update_available: object.get(&UPDATE_AVAILABLE)?,
            stale_registration: object.get(&STALE_REGISTRATION)?,
            content_product_id: object.get(&CONTENT_PRODUCT_ID)?,
            content_schema_version: object.get(&CONTENT_SCHEMA_VERSION)?,
            content_kind: object.get(&CONTENT_KIND)?,
            publisher: object.get(&PUBLISHER)?,
            support: object.get(&SUPPORT)?,
            categories: object.get(&CATEGORIES)?,
            dependencies: object.get(&DEPENDENCIES)?,
            is_preview: object.get(&IS_PREVIEW)?,
            is_deprecated: object.get(&IS_DEPRECATED)?,
            first_published: object.get(&FIRST_PUBLISHED)?,
            last_published: object.get(&LAST_PUBLISHED)?,
            id: object.get(&ID)?,
        })
    }

    fn write(self, object: &mut Object<'_>) {
        object.set(&CONTENT_ID, self.content_id);
        object.set(&DISPLAY_NAME, self.display_name);
        object.set(&INSTALLED, self.installed);
        object.set(&INSTALLED_VERSION, self.installed_version);
        object.set(&AVAILABLE_VERSION, self.available_version);
        object.set(&UPDATE_AVAILABLE, self.update_available);
        object.set(&STALE_REGISTRATION, self.stale_registration);
        object.set(&CONTENT_PRODUCT_ID, self.content_product_id);
        object.set(&CONTENT_SCHEMA_VERSION, self.content_schema_version);
        object.set(&CONTENT_KIND, self.content_kind);
        object.set(&PUBLISHER, self.publisher);
        object.set(&SUPPORT, self.support);
        object.set(&CATEGORIES, self.categories);
        object.set(&DEPENDENCIES, self.dependencies);
        object.set(&IS_PREVIEW, self.is_preview);
        object.set(&IS_DEPRECATED, self.is_deprecated);
        object.set(&FIRST_PUBLISHED, self.first_published);
        object.set(&LAST_PUBLISHED, self.last_published);
        object.set(&ID, self.id);
    }
}
