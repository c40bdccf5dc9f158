--@test: a row that moves changes its old group first, one that stays changes its group once
--@partitions: 3
CREATE TABLE users (id INT PRIMARY KEY, city STRING, age INT) WITH (kafka_topic='users', value_format='JSON');
CREATE TABLE cities AS SELECT city, COUNT(*) AS n, SUM(age) AS ages FROM users GROUP BY city;
INSERT INTO users (rowtime, id, city, age) VALUES (1, 1, 'x', 10);
INSERT INTO users (rowtime, id, city, age) VALUES (2, 2, 'x', 20);
INSERT INTO users (rowtime, id, city, age) VALUES (3, 1, 'x', 11);
ASSERT VALUES cities (rowtime, city, n, ages) VALUES (1, 'x', 1, 10);
ASSERT VALUES cities (rowtime, city, n, ages) VALUES (2, 'x', 2, 30);
ASSERT VALUES cities (rowtime, city, n, ages) VALUES (3, 'x', 2, 31);

--@test: a row that moves to another group
CREATE TABLE users (id INT PRIMARY KEY, city STRING, age INT) WITH (kafka_topic='users', value_format='JSON');
CREATE TABLE cities AS SELECT city, COUNT(*) AS n, AVG(age) AS mean FROM users WHERE age > 5 GROUP BY city;
INSERT INTO users (rowtime, id, city, age) VALUES (1, 1, 'x', 10);
INSERT INTO users (rowtime, id, city, age) VALUES (2, 2, 'x', 20);
INSERT INTO users (rowtime, id, city, age) VALUES (3, 1, 'y', 10);
INSERT INTO users (rowtime, id, city, age) VALUES (4, 2, 'x', 3);
ASSERT VALUES cities (city, n, mean) VALUES ('x', 1, 10E0);
ASSERT VALUES cities (city, n, mean) VALUES ('x', 2, 15E0);
ASSERT VALUES cities (city, n, mean) VALUES ('x', 1, 20E0);
ASSERT VALUES cities (city, n, mean) VALUES ('y', 1, 10E0);
ASSERT VALUES cities (city, n, mean) VALUES ('x', 0, 0E0);

--@test: a NULL group is no group
CREATE TABLE users (id INT PRIMARY KEY, city STRING) WITH (kafka_topic='users', value_format='JSON');
CREATE TABLE cities AS SELECT city, COUNT(*) AS n FROM users GROUP BY city;
INSERT INTO users (id, city) VALUES (1, 'x');
INSERT INTO users (id, city) VALUES (1, NULL);
INSERT INTO users (id, city) VALUES (1, 'y');
ASSERT VALUES cities (city, n) VALUES ('x', 1);
ASSERT VALUES cities (city, n) VALUES ('x', 0);
ASSERT VALUES cities (city, n) VALUES ('y', 1);

--@test: a group that HAVING hides is deleted if it showed
CREATE TABLE users (id INT PRIMARY KEY, city STRING) WITH (kafka_topic='users', value_format='JSON');
CREATE TABLE cities AS SELECT city, COUNT(*) AS n FROM users GROUP BY city HAVING COUNT(*) > 1;
INSERT INTO users (id, city) VALUES (1, 'x');
INSERT INTO users (id, city) VALUES (2, 'x');
INSERT INTO users (id, city) VALUES (2, 'y');
ASSERT VALUES cities (city, n) VALUES ('x', 2);
ASSERT NULL VALUES cities (city) KEY ('x');

--@test: an aggregate that cannot take a row back
--@expected.error: io.confluent.ksql.util.KsqlException
--@expected.message: cannot be applied to a table source, only to a stream source.
CREATE TABLE users (id INT PRIMARY KEY, city STRING, age INT) WITH (kafka_topic='users', value_format='JSON');
CREATE TABLE cities AS SELECT city, MAX(age) AS oldest FROM users GROUP BY city;
