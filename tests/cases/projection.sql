--@test: columns, arithmetic and aliases
CREATE STREAM orders (id INT KEY, price DOUBLE, quantity INT) WITH (kafka_topic='orders', value_format='JSON');
CREATE STREAM totals AS SELECT id, price * quantity AS total, quantity + 1 AS more FROM orders;
INSERT INTO orders (rowtime, id, price, quantity) VALUES (10, 1, 2.5, 4);
ASSERT VALUES totals (rowtime, id, total, more) VALUES (10, 1, 1E1, 5);

--@test: unnamed expressions are numbered, columns are not
CREATE STREAM s (id INT KEY, a INT, b INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, a + b, b, a - b FROM s;
ASSERT STREAM t (id INT KEY, KSQL_COL_0 INT, b INT, KSQL_COL_1 INT) WITH (kafka_topic='T', value_format='JSON');
INSERT INTO s (id, a, b) VALUES (1, 5, 3);
ASSERT VALUES t (KSQL_COL_0, b, KSQL_COL_1) VALUES (8, 3, 2);

--@test: a query over a query
CREATE STREAM a (id INT KEY, v INT) WITH (kafka_topic='a', value_format='JSON');
CREATE STREAM b AS SELECT id, v * 2 AS v FROM a;
CREATE STREAM c AS SELECT id, v + 1 AS v FROM b WHERE v > 2;
INSERT INTO a (id, v) VALUES (1, 1);
INSERT INTO a (id, v) VALUES (2, 2);
ASSERT VALUES b (id, v) VALUES (1, 2);
ASSERT VALUES b (id, v) VALUES (2, 4);
ASSERT VALUES c (id, v) VALUES (2, 5);

--@test: a copy of the key in the value
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, AS_VALUE(id) AS copy FROM s;
INSERT INTO s (id, v) VALUES (7, 1);
ASSERT VALUES t (id, copy) VALUES (7, 7);

--@test: quoted names keep their case
CREATE STREAM `mixed` (`Id` INT KEY, `two words` INT, "x'; y" INT) WITH (kafka_topic='mixed', value_format='JSON');
CREATE STREAM t AS SELECT `Id`, `two words` + "x'; y" AS `sum` FROM `mixed`;
INSERT INTO `mixed` (`Id`, `two words`, "x'; y") VALUES (1, 2, 3);
ASSERT VALUES t (`Id`, `sum`) VALUES (1, 5);

--@test: pseudo columns
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, ROWTIME AS ts, ROWPARTITION AS p, ROWOFFSET AS o FROM s;
INSERT INTO s (rowtime, id, v) VALUES (5, 1, 1);
INSERT INTO s (rowtime, id, v) VALUES (6, 1, 1);
ASSERT VALUES t (rowtime, ts, p, o) VALUES (5, 5, 0, 0);
ASSERT VALUES t (rowtime, ts, p, o) VALUES (6, 6, 0, 1);

--@test: the stream's time from a column
CREATE STREAM s (id INT KEY, happened BIGINT) WITH (kafka_topic='s', value_format='JSON', timestamp='happened');
CREATE STREAM t AS SELECT id, ROWTIME AS ts FROM s;
INSERT INTO s (rowtime, id, happened) VALUES (5, 1, 1234);
ASSERT VALUES t (rowtime, ts) VALUES (1234, 1234);

--@test: the sink's time from a column
CREATE STREAM s (id INT KEY, happened BIGINT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t WITH (timestamp='happened') AS SELECT id, ROWTIME AS ts, happened FROM s;
INSERT INTO s (rowtime, id, happened) VALUES (5, 1, 1234);
ASSERT VALUES t (rowtime, ts, happened) VALUES (1234, 5, 1234);
