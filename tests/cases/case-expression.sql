--@test: the first branch that holds
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, CASE WHEN v < 10 THEN 'small' WHEN v < 100 THEN 'medium' ELSE 'large' END AS category FROM s;
INSERT INTO s (id, v) VALUES (1, 5);
INSERT INTO s (id, v) VALUES (2, 50);
INSERT INTO s (id, v) VALUES (3, 500);
INSERT INTO s (id, v) VALUES (4, NULL);
ASSERT VALUES t (id, category) VALUES (1, 'small');
ASSERT VALUES t (id, category) VALUES (2, 'medium');
ASSERT VALUES t (id, category) VALUES (3, 'large');
ASSERT VALUES t (id, category) VALUES (4, 'large');

--@test: no ELSE is NULL
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, CASE WHEN v = 1 THEN v END AS one FROM s;
INSERT INTO s (id, v) VALUES (1, 1);
INSERT INTO s (id, v) VALUES (2, 2);
ASSERT VALUES t (id, one) VALUES (1, 1);
ASSERT VALUES t (id, one) VALUES (2, NULL);

--@test: branches that are not taken are not evaluated
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, CASE WHEN v = 0 THEN -1 ELSE 10 / v END AS safe FROM s;
INSERT INTO s (id, v) VALUES (1, 0);
INSERT INTO s (id, v) VALUES (2, 5);
ASSERT VALUES t (id, safe) VALUES (1, -1);
ASSERT VALUES t (id, safe) VALUES (2, 2);
