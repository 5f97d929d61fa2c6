/** A value that changes at most once in `ms`; the last one always gets through. */
import { useEffect, useRef, useState } from 'react';

export function useCalm<T>(value: T, ms: number): T {
  const [calm, setCalm] = useState(value);
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const wait = last.current + ms - performance.now();
    const take = () => {
      last.current = performance.now();
      setCalm(value);
    };
    if (wait <= 0) {
      take();
      return;
    }
    const timer = setTimeout(take, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return calm;
}
