--@test: a window bound in WHERE
--@expected.message: Error in WHERE expression: Unknown column WINDOWSTART.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 HOUR) WHERE windowstart > 1 GROUP BY v;

--@test: a window bound in HAVING
--@expected.message: Window bounds column WINDOWSTART can only be used in the SELECT clause of windowed aggregations
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY v HAVING windowstart > 1;

--@test: an expression over columns that are not grouped
--@expected.message: Non-aggregate SELECT expression(s) not part of GROUP BY: (V - 1)
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT t, v - 1, COUNT(*) AS n FROM s GROUP BY t;

--@test: a column beside an aggregate
--@expected.message: Field used in aggregate SELECT expression(s) outside of aggregate functions not part of GROUP BY: B
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, COUNT(*) + b AS n FROM s GROUP BY v;

--@test: HAVING over a column that is not grouped
--@expected.message: Non-aggregate HAVING expression not part of GROUP BY: T
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, COUNT(*) AS n FROM s GROUP BY v HAVING t = 'x';

--@test: HAVING compares an aggregate with text
--@expected.message: Error in HAVING expression: Cannot compare SUM(B) (BIGINT) to 'x' (STRING) with GREATER_THAN.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, COUNT(*) AS n FROM s GROUP BY v HAVING SUM(b) > 'x';

--@test: the same grouping expression twice
--@expected.message: Duplicate GROUP BY expression: S.V
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, COUNT(*) AS n FROM s GROUP BY v, s.v;

--@test: a key selected twice
--@expected.message: The projection contains a key column more than once: `V` and `W`.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, v AS w, COUNT(*) AS n FROM s GROUP BY v;

--@test: the key is not selected
--@expected.message: must include the grouping expression V in its projection
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT COUNT(*) AS n FROM s GROUP BY v;

--@test: nothing but the key is selected
--@expected.message: The projection contains no value columns.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v FROM s GROUP BY v HAVING COUNT(*) > 1;

--@test: nested aggregates
--@expected.message: Aggregate functions can not be nested: SUM(COUNT())
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, SUM(COUNT(*)) AS n FROM s GROUP BY v;

--@test: an aggregate's constant is a column
--@expected.message: Parameter 2 passed to function TOPK must be a literal constant, but was expression: 'V'
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, TOPK(b, v) AS n FROM s GROUP BY v;

--@test: a table function among aggregates
--@expected.message: Table functions cannot be used with aggregations.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, EXPLODE(a) AS e, COUNT(*) AS n FROM s GROUP BY v;

--@test: grouping by a map
--@expected.message: Map keys, including types that contain maps, are not supported
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT m, COUNT(*) AS n FROM s GROUP BY m;

--@test: an unknown function among grouped columns
--@expected.message: Can't find any functions with the name 'SQUEEZE'
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE TABLE z AS SELECT v, SQUEEZE(t) AS q FROM s GROUP BY v;

--@test: KAFKA values are not grouped
--@expected.message: Source(s) K are using the 'KAFKA' value format. This format does not yet support GROUP BY.
CREATE STREAM k (id STRING KEY, v INT) WITH (kafka_topic='k', value_format='KAFKA', partitions=1);
CREATE TABLE z AS SELECT id, COUNT(*) AS n FROM k GROUP BY id;

--@test: a state that DELIMITED cannot hold
--@expected.message: One of the functions used in the statement has an intermediate type that the value format can not handle.
CREATE STREAM d (id STRING KEY, v INT) WITH (kafka_topic='d', value_format='DELIMITED', partitions=1);
CREATE TABLE z AS SELECT id, AVG(v) AS n FROM d GROUP BY id;

--@test: a state that DELIMITED can hold
CREATE STREAM d (id STRING KEY, v INT) WITH (kafka_topic='d', value_format='DELIMITED', partitions=1);
CREATE TABLE z AS SELECT id, SUM(v) AS n, COUNT(*) AS c FROM d GROUP BY id;
INSERT INTO d (id, v) VALUES ('a', 2);
ASSERT VALUES z (id, n, c) VALUES ('a', 2, 1);
