"""Asks DuckDB about treatments.csv and measurements.csv in a folder; prints milliseconds, and writes each question's means beside them."""
import json
import statistics
import sys
import time

import duckdb

folder, questions = sys.argv[1], json.loads(sys.argv[2])
TREATMENTS = f"""SELECT * FROM read_csv('{folder}/treatments.csv', header = false, columns = {{
    'treatment': 'INTEGER', 'region': 'VARCHAR', 'unit': 'VARCHAR', 'programme': 'VARCHAR', 'started_on': 'DATE', 'ended_on': 'DATE',
    'sex': 'VARCHAR', 'birth_year': 'SMALLINT'}})"""
MEASUREMENTS = f"""SELECT * FROM read_csv('{folder}/measurements.csv', header = false, columns = {{
    'treatment': 'INTEGER', 'instrument': 'VARCHAR', 'timepoint': 'VARCHAR', 'answered_on': 'DATE', 'score': 'DOUBLE'}})"""
JOINED = f"SELECT * FROM ({MEASUREMENTS}) JOIN ({TREATMENTS}) USING (treatment)"

PERIODS = {
    "year": "year(ended_on)::VARCHAR",
    "quarter": "year(ended_on) || 'Q' || quarter(ended_on)",
    "month": "strftime(ended_on, '%Y-%m')",
}
AGE = "year(started_on) - birth_year"
CONDITIONS = {
    "depressionshjalpen": "depression", "oroshjalpen": "worry", "stresshjalpen": "stress", "angesthjalpen": "anxiety",
    "sovhjalpen": "insomnia", "social-fobi": "social-anxiety",
}
# What tells a treatment's label: columns of the long table, and the label itself.
LABELS = {
    "region": (["region"], "region"),
    "unit": (["unit"], "unit"),
    "programme": (["programme"], "programme"),
    "sex": (["sex"], "sex"),
    "condition": (["programme"], "CASE programme " + " ".join(f"WHEN '{a}' THEN '{b}'" for a, b in CONDITIONS.items()) + " END"),
    "age_group": (["started_on", "birth_year"], f"""CASE WHEN {AGE} < 18 THEN '0-17' WHEN {AGE} < 25 THEN '18-24'
        WHEN {AGE} < 35 THEN '25-34' WHEN {AGE} < 45 THEN '35-44' WHEN {AGE} < 55 THEN '45-54' WHEN {AGE} < 65 THEN '55-64'
        WHEN {AGE} < 75 THEN '65-74' ELSE '75+' END"""),
    # The first score of the programme's own instrument; three programmes of six have one that nobody here answers.
    "severity": (["programme"], """CASE WHEN programme IN ('oroshjalpen', 'angesthjalpen') AND gad IS NOT NULL THEN
        CASE WHEN gad < 5 THEN 'minimal' WHEN gad < 10 THEN 'mild' WHEN gad < 15 THEN 'moderate' ELSE 'severe' END
        WHEN programme = 'sovhjalpen' AND isi IS NOT NULL THEN
        CASE WHEN isi < 8 THEN 'none' WHEN isi < 15 THEN 'subthreshold' WHEN isi < 22 THEN 'moderate' ELSE 'severe' END
        ELSE 'unknown' END"""),
}
FIGURES = "count(*) AS n, avg(second - first) AS mean, stddev_samp(first) AS sd_first, stddev_samp(second - first) AS sd_change"


def pairs(by):
    """One row a treatment with both scores, with what tells its labels."""
    columns = sorted({column for name in by for column in LABELS[name][0]} | {"ended_on"})
    instruments = ["PHQ-9"]
    scores = [f"max(score) FILTER (instrument = 'PHQ-9' AND timepoint = '{point}') AS {name}"
              for point, name in (("pre", "first"), ("post", "second"))]
    if "severity" in by:
        instruments += ["GAD-7", "ISI"]
        scores += [f"max(score) FILTER (instrument = '{code}' AND timepoint = 'pre') AS {name}"
                   for code, name in (("GAD-7", "gad"), ("ISI", "isi"))]
    asked = ", ".join([f"any_value({column}) AS {column}" for column in columns] + scores)
    wanted = ", ".join(f"'{code}'" for code in instruments)
    return f"""SELECT treatment, {asked} FROM long WHERE instrument IN ({wanted}) AND timepoint IN ('pre', 'post')
        GROUP BY treatment HAVING first IS NOT NULL AND second IS NOT NULL"""


def labelled(question):
    by = question["by"]
    labels = [f"{PERIODS[question['period']]} AS period"] + [f"{LABELS[name][1]} AS {name}" for name in by]
    return f"SELECT {', '.join(labels)}, first, second FROM ({pairs(by)})"


def outcomes(question):
    names = ", ".join(["period", *question["by"]])
    return f"SELECT {names}, {FIGURES} FROM ({labelled(question)}) GROUP BY CUBE ({names})"


def connected():
    db = duckdb.connect()
    db.execute("SET threads = 2")
    db.execute("SET enable_progress_bar = false")
    return db


db = connected()
db.execute(f"CREATE TABLE long AS {JOINED} ORDER BY treatment")
db.execute(f"""CREATE TABLE cell AS SELECT period, region, programme, count(*) AS n, sum(second - first) AS change, sum(first) AS first,
    sum(first * first) AS first2, sum((second - first) ** 2) AS change2 FROM ({labelled(questions[0])}) GROUP BY ALL""")
CELLS = """SELECT period, region, programme, sum(n) AS n, sum(change) / sum(n) AS mean,
    sqrt((sum(first2) - sum(first) ** 2 / sum(n)) / (sum(n) - 1)) AS sd_first,
    sqrt(greatest(0, sum(change2) - sum(change) ** 2 / sum(n)) / (sum(n) - 1)) AS sd_change
    FROM cell GROUP BY CUBE (period, region, programme) HAVING sum(n) > 1"""


def middle(sql):
    took = []
    for _ in range(15):
        begun = time.perf_counter()
        db.execute(sql).fetchall()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def unread(question):
    """How long a question takes of the files themselves, when nothing was loaded yet."""
    begun = time.perf_counter()
    files = connected()
    files.execute(f"CREATE VIEW long AS {JOINED}")
    files.execute(outcomes(question)).fetchall()
    return (time.perf_counter() - begun) * 1000


times = {"unread": unread(questions[1]), "asked": [middle(outcomes(question)) for question in questions], "cells": middle(CELLS)}
for number, question in enumerate(questions):
    finest = " AND ".join(f"{name} IS NOT NULL" for name in ["period", *question["by"]])
    labels = ", ".join(["period", *question["by"]])
    db.execute(f"""COPY (SELECT {labels}, n, mean FROM ({outcomes(question)}) WHERE {finest}) TO '{folder}/means-{number}.csv' (HEADER)""")
print(json.dumps(times))
