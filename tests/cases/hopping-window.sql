--@test: a record counts in every window that it falls into
--@partitions: 3
CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, SUM(v) AS total, WINDOWSTART AS ws, WINDOWEND AS we FROM s WINDOW HOPPING (SIZE 10 SECONDS, ADVANCE BY 4 SECONDS) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (1000, 'a', 1);
INSERT INTO s (rowtime, id, v) VALUES (9000, 'a', 2);
INSERT INTO s (rowtime, id, v) VALUES (12000, 'a', 4);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (1000, 'a', 1, 1, 0, 10000);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (9000, 'a', 2, 3, 0, 10000);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (9000, 'a', 1, 2, 4000, 14000);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (9000, 'a', 1, 2, 8000, 18000);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (12000, 'a', 2, 6, 4000, 14000);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (12000, 'a', 2, 6, 8000, 18000);
ASSERT VALUES t (rowtime, id, n, total, ws, we) VALUES (12000, 'a', 1, 4, 12000, 22000);

--@test: a late record misses only the windows that are closed
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, WINDOWSTART AS ws FROM s WINDOW HOPPING (SIZE 10 SECONDS, ADVANCE BY 5 SECONDS, GRACE PERIOD 1 SECOND) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (11000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (6000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (7000, 1, 1);
ASSERT VALUES t (n, ws) VALUES (1, 5000);
ASSERT VALUES t (n, ws) VALUES (1, 10000);
ASSERT VALUES t (n, ws) VALUES (2, 5000);
ASSERT VALUES t (n, ws) VALUES (3, 5000);

--@test: an advance over the size
--@expected.error: io.confluent.ksql.util.KsqlException
--@expected.message: advance
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n FROM s WINDOW HOPPING (SIZE 5 SECONDS, ADVANCE BY 6 SECONDS) GROUP BY id;
