--@test: records a gap apart at most make one session, which is deleted under its old bounds
--@partitions: 3
CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, SUM(v) AS total FROM s WINDOW SESSION (10 SECONDS) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (1000, 'a', 1);
INSERT INTO s (rowtime, id, v) VALUES (11000, 'a', 2);
INSERT INTO s (rowtime, id, v) VALUES (30000, 'a', 4);
ASSERT VALUES t (rowtime, id, windowstart, windowend, n, total) VALUES (1000, 'a', 1000, 1000, 1, 1);
ASSERT NULL VALUES t (id) KEY ('a');
ASSERT VALUES t (rowtime, id, windowstart, windowend, n, total) VALUES (11000, 'a', 1000, 11000, 2, 3);
ASSERT VALUES t (rowtime, id, windowstart, windowend, n, total) VALUES (30000, 'a', 30000, 30000, 1, 4);

--@test: a record between two sessions joins them
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, MAX(v) AS high FROM s WINDOW SESSION (5 SECONDS) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (1000, 1, 5);
INSERT INTO s (rowtime, id, v) VALUES (9000, 1, 7);
INSERT INTO s (rowtime, id, v) VALUES (5000, 1, 6);
ASSERT VALUES t (n, high) VALUES (1, 5);
ASSERT VALUES t (n, high) VALUES (1, 7);
ASSERT NULL VALUES t (id) KEY (1);
ASSERT NULL VALUES t (id) KEY (1);
ASSERT VALUES t (windowstart, windowend, n, high) VALUES (1000, 9000, 3, 7);

--@test: a session that ended more than gap and grace ago takes no more records
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n FROM s WINDOW SESSION (5 SECONDS, GRACE PERIOD 1 SECOND) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (1000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (20000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (2000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (21000, 1, 1);
ASSERT VALUES t (windowstart, n) VALUES (1000, 1);
ASSERT VALUES t (windowstart, n) VALUES (20000, 1);
ASSERT NULL VALUES t (id) KEY (1);
ASSERT VALUES t (windowstart, n) VALUES (20000, 2);

--@test: a late session of a key does not take a newer one along when it is forgotten
CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n FROM s WINDOW SESSION (10 SECONDS, RETENTION 1000 SECONDS, GRACE PERIOD 900 SECONDS) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (900000, 'a', 1);
INSERT INTO s (rowtime, id, v) VALUES (100000, 'a', 1);
INSERT INTO s (rowtime, id, v) VALUES (1150000, 'b', 1);
INSERT INTO s (rowtime, id, v) VALUES (905000, 'a', 1);
ASSERT VALUES t (windowstart, id, n) VALUES (900000, 'a', 1);
ASSERT VALUES t (windowstart, id, n) VALUES (100000, 'a', 1);
ASSERT VALUES t (windowstart, id, n) VALUES (1150000, 'b', 1);
ASSERT NULL VALUES t (id) KEY ('a');
ASSERT VALUES t (windowstart, windowend, id, n) VALUES (900000, 905000, 'a', 2);
