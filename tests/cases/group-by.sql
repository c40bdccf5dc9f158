--@test: every change of every aggregate
--@partitions: 3
CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, COUNT(v) AS present, SUM(v) AS total, MIN(v) AS low, MAX(v) AS high, AVG(v) AS mean FROM s GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (10, 'a', 4);
INSERT INTO s (rowtime, id, v) VALUES (20, 'b', 7);
INSERT INTO s (rowtime, id, v) VALUES (5, 'a', 2);
INSERT INTO s (rowtime, id, v) VALUES (30, 'a', NULL);
ASSERT VALUES t (rowtime, id, n, present, total, low, high, mean) VALUES (10, 'a', 1, 1, 4, 4, 4, 4E0);
ASSERT VALUES t (rowtime, id, n, present, total, low, high, mean) VALUES (20, 'b', 1, 1, 7, 7, 7, 7E0);
ASSERT VALUES t (rowtime, id, n, present, total, low, high, mean) VALUES (10, 'a', 2, 2, 6, 2, 4, 3E0);
ASSERT VALUES t (rowtime, id, n, present, total, low, high, mean) VALUES (30, 'a', 3, 2, 6, 2, 4, 3E0);

--@test: by a value column
--@partitions: 3
CREATE STREAM s (id INT KEY, town STRING, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT town, SUM(v) AS total FROM s GROUP BY town;
INSERT INTO s (id, town, v) VALUES (1, 'Rome', 1);
INSERT INTO s (id, town, v) VALUES (2, 'Oslo', 2);
INSERT INTO s (id, town, v) VALUES (3, 'Rome', 3);
INSERT INTO s (id, town, v) VALUES (4, NULL, 4);
INSERT INTO s (id, town, v) VALUES (5, 'Oslo', 5);
ASSERT VALUES t (town, total) VALUES ('Rome', 1);
ASSERT VALUES t (town, total) VALUES ('Oslo', 2);
ASSERT VALUES t (town, total) VALUES ('Rome', 4);
ASSERT VALUES t (town, total) VALUES ('Oslo', 7);

--@test: by an expression
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT v % 2 AS parity, COUNT(*) AS n FROM s GROUP BY v % 2;
INSERT INTO s (id, v) VALUES (1, 1);
INSERT INTO s (id, v) VALUES (2, 2);
INSERT INTO s (id, v) VALUES (3, 3);
ASSERT VALUES t (parity, n) VALUES (1, 1);
ASSERT VALUES t (parity, n) VALUES (0, 1);
ASSERT VALUES t (parity, n) VALUES (1, 2);

--@test: by several columns
CREATE STREAM s (id INT KEY, a INT, b STRING) WITH (kafka_topic='s', format='JSON');
CREATE TABLE t AS SELECT a, b, COUNT(*) AS n FROM s GROUP BY a, b;
INSERT INTO s (id, a, b) VALUES (1, 1, 'x');
INSERT INTO s (id, a, b) VALUES (2, 1, 'y');
INSERT INTO s (id, a, b) VALUES (3, 1, 'x');
ASSERT VALUES t (a, b, n) VALUES (1, 'x', 1);
ASSERT VALUES t (a, b, n) VALUES (1, 'y', 1);
ASSERT VALUES t (a, b, n) VALUES (1, 'x', 2);

--@test: HAVING hides and deletes
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, SUM(v) AS total FROM s GROUP BY id HAVING SUM(v) > 5;
INSERT INTO s (id, v) VALUES (1, 3);
INSERT INTO s (id, v) VALUES (1, 4);
INSERT INTO s (id, v) VALUES (1, -4);
ASSERT VALUES t (id, total) VALUES (1, 7);
ASSERT NULL VALUES t (id) KEY (1);

--@test: SUM of INT stays INT and wraps
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, SUM(v) AS total FROM s GROUP BY id;
ASSERT TABLE t (id INT PRIMARY KEY, total INT) WITH (kafka_topic='T', value_format='JSON');
INSERT INTO s (id, v) VALUES (1, 2147483647);
INSERT INTO s (id, v) VALUES (1, 1);
ASSERT VALUES t (id, total) VALUES (1, 2147483647);
ASSERT VALUES t (id, total) VALUES (1, -2147483648);

--@test: the filter comes first
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n FROM s WHERE v > 0 GROUP BY id;
INSERT INTO s (id, v) VALUES (1, 0);
INSERT INTO s (id, v) VALUES (1, 1);
ASSERT VALUES t (id, n) VALUES (1, 1);
