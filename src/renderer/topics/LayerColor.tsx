/** A layer's colour: one of a palette that tells apart, or any other. */
import { Popover } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Layer } from '../../shared/contract';
import { layerPalette } from '../../shared/layerPalette';
import { styleLayer } from '../state/layerActions';
import classes from './layers.module.css';

/** A dragged colour changes often; the main process is told when it rests. */
const REST_MS = 150;

export function LayerColor({ layer }: { layer: Layer }) {
  const [opened, setOpened] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { color } = layer.style;
  const choose = (chosen: string) => void styleLayer(layer, { color: chosen });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.swatch}
          style={{ background: color }}
          aria-label={`Colour of ${layer.topic}`}
          title="Change the colour"
          onClick={() => setOpened(!opened)}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={`Colour of ${layer.topic}`}>
        <div className={classes.palette} role="radiogroup" aria-label="Palette">
          {layerPalette.map((one) => (
            // biome-ignore lint/a11y/useSemanticElements: a swatch is drawn by its own background, which a radio input cannot be
            <button
              key={one.color}
              type="button"
              role="radio"
              aria-checked={one.color === color}
              aria-label={one.name}
              title={one.name}
              className={classes.swatch}
              style={{ background: one.color }}
              onClick={() => {
                choose(one.color);
                setOpened(false);
              }}
            />
          ))}
        </div>
        <label className={classes.custom}>
          Any other colour
          <input
            type="color"
            defaultValue={color}
            onInput={(event) => {
              const chosen = event.currentTarget.value.toLowerCase();
              clearTimeout(timer.current);
              timer.current = setTimeout(() => choose(chosen), REST_MS);
            }}
          />
        </label>
      </Popover.Dropdown>
    </Popover>
  );
}
