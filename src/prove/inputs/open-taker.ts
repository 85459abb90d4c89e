import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../environments/index.ts'
import type { StandIn } from './stand-in.ts'
import { startServer } from './stand-in-server.ts'
import type { Input } from './step-inputs.ts'
import type { Taking } from './takings.ts'

/** Takes one input from an environment, and leaves the others as they are. `realPath` is where programs are looked for. */
export async function openTaker(
  taking: Taking,
  { kind, name }: Input,
  environment: Environment,
  realPath: string | undefined,
): Promise<StandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-inputs-'))
  const bin = join(folder, 'bin')
  const log = join(folder, 'asked')
  mkdirSync(bin)
  writeFileSync(log, '')
  const taken = join(bin, kind === 'command' ? name : TAKEN)
  writeFileSync(taken, `#!/bin/bash\necho x >> '${log}'\n${taking.command ?? 'exit 127'}\n`)
  chmodSync(taken, 0o755)
  const server = await startServer(taking)
  const { url } = server
  const { target, services } = environment
  const without: Partial<Environment> =
    kind === 'url'
      ? { target: { ...target, [name]: url }, ...(name === 'prometheusUrl' ? { prometheusUrl: url } : {}) }
      : kind === 'service'
        ? { services: { ...services, [name]: mapValues(services[name] ?? {}, () => taken) } }
        : {}
  return {
    environment: { ...environment, path: [bin, ...environment.path], ...without, auto: 'read' },
    path: realPath ?? '',
    notes: true,
    countAsked: () => readFileSync(log).length + server.countAsked(),
    async close() {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const TAKEN = 'service-that-was-taken'

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
