import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { LabPlan } from '../plan/lab-plan.ts'

/** A value of the lab's configuration that is not the one of production, and why. */
export interface Difference {
  /** Its dotted key: `api.port`. */
  readonly key: string
  readonly value: string | number | boolean
  readonly reason: string
}

/** The values of `lab.yaml`: only what must differ. */
export function listDifferences(
  { ports, url, downstreamUrl, timeScale }: Pick<LabPlan, 'ports' | 'url' | 'downstreamUrl' | 'timeScale'>,
  databaseUrl: string,
  apiKeyFile?: string,
): readonly Difference[] {
  const scaled = (seconds: number, atLeast = 1) => `${Math.max(Math.round(seconds / timeScale), atLeast)}s`
  const SCALED = `as in production, ${timeScale} times as fast`
  const SIDE_BY_SIDE = 'labs run side by side on one machine'
  return [
    { key: 'environment', value: 'lab', reason: 'nobody may take its logs for those of production' },
    { key: 'api.port', value: ports.api, reason: SIDE_BY_SIDE },
    { key: 'api.publicUrl', value: url, reason: 'nginx.conf demands it; the address is this lab’s' },
    { key: 'api.drainTimeout', value: scaled(30, 5), reason: `${SCALED}, and 5 s at least` },
    { key: 'worker.port', value: ports.worker, reason: SIDE_BY_SIDE },
    {
      key: 'database.url',
      value: databaseUrl,
      reason: 'the lab’s own server; in the file itself, because faults that hold locks read it there',
    },
    { key: 'storage.reserve', value: '4MiB', reason: 'the volume has 256 MiB' },
    { key: 'storage.expireAfter', value: scaled(7 * 86_400), reason: SCALED },
    { key: 'storage.retainDelivered', value: scaled(86_400), reason: SCALED },
    { key: 'limits.window', value: scaled(3600), reason: SCALED },
    {
      key: 'downstream.url',
      value: `${downstreamUrl}/deliveries`,
      reason: 'the lab’s own downstream, which speaks HTTP on this machine',
    },
    { key: 'downstream.timeout', value: scaled(10, 5), reason: `${SCALED}, and 5 s at least` },
    { key: 'downstream.answerTimeout', value: scaled(10, 5), reason: `${SCALED}, and 5 s at least` },
    { key: 'downstream.retry.max', value: scaled(300), reason: SCALED },
    ...(apiKeyFile === undefined
      ? []
      : [
          {
            key: 'bridgectl.apiKeyFile',
            value: apiKeyFile,
            reason: 'bridgectl uploads send needs a key; no shipped file says where it is',
          },
        ]),
    {
      key: 'secrets.rotatedAt',
      value: new Date().toISOString(),
      reason: 'the lab’s secrets are made when it comes up',
    },
  ]
}

/** The text of `lab.yaml`: each value with its reason. */
export function writeLabYaml(differences: readonly Difference[]): string {
  const lines = differences.map(({ key, reason }) => `#   ${key}: ${reason}`)
  return `# What differs from production in the lab, and why:\n${lines.join('\n')}\n${stringify(toTree(differences))}`
}

function toTree(differences: readonly Difference[]): Record<string, unknown> {
  return differences.reduce<Record<string, unknown>>(
    (tree, { key, value }) =>
      layOver(
        tree,
        key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
      ),
    {},
  )
}

function layOver(below: Record<string, unknown>, above: unknown): Record<string, unknown> {
  const result = { ...below }
  for (const [name, value] of Object.entries(isTree(above) ? above : {})) {
    const old = result[name]
    result[name] = isTree(value) ? layOver(isTree(old) ? old : {}, value) : value
  }
  return result
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The shipped files under `lab.yaml`, in the order in which they are laid over each other. */
export const SHIPPED_FILES = ['base.yaml', 'production.yaml'] as const

/**
 * The text of the machine's one configuration file, which the units name: the shipped files with `lab.yaml` over them, as the service itself
 * lays `base.yaml:production.yaml:lab.yaml` over each other.
 */
export async function layShippedFiles(folder: string, lab: string): Promise<string> {
  const shipped = await Promise.all(SHIPPED_FILES.map(name => readFile(join(folder, name), 'utf8')))
  return stringify([...shipped, lab].reduce<Record<string, unknown>>((tree, text) => layOver(tree, parse(text)), {}))
}
