/**
 * How the points are painted: as marks or as a density, whether they glide, by whom, and by whom they are just now and
 * why; and how much the map may hold.
 */
import { ActionIcon, Menu } from '@mantine/core';
import { IconBrush, IconCheck } from '@tabler/icons-react';
import { openDialog } from '../state/dialogs';
import { chooseMotion, useSmoothMotion } from '../state/motion';
import { choosePainter, usePainter } from '../state/painter';
import { choosePicture, usePicture } from '../state/picture';
import { pictureChoices } from '../words/density';
import { motionWords } from '../words/motion';
import { painterChoices, painterWords } from '../words/painter';
import { showText } from '../words/showText';
import classes from './mapRoom.module.css';

export function PainterMenu() {
  const { wish, state } = usePainter();
  const picture = usePicture((state) => state.wish);
  const { wished, reduced } = useSmoothMotion();
  const words = showText(painterWords(state));
  const choose = (value: string) => {
    const chosen = painterChoices.find((one) => one.value === value);
    if (chosen) choosePainter(chosen.value);
  };
  const show = (value: string) => {
    const chosen = pictureChoices.find((one) => one.value === value);
    if (chosen) choosePicture(chosen.value);
  };
  return (
    <Menu
      position="right-end"
      width={340}
      checkIcon={<IconCheck size={16} stroke={2} />}
      classNames={{ dropdown: classes.menu, item: classes.menuItem, label: classes.menuLabel }}
    >
      <Menu.Target>
        <ActionIcon aria-label="Painter of the points" title={`Painter of the points: ${words}`}>
          <IconBrush size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label="Painter of the points">
        <Menu.Label>Show</Menu.Label>
        <Menu.RadioGroup value={picture} onChange={show}>
          {pictureChoices.map(({ value, label, meaning }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick={false}>
              {label}
              <span className={classes.menuLine}>{meaning}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>Motion</Menu.Label>
        <Menu.CheckboxItem checked={wished} onChange={chooseMotion} closeMenuOnClick={false}>
          Smooth motion
          <span className={classes.menuLine}>{motionWords(reduced)}</span>
        </Menu.CheckboxItem>
        <Menu.Divider />
        <Menu.Label>Painter</Menu.Label>
        <Menu.RadioGroup value={wish} onChange={choose}>
          {painterChoices.map(({ value, label, meaning }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick={false}>
              {label}
              <span className={classes.menuLine}>{meaning}</span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <p className={classes.painting} role="status" aria-label="Painted with">
          {words}
        </p>
        <Menu.Divider />
        <Menu.Item onClick={() => openDialog({ kind: 'limits' })}>
          Limits…
          <span className={classes.menuLine}>How much the map may hold, and what that takes in memory.</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
