--@test: NULL without a type
--@expected.message: Can't infer a type of null. Please explicitly cast it to a required type
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT id, NULL AS x FROM s;

--@test: a table function in PARTITION BY
--@expected.message: Table function EXPLODE is not allowed in PARTITION BY.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT id, v FROM s PARTITION BY EXPLODE(a);

--@test: nested table functions
--@expected.message: Table functions can not be nested: EXPLODE(EXPLODE())
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT id, EXPLODE(EXPLODE(a)) AS e FROM s;

--@test: a table function in CASE
--@expected.message: Table functions cannot be used in CASE.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT id, CASE WHEN bo THEN EXPLODE(a) ELSE 1 END AS e FROM s;

--@test: the partitioning expression is not selected
--@expected.message: must include the partitioning expression ABS(S.V) in its projection (eg, SELECT ABS(S.V)...).
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT id, v FROM s PARTITION BY ABS(v);

--@test: a key format without a key
--@expected.message: Key format specified for stream without key columns.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (key_format='JSON') AS SELECT id, v FROM s PARTITION BY NULL;

--@test: the same partitioning expression twice
--@expected.message: Duplicate PARTITION BY expression: V
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (key_format='JSON') AS SELECT id, v FROM s PARTITION BY v, v;

--@test: an alias that no source may have
--@expected.message: Identifier names may only contain alphanumeric values, '_' or '-'. Got: 'x!'
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT id, v FROM s AS `x!`;

--@test: the timestamp column is not there, the key neither
--@expected.message: The TIMESTAMP column set in the WITH clause does not exist in the schema: 'NOPE'
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (timestamp='nope') AS SELECT v FROM s;

--@test: a pattern of times that is none
--@expected.message: Invalid date format: QQQQ!!
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (timestamp='t', timestamp_format='QQQQ!!') AS SELECT id, t FROM s;

--@test: retention of a table without windows
--@expected.message: Non-windowed tables do not support retention.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z WITH (retention_ms=1000) AS SELECT v, COUNT(*) AS n FROM s GROUP BY v;

--@test: a cleanup policy
--@expected.message: Invalid config variable in the WITH clause: CLEANUP_POLICY
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (cleanup_policy='compact') AS SELECT id, v FROM s;

--@test: GREATEST of everything
--@expected.message: Function 'greatest' does not accept parameters ().
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT GREATEST(*) AS g FROM s;

--@test: a source of another case
--@expected.message: Did you mean "low"? Hint: wrap the source name in double quotes to make it case-sensitive.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM `low` (v INT) WITH (kafka_topic='low', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT v FROM low;

--@test: the sink's time is its key column
CREATE STREAM s (id BIGINT KEY, v INT) WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (timestamp='id') AS SELECT id, v FROM s;
INSERT INTO s (id, v, ROWTIME) VALUES (1234, 1, 5);
ASSERT VALUES z (id, v, ROWTIME) VALUES (1234, 1, 1234);

--@test: the sink's time is text
CREATE STREAM s (id INT KEY, t STRING) WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z WITH (timestamp='t', timestamp_format='yyyy-MM-dd') AS SELECT id, t FROM s;
INSERT INTO s (id, t, ROWTIME) VALUES (1, 'no time', 5);
INSERT INTO s (id, t, ROWTIME) VALUES (2, '1970-01-02', 5);
ASSERT VALUES z (id, t, ROWTIME) VALUES (2, '1970-01-02', 86400000);
