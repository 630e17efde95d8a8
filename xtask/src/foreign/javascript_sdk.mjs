// Calls of the Azure SDK for JavaScript against a simulator. Prints one line for each row: ok or FAILED.
//
// Each row checks what the SDK deserialized. The environment contains the credentials, the endpoint and the certificate.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

// The packages are in the working directory, not in the folder of this script.
const load = createRequire(`${process.cwd()}/`);
const { ClientSecretCredential } = load("@azure/identity");
const { SecurityInsights } = load("@azure/arm-securityinsight");
const { ResourceManagementClient } = load("@azure/arm-resources");
const { DeploymentsClient } = load("@azure/arm-resourcesdeployments");
const { OperationalInsightsManagementClient } = load("@azure/arm-operationalinsights");

const env = process.env;
const [endpoint, subscription, tenantId] = [env.SIMULATOR_ENDPOINT, env.ARM_SUBSCRIPTION_ID, env.ARM_TENANT_ID];
const credential = new ClientSecretCredential(tenantId, env.ARM_CLIENT_ID, env.ARM_CLIENT_SECRET, {
  authorityHost: endpoint,
  disableInstanceDiscovery: true,
});
const options = { endpoint, credentialScopes: [`${endpoint}/.default`] };
const sentinel = new SecurityInsights(credential, subscription, options);
const resources = new ResourceManagementClient(credential, subscription, options);
const deployments = new DeploymentsClient(credential, subscription, options).deployments;
const workspaces = new OperationalInsightsManagementClient(credential, subscription, options).workspaces;
const at = ["rg-soc", "law-soc"];

async function all(pages) {
  const found = [];
  for await (const item of pages) found.push(item);
  return found;
}

function connector(kind, properties) {
  return [`connector ${kind}`, async () => {
    const name = crypto.randomUUID();
    const made = await sentinel.dataConnectors.createOrUpdate(...at, name, { kind, ...properties });
    assert.equal(made.kind, kind);
    const again = await sentinel.dataConnectors.createOrUpdate(...at, name, { kind, ...properties });
    assert.notEqual(again.etag, made.etag);
    const stale = sentinel.dataConnectors.createOrUpdate(...at, name, { kind, etag: made.etag, ...properties });
    await assert.rejects(stale, { statusCode: 409, code: "Conflict" });
    const read = await sentinel.dataConnectors.get(...at, name);
    assert.deepEqual(read.dataTypes, properties.dataTypes);
    assert((await all(sentinel.dataConnectors.list(...at))).some((found) => found.name === name));
    await sentinel.dataConnectors.delete(...at, name);
  }];
}

const alerts = { alerts: { state: "Enabled" } };
const template = {
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  resources: [{
    type: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2025-02-01",
    name: "law-deployed",
    location: "westeurope",
    properties: { retentionInDays: 60 },
  }],
};

const rows = [
  connector("AzureActiveDirectory", { tenantId, dataTypes: alerts }),
  connector("AzureSecurityCenter", { subscriptionId: "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842", dataTypes: alerts }),
  connector("MicrosoftThreatProtection", { tenantId, dataTypes: { incidents: { state: "Enabled" } } }),
  connector("ThreatIntelligenceTaxii", {
    tenantId, pollingFrequency: "OnceADay", dataTypes: { taxiiClient: { state: "Enabled" } },
  }),
  ["connector pages", async () => {
    const page = await sentinel.dataConnectors.get(...at, "MicrosoftDefenderForCloudTenantBased");
    assert.equal(page.connectorUiConfig.connectivityCriteria[0].type, "MtpAlerts");
  }],
  ["rule", async () => {
    const rule = {
      kind: "MicrosoftSecurityIncidentCreation", displayName: "x", enabled: true, productFilter: "Azure Security Center",
    };
    const made = await sentinel.alertRules.createOrUpdate(...at, "mine", rule);
    assert(made.lastModifiedUtc instanceof Date);
    await sentinel.alertRules.createOrUpdate(...at, "mine", rule);
    await sentinel.alertRules.delete(...at, "mine");
  }],
  ["onboarding", async () => {
    const made = await sentinel.sentinelOnboardingStates.create("rg-soc", "law-fresh", "default");
    assert.equal(made.customerManagedKey, false);
    await sentinel.sentinelOnboardingStates.delete("rg-soc", "law-fresh", "default");
  }],
  ["resource group", async () => {
    const made = await resources.resourceGroups.createOrUpdate("rg-größe", { location: "West Europe" });
    assert.equal(made.location, "westeurope");
    const patched = await resources.resourceGroups.update("rg-größe", { tags: { a: "b" } });
    assert.deepEqual(patched.tags, { a: "b" });
    await resources.resourceGroups.beginDeleteAndWait("rg-größe");
  }],
  ["lists of resources", async () => {
    const found = await all(resources.resources.list({ filter: "name eq 'law-soc'", expand: "createdTime" }));
    assert(found.length === 1 && found[0].createdTime instanceof Date);
  }],
  ["workspace", async () => {
    const wanted = { location: "westeurope", workspaceCapping: { dailyQuotaGb: 2.5 }, retentionInDays: 90 };
    const made = await workspaces.beginCreateOrUpdateAndWait("rg-soc", "law-js", wanted);
    assert.equal(made.workspaceCapping.dailyQuotaGb, 2.5);
    const patched = await workspaces.update("rg-soc", "law-js", { retentionInDays: 120 });
    assert.equal(patched.retentionInDays, 120);
    await workspaces.beginDeleteAndWait("rg-soc", "law-js");
  }],
  ["resource by id", async () => {
    const found = await resources.resources.getById(env.SIMULATOR_WORKSPACE, "2025-02-01");
    assert.equal(found.name, "law-soc");
  }],
  ["deployment", async () => {
    const parameters = { properties: { mode: "Incremental", template } };
    const done = await deployments.createOrUpdate("rg-soc", "js", parameters);
    assert.equal(done.properties.provisioningState, "Succeeded");
    const exported = await deployments.exportTemplate("rg-soc", "js");
    assert.deepEqual(exported.template, template);
  }],
];

let failures = 0;
for (const [name, run] of rows) {
  try {
    await run();
    console.log(`ok      ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${name}: ${String(error.message).replace(/\s+/g, " ").slice(0, 400)}`);
  }
}
console.log(`${rows.length - failures} passed, ${failures} failed`);
process.exit(failures ? 1 : 0);
