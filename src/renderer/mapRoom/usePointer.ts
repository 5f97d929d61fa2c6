/** The position under the pointer, for the status line. At most one change a frame. */
import { type RefObject, useEffect } from 'react';
import { useMap } from '../state/mapState';
import { positionAt } from '../words/places';

export function usePointer(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const map = element.current;
    if (!map) return;
    let frame = 0;
    const move = (event: PointerEvent) => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const { view } = useMap.getState();
        // While the map is dragged, the view that was told is the one before.
        if (!view || event.buttons !== 0) return;
        const box = map.getBoundingClientRect();
        const dx = event.clientX - box.left - box.width / 2;
        const dy = event.clientY - box.top - box.height / 2;
        useMap.setState({ pointer: positionAt(view, dx, dy) });
      });
    };
    const leave = () => {
      cancelAnimationFrame(frame);
      useMap.setState({ pointer: null, hover: null, cell: null });
    };
    map.addEventListener('pointermove', move);
    map.addEventListener('pointerleave', leave);
    return () => {
      cancelAnimationFrame(frame);
      map.removeEventListener('pointermove', move);
      map.removeEventListener('pointerleave', leave);
    };
  }, [element]);
}
