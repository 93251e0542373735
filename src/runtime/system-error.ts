/**
 * Errors of the operating system in words. A file of its own because the command line and the audio host both need it.
 */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no room left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'there is no such directory',
  ENOTDIR: 'part of the path is not a directory',
  EISDIR: 'it is a directory',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the device reports an error',
}

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code && REASONS[code]) ?? code ?? message
}
