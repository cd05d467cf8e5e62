//! The pages for people in a real browser: Debian's Chromium, driven without a window, walks every address of the route table.
//!
//! Promises: every check is shown to fail on a planted fault by the same code in the same run; a new page is walked because it stands in
//! the table of routes; screenshots of what was walked lie in the folder `screenshots` beside what was built.

#![expect(
    clippy::unwrap_used,
    reason = "a walk ends where a step fails; the lint's own exception does not reach helper functions"
)]

mod chromium;
mod control;
mod keyboard;
mod look;
mod paper;
mod payload;
mod request;
mod stage;
mod tab;
mod walk;
