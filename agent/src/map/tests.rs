//! What becomes of a row: every rule that it can break by itself, one at a time.

mod answers;
mod files;
mod treatments;
mod units;

use schemas::rule::Finding;

/// Findings as rule and field.
fn shown(findings: &[Finding]) -> Vec<(&'static str, &'static str)> {
    findings.iter().map(|finding| (finding.rule.id(), finding.field)).collect()
}
