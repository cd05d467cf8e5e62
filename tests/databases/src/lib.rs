//! Real database servers for tests, the demo and benchmarks: each starts on first use and ends with the process that started it.
