import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Folders that are needed to build and test but are not sources. They are linked. */
const LINKED = ['node_modules', 'dist']

/**
 * Copies a repository to a folder: its history, and its present files without those that git ignores. Packages and bundles are links.
 * Throws when the folder is not a repository.
 */
export async function copyWorkspace(root: string, folder: string): Promise<void> {
  const git = promisify(execFile)
  const list = async (...args: readonly string[]) => {
    const { stdout } = await git('git', ['ls-files', '-z', ...args], { cwd: root, maxBuffer: 64 * 1024 * 1024 })
    return stdout.split('\0').filter(Boolean)
  }
  await mkdir(dirname(folder), { recursive: true })
  await git('git', ['clone', '--quiet', '--shared', root, folder])
  const gone = new Set(await list('--deleted'))
  for (const path of await list('--cached', '--others', '--exclude-standard')) {
    if (gone.has(path)) await rm(join(folder, path), { force: true })
    else await cp(join(root, path), join(folder, path), { recursive: true, verbatimSymlinks: true })
  }
  await git('git', ['add', '--all'], { cwd: folder })
  // Rules of .gitignore for folders do not match links.
  await appendFile(join(folder, '.git', 'info', 'exclude'), LINKED.map(name => `/${name}\n`).join(''))
  for (const name of LINKED) await symlink(join(root, name), join(folder, name)).catch(() => undefined)
}
