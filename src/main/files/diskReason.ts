/** Why the system refuses a file or a folder, by its code, in words that go on a sentence. */
export function diskReason(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
      return 'there is no room left on the disk';
    case 'EDQUOT':
      return 'your quota on that disk is used up';
    case 'EACCES':
    case 'EPERM':
      return 'you may not write there';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file is in its place';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return code ?? 'for an unknown reason';
  }
}
