import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a lab in a folder has left on this machine: processes, mounts and sockets. */
export function findTraces(directory: string): readonly string[] {
  return [...findProcesses(directory), ...findMounts(directory), ...findSockets(directory)]
}

/** Processes whose command line or working folder is in the folder. */
export function findProcesses(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && name !== String(process.pid))
    .map(pid => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim())
    .filter(command => command.includes(directory))
}

function findMounts(directory: string): readonly string[] {
  return read('/proc/self/mountinfo')
    .split('\n')
    .filter(line => line.includes(directory))
}

function findSockets(directory: string): readonly string[] {
  return ['control.sock', 'claim.json'].map(name => join(directory, name)).filter(path => existsSync(path))
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
