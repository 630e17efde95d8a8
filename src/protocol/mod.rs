//! The tfplugin6 service.
