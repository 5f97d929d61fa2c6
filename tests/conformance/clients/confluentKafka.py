"""confluent-kafka, Python over librdkafka."""

import confluent_kafka
from confluent_kafka import Consumer, Producer, TopicPartition

from scene import CODECS, ODD_RECORDS, bootstrap, emit, encoded, failed, found, given, headers_of, prefix, some_records


def send(producer, topic, records):
    failures = []

    def delivered(error, _message):
        if error is not None:
            failures.append(str(error))

    for r in records:
        headers = headers_of(r)
        producer.produce(topic, encoded(r["value"]), encoded(r["key"]), headers=headers, on_delivery=delivered)
    if producer.flush(20) > 0:
        failures.append("not everything was delivered within 20 s")
    if failures:
        raise RuntimeError(failures[0])


def producer_of(**settings):
    return Producer({"bootstrap.servers": bootstrap, "linger.ms": 50, "acks": "all", **settings})


def consumer_of(group, **settings):
    common = {"bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "earliest"}
    return Consumer({**common, "enable.auto.commit": False, **settings})


def take(consumer, count):
    records = []
    while len(records) < count:
        message = consumer.poll(20)
        if message is None:
            break
        if message.error():
            raise RuntimeError(str(message.error()))
        records.append(found(message.offset(), message.key(), message.value(), message.headers()))
    return records


def read_from(topic, count, offset=None, time=None):
    consumer = consumer_of(f"{prefix}-unused")
    if time is not None:
        offset = consumer.offsets_for_times([TopicPartition(topic, 0, time)], 20)[0].offset
    consumer.assign([TopicPartition(topic, 0, offset)])
    records = take(consumer, count)
    consumer.close()
    return records


def read_in_group(group, count):
    consumer = consumer_of(group)
    consumer.subscribe([given["topic"]])
    records = take(consumer, count)
    consumer.commit(asynchronous=False)
    consumer.close()
    return records


def write_and_read(check, records, **settings):
    topic = f"{prefix}-{check}"
    try:
        send(producer_of(**settings), topic, records)
        emit(check=check, topic=topic, sent=records, found=read_from(topic, len(records), offset=0))
    except Exception:
        failed(check)


emit(version=f"{confluent_kafka.version()[0]} (librdkafka {confluent_kafka.libversion()[0]})")
for codec in CODECS:
    write_and_read(codec, some_records(codec), **{"compression.type": codec})
write_and_read("records", ODD_RECORDS)
try:
    group = f"{prefix}-group"
    first = read_in_group(group, given["firstRead"])
    rest = read_in_group(group, given["count"] - given["firstRead"])
    committed = {"group": group, "topic": given["topic"], "offset": given["count"]}
    emit(check="group", found=first + rest, committed=committed)
except Exception:
    failed("group")
try:
    emit(check="offset", found=read_from(given["topic"], given["count"] - given["offset"], offset=given["offset"]))
except Exception:
    failed("offset")
try:
    emit(check="time", found=read_from(given["topic"], given["afterTime"], time=given["time"]))
except Exception:
    failed("time")
write_and_read("idempotence", some_records("idempotence"), **{"enable.idempotence": True})
try:
    topic = f"{prefix}-transactions"
    group = f"{prefix}-transactions-group"
    producer = producer_of(**{"transactional.id": f"{prefix}-transactional"})
    producer.init_transactions(20)
    member = consumer_of(group)
    kept, dropped = some_records("kept", 10), some_records("dropped", 7)
    producer.begin_transaction()
    send(producer, topic, kept)
    offsets = [TopicPartition(given["topic"], 0, 7)]
    producer.send_offsets_to_transaction(offsets, member.consumer_group_metadata(), 20)
    producer.commit_transaction(20)
    producer.begin_transaction()
    send(producer, topic, dropped)
    producer.abort_transaction(20)
    producer.begin_transaction()
    send(producer, topic, kept)
    producer.commit_transaction(20)
    member.close()
    emit(
        check="transactions",
        topic=topic,
        sent=kept + kept,
        aborted=len(dropped),
        found=read_from(topic, 2 * len(kept), offset=0),
        committed={"group": group, "topic": given["topic"], "offset": 7},
    )
except Exception:
    failed("transactions")
