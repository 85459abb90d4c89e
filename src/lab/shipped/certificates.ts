import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Where the lab's own CA is, and where the certificate and the key of the service are to lie. */
export interface Certificates {
  /** The certificate of the CA, for clients. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']

/** Makes a CA of the lab's own, and with it the certificate of the service for its name and for this machine. */
export async function makeCertificates(
  folder: string,
  name: string,
  { certificate, key }: Omit<Certificates, 'authority'>,
  env: Readonly<Record<string, string>>,
): Promise<Certificates> {
  const authority = join(folder, 'ca.pem')
  const secret = join(folder, 'ca.key')
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await mkdir(dirname(certificate), { recursive: true })
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', ['req', '-x509', ...args], { env })
  await openssl(...NEW_KEY, '-keyout', secret, '-out', authority, '-subj', '/CN=Upload Bridge lab', ...IS_AUTHORITY)
  const names = `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1`
  const issued = ['-CA', authority, '-CAkey', secret, '-subj', `/CN=${name}`, '-addext', names]
  await openssl(...NEW_KEY, '-keyout', key, '-out', certificate, ...issued, '-addext', 'basicConstraints=CA:FALSE')
  // Nobody signs with it again.
  await writeFile(secret, '')
  return { authority, certificate, key }
}

const IS_AUTHORITY = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
