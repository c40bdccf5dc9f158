#!/bin/sh
# A real Apache Kafka on loopback, from Maven Central's jars: broker.sh start|stop|kill|wipe DIRECTORY [PORT]
# Needs Java 17 and mvn. KAFKA_HEAP_MB (400) is the broker's memory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)
port=${3:-9092}
pid_file=$directory/broker.pid

is_running() { [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }
kafka() { java -Dlog4j2.configurationFile="$here/log4j2.properties" -cp "$directory/libs/*" "$@"; }

start() {
  if is_running; then echo "Kafka is running already, process $(cat "$pid_file")"; return; fi
  [ -f "$directory/libs/.ready" ] || {
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$directory/libs"
    touch "$directory/libs/.ready"
  }
  sed -e "s|@PORT@|$port|" -e "s|@CONTROLLER@|$((port + 1))|" -e "s|@DATA@|$directory/data|" \
    "$here/server.properties" > "$directory/server.properties"
  [ -f "$directory/data/meta.properties" ] ||
    kafka kafka.tools.StorageTool format -t "$(kafka kafka.tools.StorageTool random-uuid)" -c "$directory/server.properties"
  heap=${KAFKA_HEAP_MB:-400}m
  nohup java -Xms"$heap" -Xmx"$heap" -XX:+UseSerialGC -Dlog4j2.configurationFile="$here/log4j2.properties" \
    -cp "$directory/libs/*" kafka.Kafka "$directory/server.properties" > "$directory/broker.log" 2>&1 < /dev/null &
  echo $! > "$pid_file"
  until bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null; do
    is_running || { echo "Kafka did not start; see $directory/broker.log" >&2; tail -5 "$directory/broker.log" >&2; exit 1; }
    sleep 0.2
  done
  echo "Kafka listens on 127.0.0.1:$port; HEADRACE_KAFKA=127.0.0.1:$port runs its tests, \"make kafka-stop\" ends it"
}

stop() {
  is_running || { echo "Kafka is not running"; return; }
  kill -"$1" "$(cat "$pid_file")"
  while is_running; do sleep 0.1; done
  rm "$pid_file"
}

case $command in
  start) start ;;
  stop) stop TERM ;;
  kill) stop KILL ;;
  wipe) is_running && stop TERM; rm -rf "$directory/data" ;;
  *) echo "broker.sh start|stop|kill|wipe DIRECTORY [PORT]" >&2; exit 2 ;;
esac
