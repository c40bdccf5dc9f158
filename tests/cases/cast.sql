--@test: numbers
CREATE STREAM s (id INT KEY, i INT, b BIGINT, d DOUBLE) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, CAST(d AS INT) AS d_int, CAST(b AS INT) AS b_int, CAST(i AS DOUBLE) AS i_double, CAST(i AS STRING) AS i_text, CAST(d AS STRING) AS d_text FROM s;
INSERT INTO s (id, i, b, d) VALUES (1, 7, 4294967297, -1.9E0);
INSERT INTO s (id, i, b, d) VALUES (2, 7, 1, 1E7);
ASSERT VALUES t (id, d_int, b_int, i_double, i_text, d_text) VALUES (1, -1, 1, 7E0, '7', '-1.9');
ASSERT VALUES t (id, d_int, b_int, i_double, i_text, d_text) VALUES (2, 10000000, 1, 7E0, '7', '1.0E7');

--@test: texts
CREATE STREAM s (id INT KEY, v STRING) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, CAST(v AS INT) AS i, CAST(v AS DOUBLE) AS d, CAST(v AS BOOLEAN) AS b FROM s;
INSERT INTO s (id, v) VALUES (1, ' 42 ');
INSERT INTO s (id, v) VALUES (2, 'tru');
INSERT INTO s (id, v) VALUES (3, '1.5');
ASSERT VALUES t (id, i, d, b) VALUES (1, 42, 4.2E1, false);
ASSERT VALUES t (id, i, d, b) VALUES (2, NULL, NULL, true);
ASSERT VALUES t (id, d, b) VALUES (3, 1.5E0, false);

--@test: decimals round half up
CREATE STREAM s (id INT KEY, v DECIMAL(6, 3)) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, CAST(v AS DECIMAL(4, 1)) AS rounded, CAST(v AS INT) AS whole, CAST(v AS STRING) AS text FROM s;
INSERT INTO s (id, v) VALUES (1, 1.250);
INSERT INTO s (id, v) VALUES (2, -1.250);
ASSERT VALUES t (id, rounded, whole, text) VALUES (1, 1.3, 1, '1.250');
ASSERT VALUES t (id, rounded, whole, text) VALUES (2, -1.3, -1, '-1.250');

--@test: a failing CAST is NULL where it stands
CREATE STREAM s (id INT KEY, v STRING) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, IFNULL(CAST(v AS INT), -1) AS i FROM s;
INSERT INTO s (id, v) VALUES (1, 'nonsense');
ASSERT VALUES t (id, i) VALUES (1, -1);
