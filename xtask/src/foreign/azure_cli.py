"""Commands of Azure CLI against a simulator. Prints one line for each row: ok or FAILED.

The environment contains the credentials, the endpoint and the certificate. `az` is in the folder of the Python interpreter.
"""

import json
import os
import subprocess
import sys
import tempfile

ENV = os.environ
WORKSPACE = ENV["SIMULATOR_WORKSPACE"]
AZ = os.path.join(os.path.dirname(sys.executable), "az")
CONFIG = tempfile.mkdtemp(prefix="az-")
SETTINGS = {
    "AZURE_CONFIG_DIR": CONFIG,
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_INSTANCE_DISCOVERY": "false",
    "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
    "AZURE_CORE_NO_COLOR": "true",
    "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
}

TEMPLATE = os.path.join(CONFIG, "template.json")
with open(TEMPLATE, "w") as file:
    file.write("""{
  // a comment
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {"name": {"type": "string", "defaultValue": 'law-az',}},
  "resources": [{
    "type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "2025-02-01", "name": "[parameters('name')]",
    "location": "[resourceGroup().location]", "properties": {"retentionInDays": 60},
  }],
}
""")

ANY = object()

# The commands and their expected JSON output.
ROWS = [
    (f"cloud register -n Simulator --endpoint-resource-manager {ENV['SIMULATOR_ENDPOINT']}", ANY),
    ("cloud set -n Simulator", ANY),
    (f"login --service-principal -u {ENV['ARM_CLIENT_ID']} -p {ENV['ARM_CLIENT_SECRET']} --tenant {ENV['ARM_TENANT_ID']} --query length(@)", 2),
    (f"resource show --ids {WORKSPACE} --query name", "law-soc"),
    ("resource list --query [?name=='law-soc'].location", ["westeurope"]),
    ("resource list -g rg-soc --resource-type Microsoft.OperationalInsights/workspaces --query length(@)", 4),
    (f"resource tag --ids {WORKSPACE} --tags x=y --query tags", {"x": "y"}),
    (f"tag update --resource-id {WORKSPACE} --operation Merge --tags z=w --query properties.tags", {"x": "y", "z": "w"}),
    ("group create -n rg-az -l westeurope --tags a=b --query tags", {"a": "b"}),
    ("group update -n rg-az --set tags.c=d --query tags", {"a": "b", "c": "d"}),
    ("group list --tag a=b --query [].name", ["rg-az"]),
    (f"deployment group validate -g rg-az -f {TEMPLATE} --query length(properties.validatedResources)", 1),
    (f"deployment group what-if -g rg-az -f {TEMPLATE} --no-pretty-print --query changes[].changeType", ["Create"]),
    (f"deployment group create -g rg-az -n one -f {TEMPLATE} --query properties.provisioningState", "Succeeded"),
    ("deployment group export -g rg-az -n one", ANY),
    ("deployment operation group list -g rg-az -n one --query [0].properties.provisioningState", "Succeeded"),
    ("deployment group delete -g rg-az -n one", ANY),
    ("monitor log-analytics workspace create -g rg-az -n law-cli --retention-time 45 --quota 3 --query [retentionInDays,workspaceCapping.dailyQuotaGb]", [45, 3.0]),
    ("monitor log-analytics workspace update -g rg-az -n law-cli --retention-time 50 --query retentionInDays", 50),
    ("monitor log-analytics workspace list -g rg-az --query [].name", ["law-az", "law-cli"]),
    (f"rest --method get --url {WORKSPACE}/providers/Microsoft.SecurityInsights/dataConnectors?api-version=2025-10-01-preview --query value[].kind", ["StaticUI", "GenericUI"]),
    ("provider show -n Microsoft.SecurityInsights --query registrationState", "Registered"),
    ("group delete -n rg-az --yes", ANY),
    ("group exists -n rg-az", False),
]


def check(command, expected):
    words = command.split(" ")
    result = subprocess.run([AZ, *words], capture_output=True, text=True, env={**ENV, **SETTINGS}, timeout=300)
    assert result.returncode == 0, result.stderr
    if expected is not ANY:
        actual = json.loads(result.stdout)
        assert actual == expected, f"{actual} instead of {expected}"


failures = 0
for command, expected in ROWS:
    shown = " ".join(word for word in command.split(" ")[:4] if not word.startswith("-"))
    try:
        check(command, expected)
        print(f"ok      az {shown}", flush=True)
    except Exception as error:  # each row reports its own failure
        failures += 1
        print(f"FAILED  az {shown}: {' '.join(str(error).split())[:400]}", flush=True)
print(f"{len(ROWS) - failures} passed, {failures} failed")
sys.exit(1 if failures else 0)
