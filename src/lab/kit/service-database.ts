import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Deployment } from './fault.ts'

/** The address of the service's database, with its role and password. */
export function databaseUrl({ configPath }: Pick<Deployment, 'configPath'>): string {
  const { database }: { database: { url: string } } = parse(readFileSync(configPath, 'utf8'))
  return database.url
}
