import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Keeps a file beside the one that will replace it, as the pages do: with its owner and mode, so that whoever reads the one can read the other. */
export async function keepBefore(path: string): Promise<void> {
  await promisify(execFile)('cp', ['--preserve', path, `${path}.before`])
}
