//! Whole batches that are refused, and records that are refused alone.
