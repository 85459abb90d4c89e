import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { execPath, version } from 'node:process'
import { PAGE } from '../shipped/page-blocks.ts'

/** What an image is made from, beside the accounts and the programs of this machine. */
interface ImageSources {
  /** The folder of the handbook. */
  readonly root: string
  /** The folder with the bundles of the service and of the lab. */
  readonly bundles: string
  /** The programs of PostgreSQL. */
  readonly postgres: readonly string[]
  readonly today?: Date
}

/** Where accounts are: they are part of the machine. */
const ACCOUNTS = ['passwd', 'group', 'shadow', 'gshadow'].map(name => join('/etc', name))

/** The hash of everything that an image is made from, and of the day: its keys are not older than that. */
export function hashImage({ root, bundles, postgres, today = new Date() }: ImageSources): string {
  const hash = createHash('sha256')
  const add = (...texts: readonly (string | Buffer)[]) => {
    for (const text of texts) hash.update(`${text.length}:`).update(text)
  }
  add(today.toISOString().slice(0, 10), execPath, version)
  const folders = [
    join(bundles, 'bridge'),
    join(bundles, 'lab'),
    join(root, 'static/deployment'),
    join(root, 'static/configuration'),
  ]
  const files = [join(bundles, 'lab.cjs'), join(root, PAGE), ...ACCOUNTS, ...folders.flatMap(listFiles)]
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found) add(file, readFileSync(file))
  }
  for (const program of postgres) {
    const { size, mtimeMs } = statSync(program)
    add(program, `${size} ${mtimeMs}`)
  }
  return hash.digest('hex').slice(0, 32)
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
}
