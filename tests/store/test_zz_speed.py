import time
from contextlib import closing
from store.engine import Database
from store import audit
from store.verification import verify
from tests.store.samples import entry
import pytest
def test_speed(database):
    t=time.perf_counter()
    for i in range(500):
        with database.writing() as c: audit.append(c, entry(i))
    print(database.name, "append ms", (time.perf_counter()-t)*2)
    t=time.perf_counter()
    for i in range(500):
        with database.writing() as c: c.exec_driver_sql("SELECT 1")
    print("empty tx ms", (time.perf_counter()-t)*2)
    with database.writing() as c:
        for i in range(20000): audit.append(c, entry(i))
    t=time.perf_counter()
    with database.reading() as c: v=verify(c)
    print(v.ok, v.records/(time.perf_counter()-t),"rows/s")
def test_create(postgres, postgres_template):
    for k in ("","STRATEGY FILE_COPY","STRATEGY WAL_LOG"):
        t=time.perf_counter()
        for i in range(10):
            postgres.run(f"CREATE DATABASE x{i} TEMPLATE {postgres_template} {k}")
        t2=time.perf_counter()
        for i in range(10): postgres.drop(f"x{i}")
        print(k,(t2-t)*100,"ms create", (time.perf_counter()-t2)*100,"ms drop")
