import { randomBytes } from 'node:crypto'
import { query } from '../postgres/postgres.ts'

/** The administrator of the lab's database server, who is not the service. */
export interface Administrator {
  readonly url: string
  /** What PostgreSQL's own programs read. */
  readonly env: Readonly<Record<string, string>>
}

const FIRST = 'first_administrator'

/**
 * Gives the server an administrator of its own. The lab's server is made with the service's role as its superuser; that role gets another
 * name here, so that the page can create the service's role as it says. `url` is the address of the server with that role.
 */
export async function makeAdministrator(url: string, name = 'postgres'): Promise<Administrator> {
  const { username: service, hostname, port } = new URL(url)
  const password = randomBytes(16).toString('hex')
  const as = (user: string, secret: string) => {
    const address = new URL('/postgres', url)
    address.username = user
    address.password = secret
    return address.href
  }
  const server = new URL('/postgres', url).href
  await query(server, `create role ${FIRST} superuser login password '${password}'`)
  await query(as(FIRST, password), `alter role ${service} rename to ${name}; alter role ${name} password '${password}'`)
  await query(as(name, password), `drop role ${FIRST}`)
  return {
    url: as(name, password),
    env: { PGHOST: hostname, PGPORT: port, PGUSER: name, PGPASSWORD: password, PGDATABASE: 'postgres' },
  }
}
