/** What a person who is stuck, or asked for help, looks for: the keys, what this app is, and what to send along. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconClipboardText, IconHelpCircle, IconInfoCircle, IconKeyboard } from '@tabler/icons-react';
import { openDialog } from '../state/dialogs';
import bar from '../topBar/topBar.module.css';
import { copyDiagnostics } from './copyDiagnostics';

export function HelpMenu() {
  return (
    <Menu
      position="bottom-end"
      width={300}
      classNames={{ dropdown: bar.menu, item: bar.menuItem, label: bar.menuLabel, divider: bar.divider }}
    >
      <Menu.Target>
        <ActionIcon aria-label="Help" title="Help" size={28}>
          <IconHelpCircle size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label="Help">
        <Menu.Item
          leftSection={<IconKeyboard size={16} stroke={1.6} aria-hidden />}
          rightSection={<kbd>?</kbd>}
          onClick={() => openDialog({ kind: 'help' })}
        >
          Keys
        </Menu.Item>
        <Menu.Item
          leftSection={<IconClipboardText size={16} stroke={1.6} aria-hidden />}
          onClick={() => void copyDiagnostics()}
        >
          Copy diagnostics
          <span className={bar.menuLine}>For a report: no secrets, and no names of hosts or topics.</span>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconInfoCircle size={16} stroke={1.6} aria-hidden />}
          onClick={() => openDialog({ kind: 'about' })}
        >
          About GeoStream
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
