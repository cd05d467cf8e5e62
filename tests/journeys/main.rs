//! The promises, each as a journey through both programs as they are built and run.

mod numbers;
mod tidy;
