--@test: a projection of a table
CREATE TABLE s (id INT PRIMARY KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, v + 1 AS w FROM s;
INSERT INTO s (rowtime, id, v) VALUES (1, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (2, 1, 2);
ASSERT VALUES t (rowtime, id, w) VALUES (1, 1, 2);
ASSERT VALUES t (rowtime, id, w) VALUES (2, 1, 3);

--@test: a row that stops matching is deleted
CREATE TABLE s (id INT PRIMARY KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT * FROM s WHERE v > 0;
INSERT INTO s (id, v) VALUES (1, 1);
INSERT INTO s (id, v) VALUES (1, 0);
INSERT INTO s (id, v) VALUES (1, 2);
ASSERT VALUES t (id, v) VALUES (1, 1);
ASSERT NULL VALUES t (id) KEY (1);
ASSERT VALUES t (id, v) VALUES (1, 2);

--@test: a table over a table
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE sums AS SELECT id, SUM(v) AS total FROM s GROUP BY id;
CREATE TABLE big AS SELECT id, total FROM sums WHERE total > 5;
INSERT INTO s (id, v) VALUES (1, 6);
INSERT INTO s (id, v) VALUES (1, -6);
ASSERT VALUES sums (id, total) VALUES (1, 6);
ASSERT VALUES sums (id, total) VALUES (1, 0);
ASSERT VALUES big (id, total) VALUES (1, 6);
ASSERT NULL VALUES big (id) KEY (1);
