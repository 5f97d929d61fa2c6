import type { Fields } from '../allowedDifferences.ts';
import type { Answer } from '../answer.ts';
import { joining, settle } from '../members.ts';
import { about } from '../scenario.ts';

const onlyGroup = (groupId: string) => (answer: Fields) => ({
  ...answer,
  groups: Array.isArray(answer.groups)
    ? answer.groups.filter((group: Fields) => group.groupId === groupId)
    : answer.groups,
});

/** What a joining changes is on show a moment after its answer. */
const isIn = (state: string) => (answer: Answer) => answer.at('groups.0.groupState') === state;

export const groupAdminScenarios = [
  ...about('DescribeGroups', {
    'a group with a member': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId);
      await t.ask({ groups: [groupId] });
    },
    'a static member': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId, { groupInstanceId: 'one' });
      await t.ask({ groups: [groupId] });
    },
    'a group between joining and its plan': async (t) => {
      const groupId = t.name('group');
      const given = await t.look('JoinGroup', joining(groupId));
      await t.until('DescribeGroups', { groups: [groupId] }, isIn('Empty'), { version: t.version });
      await t.look('JoinGroup', joining(groupId, { memberId: given.text('memberId') }));
      await t.until('DescribeGroups', { groups: [groupId] }, isIn('CompletingRebalance'), { version: t.version });
    },
    'unknown groups, no group, the same twice': async (t) => {
      await t.ask({ groups: [t.name('nobody')] });
      await t.ask({ groups: [''] });
      await t.ask({ groups: [] });
      await t.ask({ groups: [t.name('nobody'), t.name('nobody')] });
    },
  }),
  ...about('ListGroups', {
    'a stable group': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId);
      await t.ask({}, { only: onlyGroup(groupId) });
    },
    'by state': {
      from: 4,
      run: async (t) => {
        const groupId = t.name('group');
        await settle(t, groupId);
        const filters = [['Stable'], ['stable'], ['Empty'], ['Nonsense'], ['Empty', 'Stable'], ['']];
        for (const statesFilter of filters) await t.ask({ statesFilter }, { only: onlyGroup(groupId) });
      },
    },
    'by type': {
      from: 5,
      run: async (t) => {
        const groupId = t.name('group');
        await settle(t, groupId);
        const filters = [['classic'], ['Classic'], ['consumer'], ['share'], ['nonsense']];
        for (const typesFilter of filters) await t.ask({ typesFilter }, { only: onlyGroup(groupId) });
      },
    },
  }),
  ...about('DeleteGroups', {
    'a group with a member, and without': async (t) => {
      const groupId = t.name('group');
      const { memberId } = await settle(t, groupId);
      await t.ask({ groupsNames: [groupId] });
      await t.look('LeaveGroup', { groupId, members: [{ memberId }] });
      await t.ask({ groupsNames: [groupId] });
      await t.ask({ groupsNames: [groupId] });
    },
    'unknown groups, no group': async (t) => {
      await t.ask({ groupsNames: [t.name('nobody')] });
      await t.ask({ groupsNames: [] });
      await t.ask({ groupsNames: ['', t.name('nobody')] });
    },
    'the same unknown group twice': (t) => t.ask({ groupsNames: [t.name('nobody'), t.name('nobody')] }),
  }),
];
