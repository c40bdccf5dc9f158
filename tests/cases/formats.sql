--@test: DELIMITED quotes what needs quotes
CREATE STREAM s (id INT KEY, a STRING, b INT, c DOUBLE, d BOOLEAN) WITH (kafka_topic='s', value_format='DELIMITED');
CREATE STREAM t WITH (value_format='JSON') AS SELECT * FROM s;
CREATE STREAM u WITH (value_format='DELIMITED', value_delimiter='|') AS SELECT * FROM t;
INSERT INTO s (id, a, b, c, d) VALUES (1, 'x, "y"|z', 2, 1E7, true);
INSERT INTO s (id, a, b, c, d) VALUES (2, NULL, NULL, NULL, NULL);
ASSERT VALUES t (id, a, b, c, d) VALUES (1, 'x, "y"|z', 2, 1E7, true);
ASSERT VALUES t (id, a, b, c, d) VALUES (2, NULL, NULL, NULL, NULL);
ASSERT VALUES u (id, a, b, c, d) VALUES (1, 'x, "y"|z', 2, 1E7, true);

--@test: KAFKA holds one column
CREATE STREAM s (id BIGINT KEY, v DOUBLE) WITH (kafka_topic='s', format='KAFKA');
CREATE STREAM t WITH (value_format='JSON') AS SELECT id, v FROM s;
INSERT INTO s (id, v) VALUES (9000000000, 2.5);
ASSERT VALUES t (id, v) VALUES (9000000000, 2.5E0);

--@test: keys of several columns
CREATE STREAM s (a INT KEY, b STRING KEY, v INT) WITH (kafka_topic='s', format='JSON');
CREATE STREAM t AS SELECT b, a, v FROM s;
INSERT INTO s (a, b, v) VALUES (1, 'x', 2);
ASSERT VALUES t (a, b, v) VALUES (1, 'x', 2);

--@test: nested values
CREATE STREAM s (id INT KEY, a ARRAY<INT>, m MAP<STRING, DOUBLE>, r STRUCT<x INT, y STRING>) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, a[1] AS first, a[-1] AS last, m['k'] AS k, r->x, r->y AS why FROM s;
INSERT INTO s (id, a, m, r) VALUES (1, ARRAY[1, 2, 3], MAP('k' := 1.5E0), STRUCT(x := 7, y := 'z'));
ASSERT VALUES t (id, first, last, k, x, why) VALUES (1, 1, 3, 1.5E0, 7, 'z');

--@test: an unwrapped single value
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON', wrap_single_value=false);
CREATE STREAM t WITH (wrap_single_value=true) AS SELECT * FROM s;
INSERT INTO s (id, v) VALUES (1, 5);
ASSERT VALUES t (id, v) VALUES (1, 5);

--@test: a stream without a key
CREATE STREAM s (v INT) WITH (kafka_topic='s', key_format='NONE', value_format='JSON');
CREATE STREAM t AS SELECT v + 1 AS v FROM s;
INSERT INTO s (v) VALUES (1);
ASSERT VALUES t (v) VALUES (2);

--@test: DELIMITED cannot hold an array
--@expected.message: does not support type 'ARRAY'
CREATE STREAM s (id INT KEY, a ARRAY<INT>) WITH (kafka_topic='s', value_format='DELIMITED');

--@test: KAFKA cannot hold two columns
--@expected.message: only supports a single field
CREATE STREAM s (id INT KEY, a INT, b INT) WITH (kafka_topic='s', value_format='KAFKA');
