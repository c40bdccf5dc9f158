--@test: by a column
--@partitions: 3
CREATE STREAM s (id INT KEY, town STRING) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s PARTITION BY town;
ASSERT STREAM t (town STRING KEY, id INT) WITH (kafka_topic='T', value_format='JSON');
INSERT INTO s (rowtime, id, town) VALUES (1, 1, 'Rome');
INSERT INTO s (rowtime, id, town) VALUES (2, 2, 'Oslo');
ASSERT VALUES t (rowtime, town, id) VALUES (1, 'Rome', 1);
ASSERT VALUES t (rowtime, town, id) VALUES (2, 'Oslo', 2);

--@test: by an expression
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT v + 1 AS k, id FROM s PARTITION BY v + 1;
INSERT INTO s (id, v) VALUES (1, 5);
ASSERT VALUES t (k, id) VALUES (6, 1);

--@test: by NULL removes the key
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s PARTITION BY NULL;
ASSERT STREAM t (v INT, id INT) WITH (kafka_topic='T', key_format='NONE', value_format='JSON');
INSERT INTO s (id, v) VALUES (1, 5);
ASSERT VALUES t (v, id) VALUES (5, 1);

--@test: a NULL expression keeps the row without a key
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s PARTITION BY v;
INSERT INTO s (id, v) VALUES (1, NULL);
ASSERT VALUES t (v, id) VALUES (NULL, 1);

--@test: by a pseudo column
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT * FROM s PARTITION BY ROWOFFSET;
INSERT INTO s (id, v) VALUES (10, 5);
INSERT INTO s (id, v) VALUES (9, 6);
ASSERT VALUES z (v, id) VALUES (5, 10);
ASSERT VALUES z (v, id) VALUES (6, 9);
ASSERT STREAM z (`ROWOFFSET` BIGINT KEY, v INT, id INT) WITH (kafka_topic='Z', key_format='KAFKA', value_format='JSON');

--@test: a stream with a column of a pseudo column's name is not read
--@expected.message: The conflicting names are: `ROWOFFSET`.
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON', partitions=1);
CREATE STREAM z AS SELECT * FROM s PARTITION BY ROWOFFSET;
CREATE STREAM y AS SELECT v FROM z;
