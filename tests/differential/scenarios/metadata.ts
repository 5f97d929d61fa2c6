import type { Fields } from '../allowedDifferences.ts';
import type { Answer } from '../answer.ts';
import { LIBRARY, newTopic } from '../prepared.ts';
import { about } from '../scenario.ts';

const BY_ID = 12;
const named = (...names: string[]) => ({ topics: names.map((name) => ({ name })), allowAutoTopicCreation: false });
const UNKNOWN_ID = 'ab'.repeat(16);

const isThere = (answer: Answer) => answer.number('topics.0.errorCode') === 0;

/** Other runs make topics all the time, and Kafka has some of its own. */
const library = (answer: Fields) => {
  const topics = Array.isArray(answer.topics) ? answer.topics : [];
  return { ...answer, topics: topics.filter((topic: Fields) => topic.name === LIBRARY) };
};

export const metadataScenarios = about('Metadata', {
  'a topic': (t) => t.ask(named(LIBRARY)),
  'all topics': (t) => t.ask({ topics: t.version === 0 ? [] : null }, { only: library }),
  'no topics': { from: 1, run: (t) => t.ask(named()) },
  'an unknown topic, not to be created': { from: 4, run: (t) => t.ask(named(t.name('nobody'))) },
  'several topics, one of them unknown': { from: 4, run: (t) => t.ask(named(t.name('nobody'), LIBRARY)) },
  'the same topic twice': (t) => t.ask(named(LIBRARY, LIBRARY)),
  'the same unknown topic twice': { from: 4, run: (t) => t.ask(named(t.name('nobody'), t.name('nobody'))) },
  'names that no topic can have': async (t) => {
    for (const name of ['', '.', '..', 'a/b', 'ä', 'a b', 'x'.repeat(250)]) await t.ask(named(name));
  },
  'the longest name': { from: 4, run: (t) => t.ask(named(t.name('n').padEnd(249, 'x'))) },
  'names that no topic can have, to be created': (t) =>
    t.ask({ topics: [{ name: 'a/b' }], allowAutoTopicCreation: true }),
  'a topic is created by asking': async (t) => {
    const name = t.name('asked');
    await t.until('Metadata', { topics: [{ name }], allowAutoTopicCreation: true }, isThere);
  },
  'authorized operations are not told unless asked for': (t) =>
    t.ask({ ...named(LIBRARY), includeTopicAuthorizedOperations: false }),
  'a topic by its id': {
    from: BY_ID,
    run: async (t) => {
      const topicId = await newTopic(t, t.name('by-id'), 2);
      await t.ask({ topics: [{ topicId, name: null }], allowAutoTopicCreation: false });
    },
  },
  'an unknown id': {
    from: BY_ID,
    run: (t) => t.ask({ topics: [{ topicId: UNKNOWN_ID, name: null }], allowAutoTopicCreation: false }),
  },
  'neither an id nor a name': {
    from: 10,
    run: (t) => t.ask({ topics: [{ name: null }], allowAutoTopicCreation: false }),
  },
  'neither an id nor a name, beside one that has': {
    from: 10,
    run: async (t) => {
      await t.ask({ topics: [{ name: null }, { name: LIBRARY }], allowAutoTopicCreation: false });
      await t.ask({ topics: [{ name: null }, { name: null, topicId: UNKNOWN_ID }], allowAutoTopicCreation: false });
    },
  },
  'an id and a name': {
    from: 10,
    run: (t) => t.ask({ topics: [{ topicId: UNKNOWN_ID, name: LIBRARY }], allowAutoTopicCreation: false }),
  },
  'an id beside names': {
    from: BY_ID,
    run: (t) =>
      t.ask({
        topics: [{ topicId: UNKNOWN_ID, name: null }, { name: LIBRARY }],
        allowAutoTopicCreation: false,
      }),
  },
});
