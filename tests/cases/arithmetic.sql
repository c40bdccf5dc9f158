--@test: integers wrap, division truncates
CREATE STREAM s (id INT KEY, a INT, b BIGINT) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, a + 1 AS wrapped, b + 1 AS long_wrapped, -7 / 2 AS truncated, -7 % 3 AS rest FROM s;
INSERT INTO s (id, a, b) VALUES (1, 2147483647, 9223372036854775807);
ASSERT VALUES t (id, wrapped, long_wrapped, truncated, rest) VALUES (1, -2147483648, -9223372036854775808, -3, -1);

--@test: a fraction is a DECIMAL, an exponent makes a DOUBLE
CREATE STREAM s (id INT KEY, a DECIMAL(4, 2), d DOUBLE) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, a + 0.5 AS sum, a * 2 AS product, d * 1.5 AS scaled FROM s;
ASSERT STREAM t (id INT KEY, sum DECIMAL(5, 2), product DECIMAL(15, 2), scaled DOUBLE) WITH (kafka_topic='T', value_format='JSON');
INSERT INTO s (id, a, d) VALUES (1, 1.25, 2E0);
ASSERT VALUES t (id, sum, product, scaled) VALUES (1, 1.75, 2.50, 3E0);

--@test: a decimal that would need rounding is NULL
CREATE STREAM s (id INT KEY, a DECIMAL(4, 2), b DECIMAL(4, 2)) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, a / b AS quotient FROM s;
INSERT INTO s (id, a, b) VALUES (1, 10.00, 3.00);
INSERT INTO s (id, a, b) VALUES (2, 10.00, 4.00);
ASSERT VALUES t (id, quotient) VALUES (1, NULL);
ASSERT VALUES t (id, quotient) VALUES (2, 2.5000000);

--@test: doubles follow IEEE 754
CREATE STREAM s (id INT KEY, d DOUBLE) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, d * 3 AS product, d / 4 AS quotient FROM s;
INSERT INTO s (id, d) VALUES (1, 1E-1);
ASSERT VALUES t (id, product, quotient) VALUES (1, 3.0000000000000004E-1, 2.5E-2);

--@test: + joins texts, || skips NULL
CREATE STREAM s (id INT KEY, a STRING, b STRING) WITH (kafka_topic='s', value_format='JSON');
CREATE STREAM t AS SELECT id, a + b AS plus, a || b AS bars FROM s;
INSERT INTO s (id, a, b) VALUES (1, 'x', 'y');
INSERT INTO s (id, a, b) VALUES (2, 'x', NULL);
ASSERT VALUES t (id, plus, bars) VALUES (1, 'xy', 'xy');
ASSERT VALUES t (id, bars) VALUES (2, 'x');
