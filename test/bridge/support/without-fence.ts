import { join } from 'node:path'
import { buildChanged, type Changes } from './build-changed.ts'

/** What keeps two processes from one upload, and what is in its place: every process may write, and nobody looks who did. */
const fence: Changes = {
  'tus/tus-server.ts': [['await this.#leases?.acquire(id, { signal, onWanted: requestRelease })', 'undefined']],
  'uploads/finish-upload.ts': [
    ['await leases.acquire(id, { signal: AbortSignal.timeout(patience) })', 'async () => {}'],
  ],
  'storage/bytes.ts': [
    ['if (!(await mayWrite()) || opened.size !== offset) throw new ReplacedFileError(path)', ''],
    ['await assertInPlace(path, opened)', ''],
  ],
}

/** Builds the API as it would be without its fence, in a folder. Gives the program's path. */
export async function buildWithoutFence(folder: string): Promise<string> {
  return buildChanged('api', join(folder, 'without-fence.cjs'), fence)
}
