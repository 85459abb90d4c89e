import { randomBytes } from 'node:crypto'
import { LabError } from '../../../lab-port/index.ts'
import { readAdministrator } from '../../kit/administrator.ts'
import type { Fault } from '../../kit/fault.ts'
import { HoardedConnections } from '../../kit/hoarded-connections.ts'
import { query } from '../../postgres/postgres.ts'
import { waitUntil } from '../../processes/wait-until.ts'

const ROLE = 'reporting'
/** The program leaves room for others when it has fewer. */
const MANY = 40
/** Two seconds: the service tries again every second. */
const LOOKS = 4

/** The program in each lab, by its folder of notes. Connections cannot be kept in a file: they end with the lab. */
const programs = new Map<string, HoardedConnections>()

/** Another program has all connections of the server but those that are reserved for superusers. */
export const connectionsUsedUp: Fault = {
  name: 'connections-used-up',
  title: 'The connections of the database server are used up',
  summary:
    'A program with a role of its own opens connections and closes none; those of the service were cut, and it gets no new ones',
  async start(deployment) {
    const { notesPath, signal } = deployment
    const administrator = await readAdministrator(deployment)
    const password = randomBytes(16).toString('hex')
    await query(administrator, `drop role if exists ${ROLE}; create role ${ROLE} login password '${password}'`)
    const url = new URL(deployment.databaseUrl)
    url.username = ROLE
    url.password = password
    const program = new HoardedConnections(url.href)
    programs.set(notesPath, program)
    signal.addEventListener('abort', () => void program.stop(), { once: true })
    void program.run()
    if (!(await waitUntil(() => program.isRefused, { timeout: 30_000, signal })))
      throw new LabError('cannot-break', 'the server has more connections than the program can open')
    // As after a restart of the server: who comes first gets them.
    let looks = 0
    const isAlone = async () => {
      const cut = await query(administrator, CUT).catch(() => undefined)
      looks = cut?.rowCount === 0 && program.isRefused ? looks + 1 : 0
      return looks >= LOOKS
    }
    if (await waitUntil(isAlone, { timeout: 30_000, interval: 500, signal })) return
    throw new LabError('cannot-break', 'the service is quicker than the program that takes its connections')
  },
  async stop(deployment) {
    const program = programs.get(deployment.notesPath)
    if (!program) return
    await program.stop()
    await query(await readAdministrator(deployment), `drop role if exists ${ROLE}`)
    programs.delete(deployment.notesPath)
  },
  isActive: ({ notesPath }) => (programs.get(notesPath)?.count ?? 0) > MANY,
}

const CUT = `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'upload-bridge%'`
