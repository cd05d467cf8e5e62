-- The register of issue 2 on PostgreSQL: tables and columns as in SQLite, and a sender in alias and outcome too, because everything that
-- belongs to a sender is partitioned by it and leads its key with it. Text compares by its bytes, times and dates are text as in SQLite,
-- so that both engines hold the same values in the same order.
--
-- A sender's partitions are made when it is enrolled, so a row of a sender that was never enrolled has no place to go to. What one
-- transaction of the store writes together (a treatment and its outcomes, a person and its names) needs no reference that would be looked
-- up again for each of millions of rows.

CREATE TABLE sender (
    code        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    status      TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended', 'revoked')),
    enrolled_at TEXT COLLATE "C" NOT NULL,
    changed_at  TEXT COLLATE "C" NOT NULL
);

CREATE TABLE sender_key (
    sender        TEXT COLLATE "C" NOT NULL,
    kid           TEXT COLLATE "C" NOT NULL,
    status        TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'retired')),
    registered_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, kid)
) PARTITION BY LIST (sender);

CREATE TABLE generation (
    sender     TEXT COLLATE "C" NOT NULL,
    state_id   TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    issued_at  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, state_id),
    UNIQUE (sender, generation)
) PARTITION BY LIST (sender);

CREATE TABLE batch (
    sender      TEXT COLLATE "C" NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    received_at TEXT COLLATE "C" NOT NULL,
    records     BIGINT NOT NULL,
    receipt     BYTEA NOT NULL,
    PRIMARY KEY (sender, digest)
) PARTITION BY LIST (sender);

CREATE TABLE subject (
    id     BIGINT NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, id)
) PARTITION BY LIST (sender);

CREATE TABLE alias (
    sender  TEXT COLLATE "C" NOT NULL,
    kid     TEXT COLLATE "C" NOT NULL,
    s       BYTEA NOT NULL,
    subject BIGINT NOT NULL,
    PRIMARY KEY (sender, kid, s)
) PARTITION BY LIST (sender);
CREATE INDEX alias_subject ON alias (subject);

CREATE SEQUENCE treatment_id;
CREATE TABLE treatment (
    id                BIGINT NOT NULL DEFAULT nextval('treatment_id'),
    sender            TEXT COLLATE "C" NOT NULL,
    record_key        TEXT COLLATE "C" NOT NULL,
    generation        BIGINT NOT NULL,
    counter           BIGINT NOT NULL,
    content_hash      BYTEA NOT NULL,
    subject           BIGINT NOT NULL,
    programme         TEXT COLLATE "C" NOT NULL,
    programme_version TEXT COLLATE "C",
    unit              TEXT COLLATE "C" NOT NULL,
    unit_end          TEXT COLLATE "C",
    status            TEXT COLLATE "C" NOT NULL,
    end_reason        TEXT COLLATE "C",
    started_on        TEXT COLLATE "C" NOT NULL,
    ended_on          TEXT COLLATE "C" NOT NULL,
    sex               TEXT COLLATE "C",
    birth_year        SMALLINT,
    diagnosis         TEXT COLLATE "C",
    document          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, record_key)
) PARTITION BY LIST (sender);
CREATE INDEX treatment_subject ON treatment (subject);
ALTER SEQUENCE treatment_id OWNED BY treatment.id;

CREATE TABLE outcome (
    sender     TEXT COLLATE "C" NOT NULL,
    treatment  BIGINT NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    comparison TEXT COLLATE "C" NOT NULL,
    first      DOUBLE PRECISION,
    second     DOUBLE PRECISION,
    PRIMARY KEY (sender, treatment, instrument, comparison)
) PARTITION BY LIST (sender);

CREATE TABLE retraction (
    sender       TEXT COLLATE "C" NOT NULL,
    record_key   TEXT COLLATE "C" NOT NULL,
    generation   BIGINT NOT NULL,
    counter      BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    reason       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, record_key)
) PARTITION BY LIST (sender);

CREATE TABLE unit (
    sender           TEXT COLLATE "C" NOT NULL,
    unit             TEXT COLLATE "C" NOT NULL,
    generation       BIGINT NOT NULL,
    counter          BIGINT NOT NULL,
    content_hash     BYTEA NOT NULL,
    name             TEXT COLLATE "C" NOT NULL,
    care_level       TEXT COLLATE "C",
    ownership        TEXT COLLATE "C",
    county           TEXT COLLATE "C" NOT NULL,
    care_provider_id TEXT COLLATE "C",
    municipality     TEXT COLLATE "C",
    valid_from       TEXT COLLATE "C",
    valid_to         TEXT COLLATE "C",
    successor_id     TEXT COLLATE "C",
    PRIMARY KEY (sender, unit)
) PARTITION BY LIST (sender);

CREATE TABLE activity (
    sender       TEXT COLLATE "C" NOT NULL,
    record_key   TEXT COLLATE "C" NOT NULL,
    generation   BIGINT NOT NULL,
    counter      BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    month        TEXT COLLATE "C" NOT NULL,
    unit         TEXT COLLATE "C" NOT NULL,
    programme    TEXT COLLATE "C" NOT NULL,
    sex          TEXT COLLATE "C",
    age_group    TEXT COLLATE "C",
    started      BIGINT NOT NULL,
    ended        BIGINT NOT NULL,
    ongoing      BIGINT NOT NULL,
    PRIMARY KEY (sender, record_key)
) PARTITION BY LIST (sender);

CREATE TABLE run (
    sender       TEXT COLLATE "C" NOT NULL,
    record_key   TEXT COLLATE "C" NOT NULL,
    generation   BIGINT NOT NULL,
    counter      BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    month        TEXT COLLATE "C" NOT NULL,
    counted      TEXT COLLATE "C" NOT NULL,
    found        BIGINT NOT NULL,
    accepted     BIGINT NOT NULL,
    unchanged    BIGINT NOT NULL,
    rejected     BIGINT NOT NULL,
    held         BIGINT NOT NULL,
    excluded     BIGINT NOT NULL,
    pending      BIGINT NOT NULL,
    PRIMARY KEY (sender, record_key)
) PARTITION BY LIST (sender);

CREATE TABLE population (
    id          BIGSERIAL PRIMARY KEY,
    region      TEXT COLLATE "C" NOT NULL,
    year        SMALLINT NOT NULL,
    sex         TEXT COLLATE "C",
    age_from    SMALLINT,
    age_to      SMALLINT,
    population  BIGINT NOT NULL,
    imported_at TEXT COLLATE "C" NOT NULL
);

-- Gives a sender its partition of every partitioned table that has none of it yet. A table made first and attached then takes no lock that
-- would keep the other senders waiting.
CREATE FUNCTION make_partitions(of_sender TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    parent NAME;
    part   NAME;
BEGIN
    FOR parent IN
        SELECT relname FROM pg_partitioned_table JOIN pg_class ON pg_class.oid = partrelid
        WHERE relnamespace = current_schema()::regnamespace ORDER BY relname
    LOOP
        part := parent || '_' || lower(of_sender);
        IF to_regclass(quote_ident(part)) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', parent, part, of_sender);
        END IF;
    END LOOP;
END
$$;
