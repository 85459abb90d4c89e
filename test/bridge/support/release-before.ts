import { join } from 'node:path'
import { migrations } from '../../../src/bridge/database/migrations.ts'
import { buildChanged, type Changes } from './build-changed.ts'
import type { BridgeBundles } from './bundle-bridge.ts'

/** The migration that the release brought. With a new one, `lastMigration` changes, and what uses it. */
export const lastMigration = '008-crashes'

/** What the release before did not have: its last migration, and the statements that use it. */
const brought: Changes = {
  'database/migrations.ts': [[/ {2}\{\n {4}\/\/[^\n]*\n {4}name: '008-crashes'[\s\S]*?\n {2}\},\n/g, '']],
  'database/upload-states.ts': [[', crashes = 0', '']],
  'worker/suspect-uploads.ts': [
    [
      "update upload_bridge.uploads set crashes = crashes + 1 where id = $1 and state = 'pending' returning crashes",
      'select 0 as crashes where $1 is null',
    ],
  ],
}

/** Builds the API and the worker as the release before had them. Its `bridgectl` is today's. */
export async function buildReleaseBefore(folder: string, today: BridgeBundles): Promise<BridgeBundles> {
  if (migrations.at(-1)?.name !== lastMigration) throw new Error(`the last migration is not ${lastMigration} any more`)
  const [api, worker] = await Promise.all([
    buildChanged('api', join(folder, 'api-before.cjs'), brought),
    buildChanged('worker', join(folder, 'worker-before.cjs'), brought),
  ])
  return { ...today, api, worker }
}
