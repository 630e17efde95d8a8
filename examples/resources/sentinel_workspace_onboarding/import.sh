# By workspace ID:
terraform import sentinel_workspace_onboarding.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc

# By onboarding state ID:
terraform import sentinel_workspace_onboarding.this /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc/providers/Microsoft.SecurityInsights/onboardingStates/default
