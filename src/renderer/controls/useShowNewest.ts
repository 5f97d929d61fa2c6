/** Scrolls the last item of a list into sight when one was added while the list could be seen. */
import { type RefObject, useEffect, useRef } from 'react';

export function useShowNewest(list: RefObject<HTMLElement | null>, length: number): void {
  const before = useRef(length);
  useEffect(() => {
    if (length > before.current) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
    before.current = length;
  }, [list, length]);
}
