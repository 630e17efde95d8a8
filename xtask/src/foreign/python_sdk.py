"""Calls of the Azure SDK for Python against a simulator. Prints one line for each row: ok or FAILED.

Each row checks what the SDK deserialized. The environment contains the credentials, the endpoint and the certificate.
"""

import datetime
import os
import sys
import uuid

import requests
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.loganalytics import models as la
from azure.mgmt.resource.deployments import DeploymentsMgmtClient
from azure.mgmt.resource.deployments import models as dm
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources import models as rm
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.securityinsight import SecurityInsightsMgmtClient
from azure.mgmt.securityinsight import models as si
from azure.monitor.query import LogsQueryClient, LogsQueryStatus

ENV = os.environ
ENDPOINT, SUBSCRIPTION, TENANT = ENV["SIMULATOR_ENDPOINT"], ENV["ARM_SUBSCRIPTION_ID"], ENV["ARM_TENANT_ID"]
GROUP, WORKSPACE = "rg-soc", "law-soc"
AT = (GROUP, WORKSPACE)

credential = ClientSecretCredential(
    TENANT, ENV["ARM_CLIENT_ID"], ENV["ARM_CLIENT_SECRET"], authority=ENDPOINT, disable_instance_discovery=True
)
options = {"base_url": ENDPOINT, "credential_scopes": [ENDPOINT + "/.default"]}
sentinel = SecurityInsightsMgmtClient(credential, SUBSCRIPTION, **options)
resources = ResourceManagementClient(credential, SUBSCRIPTION, **options)
deployments = DeploymentsMgmtClient(credential, SUBSCRIPTION, **options)
subscriptions = SubscriptionClient(credential, **options)
authorization = AuthorizationManagementClient(credential, SUBSCRIPTION, **options)
loganalytics = LogAnalyticsManagementClient(credential, SUBSCRIPTION, **options)
logs = LogsQueryClient(credential, endpoint=ENDPOINT + "/loganalytics")

STATE = si.DataConnectorDataTypeCommon(state="Enabled")
ALERTS = si.AlertsDataTypeOfDataConnector(alerts=STATE)


def template(*names):
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            {
                "type": "Microsoft.OperationalInsights/workspaces",
                "apiVersion": "2025-02-01",
                "name": name,
                "location": "westeurope",
                "properties": {"retentionInDays": 60},
            }
            for name in names
        ],
    }


def deployment(*names):
    properties = dm.DeploymentProperties(mode="Incremental", template=template(*names))
    return dm.Deployment(properties=properties)


def assert_rejected(code, call):
    """Asserts that the call is rejected with this code."""
    try:
        call()
    except HttpResponseError as error:
        assert error.error is not None and error.error.code == code, f"{error.status_code} {error.error}"
        return error
    raise AssertionError(f"accepted, although Azure rejects it with {code}")


def connector(resource):
    """PUT, GET, PUT without an etag, PUT with a stale etag, list, DELETE."""

    def run():
        name = str(uuid.uuid4())
        resource.etag = None
        made = sentinel.data_connectors.create_or_update(*AT, name, resource)
        assert type(made) is type(resource), type(made)
        read = sentinel.data_connectors.get(*AT, name)
        assert type(read) is type(resource) and read.etag == made.etag
        again = sentinel.data_connectors.create_or_update(*AT, name, resource)
        assert again.etag != made.etag
        resource.etag = made.etag
        try:
            sentinel.data_connectors.create_or_update(*AT, name, resource)
            raise AssertionError("a stale etag was accepted")
        except ResourceExistsError:
            pass
        assert name in [found.name for found in sentinel.data_connectors.list(*AT)]
        sentinel.data_connectors.delete(*AT, name)
        return read

    return run


def page():
    return si.CodelessUiConnectorConfigProperties(
        title="A product",
        publisher="Contoso",
        description_markdown="",
        graph_queries_table_name="T",
        graph_queries=[],
        sample_queries=[],
        data_types=[],
        connectivity_criteria=[si.ConnectivityCriteria(type="IsConnectedQuery", value=["T"])],
        availability=si.Availability(status=1, is_preview=False),
        permissions=si.Permissions(resource_provider=[], customs=[]),
        instruction_steps=[],
    )


def rule_life():
    rule = si.MicrosoftSecurityIncidentCreationAlertRule(kind="MicrosoftSecurityIncidentCreation", 
        display_name="x", enabled=True, product_filter="Azure Security Center"
    )
    made = sentinel.alert_rules.create_or_update(*AT, "mine", rule)
    again = sentinel.alert_rules.create_or_update(*AT, "mine", rule)
    assert isinstance(made, si.MicrosoftSecurityIncidentCreationAlertRule) and again.etag != made.etag
    assert "mine" in [found.name for found in sentinel.alert_rules.list(*AT)]
    sentinel.alert_rules.delete(*AT, "mine")


