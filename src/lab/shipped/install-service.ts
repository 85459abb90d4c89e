import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { callBridgectl } from '../deployment/connect-deployment.ts'
import { bundle } from '../deployment/programs.ts'
import { makeRelease } from '../deployment/releases.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { editShippedFiles, listDifferences } from './configuration.ts'
import type { Administrator } from './database-roles.ts'
import { MACHINE } from './machine.ts'
import { type PageBlock, type PageBlocks, readPageVersion } from './page-blocks.ts'
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
  readonly administrator: Administrator
}

/** Lays beside each other what the page installs: a release, the units, the configuration. The certificate and nginx.conf are added to it. */
export async function layOut({ plan, root, blocks, databaseUrl, administrator }: Installation): Promise<void> {
  const folder = layoutFolder(plan)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await makeRelease(folder, readPageVersion(blocks), join(bundle(plan, 'bridge/api.cjs'), '..'))
  for (const name of UNITS) await copyFile(join(root, 'static/deployment', name), join(folder, name))
  const files = await editShippedFiles(join(root, 'static/configuration'), listDifferences(plan))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await writeFile(join(folder, 'database-url'), `${databaseUrl}\n`)
  await writeFile(join(folder, 'database-administrator-url'), `${administrator.url}\n`)
}

/** The folder in which lies what is to be installed. */
export function layoutFolder({ paths }: Pick<LabPlan, 'paths'>): string {
  return join(paths.data, 'to-install')
}

const UNITS = ['upload-bridge-api.service', 'upload-bridge-worker.service']

/** Does what the page says before the service is there: account, folders, a release, the configuration, the units. */
export async function installMachine({ plan, blocks }: Installation): Promise<void> {
  for (const block of blocks.machine) await runBlock(block, worldOf(plan, layoutFolder(plan)))
}

/** Puts nginx in front of the service, as the page says. */
export async function installProxy({ plan, blocks }: Installation): Promise<void> {
  for (const block of blocks.proxy) await runBlock(block, worldOf(plan, layoutFolder(plan)))
}

/** Sets the malware scanner up, as the page says. */
export async function installScanner({ plan, blocks }: Installation): Promise<void> {
  for (const block of blocks.scanner) await runBlock(block, worldOf(plan, layoutFolder(plan)))
}

/** Makes the service's role and its database, as the page says, and as an administrator. */
export async function installDatabase({ plan, blocks, databaseUrl, administrator }: Installation): Promise<void> {
  const { password } = new URL(databaseUrl)
  const world = worldOf(plan, plan.paths.data)
  for (const block of blocks.database) {
    await runBlock(block, {
      ...world,
      env: { ...world.env, ...administrator.env },
      input: `${password}\n${password}\n`,
    })
  }
}

/** Makes the keys as the page says, and the one that customers have. Returns the names of the units that are to be started. */
export async function installService({ plan, blocks }: Installation): Promise<readonly string[]> {
  const run = async (block: PageBlock) => (await runBlock(block, worldOf(plan, '/root'))).systemctl
  const asked: string[] = []
  for (const block of blocks.service) asked.push(...(await run(block)))
  await callBridgectl(plan, ['keys', 'create', 'customer', '--role', 'upload', '--output', customerKeyFile(plan)])
  const names = asked.flatMap(order => /^enable --now (.+)$/.exec(order)?.[1]?.split(' ') ?? [])
  return names.map(name => name.replace(/\.service$/, ''))
}

/** Reads units as they are installed. */
export async function readUnits(names: readonly string[]): Promise<readonly Unit[]> {
  return Promise.all(
    names.map(async name => parseUnit(name, await readFile(join(MACHINE.units, `${name}.service`), 'utf8'))),
  )
}

/** The key with which customers send: the lab's own clients have it. */
export function customerKeyFile({ paths }: Pick<LabPlan, 'paths'>): string {
  return join(paths.data, 'customer.key')
}

function worldOf(plan: LabPlan, cwd: string) {
  const { env, registry } = plan
  return { cwd, env, log: logPath(plan, 'new-machine'), signal: registry.supervision.signal }
}
