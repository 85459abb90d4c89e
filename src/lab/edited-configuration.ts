import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Deployment, Fault } from './fault.ts'

/** What somebody did to the configuration. */
export interface Edit extends Pick<Fault, 'name' | 'title' | 'summary'> {
  /** Values to set, by their dotted keys: `log.level`. */
  readonly set: Readonly<Record<string, string | number | boolean>>
  /** What is restarted with it; API and worker when not said. */
  readonly restarted?: readonly ('api' | 'worker')[]
}

/** A fault: the configuration file is edited, and what uses it is restarted. */
export function editedConfiguration({ name, title, summary, set, restarted = both }: Edit): Fault {
  const notePath = ({ notesPath }: Deployment) => join(notesPath, `${name}.yaml`)
  return {
    name,
    title,
    summary,
    kind: 'defect',
    async start(deployment) {
      const sound = await readFile(deployment.configPath, 'utf8')
      await writeFile(notePath(deployment), sound, { mode: 0o600 })
      const configuration: unknown = parse(sound)
      for (const [key, value] of Object.entries(set)) assign(configuration, key.split('.'), value)
      await writeFile(deployment.configPath, stringify(configuration))
      await restart(deployment, restarted)
    },
    async stop(deployment) {
      const sound = await readFile(notePath(deployment), 'utf8').catch(() => undefined)
      if (sound === undefined) return
      await writeFile(deployment.configPath, sound)
      await restart(deployment, restarted)
      await rm(notePath(deployment))
    },
    isActive: deployment => {
      const sound = read(notePath(deployment))
      return sound !== undefined && sound !== read(deployment.configPath)
    },
  }
}

const both = ['api', 'worker'] as const

async function restart(deployment: Deployment, services: readonly ('api' | 'worker')[]): Promise<void> {
  await Promise.all(services.map(service => deployment.restart(service)))
}

function assign(target: unknown, [key = '', ...deeper]: readonly string[], value: string | number | boolean): void {
  if (typeof target !== 'object' || target === null) return
  if (deeper.length === 0) Object.assign(target, { [key]: value })
  else {
    if (!(key in target)) Object.assign(target, { [key]: {} })
    assign(Reflect.get(target, key), deeper, value)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
