/**
 * Looks again and again at what is known of the topics in view only, as each costs the cluster requests at every look:
 * less and less often while nothing changes, and one look at a time.
 */

/** After so many looks that found nothing new, the next ones come later and later: a topic at rest costs next to nothing. */
const STILL_LOOKS = 5;

export interface Pace {
  /** Between two looks, ms. */
  readonly everyMs: number;
  /** At rest, at most. */
  readonly restingEveryMs: number;
}

export interface InViewWatch {
  /** Looks at once: something has just been produced, deleted or changed. */
  look(): void;
  /** Records flow somewhere: looks at rest are over. Costs nothing when there are none. */
  stir(): void;
  /** Whose topics' knowledge is kept current from now on. */
  inView(topics: readonly string[]): void;
  close(): void;
}

/** What a look has found; `failed` when it has not got through, and goes on at the quick pace. */
export interface Look<T> {
  readonly found: T[];
  readonly failed: boolean;
}

export interface InViewOptions<T> extends Pace {
  /** Never throws. */
  readonly lookAt: (topics: readonly string[]) => Promise<Look<T>>;
  /** Called when it is not as it was. */
  readonly onFound: (found: T[]) => void;
}

/** How long until the next look, ms, after so many in a row that found nothing new. */
export const nextLook = (still: number, { everyMs, restingEveryMs }: Pace): number =>
  Math.min(restingEveryMs, everyMs * 2 ** Math.max(0, still - STILL_LOOKS + 1));

export function watchInView<T>(options: InViewOptions<T>): InViewWatch {
  let wanted: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let closed = false;
  let still = 0;
  let last = '';

  const tell = ({ found, failed }: Look<T>) => {
    const text = JSON.stringify(found);
    still = text === last && !failed ? still + 1 : 0;
    if (closed || text === last) return;
    last = text;
    options.onFound(found);
  };

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    clearTimeout(timer);
    if (closed || wanted.length === 0) return;
    looking = true;
    try {
      tell(await options.lookAt(wanted));
    } finally {
      looking = false;
      timer = setTimeout(() => void look(), again ? 0 : nextLook(still, options));
      again = false;
      if (closed) clearTimeout(timer);
    }
  }

  const lookAtOnce = () => {
    still = 0;
    void look();
  };

  return {
    look: lookAtOnce,
    stir: () => {
      if (still >= STILL_LOOKS) lookAtOnce();
    },
    inView: (topics) => {
      const isNew = topics.some((topic) => !wanted.includes(topic));
      wanted = topics;
      if (isNew) lookAtOnce();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
