import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { sample, sendByTus } from './clients.ts'
import type { Deployment } from './deployment.ts'
import type { prepareGround } from './ground.ts'

/** Keys, as they are listed and stored. */
export const keysSchema = z.array(z.record(z.string(), z.string()))

/** Where a backup was made, and where it was brought back. */
export interface Places {
  readonly before: Deployment
  readonly after: Deployment
  /** Uploads that waited when the backup was made. */
  readonly waiting: readonly [string, string]
  /** When that was. */
  readonly since: string
}

/** A deployment with three keys and two uploads that wait, its backup, and a second one where that is brought back. */
export async function restoreBeside(
  ground: ReturnType<typeof prepareGround>,
  decide: (before: Deployment, waiting: readonly [string, string]) => Promise<void>,
): Promise<Places> {
  const before = await ground.deploy()
  before.sink.mood = 'failing'
  for (const id of ['leaked', 'short', 'good']) await createKey(before, id)
  const waiting = [
    await sendByTus(before.api.url, sample(100).bytes),
    await sendByTus(before.api.url, sample(200).bytes),
  ] as const
  const folder = join(dirname(before.configPath), 'export')
  const { createdAt: since } = z
    .object({ createdAt: z.string() })
    .parse(await before.control('backup', 'export', folder))
  await decide(before, waiting)
  const after = await ground.deploy()
  await after.control('backup', 'import', folder)
  return { before, after, waiting, since }
}

/** Makes a key that may operate, and gives it. */
export async function createKey({ control }: Deployment, id: string): Promise<string> {
  return z.object({ key: z.string() }).parse(await control('keys', 'create', id, '--role', 'operate')).key
}

/** The folder of its state. */
export const stateOf = ({ configPath }: Deployment) => join(dirname(configPath), 'state')
/** The file of its keys. */
export const keysFileOf = (deployment: Deployment) => join(stateOf(deployment), 'keys.json')
/** Its keys, as bridgectl lists them. */
export const readKeys = async (deployment: Deployment) => keysSchema.parse(await deployment.control('keys', 'list'))
/** The ids of its revoked keys. */
export const revokedIn = async (deployment: Deployment) =>
  (await readKeys(deployment)).filter(({ revokedAt }) => revokedAt !== undefined).map(({ id }) => id)
/** The status that a request with a key gets. */
export const ask = async ({ api }: Deployment, key: string) =>
  (await fetch(new URL('/metrics', api.url), { headers: { Authorization: `Bearer ${key}` } })).status
/** Carries over what was decided since the backup. */
export const carryOver = ({ before, after, since }: Places, ...more: string[]) =>
  after.bridgectl('backup', 'carry-over', '--from', before.configPath, '--since', since, ...more)

/** Makes a copy of the old configuration with a database that does not answer. */
export async function withoutDatabase(places: Places): Promise<Places> {
  const configPath = join(dirname(places.before.configPath), 'no-database.yaml')
  const configuration = parse(await readFile(places.before.configPath, 'utf8'))
  const database = { ...configuration.database, url: 'postgres://nobody@127.0.0.1:1/none' }
  await writeFile(configPath, stringify({ ...configuration, database }))
  return { ...places, before: { ...places.before, configPath } }
}
