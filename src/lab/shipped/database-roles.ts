import { randomBytes } from 'node:crypto'
import { query } from '../postgres/postgres.ts'

/** The administrator of the lab's database server, who is not the service. */
export interface Administrator {
  readonly url: string
  /** What PostgreSQL's own programs read. */
  readonly env: Readonly<Record<string, string>>
}

const NAME = 'postgres'
const FIRST = 'first_administrator'

/** Chooses the administrator of the server whose service has this address; with a password, the one that the server has already. */
export function planAdministrator(url: string, known?: string): Administrator {
  const { hostname, port } = new URL(url)
  const administrator = as(url, NAME, known ?? randomBytes(16).toString('hex'))
  const { password } = new URL(administrator)
  return {
    url: administrator,
    env: { PGHOST: hostname, PGPORT: port, PGUSER: NAME, PGPASSWORD: password, PGDATABASE: 'postgres' },
  }
}

/**
 * Gives the server its administrator. The lab's server is made with the service's role as its superuser; that role gets another name here,
 * so that the page can create the service's role as it says. `url` is the address of the server with that role.
 */
export async function makeAdministrator(url: string, administrator: Administrator): Promise<void> {
  const { username: service } = new URL(url)
  const { password } = new URL(administrator.url)
  await query(new URL('/postgres', url).href, `create role ${FIRST} superuser login password '${password}'`)
  await query(
    as(url, FIRST, password),
    `alter role ${service} rename to ${NAME}; alter role ${NAME} password '${password}'`,
  )
  await query(administrator.url, `drop role ${FIRST}`)
}

function as(url: string, user: string, password: string): string {
  const address = new URL('/postgres', url)
  address.username = user
  address.password = password
  return address.href
}
