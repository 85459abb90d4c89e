import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GivenNote } from '../question.ts'
import { hashKey } from './beginnings.ts'
import { create } from './requests.ts'
import { makeFolder } from './share.ts'

/** Milliseconds between two looks for notes. */
const LOOK_EVERY = 250

/** Hands over a note. The same key twice is one, and the first counts: it gives that one. */
export async function handNote(folder: string, note: GivenNote): Promise<GivenNote> {
  makeFolder(folder)
  const file = join(folder, `${hashKey(note.key)}.json`)
  return (await create(file, note)) ? note : ((await readNote(file)) ?? note)
}

/** The notes that are handed over, each once, but for those with these keys. When the signal has aborted, it looks once more. */
export async function* watchNotes(
  folder: string,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<GivenNote> {
  const read = new Set<string>()
  for (let last = false; !last; ) {
    last = signal.aborted
    const names = await readdir(folder).catch((): string[] => [])
    for (const name of names.filter(name => name.endsWith('.json') && !read.has(name))) {
      read.add(name)
      const note = await readNote(join(folder, name))
      if (note && !known.has(note.key)) yield note
    }
    if (!last) await sleep(LOOK_EVERY, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

async function readNote(file: string): Promise<GivenNote | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
