import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment, Fact, HandbookFile } from '../../environments/index.ts'
import { bareEnvironment } from '../../environments/pure.ts'
import type { Place } from './places.ts'
import { REAL } from './real-programs.ts'
import type { Taking } from './takings.ts'

/** An environment in which everything that is asked stands in for the real one, and gives no answer to judge by. */
export interface StandIn {
  readonly environment: Environment
  /** The values of its secrets; without them they are read. */
  readonly secrets?: Readonly<Record<string, string>>
  /** The folders of programs that blocks see. */
  readonly path: string
  /** How often something of it was asked so far. */
  readonly countAsked: () => number
  /** Whether its commands note that they were called: those that are not there cannot. */
  readonly notes: boolean
  readonly close: () => Promise<void>
}

/** Opens one in a place. `commands` are the programs that the blocks call. */
export function openStandIn(
  taking: Taking,
  file: HandbookFile,
  commands: readonly string[],
  { folder: room, programs, servers }: Place,
): StandIn & { readonly folder: string } {
  const server = servers.get(taking)
  if (server === undefined) throw new RangeError(`nothing answers there in the way ${taking.id}`)
  const folder = mkdtempSync(join(room, 'try-'))
  const bin = join(folder, 'bin')
  const log = join(folder, 'asked')
  const own = { HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') }
  for (const path of [bin, own.HOME, own.TMPDIR]) mkdirSync(path)
  writeFileSync(log, '')
  const asked = commands.filter(name => /^[\w.+-]+$/.test(name) && !REAL.includes(name) && name !== 'sleep')
  for (const name of new Set([...asked, ...ALWAYS])) {
    if (taking.command === undefined) continue
    writeFileSync(join(bin, name), `#!/bin/sh\necho x >> '${log}'\n${HEAR_OUT}\n${taking.command}\n`, { mode: 0o755 })
  }
  const before = server.countAsked()
  const { url } = server
  const service = Object.fromEntries(
    ['start', 'stop', 'restart', 'reload', 'status', 'logs'].map(action => [action, `${SERVICE} ${action}`]),
  )
  return {
    folder,
    environment: {
      ...bareEnvironment('stand-in'),
      auto: 'danger',
      target: Object.fromEntries(
        Object.entries(file.target).map(([name, { type }]) => [name, makeFact(name, type, url, folder)]),
      ),
      services: Object.fromEntries(file.services.map(name => [name, service])),
      secrets: Object.fromEntries(Object.entries(file.secrets).map(([name, { for: who }]) => [name, { for: who }])),
      prometheusUrl: url,
      alertmanagerUrl: url,
      variables: own,
    },
    secrets: Object.fromEntries(Object.keys(file.secrets).map(name => [name, 'stands-in-for-a-secret'])),
    path: `${bin}:${programs}`,
    notes: taking.command !== undefined,
    countAsked: () => readFileSync(log).length + server.countAsked() - before,
    async close() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Takes what it is given: whoever writes to a program that has ended is ended by that, or is not, as it happens. */
const HEAR_OUT = `if [ -p /dev/stdin ]; then timeout 1 cat > /dev/null
elif [ -S /dev/stdin ]; then timeout 0.05 cat > /dev/null; fi`

const SERVICE = 'service-of-the-stand-in'

/** What is asked, whatever the blocks' text tells: what acts on services, and what runs a program of ours. */
const ALWAYS = [SERVICE, 'node']

function makeFact(name: string, type: string, url: string, folder: string): Fact {
  if (type === 'number') return 1
  if (type === 'boolean') return true
  return /url$/i.test(name) ? url : join(folder, name)
}
