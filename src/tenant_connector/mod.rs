//! The tenant-wide stream of Defender for Cloud alerts.
