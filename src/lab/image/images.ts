import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pid } from 'node:process'

/** How many images are kept: that of now, and that of a state to which somebody may go back. */
const KEPT = 2
/** After how long an image that was never completed is one that nobody is making any more, in milliseconds. */
const ABANDONED = 10 * 60_000

/** A deployment that was set up and never started, to be copied. */
export interface Image {
  /** The archive of its files. */
  readonly archive: string
  readonly facts: ImageFacts
}

/** What must be known of a deployment beside its files. */
export interface ImageFacts {
  /** When it was set up, in ISO 8601. Its keys are as old. */
  readonly made: string
  readonly databasePassword: string
  readonly administratorPassword: string
  readonly customerKey: string
  /** The units that were to be started. */
  readonly units: readonly string[]
}

/** Finds the image of a key in a folder of images. One that was not completed is never found. */
export async function findImage(folder: string, key: string): Promise<Image | undefined> {
  const place = join(folder, key)
  if (!existsSync(place)) return undefined
  const facts: ImageFacts = JSON.parse(await readFile(join(place, FACTS), 'utf8'))
  // What was used last is kept longest.
  await utimes(place, new Date(), new Date())
  return { archive: join(place, ARCHIVE), facts }
}

/** Keeps an image under its key. `write` writes the archive. Others see it only when it is complete, and old ones go. */
export async function keepImage(
  folder: string,
  key: string,
  facts: ImageFacts,
  write: (archive: string) => Promise<void>,
): Promise<void> {
  const [place, partial] = [join(folder, key), join(folder, `${key}.${pid}${PARTIAL}`)]
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await mkdir(partial, { mode: 0o700 })
  try {
    await write(join(partial, ARCHIVE))
    await writeFile(join(partial, FACTS), JSON.stringify(facts), { mode: 0o600 })
    // Somebody else may have been faster, with the same.
    if (!existsSync(place)) await rename(partial, place)
  } finally {
    await rm(partial, { recursive: true, force: true })
    await removeOld(folder)
  }
}

const ARCHIVE = 'machine.tar'
const FACTS = 'facts.json'
const PARTIAL = '.partial'

async function removeOld(folder: string): Promise<void> {
  const names = await readdir(folder)
  const aged = await Promise.all(
    names.map(async name => ({
      name,
      used: await stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  )
  const isPartial = ({ name }: { readonly name: string }) => name.endsWith(PARTIAL)
  const complete = aged.filter(each => !isPartial(each)).sort((one, other) => other.used - one.used)
  const abandoned = aged.filter(each => isPartial(each) && each.used < Date.now() - ABANDONED)
  for (const { name } of [...complete.slice(KEPT), ...abandoned])
    await rm(join(folder, name), { recursive: true, force: true })
}
