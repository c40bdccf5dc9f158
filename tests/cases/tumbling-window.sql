--@test: a count per key and window
--@partitions: 3
CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, MAX(v) AS high, WINDOWSTART AS ws, WINDOWEND AS we FROM s WINDOW TUMBLING (SIZE 10 SECONDS) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (0, 'a', 1);
INSERT INTO s (rowtime, id, v) VALUES (9999, 'a', 2);
INSERT INTO s (rowtime, id, v) VALUES (10000, 'a', 3);
INSERT INTO s (rowtime, id, v) VALUES (5000, 'a', 0);
ASSERT VALUES t (rowtime, id, n, high, ws, we) VALUES (0, 'a', 1, 1, 0, 10000);
ASSERT VALUES t (rowtime, id, n, high, ws, we) VALUES (9999, 'a', 2, 2, 0, 10000);
ASSERT VALUES t (rowtime, id, n, high, ws, we) VALUES (10000, 'a', 1, 3, 10000, 20000);
ASSERT VALUES t (rowtime, id, n, high, ws, we) VALUES (9999, 'a', 3, 2, 0, 10000);

--@test: a record is late when the window's end plus grace has passed
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, WINDOWSTART AS ws FROM s WINDOW TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 5 SECONDS) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (1000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (14999, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (2000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (15000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (3000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (16000, 1, 1);
ASSERT VALUES t (n, ws) VALUES (1, 0);
ASSERT VALUES t (n, ws) VALUES (1, 10000);
ASSERT VALUES t (n, ws) VALUES (2, 0);
ASSERT VALUES t (n, ws) VALUES (2, 10000);
ASSERT VALUES t (n, ws) VALUES (3, 10000);

--@test: retention and grace together
CREATE STREAM s (id INT KEY, v DOUBLE) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, SUM(v) AS total, WINDOWSTART AS ws FROM s WINDOW TUMBLING (SIZE 1 HOUR, RETENTION 2 DAYS, GRACE PERIOD 1 DAY) GROUP BY id;
INSERT INTO s (rowtime, id, v) VALUES (3600000, 1, 1.5E0);
INSERT INTO s (rowtime, id, v) VALUES (86400000, 1, 1E0);
INSERT INTO s (rowtime, id, v) VALUES (3600001, 1, 2E0);
ASSERT VALUES t (total, ws) VALUES (1.5E0, 3600000);
ASSERT VALUES t (total, ws) VALUES (1E0, 86400000);
ASSERT VALUES t (total, ws) VALUES (3.5E0, 3600000);
