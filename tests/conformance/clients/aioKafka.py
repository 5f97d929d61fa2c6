"""aiokafka, for asyncio; with cramjam for the codecs that Python lacks."""

import asyncio
from importlib.metadata import version

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from scene import CODECS, ODD_RECORDS, bootstrap, emit, encoded, failed, found, given, headers_of, prefix, some_records


async def send(producer, topic, records):
    sent = [await producer.send(topic, encoded(r["value"]), encoded(r["key"]), headers=headers_of(r)) for r in records]
    for future in sent:
        await future


async def produce(topic, records, **settings):
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=50, acks="all", **settings) as producer:
        await send(producer, topic, records)


async def take(consumer, count):
    records = []
    while len(records) < count:
        message = await asyncio.wait_for(consumer.getone(), 20)
        records.append(found(message.offset, message.key, message.value, message.headers))
    return records


def consumer_of(*topics, **settings):
    return AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, enable_auto_commit=False, **settings)


async def read_from(topic, count, offset=None, time=None, **settings):
    async with consumer_of(**settings) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        if time is not None:
            offset = (await consumer.offsets_for_times({partition: time}))[partition].offset
        consumer.seek(partition, offset)
        return await take(consumer, count)


async def read_in_group(group, count):
    async with consumer_of(given["topic"], group_id=group, auto_offset_reset="earliest") as consumer:
        records = await take(consumer, count)
        await consumer.commit()
        return records


async def write_and_read(check, records, **settings):
    topic = f"{prefix}-{check}"
    await produce(topic, records, **settings)
    emit(check=check, topic=topic, sent=records, found=await read_from(topic, len(records), offset=0))


async def in_group():
    group = f"{prefix}-group"
    first = await read_in_group(group, given["firstRead"])
    rest = await read_in_group(group, given["count"] - given["firstRead"])
    committed = {"group": group, "topic": given["topic"], "offset": given["count"]}
    emit(check="group", found=first + rest, committed=committed)


async def from_offset():
    count = given["count"] - given["offset"]
    emit(check="offset", found=await read_from(given["topic"], count, offset=given["offset"]))


async def from_time():
    emit(check="time", found=await read_from(given["topic"], given["afterTime"], time=given["time"]))


async def in_transactions():
    topic = f"{prefix}-transactions"
    group = f"{prefix}-transactions-group"
    kept, dropped = some_records("kept", 10), some_records("dropped", 7)
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{prefix}-transactional") as producer:
        async with producer.transaction():
            await send(producer, topic, kept)
            await producer.send_offsets_to_transaction({TopicPartition(given["topic"], 0): 7}, group)
        await producer.begin_transaction()
        await send(producer, topic, dropped)
        await producer.abort_transaction()
        async with producer.transaction():
            await send(producer, topic, kept)
    emit(
        check="transactions",
        topic=topic,
        sent=kept + kept,
        aborted=len(dropped),
        found=await read_from(topic, 2 * len(kept), offset=0, isolation_level="read_committed"),
        committed={"group": group, "topic": given["topic"], "offset": 7},
    )


async def main():
    emit(version=version("aiokafka"))
    checks = [
        (codec, write_and_read(codec, some_records(codec), compression_type=None if codec == "none" else codec))
        for codec in CODECS
    ]
    idempotent = some_records("idempotence")
    checks += [
        ("records", write_and_read("records", ODD_RECORDS)),
        ("group", in_group()),
        ("offset", from_offset()),
        ("time", from_time()),
        ("idempotence", write_and_read("idempotence", idempotent, enable_idempotence=True)),
        ("transactions", in_transactions()),
    ]
    for check, work in checks:
        try:
            await work
        except Exception:
            failed(check)


asyncio.run(main())
