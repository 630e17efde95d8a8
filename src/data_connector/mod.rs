//! The Sentinel data connector document.
