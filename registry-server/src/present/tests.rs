//! The pages, asked through their router: what each holds, in both languages, and what no answer lacks.

mod guard;
mod reading;
mod world;
