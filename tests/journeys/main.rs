//! The promises, each as a journey through both programs as they are built and run.

mod delivery;
mod numbers;
mod tidy;