def scheduled_rule():
    rule = si.ScheduledAlertRule(kind="Scheduled", 
        display_name="x", enabled=True, severity="High", query="SecurityAlert", query_frequency="PT1H",
        query_period="PT1H", trigger_operator="GreaterThan", trigger_threshold=0, suppression_duration="PT1H",
        suppression_enabled=False, tactics=["Persistence"],
    )
    made = sentinel.alert_rules.create_or_update(*AT, "scheduled", rule)
    assert made.query == "SecurityAlert" and made.last_modified_utc is not None
    sentinel.alert_rules.delete(*AT, "scheduled")


def catalog():
    products = list(sentinel.product_packages.list(*AT))
    assert len(products) > 20 and all(product.content_id for product in products)
    product = sentinel.product_package.get(*AT, products[0].name)
    assert product.packaged_content["resources"]
    made = sentinel.content_package.install(
        *AT,
        product.content_id,
        si.PackageModel(
            content_id=product.content_id,
            content_kind="Solution",
            content_product_id=product.content_product_id,
            content_schema_version="3.0.0",
            display_name=product.display_name,
            version=product.version,
        ),
    )
    assert made.version == product.version
    assert product.content_id in [found.name for found in sentinel.content_packages.list(*AT)]
    sentinel.content_package.uninstall(*AT, product.content_id)


def metadata_life():
    parent = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.OperationalInsights/workspaces/{WORKSPACE}/providers/Microsoft.SecurityInsights/alertRules/x"
    model = si.MetadataModel(parent_id=parent, kind="AnalyticsRule", version="1.0.0")
    made = sentinel.metadata.create(*AT, "mine", model)
    patched = sentinel.metadata.update(*AT, "mine", si.MetadataPatch(version="1.0.1"))
    assert (made.version, patched.version, patched.parent_id) == ("1.0.0", "1.0.1", parent)
    sentinel.metadata.delete(*AT, "mine")


def onboarding_life():
    at = (GROUP, "law-fresh")
    made = sentinel.sentinel_onboarding_states.create(*at, "default")
    assert made.customer_managed_key is False
    assert [state.name for state in sentinel.sentinel_onboarding_states.list(*at).value] == ["default"]
    connector = si.AADDataConnector(kind="AzureActiveDirectory", tenant_id=TENANT)
    sentinel.data_connectors.create_or_update(*at, "aad", connector)
    sentinel.sentinel_onboarding_states.delete(*at, "default")
    sentinel.sentinel_onboarding_states.create(*at, "default")
    assert list(sentinel.data_connectors.list(*at)) == [], "off-boarding removes connectors"
    sentinel.sentinel_onboarding_states.delete(*at, "default")


def group_life():
    made = resources.resource_groups.create_or_update("rg-größe", rm.ResourceGroup(location="West Europe", tags={"a": "b"}))
    assert (made.name, made.location, made.tags) == ("rg-größe", "westeurope", {"a": "b"})
    patched = resources.resource_groups.update("rg-größe", rm.ResourceGroupPatchable(tags={"c": "d"}))
    assert patched.tags == {"c": "d"}
    assert resources.resource_groups.check_existence("rg-größe")
    found = resources.resource_groups.list(filter="tagName eq 'c' and tagValue eq 'd'")
    assert [group.name for group in found] == ["rg-größe"]
    poller = deployments.deployments.begin_create_or_update("rg-größe", "d", deployment("law-umlaut"))
    assert poller.result().properties.provisioning_state == "Succeeded"
    resources.resource_groups.begin_delete("rg-größe").result()
    assert not resources.resource_groups.check_existence("rg-größe")


def tags_of_resources():
    at = ENV["SIMULATOR_WORKSPACE"]
    merged = rm.TagsPatchResource(operation="Merge", properties=rm.Tags(tags={"team": "soc"}))
    assert resources.tags.begin_update_at_scope(at, merged).result().properties.tags["team"] == "soc"
    found = resources.resources.list(filter="tagName eq 'team' and tagValue eq 'soc'")
    assert [resource.name for resource in found] == [WORKSPACE]
    resources.tags.begin_delete_at_scope(at).result()
    assert resources.tags.get_at_scope(at).properties.tags == {}


def resource_lists():
    names = lambda **options: sorted(found.name for found in resources.resources.list(**options))  # noqa: E731
    assert names(filter="resourceType eq 'Microsoft.OperationalInsights/workspaces' and name eq 'law-soc'") == ["law-soc"]
    assert names(filter="substringof('portal', name)") == ["law-portal"]
    assert "law-soc" in names(filter="resourceGroup eq 'rg-soc'")
    assert_rejected("InvalidFilterInQueryString", lambda: names(filter="color eq 'blue'"))
    times = list(resources.resources.list(expand="createdTime,changedTime,provisioningState"))
    assert times[0].created_time is not None and times[0].provisioning_state == "Succeeded"


