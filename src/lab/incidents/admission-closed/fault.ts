import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** An operator closed admission for maintenance and forgot to open it. */
export const admissionClosed: Fault = {
  name: 'admission-closed',
  title: 'Admission was left closed',
  summary: 'An operator closes admission for maintenance and forgets it: new uploads are refused, those begun go on',
  start: deployment => deployment.bridgectl('admission', 'close', '--reason', 'maintenance'),
  stop: deployment => deployment.bridgectl('admission', 'open'),
  isActive: isClosed,
}

/** Admission is closed while this file exists. */
function isClosed({ configPath }: Deployment): boolean {
  const { state }: { state: { path: string } } = parse(readFileSync(configPath, 'utf8'))
  return existsSync(join(state.path, 'admission.json'))
}
