import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { execa } from 'execa'

/** A volume that can really be full: a small tmpfs. */
export interface SmallVolume {
  readonly path: string
  /** Put before a program that is to see the volume. */
  readonly prefix: readonly string[]
  remove(): Promise<void>
}

/** Mounts a small tmpfs, as root; otherwise in a mount namespace of its own. Undefined where neither is allowed. */
export async function mountSmallVolume(path: string, megabytes: number): Promise<SmallVolume | undefined> {
  await mkdir(path)
  return (await mountAsRoot(path, megabytes)) ?? (await mountInNamespace(path, megabytes))
}

async function mountAsRoot(path: string, megabytes: number): Promise<SmallVolume | undefined> {
  const { failed } = await execa('mount', mountArguments(path, megabytes), { reject: false })
  if (failed) return undefined
  return {
    path,
    prefix: [],
    async remove() {
      await execa('umount', ['--lazy', path])
    },
  }
}

async function mountInNamespace(path: string, megabytes: number): Promise<SmallVolume | undefined> {
  const script = `mount ${mountArguments(path, megabytes).join(' ')} && echo mounted && exec sleep infinity`
  const holder = spawn('unshare', ['--map-current-user', '--keep-caps', '-m', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [outcome] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])
  if (String(outcome).trim() !== 'mounted') return undefined
  return {
    path,
    prefix: ['nsenter', '-t', `${holder.pid}`, '-U', '-m', '--preserve-credentials', '--'],
    async remove() {
      const exited = once(holder, 'exit')
      holder.kill('SIGKILL')
      await exited
    },
  }
}

function mountArguments(path: string, megabytes: number): readonly string[] {
  return ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]
}
