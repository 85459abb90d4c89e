import { readlinkSync } from 'node:fs'
import { copyFile, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LabPlan } from '../plan/lab-plan.ts'
import { callBridgectl } from './connect-deployment.ts'
import { bundle } from './programs.ts'

/** The releases that a lab starts with: the current one comes last. */
const RELEASES = ['1.0.0', '1.1.0'] as const

/** Installs two releases and activates one after the other, so that there is one to go back to. */
export async function installReleases(plan: LabPlan): Promise<string> {
  const { releases } = plan.paths
  const bundles = join(bundle(plan, 'bridge/api.cjs'), '..')
  const [first, ...later] = RELEASES
  await Promise.all(RELEASES.map(version => makeRelease(releases, version, bundles)))
  // The very first release of a deployment is linked by hand: before it there is no bridgectl.
  await symlink(first, join(releases, 'current'))
  for (const version of later) await callBridgectl(plan, ['releases', 'activate', version])
  return `${currentVersion(releases)}, before it ${first}`
}

/** Makes a release folder from the bundles of another folder. */
export async function makeRelease(releases: string, version: string, from: string): Promise<string> {
  const folder = join(releases, version)
  await mkdir(folder)
  const names = await readdir(from)
  await Promise.all(
    names.filter(name => name !== 'VERSION').map(name => copyFile(join(from, name), join(folder, name))),
  )
  await writeFile(join(folder, 'VERSION'), `${version}\n`)
  return folder
}

/** The version that the link `current` names. */
export function currentVersion(releases: string): string {
  return basename(readlinkSync(join(releases, 'current')))
}

/** The next patch release after the current one that is not there yet. */
export async function nextVersion(releases: string): Promise<string> {
  const taken = await readdir(releases)
  const [, stem = '1.0.', patch = '0'] = /^(.*?)(\d+)$/.exec(currentVersion(releases)) ?? []
  for (let next = Number(patch) + 1; ; next++) if (!taken.includes(`${stem}${next}`)) return `${stem}${next}`
}

/** The version that a link names, if there is one. */
export function readLink(path: string): string | undefined {
  try {
    return basename(readlinkSync(path))
  } catch {
    return undefined
  }
}

/** Lets a link name another version, or takes it away. */
export async function relink(path: string, version: string | undefined): Promise<void> {
  await rm(path)
  if (version !== undefined) await symlink(version, path)
}
