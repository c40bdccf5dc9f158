--@test: a comparison with NULL is false, so its negation is true
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, v = 1 AS eq, v <> 1 AS ne, v < 1 AS lt, NOT (v = 1) AS negated FROM s;
INSERT INTO s (id, v) VALUES (1, NULL);
INSERT INTO s (id, v) VALUES (2, 1);
ASSERT VALUES t (id, eq, ne, lt, negated) VALUES (1, false, false, false, true);
ASSERT VALUES t (id, eq, ne, lt, negated) VALUES (2, true, false, false, false);

--@test: IS NULL and IS DISTINCT FROM see NULL
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, v IS NULL AS is_null, v IS NOT NULL AS not_null, v IS DISTINCT FROM 1 AS differs FROM s;
INSERT INTO s (id, v) VALUES (1, NULL);
INSERT INTO s (id, v) VALUES (2, 1);
ASSERT VALUES t (id, is_null, not_null, differs) VALUES (1, true, false, true);
ASSERT VALUES t (id, is_null, not_null, differs) VALUES (2, false, true, false);

--@test: arithmetic on NULL gives NULL and the row goes on
CREATE STREAM s (id INT KEY, v INT, w INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, v + 1 AS a, w * 2 AS b FROM s;
INSERT INTO s (id, v, w) VALUES (1, NULL, 3);
ASSERT VALUES t (id, a, b) VALUES (1, NULL, 6);

--@test: a WHERE that is NULL drops the row
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WHERE v + 1 > 0;
INSERT INTO s (id, v) VALUES (1, NULL);
INSERT INTO s (id, v) VALUES (2, 0);
ASSERT VALUES t (id, v) VALUES (2, 0);

--@test: division by zero gives NULL
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, 10 / v AS quotient, 10 % v AS remainder FROM s;
INSERT INTO s (id, v) VALUES (1, 0);
INSERT INTO s (id, v) VALUES (2, -3);
ASSERT VALUES t (id, quotient, remainder) VALUES (1, NULL, NULL);
ASSERT VALUES t (id, quotient, remainder) VALUES (2, -3, 1);

--@test: NULL is in no list
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, v IN (1, 2) AS listed, v BETWEEN 0 AND 9 AS inside FROM s;
INSERT INTO s (id, v) VALUES (1, NULL);
ASSERT VALUES t (id, listed, inside) VALUES (1, false, false);

--@test: COALESCE and IFNULL take the first that is there
CREATE STREAM s (id INT KEY, v INT, w INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, COALESCE(v, w, 9) AS c, IFNULL(v, 8) AS i FROM s;
INSERT INTO s (id, v, w) VALUES (1, NULL, NULL);
INSERT INTO s (id, v, w) VALUES (2, NULL, 5);
INSERT INTO s (id, v, w) VALUES (3, 4, 5);
ASSERT VALUES t (id, c, i) VALUES (1, 9, 8);
ASSERT VALUES t (id, c, i) VALUES (2, 5, 8);
ASSERT VALUES t (id, c, i) VALUES (3, 4, 4);
