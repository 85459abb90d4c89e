import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceMutation } from '../../../lab-port/index.ts'

/** It was in the way of a merge. */
export const lockRemoved = (): WorkspaceMutation => ({
  name: 'lock-removed',
  title: 'There is no lock file',
  summary: 'package-lock.json is removed: every install may bring other versions',
  start: folder => rm(join(folder, 'package-lock.json')),
})

/** The result of an install from a tampered mirror. */
export const unpinnedPackage = (): WorkspaceMutation => ({
  name: 'unpinned-package',
  title: 'A package is not pinned to its contents',
  summary: 'package-lock.json has no hash for fastify: anything with that version is installed',
  async start(folder) {
    const path = join(folder, 'package-lock.json')
    const lock: { packages: Record<string, { integrity?: string }> } = JSON.parse(await readFile(path, 'utf8'))
    delete lock.packages['node_modules/fastify']?.integrity
    await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`)
  },
})
