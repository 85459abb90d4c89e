import { readFile, writeFile } from 'node:fs/promises'
import type { LabPlan } from '../plan/lab-plan.ts'
import { bridgeConfig, operatorKeyFile, readKeyFile } from './bridge-config.ts'
import { runBridgectl } from './connect-deployment.ts'

/**
 * Makes the operators' API key, as they would, and lets their `bridgectl` use it; and the key with which the handbook's pages read.
 * The releases must be there.
 */
export async function createApiKeys(plan: LabPlan, databaseUrl: string): Promise<void> {
  const file = operatorKeyFile(plan)
  await runBridgectl(plan, ['keys', 'create', 'lab', '--role', 'operate', '--output', file])
  await runBridgectl(plan, ['keys', 'create', 'handbook', '--role', 'read', '--output', readKeyFile(plan)])
  await writeFile(plan.paths.config, bridgeConfig(plan, databaseUrl, file), { mode: 0o600 })
}

/** Reads it. */
export async function readApiKey(plan: LabPlan): Promise<string> {
  return (await readFile(operatorKeyFile(plan), 'utf8')).trim()
}
