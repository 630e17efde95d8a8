# To stop managing the connection and leave the alerts on, replace the resource block with this one.
removed {
  from = sentinel_dfc_tenant_connector.this

  lifecycle {
    destroy = false
  }
}
