import { chown, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { callBridgectl } from '../deployment/connect-deployment.ts'
import { bundle } from '../deployment/programs.ts'
import { makeRelease } from '../deployment/releases.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { layShippedFiles, listDifferences, SHIPPED_FILES, writeLabYaml } from './configuration.ts'
import type { Administrator } from './database-roles.ts'
import { MACHINE } from './machine.ts'
import { type PageBlocks, readPageVersion } from './page-blocks.ts'
import { runBlock } from './run-blocks.ts'
import { parseUnit, type Unit } from './unit-file.ts'

/** What the page is followed with. */
export interface Installation {
  /** The lab's plan with the machine's paths. */
  readonly plan: LabPlan
  /** The folder of the handbook, with the page and the shipped files. */
  readonly root: string
  readonly blocks: PageBlocks
  readonly databaseUrl: string
}

/** Does what the page says before the service is there: account, folders, a release, the configuration, the units. */
export async function installMachine({ plan, root, blocks, databaseUrl }: Installation): Promise<void> {
  const cwd = join(plan.paths.data, 'to-install')
  await mkdir(cwd, { mode: 0o700 })
  await makeRelease(cwd, readPageVersion(blocks), join(bundle(plan, 'bridge/api.cjs'), '..'))
  for (const name of UNITS) await copyFile(join(root, 'static/deployment', name), join(cwd, name))
  const lab = writeLabYaml(listDifferences(plan, databaseUrl))
  await writeFile(join(cwd, 'upload-bridge.yaml'), await layShippedFiles(join(root, 'static/configuration'), lab))
  for (const block of blocks.machine) await runBlock(block, worldOf(plan, cwd))
}

const UNITS = ['upload-bridge-api.service', 'upload-bridge-worker.service']

/** Makes the service's role and its database, as the page says, and as an administrator. */
export async function installDatabase(
  { plan, blocks, databaseUrl }: Installation,
  { env }: Administrator,
): Promise<void> {
  const { password } = new URL(databaseUrl)
  const world = worldOf(plan, plan.paths.data)
  for (const block of blocks.database) {
    await runBlock(block, { ...world, env: { ...world.env, ...env }, input: `${password}\n${password}\n` })
  }
}

/** Makes the keys as the page says, and those that clients and Prometheus have. Returns the units that are to be started. */
export async function installService(installation: Installation): Promise<readonly Unit[]> {
  const { plan, blocks } = installation
  const asked: string[] = []
  for (const block of blocks.service) {
    const { printed, systemctl } = await runBlock(block, worldOf(plan, '/'))
    asked.push(...systemctl)
    const [key] = /\bub_operator_[\w-]+/.exec(printed) ?? []
    if (key !== undefined) await keepOperatorKey(installation, key)
  }
  await Promise.all([
    callBridgectl(plan, ['keys', 'create', 'customer', '--role', 'upload', '--output', customerKeyFile(plan)]),
    callBridgectl(plan, ['keys', 'create', 'prometheus', '--role', 'read', '--output', metricsKeyFile(plan)]),
  ])
  const names = asked.flatMap(order => /^enable --now (.+)$/.exec(order)?.[1]?.split(' ') ?? [])
  return Promise.all(
    names.map(async name =>
      parseUnit(name, await readFile(join(MACHINE.units, `${name.replace(/\.service$/, '')}.service`), 'utf8')),
    ),
  )
}

/** The key with which customers send: the lab's own clients have it. */
export function customerKeyFile({ paths }: Pick<LabPlan, 'paths'>): string {
  return join(paths.data, 'customer.key')
}

/** The key with which Prometheus reads the API's metrics. */
export function metricsKeyFile({ paths }: Pick<LabPlan, 'paths'>): string {
  return join(paths.data, 'metrics.key')
}

/** The page prints the operator's key, once. It is kept beside the configuration, which names it from then on. */
async function keepOperatorKey({ plan, root, databaseUrl }: Installation, key: string): Promise<void> {
  const { gid } = await stat(MACHINE.config)
  await writeFile(MACHINE.operatorKey, `${key}\n`, { mode: 0o640 })
  await chown(MACHINE.operatorKey, 0, gid)
  const lab = writeLabYaml(listDifferences(plan, databaseUrl, MACHINE.operatorKey))
  const shipped = join(root, 'static/configuration')
  await writeFile(MACHINE.config, await layShippedFiles(shipped, lab))
  // What it was made of stands beside it, for whoever wants to know.
  for (const name of SHIPPED_FILES) await copyFile(join(shipped, name), join(MACHINE.configuration, name))
  await writeFile(join(MACHINE.configuration, 'lab.yaml'), lab, { mode: 0o640 })
}

function worldOf(plan: LabPlan, cwd: string) {
  const { env, registry } = plan
  return { cwd, env, log: logPath(plan, 'new-machine'), signal: registry.supervision.signal }
}
