# To stop managing the connector and keep the alerts enabled, replace the resource block with this block.
removed {
  from = sentinel_dfc_tenant_connector.this

  lifecycle {
    destroy = false
  }
}
