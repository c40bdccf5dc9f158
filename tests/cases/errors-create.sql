--@test: OR REPLACE of a SOURCE
--@expected.message: Cannot add stream 'Z': CREATE OR REPLACE is not supported on source streams.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE OR REPLACE SOURCE STREAM z (v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: a SOURCE of a name that is taken
--@expected.message: A stream with the same name already exists
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE SOURCE STREAM s (v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: OR REPLACE changes a column
--@expected.message: (The following columns are changed, missing or reordered: [`V` INTEGER])
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT, w INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);
CREATE OR REPLACE STREAM z (v STRING, w INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: OR REPLACE changes the key
--@expected.message: (Key columns must be identical. The following key columns are changed, missing or reordered: [`I` INTEGER KEY])
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (i INT KEY, v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);
CREATE OR REPLACE STREAM z (i BIGINT KEY, v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: two columns of one header
--@expected.message: Schema already contains a HEADER('h') column.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT, h BYTES HEADER('h'), i BYTES HEADER('h')) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: a header beside all headers
--@expected.message: Schema already contains a HEADERS column.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT, h ARRAY<STRUCT<key STRING, value BYTES>> HEADERS, i BYTES HEADER('h')) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: a name with other characters
--@expected.message: Identifier names may only contain alphanumeric values, '_' or '-'. Got: 'z!'
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM `z!` (v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: a window size that is none
--@expected.message: Configuration WINDOW_SIZE is invalid: Invalid duration: '30 bobs'. Unknown time unit: 'BOBS'
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (i INT KEY, v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1, window_type='hopping', window_size='30 bobs');

--@test: a schema id for a format without schemas
--@expected.message: VALUE_FORMAT should support schema inference when VALUE_SCHEMA_ID is provided. Current format is JSON.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT) WITH (kafka_topic='z', value_format='JSON', partitions=1, value_schema_id=1);

--@test: both kinds of format
--@expected.message: Either use just 'FORMAT', or use 'KEY_FORMAT' and 'VALUE_FORMAT'.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT) WITH (kafka_topic='z', format='JSON', key_format='KAFKA', partitions=1);

--@test: an empty delimiter
--@expected.message: Delimiter cannot be empty
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT) WITH (kafka_topic='z', format='DELIMITED', value_delimiter='', partitions=1);

--@test: an existing topic of other replicas
--@expected.message: with different partition/replica configuration than required
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INT) WITH (kafka_topic='s', value_format='JSON', partitions=1, replicas=3);

--@test: ALTER adds a column twice
--@expected.message: Cannot add column `W` to schema. A column with the same name already exists.
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
ALTER STREAM s ADD COLUMN w INT, ADD COLUMN w INT;

--@test: ALTER of nothing
--@expected.message: Source NOPE does not exist
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
ALTER STREAM nope ADD COLUMN w INT;

--@test: a misspelt type
--@expected.message: Cannot resolve unknown type: INTEGR; did you mean "INTEGER"?
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z (v INTEGR) WITH (kafka_topic='z', value_format='JSON', partitions=1);

--@test: a misspelt property of the session
--@expected.message: Not recognizable as ksql, streams, consumer, or producer property: 'auto.offset.rest'; did you mean "auto.offset.reset"?
CREATE STREAM s (id STRING KEY, t STRING, v INT, b BIGINT, a ARRAY<INT>, m MAP<STRING, INT>, st STRUCT<x INT, y STRING>, bo BOOLEAN)
  WITH (kafka_topic='s', value_format='JSON', partitions=1);
SET 'auto.offset.rest' = 'earliest';
