/** Inject and Simulate as two tabs; only the one that is seen exists, and what was typed stays in their stores. */
import { Tabs } from '@mantine/core';
import { IconRoute, IconSend } from '@tabler/icons-react';
import { InjectPanel } from './inject/InjectPanel';
import { ProducerSettings } from './ProducerSettings';
import classes from './rightPanel.module.css';
import { SimulatePanel } from './simulate/SimulatePanel';
import { setPanels, usePanels } from './state/panels';

export function RightPanel() {
  const tab = usePanels((panels) => panels.rightTab);
  return (
    <Tabs
      value={tab}
      onChange={(value) => setPanels({ rightTab: value === 'simulate' ? 'simulate' : 'inject' })}
      keepMounted={false}
      className={`frame-right ${classes.panel}`}
      classNames={{ list: classes.list, tab: classes.tab, tabLabel: classes.tabLabel, panel: classes.content }}
    >
      <Tabs.List grow>
        <Tabs.Tab value="inject" leftSection={<IconSend size={16} stroke={1.6} aria-hidden />}>
          Inject
        </Tabs.Tab>
        <Tabs.Tab value="simulate" leftSection={<IconRoute size={16} stroke={1.6} aria-hidden />}>
          Simulate
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="inject">
        <InjectPanel />
      </Tabs.Panel>
      <Tabs.Panel value="simulate">
        <SimulatePanel />
      </Tabs.Panel>
      <ProducerSettings />
    </Tabs>
  );
}
