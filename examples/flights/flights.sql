-- Flights out of New York (EWR, JFK, LGA), 1 to 4 January 2013: one record per scheduled departure.
-- sched_dep is when a flight should leave, and so its event time: New York's clock, in milliseconds as if it were UTC.

CREATE STREAM flights (
    sched_dep BIGINT,
    carrier STRING,
    flight INT,
    origin STRING,
    dest STRING,
    dep_delay INT,      -- minutes; NULL where the flight was cancelled
    distance INT
  ) WITH (KAFKA_TOPIC = 'flights', VALUE_FORMAT = 'JSON', TIMESTAMP = 'sched_dep', PARTITIONS = 1);

-- A stream: every departure that was more than two hours late, as soon as it is known.
CREATE STREAM long_delays AS
  SELECT carrier, flight, origin, dest, dep_delay
  FROM flights
  WHERE dep_delay > 120;

-- A table: departures and mean delay per airport and hour, kept up to date with every flight.
CREATE TABLE hourly AS
  SELECT origin, COUNT(*) AS departures, AVG(dep_delay) AS mean_delay
  FROM flights
  WINDOW TUMBLING (SIZE 1 HOUR, RETENTION 400 DAYS)
  GROUP BY origin;

-- The first long delays. Without a LIMIT and with --follow this would go on for as long as flights come.
SELECT carrier, flight, origin, dest, dep_delay
FROM long_delays
EMIT CHANGES
LIMIT 8;

-- What the table holds at the end: the last evening at Newark.
SELECT
  TIMESTAMPTOSTRING(windowstart, 'yyyy-MM-dd HH:mm') AS hour,
  origin,
  departures,
  ROUND(mean_delay, 1) AS mean_delay
FROM hourly
WHERE origin = 'EWR' AND windowstart >= '2013-01-04T15:00:00';
