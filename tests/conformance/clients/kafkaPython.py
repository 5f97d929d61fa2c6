"""kafka-python, a client in pure Python. Debian's 2.0.2 has neither idempotence nor transactions."""

import kafka
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from scene import CODECS, ODD_RECORDS, bootstrap, emit, encoded, failed, found, given, headers_of, prefix, some_records


def produce(topic, records, codec="none"):
    compression = None if codec == "none" else codec
    producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type=compression, linger_ms=50, acks="all")
    sent = [
        producer.send(topic, key=encoded(r["key"]), value=encoded(r["value"]), headers=headers_of(r)) for r in records
    ]
    for future in sent:
        future.get(timeout=20)
    producer.close()


def take(consumer, count):
    records = []
    for message in consumer:
        records.append(found(message.offset, message.key, message.value, message.headers))
        if len(records) == count:
            break
    return records


def consumer_of(**settings):
    return KafkaConsumer(bootstrap_servers=bootstrap, consumer_timeout_ms=20000, enable_auto_commit=False, **settings)


def read_from(topic, count, offset=None, time=None):
    consumer = consumer_of()
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    if time is not None:
        offset = consumer.offsets_for_times({partition: time})[partition].offset
    consumer.seek(partition, offset)
    records = take(consumer, count)
    consumer.close()
    return records


def read_in_group(group, count):
    consumer = consumer_of(group_id=group, auto_offset_reset="earliest")
    consumer.subscribe([given["topic"]])
    records = take(consumer, count)
    consumer.commit()
    consumer.close()
    return records


def write_and_read(check, records, codec="none"):
    topic = f"{prefix}-{check}"
    try:
        produce(topic, records, codec)
        emit(check=check, topic=topic, sent=records, found=read_from(topic, len(records), offset=0))
    except Exception:
        failed(check)


emit(version=kafka.__version__)
for codec in CODECS:
    write_and_read(codec, some_records(codec), codec)
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
emit(check="idempotence", lacks="has none")
emit(check="transactions", lacks="has none")
