--@test: two streams into one
CREATE STREAM a (id INT KEY, v INT) WITH (kafka_topic='a', value_format='JSON');
CREATE STREAM b (id INT KEY, v INT) WITH (kafka_topic='b', value_format='JSON');
CREATE STREAM both AS SELECT id, v FROM a;
INSERT INTO both SELECT id, v * 10 AS v FROM b WHERE v > 0;
INSERT INTO a (id, v) VALUES (1, 1);
INSERT INTO b (id, v) VALUES (2, 0);
INSERT INTO b (id, v) VALUES (3, 3);
ASSERT VALUES both (id, v) VALUES (1, 1);
ASSERT VALUES both (id, v) VALUES (3, 30);

--@test: into a declared stream of another format
CREATE STREAM a (id INT KEY, v INT) WITH (kafka_topic='a', value_format='JSON');
CREATE STREAM lines (id INT KEY, v INT) WITH (kafka_topic='lines', value_format='DELIMITED');
INSERT INTO lines SELECT * FROM a;
INSERT INTO a (id, v) VALUES (1, 2);
ASSERT VALUES lines (id, v) VALUES (1, 2);

--@test: missing columns are NULL
CREATE STREAM a (id INT KEY, v INT, w STRING) WITH (kafka_topic='a', value_format='JSON');
CREATE STREAM b AS SELECT * FROM a;
INSERT INTO a (v) VALUES (1);
ASSERT VALUES b (id, v, w) VALUES (NULL, 1, NULL);

--@test: without a column list the key columns come first
CREATE STREAM a (v INT, id STRING KEY, w DOUBLE) WITH (kafka_topic='a', value_format='JSON');
CREATE STREAM b AS SELECT * FROM a;
INSERT INTO a VALUES ('k', 1, 2.5);
ASSERT VALUES b (id, v, w) VALUES ('k', 1, 2.5E0);

--@test: a wrong number of values
--@expected.message: Expected number columns and values to match: 2, 1
CREATE STREAM a (id INT KEY, v INT) WITH (kafka_topic='a', value_format='JSON');
INSERT INTO a (id, v) VALUES (1);
