// A do-nothing provider: the minimum cost of a provider on terraform-plugin-framework.
//
// Its resources have the same attributes as the real provider. They save the planned values and read nothing.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	options := providerserver.ServeOpts{Address: "registry.terraform.io/sentinel/sentinel"}
	if err := providerserver.Serve(context.Background(), func() provider.Provider { return doNothing{} }, options); err != nil {
		log.Fatal(err)
	}
}

type doNothing struct{}

func (doNothing) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "sentinel"
}
func (doNothing) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (doNothing) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (doNothing) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (doNothing) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return connector },
		func() resource.Resource { return solution },
		func() resource.Resource { return onboarding },
		func() resource.Resource { return xdrConnector },
		func() resource.Resource { return incidentRule },
	}
}

// kept is a resource with its attributes, and the computed values that a create sets.
type kept struct {
	name       string
	attributes map[string]schema.Attribute
	computed   map[string]any
}

func (k kept) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = k.name
}

func (k kept) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	timeouts := schema.SingleNestedBlock{Attributes: map[string]schema.Attribute{
		"create": optional, "read": optional, "update": optional, "delete": optional,
	}}
	response.Schema = schema.Schema{Attributes: k.attributes, Blocks: map[string]schema.Block{"timeouts": timeouts}}
}

func (k kept) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	response.State.Raw = request.Plan.Raw
	for name, value := range k.computed {
		response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root(name), value)...)
	}
}

func (k kept) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (k kept) Update(_ context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	response.State.Raw = request.Plan.Raw
}

func (k kept) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

var (
	required         = schema.StringAttribute{Required: true}
	optional         = schema.StringAttribute{Optional: true}
	computed         = schema.StringAttribute{Computed: true}
	optionalComputed = schema.StringAttribute{Optional: true, Computed: true}
	texts            = schema.SetAttribute{Optional: true, ElementType: types.StringType}
)

func flag(value bool) schema.Attribute {
	return schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(value)}
}

const (
	workspace = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
	onboarded = workspace + "/providers/Microsoft.SecurityInsights/onboardingStates/default"
	object    = workspace + "/providers/Microsoft.SecurityInsights/dataConnectors/11111111-1111-4111-8111-111111111111"
)

var connector = kept{
	name: "sentinel_dfc_tenant_connector",
	attributes: map[string]schema.Attribute{
		"workspace_id":   required,
		"tenant_id":      optionalComputed,
		"adopt_existing": flag(false),
		"contract": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"kind": optional, "provider": optional, "api_version": optional,
		}},
		"id": computed, "name": computed, "kind": computed,
	},
	computed: map[string]any{
		"tenant_id": "22222222-2222-4222-8222-222222222222",
		"id":        object,
		"name":      "11111111-1111-4111-8111-111111111111",
		"kind":      "MicrosoftThreatProtection",
	},
}

var onboarding = kept{
	name: "sentinel_workspace_onboarding",
	attributes: map[string]schema.Attribute{
		"workspace_id":                 required,
		"customer_managed_key_enabled": flag(false),
		"deletion_protection":          flag(false),
		"adopt_existing":               flag(false),
		"id":                           computed,
	},
	computed: map[string]any{"id": onboarded},
}

var xdrConnector = kept{
	name: "sentinel_defender_xdr_connector",
	attributes: map[string]schema.Attribute{
		"workspace_id":            required,
		"tenant_id":               optionalComputed,
		"incidents_enabled":       flag(true),
		"alert_providers":         texts,
		"advanced_hunting_tables": texts,
		"adopt_existing":          flag(false),
		"id":                      computed, "name": computed,
	},
	computed: map[string]any{
		"tenant_id": "22222222-2222-4222-8222-222222222222",
		"id":        object,
		"name":      "11111111-1111-4111-8111-111111111111",
	},
}

var incidentRule = kept{
	name: "sentinel_incident_creation_rule",
	attributes: map[string]schema.Attribute{
		"workspace_id": required, "display_name": required, "product_filter": required,
		"name":                        optionalComputed,
		"severity_filter":             texts,
		"display_name_filter":         texts,
		"display_name_exclude_filter": texts,
		"description":                 optional,
		"enabled":                     flag(true),
		"alert_rule_template_guid":    optional,
		"adopt_existing":              flag(false),
		"id":                          computed,
	},
	computed: map[string]any{"id": object},
}

var solution = kept{
	name: "sentinel_content_hub_solution",
	attributes: map[string]schema.Attribute{
		"workspace_id": required,
		"content_id":   optional, "display_name": optionalComputed, "version": optionalComputed,
		"version_constraint": optional,
		"track_latest":       flag(false),
		"parameters":         schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"repair":             optional,
		"adopt_existing":     flag(true),
		"installed_version":  computed, "available_version": computed,
		"update_available":   schema.BoolAttribute{Computed: true},
		"is_deprecated":      schema.BoolAttribute{Computed: true},
		"content_product_id": computed,
		"dependencies":       schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"connector_ids":      schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"template_count":     schema.Int64Attribute{Computed: true},
		"deployment_name":    computed,
		"id":                 computed,
	},
	computed: map[string]any{
		"display_name": "Bench", "version": "1.0.0", "installed_version": "1.0.0", "available_version": "1.0.0",
		"update_available":   false,
		"is_deprecated":      false,
		"content_product_id": types.StringNull(),
		"dependencies":       []string{},
		"connector_ids":      []string{},
		"template_count":     1,
		"deployment_name":    types.StringNull(),
		"id":                 object,
	},
}
