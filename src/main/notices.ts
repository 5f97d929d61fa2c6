/** Things the person should know, kept until dismissed. The same words twice are one notice. */
import { randomUUID } from 'node:crypto';
import type { Notice } from '../shared/contract';

const MAX_NOTICES = 20;

export interface Notices {
  list(): Notice[];
  add(level: Notice['level'], message: string, action: string | null): void;
  dismiss(id: string): void;
}

export function createNotices(onChange: () => void): Notices {
  let notices: Notice[] = [];
  return {
    list: () => notices,
    add: (level, message, action) => {
      if (notices.some((notice) => notice.message === message)) return;
      notices = [...notices, { id: randomUUID(), level, message, action }].slice(-MAX_NOTICES);
      onChange();
    },
    dismiss: (id) => {
      notices = notices.filter((notice) => notice.id !== id);
      onChange();
    },
  };
}
