//! What the programs do while one of them is disturbed, and which one that is. Another deed or course is another line here.

/// Something that happens in a region's tables, for a cycle to carry to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Nothing was sent before: everything is read, queued and taken.
    First,
    /// Scores were corrected and a treatment was opened again.
    Change,
    /// A person has objected.
    Objection,
}

/// The program that is disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Victim {
    /// The agent in its cycle.
    Agent,
    /// The register that the agent delivers to.
    Register,
}

/// What keeps the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Its own file.
    Sqlite,
    /// A server, which is not disturbed.
    Postgres,
}

/// A cycle in which one program is disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// What it is called.
    pub name: &'static str,
    /// What is carried.
    pub deed: Deed,
    /// Who is disturbed.
    pub victim: Victim,
    /// What keeps the register.
    pub engine: Engine,
}

/// Every course.
pub const COURSES: [Course; 9] = [
    course("first-cycle", Deed::First, Victim::Agent, Engine::Sqlite),
    course("cycle", Deed::Change, Victim::Agent, Engine::Sqlite),
    course("objection", Deed::Objection, Victim::Agent, Engine::Sqlite),
    course("ingest", Deed::First, Victim::Register, Engine::Sqlite),
    course("correction", Deed::Change, Victim::Register, Engine::Sqlite),
    course("withdrawal", Deed::Objection, Victim::Register, Engine::Sqlite),
    course("ingest-postgresql", Deed::First, Victim::Register, Engine::Postgres),
    course("correction-postgresql", Deed::Change, Victim::Register, Engine::Postgres),
    course("withdrawal-postgresql", Deed::Objection, Victim::Register, Engine::Postgres),
];

const fn course(name: &'static str, deed: Deed, victim: Victim, engine: Engine) -> Course {
    Course { name, deed, victim, engine }
}

/// The course of a name.
#[must_use]
pub fn named(name: &str) -> Option<Course> {
    COURSES.into_iter().find(|course| course.name == name)
}

impl Deed {
    /// What is done to the tables of a region of the first shape. The two corrections lie further apart than the window in which an
    /// increment reads again what it has read, so that a cursor ahead of its rows would lose the earlier one; no row of the region is newer.
    #[must_use]
    pub fn statements(self) -> &'static [&'static str] {
        match self {
            Self::First => &[],
            Self::Change => &[
                r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2024-01-01T00:00:00Z' WHERE "svar_id" =
                    (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000020' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#,
                r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2025-06-01T00:00:00Z' WHERE "svar_id" =
                    (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000021' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#,
                r#"UPDATE "moment" SET "läge" = 'pågående', "ändrad" = '2024-03-01T00:00:00Z' WHERE "nummer" = 'M-000002'"#,
            ],
            Self::Objection => &[
                r#"UPDATE "moment" SET "läge" = 'vill ej delta i register', "ändrad" = '2024-03-01T00:00:00Z' WHERE "nummer" = 'M-000004'"#,
            ],
        }
    }
}
