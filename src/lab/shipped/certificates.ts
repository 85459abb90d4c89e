import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The certificate of the lab's own CA, for clients, in its folder. */
export const AUTHORITY = 'ca.pem'
/** Its key. Nobody but the lab may read it. */
const SECRET = 'ca.key'

/** Where the certificate and the key of the service are to lie. */
interface Certificate {
  readonly certificate: string
  readonly key: string
}

/** What a certificate is made with. */
export interface Issuer {
  /** The folder of the CA. */
  readonly folder: string
  /** The name of the service. */
  readonly name: string
  readonly env: Readonly<Record<string, string>>
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const DAY = 86_400
/** As a public CA's, and more than two weeks, within which one counts as about to expire. */
const DAYS = 90

/** Makes a CA of the lab's own, and with it the certificate of the service. */
export async function makeCertificates(issuer: Issuer, places: Certificate): Promise<void> {
  const { folder, env } = issuer
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const files = ['-keyout', join(folder, SECRET), '-out', join(folder, AUTHORITY)]
  const self = [
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=Upload Bridge lab',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]
  await promisify(execFile)('openssl', ['req', ...NEW_KEY, ...files, ...self], { env })
  await issueCertificate(issuer, places, DAYS * DAY)
}

/** Makes a certificate of the service for its name and for this machine. It ends in so many seconds; a negative number: it has ended. */
export async function issueCertificate(
  { folder, name, env }: Issuer,
  places: Certificate,
  endsIn: number,
): Promise<void> {
  const work = await mkdtemp(join(folder, 'issue-'))
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args, { env, cwd: work })
  try {
    await writeFile(join(work, 'ca.cnf'), RULES)
    await writeFile(join(work, 'index'), '')
    const names = ['subjectAltName=DNS:', ',DNS:localhost,IP:127.0.0.1'].join(name)
    const asked = ['-subj', `/CN=${name}`, '-addext', names, '-addext', 'basicConstraints=CA:FALSE']
    await openssl('req', '-new', ...NEW_KEY, '-keyout', places.key, '-out', 'request.pem', ...asked)
    const signed = ['-cert', join(folder, AUTHORITY), '-keyfile', join(folder, SECRET)]
    const end = Date.now() + endsIn * 1000
    const dates = ['-startdate', stampOf(Math.min(Date.now(), end) - DAY * 1000), '-enddate', stampOf(end)]
    const files = ['-in', 'request.pem', '-out', places.certificate]
    await openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...signed, ...dates, ...files)
  } finally {
    await rm(work, { recursive: true })
  }
}

/** `openssl ca` is the command that dates a certificate as one likes, in every release of OpenSSL 3. */
const RULES = `[ca]
default_ca = lab
[lab]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
copy_extensions = copy
policy = names
[names]
commonName = supplied
`

function stampOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, '')
}
