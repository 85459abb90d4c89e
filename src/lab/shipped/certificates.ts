import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The certificate of the lab's own CA, for clients, in its folder. */
export const AUTHORITY = 'ca.pem'

/** Where the certificate and the key of the service are to lie. */
interface Certificate {
  readonly certificate: string
  readonly key: string
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']

/** Makes a CA of the lab's own, and with it the certificate of the service for its name and for this machine. */
export async function makeCertificates(
  folder: string,
  name: string,
  { certificate, key }: Certificate,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const authority = join(folder, AUTHORITY)
  const secret = join(folder, 'ca.key')
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', ['req', '-x509', ...args], { env })
  await openssl(...NEW_KEY, '-keyout', secret, '-out', authority, '-subj', '/CN=Upload Bridge lab', ...IS_AUTHORITY)
  const names = `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1`
  const issued = ['-CA', authority, '-CAkey', secret, '-subj', `/CN=${name}`, '-addext', names]
  await openssl(...NEW_KEY, '-keyout', key, '-out', certificate, ...issued, '-addext', 'basicConstraints=CA:FALSE')
  // Nobody signs with it again.
  await writeFile(secret, '')
}

const IS_AUTHORITY = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
