//! The promises, each as a journey through both programs as they are built and run.

mod access;
mod delivery;
mod identity;
mod numbers;
mod tidy;
