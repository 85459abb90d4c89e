import { readlinkSync } from 'node:fs'
import { copyFile, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LabPlan } from '../plan/lab-plan.ts'
import { callBridgectl } from './connect-deployment.ts'
import { bundle } from './programs.ts'

/** The releases that a lab starts with. The last one is current. */
const RELEASES = ['1.0.0', '1.1.0'] as const

/** Installs two releases and activates one after the other, so that a rollback is possible. */
export async function installReleases(plan: LabPlan): Promise<string> {
  const { releases } = plan.paths
  const bundles = join(bundle(plan, 'bridge/api.cjs'), '..')
  const [first, ...later] = RELEASES
  await Promise.all(RELEASES.map(version => makeRelease(releases, version, bundles)))
  // The very first release is linked by hand, because there is no bridgectl before it.
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

/** The next patch version after the current one that is not installed. */
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

/** Changes the version that a link names, or removes the link. */
export async function relink(path: string, version: string | undefined): Promise<void> {
  await rm(path)
  if (version !== undefined) await symlink(version, path)
}
