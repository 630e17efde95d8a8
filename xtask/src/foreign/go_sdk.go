// Calls of the Azure SDK for Go against a simulator. Prints one line for each row: ok or FAILED.
//
// Each row checks what the SDK deserialized. The environment contains the credentials, the endpoint and the certificate.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resources/armresources/v3"
)

const workspace, sentinelVersion = "law-soc", "2025-09-01"

var ctx = context.Background()

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(holds bool, what any) {
	if !holds {
		panic(fmt.Errorf("unexpected: %+v", what))
	}
}

func main() {
	endpoint, subscription := os.Getenv("SIMULATOR_ENDPOINT"), os.Getenv("ARM_SUBSCRIPTION_ID")
	options := policy.ClientOptions{Cloud: cloud.Configuration{
		ActiveDirectoryAuthorityHost: endpoint,
		Services: map[cloud.ServiceName]cloud.ServiceConfiguration{
			cloud.ResourceManager: {Endpoint: endpoint, Audience: endpoint},
		},
	}}
	tenant := os.Getenv("ARM_TENANT_ID")
	credential := must(azidentity.NewClientSecretCredential(tenant, os.Getenv("ARM_CLIENT_ID"), os.Getenv("ARM_CLIENT_SECRET"),
		&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true}))
	armOptions := &arm.ClientOptions{ClientOptions: options}
	resources := must(armresources.NewClientFactory(subscription, credential, armOptions))

	rows := []struct {
		name string
		run  func()
	}{
		{"connector by id", func() {
			client := resources.NewClient()
			id := os.Getenv("SIMULATOR_WORKSPACE") + "/providers/Microsoft.SecurityInsights/dataConnectors/go"
			connector := armresources.GenericResource{
				Kind: to.Ptr("AzureActiveDirectory"),
				Properties: map[string]any{
					"tenantId": tenant, "dataTypes": map[string]any{"alerts": map[string]any{"state": "Enabled"}},
				},
			}
			for range 2 {
				poller := must(client.BeginCreateOrUpdateByID(ctx, id, sentinelVersion, connector, nil))
				made := must(poller.PollUntilDone(ctx, nil))
				check(*made.Name == "go" && made.Properties.(map[string]any)["tenantId"] == tenant, made)
			}
			must(must(client.BeginDeleteByID(ctx, id, sentinelVersion, nil)).PollUntilDone(ctx, nil))
			_, err := client.GetByID(ctx, id, sentinelVersion, nil)
			var missing *azcore.ResponseError
			check(errors.As(err, &missing) && missing.StatusCode == 404 && missing.ErrorCode == "ResourceNotFound", err)
		}},
		{"lists of resources", func() {
			filter := "resourceType eq 'Microsoft.OperationalInsights/workspaces' and resourceGroup eq 'rg-soc'"
			found := 0
			options := &armresources.ClientListOptions{Filter: to.Ptr(filter), Expand: to.Ptr("createdTime")}
			for pager := resources.NewClient().NewListPager(options); pager.More(); {
				for _, resource := range must(pager.NextPage(ctx)).Value {
					check(resource.CreatedTime != nil, *resource.ID)
					found++
				}
			}
			check(found == 4, found)
		}},
		{"resource group", func() {
			client := resources.NewResourceGroupsClient()
			made := must(client.CreateOrUpdate(ctx, "rg-größe", armresources.ResourceGroup{Location: to.Ptr("West Europe")}, nil))
			check(*made.Location == "westeurope", *made.Location)
			check(must(client.CheckExistence(ctx, "rg-größe", nil)).Success, "HEAD")
			poller := must(client.BeginDelete(ctx, "rg-größe", nil))
			must(poller.PollUntilDone(ctx, nil))
		}},
		{"resource by id", func() {
			client := resources.NewClient()
			found := must(client.GetByID(ctx, os.Getenv("SIMULATOR_WORKSPACE"), "2025-02-01", nil))
			check(*found.Name == workspace, *found.Name)
		}},
		{"workspace by id", func() {
			client := resources.NewClient()
			id := strings.TrimSuffix(os.Getenv("SIMULATOR_WORKSPACE"), workspace) + "law-go"
			wanted := armresources.GenericResource{
				Location:   to.Ptr("westeurope"),
				Properties: map[string]any{"workspaceCapping": map[string]any{"dailyQuotaGb": 2.5}},
			}
			made := must(must(client.BeginCreateOrUpdateByID(ctx, id, "2025-02-01", wanted, nil)).PollUntilDone(ctx, nil))
			check(made.Properties.(map[string]any)["workspaceCapping"].(map[string]any)["dailyQuotaGb"] == 2.5, made)
			must(must(client.BeginDeleteByID(ctx, id, "2025-02-01", nil)).PollUntilDone(ctx, nil))
		}},
		{"resource providers", func() {
			found := must(resources.NewProvidersClient().Get(ctx, "Microsoft.SecurityInsights", nil))
			check(*found.RegistrationState == "Registered", *found.RegistrationState)
		}},
	}
	failures := 0
	for _, row := range rows {
		err := attempt(row.run)
		if err == nil {
			fmt.Println("ok     ", row.name)
			continue
		}
		failures++
		text := strings.Join(strings.Fields(err.Error()), " ")
		fmt.Printf("FAILED  %s: %.400s\n", row.name, text)
	}
	fmt.Printf("%d passed, %d failed\n", len(rows)-failures, failures)
	if failures > 0 {
		os.Exit(1)
	}
}

func attempt(run func()) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("%v", caught)
		}
	}()
	run()
	return nil
}
