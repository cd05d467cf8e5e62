//! The pages, asked through their router: what each holds, in both languages, and what no answer lacks.

mod batch;
mod building;
mod catalogue;
mod deliveries;
mod described;
mod door;
mod entering;
mod extracts;
mod figures;
mod files;
mod guard;
mod leaving;
mod language;
mod mail;
mod matrix;
mod narrowed;
mod own;
mod protected;
mod pseudonyms;
mod quality;
mod reading;
mod statistics;
mod tabs;
mod trail;
mod world;
mod years;
