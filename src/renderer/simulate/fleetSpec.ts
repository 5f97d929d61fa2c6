/** From what stands in the fleet form to a simulation, or to what is wrong, field by field. */
import type { Area, SimulationSpec } from '../../shared/contract';
import { topicError } from '../inject/composeMessage';
import { count, readNumber } from '../words/numbers';
import { withinTheWorld } from '../words/places';

/** As typed. */
export interface FleetForm {
  readonly topic: string;
  readonly entities: string;
  readonly rate: string;
  readonly seed: string;
}
export type FleetErrors = Partial<Record<keyof FleetForm | 'area', string>>;
export type FleetRead =
  | { readonly ok: true; readonly spec: SimulationSpec }
  | { readonly ok: false; readonly errors: FleetErrors };

const MOST_ENTITIES = 100_000;
const LEAST_RATE = 0.1;
const MOST_RATE = 50_000;
const MOST_SEED = 0xffffffff;

/** A size may also be written as 1e4: then its range can be named, where "that is no number" would puzzle. */
function readSize(text: string): number | null {
  return readNumber(text) ?? (/^[+-]?\d+(?:\.\d+)?e[+-]?\d+$/i.test(text.trim()) ? Number(text) : null);
}

export function readFleet(form: FleetForm, area: Area | null): FleetRead {
  const errors: FleetErrors = {};
  const topic = form.topic.trim();
  const wrongTopic = topicError(topic);
  if (wrongTopic) errors.topic = wrongTopic;
  const entities = readSize(form.entities);
  if (entities !== null && entities > MOST_ENTITIES) errors.entities = `At most ${count(MOST_ENTITIES)} entities.`;
  else if (entities !== null && entities < 1) errors.entities = 'At least one entity.';
  else if (entities === null || !Number.isInteger(entities)) {
    errors.entities = `A whole number from 1 to ${count(MOST_ENTITIES)}, such as 100.`;
  }
  const rate = readSize(form.rate);
  if (rate === null) errors.rate = `A number from ${LEAST_RATE} to ${count(MOST_RATE)}, such as 60.`;
  else if (rate > MOST_RATE) errors.rate = `At most ${count(MOST_RATE)} messages a second.`;
  else if (rate < LEAST_RATE) errors.rate = `At least ${LEAST_RATE} messages a second.`;
  const seed = readNumber(form.seed);
  if (seed === null || !Number.isInteger(seed) || seed < 0 || seed > MOST_SEED) {
    errors.seed = 'A whole number from 0 to 4,294,967,295.';
  }
  const inside = area && withinTheWorld(area);
  if (!inside) errors.area = 'The map is not there yet: wait for it, then use what it shows.';
  else if (inside.north <= inside.south || inside.east === inside.west)
    errors.area = 'This area is empty. Zoom out a little.';
  if (Object.keys(errors).length > 0 || !inside || entities === null || rate === null || seed === null) {
    return { ok: false, errors };
  }
  return { ok: true, spec: { topic, entities, rate, seed, area: inside } };
}
