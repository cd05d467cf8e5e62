"""Asks DuckDB about treatments.csv and measurements.csv in a folder; prints milliseconds, and writes means.csv beside them."""
import json
import statistics
import sys
import time

import duckdb

folder = sys.argv[1]
TREATMENTS = f"""SELECT * FROM read_csv('{folder}/treatments.csv', header = false, columns = {{
    'treatment': 'INTEGER', 'region': 'VARCHAR', 'programme': 'VARCHAR', 'started_on': 'DATE', 'ended_on': 'DATE', 'sex': 'VARCHAR',
    'birth_year': 'SMALLINT'}})"""
MEASUREMENTS = f"""SELECT * FROM read_csv('{folder}/measurements.csv', header = false, columns = {{
    'treatment': 'INTEGER', 'instrument': 'VARCHAR', 'timepoint': 'VARCHAR', 'answered_on': 'DATE', 'score': 'DOUBLE'}})"""
JOINED = f"SELECT * FROM ({MEASUREMENTS}) JOIN ({TREATMENTS}) USING (treatment)"


def connected():
    db = duckdb.connect()
    db.execute("SET threads = 2")
    db.execute("SET enable_progress_bar = false")
    return db


db = connected()
db.execute(f"CREATE TABLE long AS {JOINED} ORDER BY treatment")

PERIOD = "year(ended_on) || 'Q' || quarter(ended_on)"
FIGURES = "count(*) AS n, avg(second - first) AS mean, stddev_samp(first) AS sd_first, stddev_samp(second - first) AS sd_change"


def pairs(columns):
    return f"""SELECT treatment, any_value(ended_on) AS ended_on, {columns},
        max(score) FILTER (timepoint = 'pre') AS first, max(score) FILTER (timepoint = 'post') AS second
        FROM long WHERE instrument = 'PHQ-9' AND timepoint IN ('pre', 'post') GROUP BY treatment
        HAVING first IS NOT NULL AND second IS NOT NULL"""


LONG = f"""SELECT {PERIOD} AS period, region, programme, {FIGURES}
    FROM ({pairs('any_value(region) AS region, any_value(programme) AS programme')}) GROUP BY CUBE (period, region, programme)"""
SCAN = f"""SELECT {PERIOD} AS period, region, sex, (year(started_on) - birth_year) // 10 AS age_group, {FIGURES}
    FROM ({pairs('any_value(region) AS region, any_value(sex) AS sex, any_value(started_on) AS started_on, any_value(birth_year) AS birth_year')})
    GROUP BY CUBE (period, region, sex, age_group)"""
db.execute(f"""CREATE TABLE cell AS SELECT {PERIOD} AS period, region, programme, count(*) AS n, sum(second - first) AS change,
    sum(first) AS first, sum(first * first) AS first2, sum((second - first) ** 2) AS change2
    FROM ({pairs('any_value(region) AS region, any_value(programme) AS programme')}) GROUP BY ALL""")
CELLS = """SELECT period, region, programme, sum(n) AS n, sum(change) / sum(n) AS mean,
    sqrt((sum(first2) - sum(first) ** 2 / sum(n)) / (sum(n) - 1)) AS sd_first,
    sqrt(greatest(0, sum(change2) - sum(change) ** 2 / sum(n)) / (sum(n) - 1)) AS sd_change
    FROM cell GROUP BY CUBE (period, region, programme) HAVING sum(n) > 1"""


def middle(question):
    took = []
    for _ in range(15):
        begun = time.perf_counter()
        db.execute(question).fetchall()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def unread():
    """How long the second question takes of the files themselves, when nothing was loaded yet."""
    begun = time.perf_counter()
    files = connected()
    files.execute(f"CREATE VIEW long AS {JOINED}")
    files.execute(SCAN).fetchall()
    return (time.perf_counter() - begun) * 1000


times = {"unread": unread(), "long": middle(LONG), "scan": middle(SCAN), "cells": middle(CELLS)}
db.execute(f"""COPY (SELECT period, region, programme, n, mean FROM ({LONG})
    WHERE period IS NOT NULL AND region IS NOT NULL AND programme IS NOT NULL) TO '{folder}/means.csv' (HEADER)""")
print(json.dumps(times))
