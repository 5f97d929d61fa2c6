import { beforeEach, describe, expect, it } from 'vitest';
import { DataFolderLockedError, DataFolderNewerError, holdDataFolder } from '../../../src/broker/log/dataFolder.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';

const FOLDER = '/data';
const LOCK = `${FOLDER}/lock`;
/** No process has this id, on Linux at least: it is above the highest there may be. */
const gone = (nonce = '') => Buffer.from(JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1', nonce }));
/** Another process, which lives: the one that runs these tests' process. */
const living = () => Buffer.from(JSON.stringify({ pid: process.ppid, startedAt: '', nonce: 'living' }));

/** At each attempt to make a file, `meanwhile` is what another process does just before. */
class RacedFileSystem extends MemoryFileSystem {
  meanwhile: (path: string) => void = () => {};

  override createWhole(path: string, bytes: Buffer): boolean {
    this.meanwhile(path);
    return super.createWhole(path, bytes);
  }
}

let files: RacedFileSystem;
beforeEach(() => {
  files = new RacedFileSystem();
});

const claims = () => files.list(FOLDER).filter((name) => name.startsWith('lock-claim-'));

/** Runs `action` before the first claim is made. */
function beforeClaim(action: () => void): void {
  files.meanwhile = (path) => {
    if (!path.includes('claim')) return;
    files.meanwhile = () => {};
    action();
  };
}

describe('the lock of a data folder', () => {
  it('is whole from its first instant, and gone when it is given back', () => {
    const held = holdDataFolder(files, FOLDER);
    expect(JSON.parse(files.bytesOf(LOCK).toString())).toMatchObject({ pid: process.pid });
    expect(() => holdDataFolder(files, FOLDER)).toThrow(DataFolderLockedError);
    held.release(true);
    expect(files.list(FOLDER)).toEqual(['clean-shutdown', 'format']);
  });

  it('is taken over from a process that is gone, also if it was damaged', () => {
    for (const left of [gone(), Buffer.from('rubbish'), Buffer.alloc(0)]) {
      files.setBytes(LOCK, left);
      holdDataFolder(files, FOLDER).release(true);
      expect(files.list(FOLDER)).toEqual(['clean-shutdown', 'format']);
    }
  });

  it('stays with who took it over between our look at it and our claim', () => {
    files.setBytes(LOCK, gone());
    beforeClaim(() => files.setBytes(LOCK, living()));
    expect(() => holdDataFolder(files, FOLDER)).toThrow(`in use by process ${process.ppid}`);
    expect(files.bytesOf(LOCK)).toEqual(living());
    expect(claims()).toEqual([]);
  });

  it('is ours if who took it over has given it back by then', () => {
    files.setBytes(LOCK, gone());
    beforeClaim(() => files.remove(LOCK));
    holdDataFolder(files, FOLDER).release(true);
    expect(files.list(FOLDER)).toEqual(['clean-shutdown', 'format']);
  });

  it('is left to another process that has the claim', () => {
    files.setBytes(LOCK, gone());
    files.meanwhile = (path) => {
      if (path.includes('claim')) files.setBytes(path, living());
    };
    expect(() => holdDataFolder(files, FOLDER)).toThrow(DataFolderLockedError);
    expect(files.bytesOf(LOCK)).toEqual(gone());
  });

  it('is taken over although the process that had the claim is gone too, however often that happened', () => {
    files.setBytes(LOCK, gone());
    let deaths = 0;
    files.meanwhile = (path) => {
      if (path.includes('claim') && deaths < 3) {
        deaths += 1;
        files.setBytes(path, gone(String(deaths)));
      }
    };
    const held = holdDataFolder(files, FOLDER);
    expect(deaths).toBe(3);
    expect(JSON.parse(files.bytesOf(LOCK).toString())).toMatchObject({ pid: process.pid });
    held.release(true);
    expect(files.list(FOLDER)).toEqual(['clean-shutdown', 'format']);
  });

  it('is given back even if the disk has no room for the marker of a clean end', () => {
    const held = holdDataFolder(files, FOLDER);
    files.inject({ operation: 'sync', nth: 1, thenFails: true });
    expect(() => held.release(true)).toThrow();
    expect(files.list(FOLDER)).not.toContain('lock');
    holdDataFolder(files, FOLDER).release(false);
  });
});

describe('the format of a data folder', () => {
  const FORMAT = `${FOLDER}/format`;

  it('is written down in a new one, and in one from before there was a number', () => {
    holdDataFolder(files, FOLDER).release(true);
    expect(files.bytesOf(FORMAT).toString()).toBe('1\n');
    files.remove(FORMAT);
    const held = holdDataFolder(files, FOLDER);
    expect(held.wasClean).toBe(true);
    expect(files.bytesOf(FORMAT).toString()).toBe('1\n');
    held.release(true);
  });

  it('is written again where a power failure left the file empty', () => {
    files.setBytes(FORMAT, Buffer.alloc(0));
    holdDataFolder(files, FOLDER).release(true);
    expect(files.bytesOf(FORMAT).toString()).toBe('1\n');
  });

  it.each(['2\n', '17', 'something else', '1.5'])('is refused when it is %j, and nothing is touched', (format) => {
    holdDataFolder(files, FOLDER).release(true);
    files.setBytes(FORMAT, Buffer.from(format));
    expect(() => holdDataFolder(files, FOLDER)).toThrow(DataFolderNewerError);
    expect(() => holdDataFolder(files, FOLDER)).toThrow('Use the newer GeoStream again');
    expect(files.list(FOLDER)).toEqual(['clean-shutdown', 'format']);
    expect(files.bytesOf(FORMAT).toString()).toBe(format);
    // The folder is not taken either: the newer one may have it.
    files.setBytes(FORMAT, Buffer.from('1\n'));
    const held = holdDataFolder(files, FOLDER);
    expect(held.wasClean).toBe(true);
    held.release(true);
  });
});
