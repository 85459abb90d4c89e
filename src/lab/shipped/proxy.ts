import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { LabProgram } from '../processes/managed-process.ts'

/** A text of a shipped file, the text that replaces it in the lab, and why. */
export interface Substitution {
  readonly shipped: string
  readonly here: string
  readonly reason: string
}

/** nginx.conf as it is shipped, and the texts of it that the lab replaces. */
export interface ProxyConfiguration {
  readonly text: string
  /** The name of the service, by which its certificate is made. */
  readonly name: string
  /** The files of the certificate and of its key. */
  readonly served: { readonly certificate: string; readonly key: string }
  readonly substitutions: readonly Substitution[]
}

/** Reads the shipped nginx.conf, and puts this lab's ports into it. Throws a `LabError` when they are not where they were. */
export async function readProxyConfiguration(
  folder: string,
  ports: Pick<LabPlan['ports'], 'api' | 'proxy'>,
): Promise<ProxyConfiguration> {
  const shipped = await readFile(join(folder, 'nginx.conf'), 'utf8')
  const substitutions: readonly Substitution[] = [
    { shipped: 'server 127.0.0.1:8080;', here: `server 127.0.0.1:${ports.api};`, reason: 'the port of this lab’s API' },
    { shipped: 'listen 443 ssl;', here: `listen 127.0.0.1:${ports.proxy} ssl;`, reason: 'labs run side by side' },
  ]
  const text = substitutions.reduce((text, { shipped, here }) => {
    if (text.split(shipped).length === 2) return text.replace(shipped, here)
    throw new LabError('part-failed', `static/deployment/nginx.conf does not have “${shipped}” once any more`)
  }, shipped)
  const read = (directive: string) => {
    const [, value] = new RegExp(`^\\s*${directive} ([^;\\s]+);`, 'm').exec(shipped) ?? []
    if (value !== undefined) return value
    throw new LabError('part-failed', `static/deployment/nginx.conf does not set ${directive}`)
  }
  const served = { certificate: read('ssl_certificate'), key: read('ssl_certificate_key') }
  return { text, name: read('server_name'), served, substitutions }
}

/** Debian's own main file. The one of the lab has Debian's number of connections, and what the page adds. */
const MAIN = '/etc/nginx/nginx.conf'

/** Writes nginx's main file on the machine. */
export async function writeProxyMain(plan: Pick<LabPlan, 'paths'>): Promise<void> {
  await mkdir('/etc/nginx/conf.d', { recursive: true })
  await writeFile(
    MAIN,
    `user www-data;
worker_processes auto;
daemon off;
pid ${join(plan.paths.data, 'nginx.pid')};
error_log stderr;
events { worker_connections 768; }
http {
  access_log off;
  include /etc/nginx/conf.d/*.conf;
}
`,
  )
}

/** nginx, in front of the API. */
export function proxyProgram(plan: LabPlan, isReady: () => Promise<boolean>): LabProgram {
  return {
    name: 'proxy',
    command: ['nginx', '-e', 'stderr', '-c', MAIN],
    cwd: plan.paths.directory,
    env: { ...plan.env, PATH: `${plan.env.PATH ?? ''}:/usr/sbin:/sbin` },
    log: logPath(plan, 'proxy'),
    reloadSignal: 'SIGHUP',
    isReady,
  }
}
