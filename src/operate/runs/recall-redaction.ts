import type { RunEvent } from '../../journal/index.ts'
import { prepareRedaction, type Redaction } from '../../secrets/index.ts'
import { resolveEnvironment } from '../open/open-environment.ts'
import { openHandbook } from '../open/open-handbook.ts'
import { readSecrets } from '../open/read-secrets.ts'
import type { Ports } from '../ports.ts'

/**
 * Hides what are secrets of a run's environment now, as far as they can be had: a run may be older than the line that names a secret. The
 * command of a secret is not run, because it may ask somebody to unlock a key.
 */
export async function recallRedaction(
  [start]: readonly RunEvent[],
  { cwd, env, practice }: Pick<Ports, 'cwd' | 'env' | 'practice'>,
): Promise<Redaction> {
  const handbook = await openHandbook(cwd).catch(() => undefined)
  if (!handbook || start?.type !== 'run.started') return prepareRedaction([])
  const environment = await resolveEnvironment(handbook, start.environment, practice).catch(() => undefined)
  const sources = Object.entries(environment?.secrets ?? {}).filter(([, { command }]) => command === undefined)
  const values = sources.map(async ([name, source]) => {
    if (!environment) return []
    const only = { ...environment, secrets: { [name]: source } }
    return Object.values(await readSecrets(only, { env, folder: handbook.root }).catch(() => ({})))
  })
  return prepareRedaction((await Promise.all(values)).flat())
}
