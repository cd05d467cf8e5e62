//! Invented regions: databases shaped like a treatment platform's own tables, with planted faults and the truth about both.
//!
//! Promises: everything follows from the seed; every person is invented and has a test number (serial 980 to 999); each planted fault
//! knows the rule that must find it. Must not use the code that it helps to check.

mod answers;
/// The regions of a demo.
pub mod demo;
mod engine;
mod fault;
mod further;
mod person;
mod plan;
mod random;
mod read_back;
mod shape;
mod tables;

pub use engine::{ENGINES, Engine, Source};
pub use fault::{ANSWER_FAULTS, AnswerFault, Leads, TREATMENT_FAULTS, TreatmentFault};
pub use further::Further;
pub use person::Person;
pub use plan::{Answer, Fate, Plan, Treatment};
pub use random::Random;
pub use read_back::read_back;
pub use shape::{SHAPES, Shape};
