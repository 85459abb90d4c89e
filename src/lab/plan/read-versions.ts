import { execFile } from 'node:child_process'
import { version as nodeVersion } from 'node:process'
import { promisify } from 'node:util'
import { findProgram } from '../../base/index.ts'
import { findPostgres } from '../postgres/postgres.ts'
import type { LabPlan } from './lab-plan.ts'

/** The programs of a lab that are not its own, and how each is asked for its version. */
const PROGRAMS = [
  { name: 'Prometheus', names: ['prometheus'], flag: '--version' },
  { name: 'Alertmanager', names: ['prometheus-alertmanager', 'alertmanager'], flag: '--version' },
  { name: 'nginx', names: ['nginx'], flag: '-v' },
  { name: 'ClamAV', names: ['clamd'], flag: '--version' },
  { name: 'restic', names: ['restic'], flag: 'version' },
] as const

/** The versions of the programs that take part in a lab. One that is not there, or does not tell, is left out. */
export async function readVersions({
  bundles,
  env,
}: Pick<LabPlan, 'bundles' | 'env'>): Promise<Record<string, string>> {
  const path = `${env.PATH ?? ''}:/usr/sbin`
  const asked = PROGRAMS.map(async ({ name, names, flag }) => {
    const program = findProgram(names, path)
    return [name, program && (await askVersion(program, flag, env))] as const
  })
  const postgres = askVersion(findPostgres(bundles).postgres, '--version', env)
  const told = await Promise.all([...asked, postgres.then(version => ['PostgreSQL', version] as const)])
  const versions = told.flatMap(([name, version]) => (version === undefined ? [] : [[name, version] as const]))
  return { 'Node.js': nodeVersion.slice(1), ...Object.fromEntries(versions) }
}

async function askVersion(
  program: string,
  flag: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { stdout, stderr } = await run(program, [flag], { env, timeout: 10_000 }).catch(() => ({
    stdout: '',
    stderr: '',
  }))
  return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0]
}

const run = promisify(execFile)