def resource_by_id():
    id = ENV["SIMULATOR_WORKSPACE"]
    assert resources.resources.get_by_id(id, api_version="2025-02-01").name == "law-soc"
    spaced = resources.resources.get(GROUP, "Microsoft.OperationalInsights", "", "workspaces", WORKSPACE, api_version="2025-02-01")
    assert spaced.name == "law-soc"
    try:
        resources.resources.check_existence_by_id(id, api_version="2025-02-01")
        raise AssertionError("HEAD was accepted")
    except HttpResponseError as error:
        assert error.status_code == 405


def workspace_life():
    sku = la.WorkspaceSku(name="CapacityReservation", capacity_reservation_level=100)
    wanted = la.Workspace(
        location="westeurope", sku=sku, retention_in_days=90, force_cmk_for_query=True, tags={"a": "b"},
        workspace_capping=la.WorkspaceCapping(daily_quota_gb=2.5),
        features=la.WorkspaceFeatures(disable_local_auth=True), public_network_access_for_query="Disabled",
    )
    list(loganalytics.deleted_workspaces.list())
    list(loganalytics.deleted_workspaces.list_by_resource_group(GROUP))
    made = loganalytics.workspaces.begin_create_or_update(GROUP, "law-python", wanted).result()
    assert made.workspace_capping.daily_quota_gb == 2.5 and made.sku.capacity_reservation_level == 100
    assert made.force_cmk_for_query is True and made.features.disable_local_auth is True
    assert made.public_network_access_for_query == "Disabled" and made.retention_in_days == 90
    patched = loganalytics.workspaces.update(GROUP, "law-python", la.WorkspacePatch(retention_in_days=120))
    assert patched.retention_in_days == 120 and patched.workspace_capping.daily_quota_gb == 2.5
    keys = loganalytics.shared_keys.get_shared_keys(GROUP, "law-python")
    assert keys.primary_shared_key
    loganalytics.workspaces.begin_delete(GROUP, "law-python", force=True).result()


def log_query():
    workspace = loganalytics.workspaces.get(GROUP, "law-portal").customer_id
    alert = {"subscription_id": SUBSCRIPTION, "severity": "Informational"}
    requests.post(ENDPOINT + "/_simulator/alerts", json=alert, timeout=10).raise_for_status()
    query = "SecurityAlert | summarize Alerts = count(), Newest = max(TimeGenerated) by AlertSeverity"
    result = logs.query_workspace(workspace, query, timespan=datetime.timedelta(days=1), server_timeout=30)
    assert result.status == LogsQueryStatus.SUCCESS, result
    assert result.tables[0].columns == ["AlertSeverity", "Alerts", "Newest"]
    row = result.tables[0].rows[0]
    assert row["AlertSeverity"] == "Informational" and row["Alerts"] == 1
    assert isinstance(row["Newest"], datetime.datetime), row
    try:
        logs.query_workspace(workspace, "SecurityAlert | wher x == 1", timespan=None)
        raise AssertionError("the query is wrong")
    except HttpResponseError as error:
        assert error.status_code == 400 and "SYN0002" in str(error.response.text()), error


def deployment_life():
    poller = deployments.deployments.begin_create_or_update(GROUP, "python", deployment("law-deployed"))
    done = poller.result()
    assert done.properties.provisioning_state == "Succeeded" and done.properties.output_resources
    exported = deployments.deployments.export_template(GROUP, "python")
    assert exported.template == template("law-deployed")
    operations = list(deployments.deployment_operations.list(GROUP, "python"))
    assert {operation.properties.provisioning_state for operation in operations} == {"Succeeded"}
    assert deployments.deployments.check_existence(GROUP, "python")
    deployments.deployments.begin_delete(GROUP, "python").result()


