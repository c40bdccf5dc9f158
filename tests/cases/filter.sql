--@test: rows that match pass
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WHERE v > 1 AND v <> 3;
INSERT INTO s (id, v) VALUES (1, 1);
INSERT INTO s (id, v) VALUES (2, 2);
INSERT INTO s (id, v) VALUES (3, 3);
INSERT INTO s (id, v) VALUES (4, 4);
ASSERT VALUES t (id, v) VALUES (2, 2);
ASSERT VALUES t (id, v) VALUES (4, 4);

--@test: a filter on the key
CREATE STREAM s (id STRING KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WHERE id = 'b';
INSERT INTO s (id, v) VALUES ('a', 1);
INSERT INTO s (id, v) VALUES ('b', 2);
ASSERT VALUES t (id, v) VALUES ('b', 2);

--@test: LIKE with wildcards and an escape
CREATE STREAM s (id INT KEY, v STRING) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, v LIKE 'a%' AS any, v LIKE '_b' AS one, v LIKE '%!%' ESCAPE '!' AS percent, v NOT LIKE 'a.b' AS dot FROM s;
INSERT INTO s (id, v) VALUES (1, 'ab');
INSERT INTO s (id, v) VALUES (2, 'b%');
INSERT INTO s (id, v) VALUES (3, 'a.b');
ASSERT VALUES t (id, any, one, percent, dot) VALUES (1, true, true, false, true);
ASSERT VALUES t (id, any, one, percent, dot) VALUES (2, false, false, true, true);
ASSERT VALUES t (id, any, one, percent, dot) VALUES (3, true, false, false, false);

--@test: BETWEEN holds its bounds, IN its list
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, v BETWEEN 2 AND 4 AS inside, v NOT BETWEEN 2 AND 4 AS outside, v IN (1, 4) AS listed, v NOT IN (1, 4) AS other FROM s;
INSERT INTO s (id, v) VALUES (1, 1);
INSERT INTO s (id, v) VALUES (2, 2);
INSERT INTO s (id, v) VALUES (4, 4);
INSERT INTO s (id, v) VALUES (5, 5);
ASSERT VALUES t (id, inside, outside, listed, other) VALUES (1, false, true, true, false);
ASSERT VALUES t (id, inside, outside, listed, other) VALUES (2, true, false, false, true);
ASSERT VALUES t (id, inside, outside, listed, other) VALUES (4, true, false, true, false);
ASSERT VALUES t (id, inside, outside, listed, other) VALUES (5, false, true, false, true);

--@test: ROWTIME against a text
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WHERE ROWTIME >= '1970-01-02';
INSERT INTO s (rowtime, id, v) VALUES (86399999, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (86400000, 2, 2);
ASSERT VALUES t (id) VALUES (2);
