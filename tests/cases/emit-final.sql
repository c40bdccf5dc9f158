--@test: a window is emitted once, when stream time passes its end plus grace
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n, WINDOWSTART AS ws FROM s WINDOW TUMBLING (SIZE 10 SECONDS, RETENTION 1 DAY, GRACE PERIOD 2 SECONDS) GROUP BY id EMIT FINAL;
INSERT INTO s (rowtime, id, v) VALUES (1000, 2, 1);
INSERT INTO s (rowtime, id, v) VALUES (2000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (11000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (3000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (12000, 3, 1);
INSERT INTO s (rowtime, id, v) VALUES (22000, 3, 1);
ASSERT VALUES t (rowtime, id, n, ws) VALUES (3000, 1, 2, 0);
ASSERT VALUES t (rowtime, id, n, ws) VALUES (1000, 2, 1, 0);
ASSERT VALUES t (rowtime, id, n, ws) VALUES (11000, 1, 1, 10000);
ASSERT VALUES t (rowtime, id, n, ws) VALUES (12000, 3, 1, 10000);

--@test: hopping windows close one by one
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, SUM(v) AS total, WINDOWSTART AS ws FROM s WINDOW HOPPING (SIZE 10 SECONDS, ADVANCE BY 5 SECONDS) GROUP BY id EMIT FINAL;
INSERT INTO s (rowtime, id, v) VALUES (6000, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (12000, 1, 2);
INSERT INTO s (rowtime, id, v) VALUES (16000, 1, 4);
ASSERT VALUES t (total, ws) VALUES (1, 0);
ASSERT VALUES t (total, ws) VALUES (3, 5000);

--@test: no window, no final result
--@expected.error: io.confluent.ksql.util.KsqlException
--@expected.message: EMIT FINAL is only supported for windowed aggregations.
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, COUNT(*) AS n FROM s GROUP BY id EMIT FINAL;
