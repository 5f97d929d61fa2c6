/** The processes of an app as Linux describes them (proc(5)): what they are, and how they are locked up. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface SandboxedProcess {
  readonly pid: number;
  readonly commandLine: string;
  /** The real user. */
  readonly uid: number;
  /** 2: system calls are filtered. */
  readonly seccomp: number;
  /** 1: it cannot get more rights by running a setuid program. */
  readonly noNewPrivileges: number;
  readonly namespaces: { readonly pid: string; readonly net: string; readonly user: string };
}

function describe(pid: number): SandboxedProcess & { readonly parent: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const namespace = (kind: string) => readlinkSync(`/proc/${pid}/ns/${kind}`);
  return {
    pid,
    parent: field('PPid'),
    commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
    uid: field('Uid'),
    seccomp: field('Seccomp'),
    noNewPrivileges: field('NoNewPrivs'),
    namespaces: { pid: namespace('pid'), net: namespace('net'), user: namespace('user') },
  };
}

/** A process and all that come from it. */
export function processTree(root: number): SandboxedProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [describe(Number(name))];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
  const found = new Set([root]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}