def validation():
    result = deployments.deployments.begin_validate(GROUP, "check", deployment("law-checked")).result()
    assert result.properties.validated_resources[0].id.endswith("/law-checked")
    assert result.id.startswith(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/"), result.id


def what_if():
    properties = dm.DeploymentWhatIfProperties(mode="Incremental", template=template("law-new", "law-soc"))
    result = deployments.deployments.begin_what_if(GROUP, "ask", dm.DeploymentWhatIf(properties=properties)).result()
    assert result.status == "Succeeded", result
    changes = {change.resource_id.rsplit("/", 1)[1]: change.change_type for change in result.changes}
    assert changes["law-new"] == "Create" and changes["law-soc"] == "Modify" and changes["law-fresh"] == "Ignore", changes


def subscription_reads():
    assert SUBSCRIPTION in [found.subscription_id for found in subscriptions.subscriptions.list()]
    assert subscriptions.subscriptions.get(SUBSCRIPTION).tenant_id == TENANT
    assert "westeurope" in [location.name for location in subscriptions.subscriptions.list_locations(SUBSCRIPTION)]
    assert TENANT in [tenant.tenant_id for tenant in subscriptions.tenants.list()]


def permission_reads():
    found = list(
        authorization.permissions.list_for_resource(GROUP, "Microsoft.OperationalInsights", "", "workspaces", WORKSPACE)
    )
    assert found[0].actions == ["*"]
    assert list(authorization.permissions.list_for_resource_group(GROUP))


ROWS = [
    ("connector AzureActiveDirectory", connector(si.AADDataConnector(kind="AzureActiveDirectory", tenant_id=TENANT))),
    ("connector AzureSecurityCenter", connector(si.ASCDataConnector(kind="AzureSecurityCenter", subscription_id="8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842", data_types=ALERTS))),
    ("connector MicrosoftCloudAppSecurity", connector(si.MCASDataConnector(kind="MicrosoftCloudAppSecurity", tenant_id=TENANT, data_types=si.MCASDataConnectorDataTypes(alerts=STATE)))),
    ("connector MicrosoftThreatProtection", connector(si.MTPDataConnector(kind="MicrosoftThreatProtection", 
        tenant_id=TENANT,
        data_types=si.MTPDataConnectorDataTypes(incidents=si.MTPDataConnectorDataTypesIncidents(state="Disabled"), alerts=si.MTPDataConnectorDataTypesAlerts(state="Enabled")),
        filtered_providers=si.MtpFilteredProviders(alerts=["microsoftDefenderForCloudApps"]),
    ))),
    ("connector Office365", connector(si.OfficeDataConnector(kind="Office365", tenant_id=TENANT, data_types=si.OfficeDataConnectorDataTypes(
        exchange=si.OfficeDataConnectorDataTypesExchange(state="Enabled"),
        share_point=si.OfficeDataConnectorDataTypesSharePoint(state="Enabled"),
        teams=si.OfficeDataConnectorDataTypesTeams(state="Enabled"),
    )))),
    ("connector PremiumMicrosoftDefenderForThreatIntelligence", connector(si.PremiumMicrosoftDefenderForThreatIntelligence(kind="PremiumMicrosoftDefenderForThreatIntelligence", 
        tenant_id=TENANT, lookback_period="1970-01-01T00:00:00Z",
        data_types=si.PremiumMdtiDataConnectorDataTypes(connector=si.PremiumMdtiDataConnectorDataTypesConnector(state="Enabled")),
    ))),
    ("connector ThreatIntelligenceTaxii", connector(si.TiTaxiiDataConnector(kind="ThreatIntelligenceTaxii", 
        tenant_id=TENANT, polling_frequency="OnceADay",
        data_types=si.TiTaxiiDataConnectorDataTypes(taxii_client=si.TiTaxiiDataConnectorDataTypesTaxiiClient(state="Enabled")),
    ))),
    ("connector RestApiPoller", connector(si.RestApiPollerDataConnector(kind="RestApiPoller", 
        connector_definition_name="d", auth=si.BasicAuthModel(user_name="u", password="p"),
        request=si.RestApiPollerRequestConfig(api_endpoint="https://contoso.com"),
    ))),
    ("connector GenericUI", connector(si.CodelessUiDataConnector(kind="GenericUI", connector_ui_config=page()))),
    ("connector page of a solution", lambda: sentinel.data_connectors.get(*AT, "MicrosoftDefenderForCloudTenantBased").connector_ui_config.connectivity_criteria[0].type),
    ("requirements", lambda: sentinel.data_connectors_check_requirements.post(*AT, si.MtpCheckRequirements(kind="MicrosoftThreatProtection", tenant_id=TENANT)).license_state),
    ("rule MicrosoftSecurityIncidentCreation", rule_life),
    ("rule Scheduled", scheduled_rule),
    ("content hub", catalog),
    ("metadata", metadata_life),
    ("onboarding", onboarding_life),
    ("resource group", group_life),
    ("tags", tags_of_resources),
    ("lists of resources", resource_lists),
    ("resource by id", resource_by_id),
    ("workspace", workspace_life),
    ("log query", log_query),
    ("deployment", deployment_life),
    ("deployment validate", validation),
    ("deployment whatIf", what_if),
    ("subscriptions", subscription_reads),
    ("permissions", permission_reads),
]

failures = 0
for name, run in ROWS:
    try:
        run()
        print(f"ok      {name}", flush=True)
    except Exception as error:  # each row reports its own failure
        failures += 1
        print(f"FAILED  {name}: {type(error).__name__}: {' '.join(str(error).split())[:400]}", flush=True)
print(f"{len(ROWS) - failures} passed, {failures} failed")
sys.exit(1 if failures else 0)
