import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Store } from './remember-inspections.ts'

/** A store in one file, written whole or not at all. A folder that cannot be written to is no store, and no mistake. */
export function fileStore(file: string): Store {
  return {
    read: () => readFile(file, 'utf8').catch(() => undefined),
    async write(text) {
      const draft = `${file}.${process.pid}`
      await mkdir(dirname(file), { recursive: true })
        .then(() => writeFile(draft, text))
        .then(() => rename(draft, file))
        .catch(() => undefined)
    },
  }
}
