import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { LabError } from '../../lab-port/index.ts'
import type { Scanner } from '../kit/fault.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { LabProgram, ManagedProcess } from '../processes/managed-process.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Substitution } from './proxy.ts'

/** clamd.conf as it is shipped, and the texts of it that the lab replaces. */
interface ScannerConfiguration {
  readonly text: string
  readonly substitutions: readonly Substitution[]
}

/** Where Debian's clamd has its configuration and its signatures. */
const MAIN = '/etc/clamav/clamd.conf'
const SIGNATURES = '/var/lib/clamav'

/** The signature of the EICAR test file, which does nothing: bytes of a file, at its beginning. */
const EICAR = join(SIGNATURES, 'eicar.ndb')

/** What the lab does not have of a scanner. */
export const LAB_SIGNATURES = `${SIGNATURES}: one signature of the lab's own, of the EICAR test file: none are downloaded`

/** The EICAR test file. Encoded, so that no scanner takes this program for it. */
const eicarFile = Buffer.from(
  'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=',
  'base64',
)

/** Reads the shipped clamd.conf, and puts this lab's port into it. Throws a `LabError` when its socket is not where it was. */
export async function readScannerConfiguration(
  folder: string,
  { scanner }: Pick<LabPlan['ports'], 'scanner'>,
): Promise<ScannerConfiguration> {
  const file = await readFile(join(folder, 'clamd.conf'), 'utf8')
  const shipped = 'LocalSocket /run/clamav/clamd.ctl'
  if (file.split(shipped).length !== 2)
    throw new LabError('part-failed', `static/deployment/clamd.conf does not have “${shipped}” once any more`)
  const here = `TCPAddr 127.0.0.1\nTCPSocket ${scanner}`
  const reason = 'labs run side by side'
  return { text: file.replace(shipped, here), substitutions: [{ shipped, here: here.replace('\n', ', '), reason }] }
}

/** Puts the lab's signatures in place of those that this machine may have. */
export async function writeSignatures(): Promise<void> {
  await rm(SIGNATURES, { recursive: true, force: true })
  await mkdir(SIGNATURES)
  // Without any signature, clamd does not start.
  await writeFile(
    join(SIGNATURES, 'lab.ndb'),
    `Lab.Never:0:0:${Buffer.from('upload-bridge-lab-never').toString('hex')}\n`,
  )
  await teachEicar()
}

/** The scanner as faults see it. */
export function connectScanner(plan: LabPlan, clamd: ManagedProcess): Scanner {
  return {
    eicar: eicarFile,
    async teach(known) {
      await (known ? teachEicar() : rm(EICAR, { force: true }))
      clamd.reload()
      const isSo = async () => (await recognisesEicar(plan)) === known
      if (await waitUntil(isSo, { timeout: 20_000, signal: plan.registry.supervision.signal })) return
      throw new LabError('cannot-break', 'clamd does not read its signatures again')
    },
  }
}

/** Adds the signature of the EICAR test file, as an update of the signatures does. */
async function teachEicar(): Promise<void> {
  await writeFile(EICAR, `Eicar-Test-Signature:0:0:${eicarFile.toString('hex')}\n`)
}

/** clamd, as Debian's unit starts it. */
export function scannerProgram(plan: LabPlan): LabProgram {
  return {
    name: 'scanner',
    command: ['clamd', '--foreground=true', `--config-file=${MAIN}`],
    cwd: plan.paths.directory,
    env: { ...plan.env, PATH: `${plan.env.PATH ?? ''}:/usr/sbin:/sbin` },
    log: logPath(plan, 'scanner'),
    reloadSignal: 'SIGUSR2',
    isReady: () => askScanner(plan, 'zPING\0').then(answer => answer === 'PONG\0'),
  }
}

/** Whether the scanner takes the EICAR test file for malware. */
async function recognisesEicar(plan: LabPlan): Promise<boolean> {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(eicarFile.length)
  const stream = Buffer.concat([Buffer.from('zINSTREAM\0'), length, eicarFile, Buffer.alloc(4)])
  return (await askScanner(plan, stream)).includes(' FOUND')
}

/** What the scanner answers to a command (clamd(8)); nothing when it does not answer. */
async function askScanner({ ports }: LabPlan, command: string | Buffer): Promise<string> {
  const socket = connect(ports.scanner, '127.0.0.1').setTimeout(2000, () => socket.destroy())
  try {
    await once(socket, 'connect')
    socket.write(command)
    return await text(socket)
  } catch {
    return ''
  } finally {
    socket.destroy()
  }
}
