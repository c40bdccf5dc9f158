--@test: a fraction into a whole number
--@expected.message: Expected type INTEGER for field `V` but got DECIMAL(2, 1)(1.5)
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, v) VALUES ('a', 1.5);

--@test: a BIGINT into an INTEGER
--@expected.message: Expected type INTEGER for field `V` but got BIGINT(99999999999)
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, v) VALUES ('a', 99999999999);

--@test: a DOUBLE inside an array of INTEGER
--@expected.message: Expected type ARRAY<INTEGER> for field `A`
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, a) VALUES ('a', ARRAY[1.5E0]);

--@test: text that is no number
--@expected.message: invalid input syntax for type INTEGER: "x".
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, v) VALUES ('a', 'x');

--@test: a column as a value
--@expected.message: Column names cannot be used in VALUES: FOO
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, v) VALUES ('a', foo);

--@test: a column twice
--@expected.message: Column `V` is given more than once.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, v, v) VALUES ('a', 1, 2);

--@test: a misspelt column
--@expected.message: Column name `VV` does not exist. Did you mean "V"?
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, vv) VALUES ('a', 1);

--@test: too few values for all columns
--@expected.message: Expected a value for each column.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s VALUES ('a');

--@test: a pseudo column of the log
--@expected.message: Inserting into column `ROWOFFSET` is not allowed.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO s (id, ROWOFFSET) VALUES ('a', 1);

--@test: an unknown stream
--@expected.message: Cannot insert values into an unknown stream/table: `NOPE`
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
INSERT INTO nope (id) VALUES ('a');

--@test: a table's row without all of its key
--@expected.message: Value for primary key column(s) I, J is required for tables
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE t2 (i INT PRIMARY KEY, j INT PRIMARY KEY, v INT) WITH (kafka_topic='t2', format='JSON', partitions=1);
INSERT INTO t2 (i, v) VALUES (1, 1);

--@test: header columns
--@expected.message: Cannot insert into HEADER columns: H
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM hs (id INT KEY, v INT, h BYTES HEADER('h')) WITH (kafka_topic='hs', value_format='JSON', partitions=1);
INSERT INTO hs (id, v) VALUES (1, 1);

--@test: literals bend to their columns
CREATE STREAM s (id STRING KEY, i INT, b BIGINT, d DOUBLE, p DECIMAL(5, 2), t STRING, bo BOOLEAN, da DATE, ti TIME, ts TIMESTAMP, by_ BYTES)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT * FROM s;
INSERT INTO s VALUES (1, '12', 3, 4, 1, 7, 'yes', '2020-01', '10:00', '2020-01-01T10:00:00+0100', 'YWI=');
ASSERT VALUES z (id, i, b, d, p, t, bo, da, ti, ts, by_) VALUES ('1', 12, 3, 4E0, 1.00, '7', true, '2020-01-01', '10:00:00', '2020-01-01T09:00:00', 'YWI=');

--@test: expressions are computed
CREATE STREAM s (id STRING KEY, i INT, a ARRAY<BIGINT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>) WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT * FROM s;
INSERT INTO s VALUES (UCASE('a') || 'x', -5 + 3 * 2, TRANSFORM(ARRAY[1, 2], x => x + 1), MAP('k' := LEN('abc')), STRUCT(y := 'q'));
ASSERT VALUES z (id, i, a, m, st) VALUES ('Ax', 1, ARRAY[2, 3], MAP('k' := 3), STRUCT(x := CAST(NULL AS INT), y := 'q'));
