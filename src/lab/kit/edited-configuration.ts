import { writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { editedFile } from './edited-file.ts'
import type { Deployment, Fault } from './fault.ts'

/** An edit of the configuration. */
export interface Edit extends Pick<Fault, 'name' | 'title' | 'summary' | 'kind'> {
  /** Values to set, by their dotted keys: `log.level`. */
  readonly set: Readonly<Record<string, string | number | boolean>>
  /** The services to restart; by default API and worker. */
  readonly restarted?: readonly ('api' | 'worker')[]
}

/** A fault: the configuration file is edited, and the services that use it are restarted. */
export function editedConfiguration({ set, restarted = both, ...named }: Edit): Fault {
  return editedFile({
    ...named,
    path: ({ configPath }) => configPath,
    edit(text) {
      const configuration: unknown = parse(text)
      for (const [key, value] of Object.entries(set)) assign(configuration, key.split('.'), value)
      return stringify(configuration)
    },
    async adopt(deployment, text) {
      await writeFile(deployment.configPath, text)
      await restart(deployment, restarted)
    },
  })
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
