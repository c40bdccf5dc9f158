--@test: an unknown source
--@expected.message: NOWHERE does not exist
CREATE STREAM t AS SELECT * FROM nowhere;

--@test: an unknown column
--@expected.message: Did you mean "PRICE"
CREATE STREAM s (id INT KEY, price INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, prize FROM s;

--@test: an unknown function
--@expected.message: Can't find any functions with the name 'SQUEEZE'
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, SQUEEZE(v) FROM s;

--@test: a name that is taken
--@expected.message: already exists
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');

--@test: the key is missing from the projection
--@expected.message: key
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT v FROM s;

--@test: a condition that is no truth value
--@expected.message: Should evaluate to boolean
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WHERE v + 1;

--@test: a comparison of a number with a text
--@expected.message: INTEGER
CREATE STREAM s (id INT KEY, v INT, w STRING) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WHERE v = w;

--@test: an aggregate without GROUP BY
--@expected.message: GROUP BY
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT COUNT(*) AS n FROM s;

--@test: a column that is not grouped by
--@expected.message: Non-aggregate SELECT expression(s) not part of GROUP BY
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE TABLE t AS SELECT id, v, COUNT(*) AS n FROM s GROUP BY id;

--@test: a stream from a grouped query
--@expected.message: TABLE
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, COUNT(*) AS n FROM s GROUP BY id;

--@test: a window without GROUP BY
--@expected.message: WINDOW clause requires a GROUP BY clause.
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s WINDOW TUMBLING (SIZE 30 SECONDS);

--@test: an unknown property in WITH
--@expected.message: VALUE_FORMAT
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', valu_format='JSON');

--@test: a primary key on a stream
--@expected.message: please use 'KEY' for streams
CREATE STREAM s (id INT PRIMARY KEY, v INT) WITH (kafka_topic='s', value_format='JSON');

--@test: a table without a primary key
--@expected.message: PRIMARY KEY
CREATE TABLE s (id INT, v INT) WITH (kafka_topic='s', value_format='JSON');

--@test: a source that is read cannot be dropped
--@expected.message: Cannot drop S
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s;
DROP STREAM s;

--@test: an assertion that does not hold
--@expected.error: java.lang.AssertionError
--@expected.message: Expected record does not match actual
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT * FROM s;
INSERT INTO s (id, v) VALUES (1, 1);
ASSERT VALUES t (id, v) VALUES (1, 2);

--@test: a property that has no effect yet is refused rather than ignored
--@expected.error: io.confluent.ksql.util.KsqlException
--@expected.message: is not supported yet with the value "true"
SET 'ksql.timestamp.throw.on.invalid' = 'true';
