/** Fleets of simulated entities that send their positions to a topic at a steady rate. */
import { randomUUID } from 'node:crypto';
import { wanderingFleet } from '../../geo/motion';
import type { Simulation, SimulationSpec } from '../../shared/contract';
import { CommandFailure } from '../ipc/commandFailure';
import type { KafkaClient, RecordToSend } from '../kafka/kafkaClient';
import { toKafkaError } from '../kafka/kafkaError';
import { outcomesOf } from '../kafka/sending';
import { createRateMeter } from '../streams/rateMeter';
import { endsSending, inWords } from './failedSend';

/** Messages go out in groups, this often, ms. */
const TICK_MS = 50;
/** Sends under way for one fleet; above it the fleet waits, and the achieved rate falls behind the wished-for one. */
const MAX_IN_FLIGHT = 3;
const MAX_BATCH = 5_000;
const RETRY_MS = 1_000;
const MAX_FLEETS = 20;

export interface Simulator {
  list(): Simulation[];
  start(spec: SimulationSpec, firstStart: boolean): Simulation;
  stop(id: string): Simulation;
  /** Ends every fleet that runs, for the same reason. */
  stopAll(reason: string): void;
  dismiss(id: string): void;
  close(): void;
}

interface Running {
  readonly id: string;
  readonly view: () => Simulation;
  /** Nothing happens when it is stopped already. */
  readonly stop: (reason: string | null) => void;
}

export interface SimulatorOptions {
  /** The client at this moment; undefined while there is no cluster. */
  readonly client: () => KafkaClient | undefined;
  readonly onChange: () => void;
  readonly onSent: (records: number) => void;
}

function runFleet(spec: SimulationSpec, number: number, firstStart: boolean, options: SimulatorOptions): Running {
  const id = randomUUID();
  const fleet = wanderingFleet(spec.entities, spec.area, spec.seed);
  // Fleets on one topic are different entities; the first one keeps its names from start to start.
  const fleetName = number === 1 ? 'sim' : `sim${number}`;
  const digits = String(spec.entities).length;
  const names = Array.from({ length: spec.entities }, (_, i) => `${fleetName}-${String(i + 1).padStart(digits, '0')}`);
  const lastStep = new Float64Array(spec.entities);
  const meter = createRateMeter();
  let state: Simulation['state'] = 'running';
  let reason: string | null = null;
  let sent = 0;
  let failed = 0;
  let inFlight = 0;
  let next = 0;
  let owed = spec.entities; // every entity shows up at once, then the rate rules
  let lastTick = performance.now();
  let timer: NodeJS.Timeout | undefined;
  lastStep.fill(lastTick);

  function message(now: number): RecordToSend {
    const index = next;
    next = (next + 1) % spec.entities;
    const { lat, lon, heading, speed } = fleet.step(index, (now - (lastStep[index] ?? now)) / 1_000);
    lastStep[index] = now;
    const name = names[index] ?? '';
    return {
      key: name,
      value: JSON.stringify({
        name,
        lat: Math.round(lat * 1e6) / 1e6,
        lon: Math.round(lon * 1e6) / 1e6,
        heading: Math.round(heading * 10) / 10,
        speed: Math.round(speed * 10) / 10,
        message_id: randomUUID(),
        timestamp: new Date().toISOString(),
        simulated: true,
      }),
    };
  }

  function count(acknowledged: number, refused: number): void {
    sent += acknowledged;
    failed += refused;
    if (acknowledged === 0) return;
    meter.add(acknowledged, performance.now());
    options.onSent(acknowledged);
  }

  async function send(client: KafkaClient, records: RecordToSend[]): Promise<void> {
    inFlight += 1;
    try {
      await client.send(spec.topic, records);
      count(records.length, 0);
      if (state === 'retrying') {
        state = 'running';
        reason = null;
      }
    } catch (thrown) {
      const error = toKafkaError(thrown);
      const refused = outcomesOf(error, records.length).filter(({ kind }) => kind === 'failed').length;
      count(records.length - refused, refused);
      if (endsSending(error)) stop(inWords(error));
      else if (state !== 'stopped') {
        state = 'retrying';
        reason = error.message;
      }
    } finally {
      inFlight -= 1;
      options.onChange();
    }
  }

  function stop(why: string | null): void {
    if (state === 'stopped') return;
    state = 'stopped';
    reason = why;
    if (timer !== undefined) clearTimeout(timer);
  }

  function tick(): void {
    if (state === 'stopped') return;
    const now = performance.now();
    owed = Math.min(owed + (spec.rate * (now - lastTick)) / 1_000, Math.max(spec.rate, spec.entities, 1));
    lastTick = now;
    const client = options.client();
    const due = Math.min(Math.floor(owed), MAX_BATCH);
    if (client && due > 0 && inFlight < (state === 'retrying' ? 1 : MAX_IN_FLIGHT)) {
      owed -= due;
      void send(
        client,
        Array.from({ length: due }, () => message(now)),
      );
    }
    // A slow fleet sleeps until its next message is due.
    const untilNext = owed >= 1 ? TICK_MS : ((1 - owed) / spec.rate) * 1_000;
    timer = setTimeout(tick, state === 'retrying' ? RETRY_MS : Math.max(TICK_MS, Math.min(untilNext, 10_000)));
  }

  tick();
  return {
    id,
    view: () => ({
      id,
      spec,
      firstStart,
      state,
      sent,
      failed,
      achievedRate: state === 'stopped' ? 0 : meter.perSecond(performance.now()),
      reason,
    }),
    stop,
  };
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const fleets = new Map<string, Running>();
  let started = 0;

  const find = (id: string) => {
    const fleet = fleets.get(id);
    if (fleet) return fleet;
    throw new CommandFailure('not-found', 'That fleet is no longer there.', 'Start a new one.');
  };

  return {
    list: () => [...fleets.values()].map((fleet) => fleet.view()),
    start: (spec, firstStart) => {
      if ([...fleets.values()].filter((fleet) => fleet.view().state !== 'stopped').length >= MAX_FLEETS) {
        throw new CommandFailure('refused', `At most ${MAX_FLEETS} fleets run at once.`, 'Stop one first.');
      }
      const { south, north } = spec.area;
      if (south > north) {
        throw new CommandFailure(
          'bad-input',
          "The area's southern edge lies north of its northern one.",
          'Swap the two.',
        );
      }
      started += 1;
      const fleet = runFleet(spec, started, firstStart, options);
      fleets.set(fleet.id, fleet);
      options.onChange();
      return fleet.view();
    },
    stop: (id) => {
      const fleet = find(id);
      fleet.stop(null);
      options.onChange();
      return fleet.view();
    },
    stopAll: (reason) => {
      for (const fleet of fleets.values()) fleet.stop(reason);
      options.onChange();
    },
    dismiss: (id) => {
      find(id).stop(null);
      fleets.delete(id);
      options.onChange();
    },
    close: () => {
      for (const fleet of fleets.values()) fleet.stop(null);
    },
  };
}
