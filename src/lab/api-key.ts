import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bridgeConfig } from './bridge-config.ts'
import { runBridgectl } from './connect-deployment.ts'
import type { LabPlan } from './lab-plan.ts'

/** Makes the operators' API key, as they would, and lets their `bridgectl` use it; the releases must be there. */
export async function createApiKey(plan: LabPlan, databaseUrl: string): Promise<void> {
  const file = keyFile(plan)
  await runBridgectl(plan, ['keys', 'create', 'lab', '--role', 'operate', '--output', file])
  await writeFile(plan.paths.config, bridgeConfig(plan, databaseUrl, file), { mode: 0o600 })
}

/** Reads it. */
export async function readApiKey(plan: LabPlan): Promise<string> {
  return (await readFile(keyFile(plan), 'utf8')).trim()
}

function keyFile({ paths }: LabPlan): string {
  return join(paths.data, 'operator.key')
}
