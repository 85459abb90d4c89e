import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A real nginx. */
export interface Nginx {
  readonly url: string
  /** The files in which it keeps now what it does not pass on at once: bodies of requests, and answers. */
  kept(): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Starts nginx as it is shipped in front of these processes of the API. Only port, certificate and their addresses differ. */
export async function startNginx(parent: string, apis: readonly string[]): Promise<Nginx> {
  const servers = apis.map(url => `server ${new URL(url).host};`).join(' ')
  const shipped = await readFile('static/deployment/nginx.conf', 'utf8')
  return startNginxWith(parent, ({ listens, certificate, key }) =>
    replaceAll(shipped, [
      ['server 127.0.0.1:8080;', servers],
      ['listen 443 ssl;', `listen ${listens} ssl;`],
      ['/etc/nginx/uploads.example.pem', certificate],
      ['/etc/nginx/uploads.example.key', key],
    ]),
  )
}

/** What a site is given: where it listens, and the files of its certificate. */
interface Place {
  readonly listens: string
  readonly certificate: string
  readonly key: string
}

/** Starts nginx with this site, on a free port and with a certificate of its own. */
export async function startNginxWith(parent: string, describeSite: (place: Place) => string): Promise<Nginx> {
  const folder = await mkdtemp(join(parent, 'nginx-'))
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await execa('openssl', ['req', ...kind, '-subj', '/CN=uploads.example', '-keyout', key, '-out', certificate])
  const listens = `127.0.0.1:${await freePort()}`
  const around = `pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
    events { worker_connections 1024; }
    http { access_log off; ${temporaryPaths(folder)}\n${describeSite({ listens, certificate, key })}\n}\n`
  return run(folder, around, `https://${listens}`)
}

/** Starts nginx as Debian's package configures it, with a site that only passes everything on to a process of the API. */
export async function startDefaultNginx(parent: string, api: string): Promise<Nginx> {
  const folder = await mkdtemp(join(parent, 'nginx-'))
  const port = await freePort()
  const site = `server { listen 127.0.0.1:${port}; location / { proxy_pass ${api}; } }`
  const around = replaceAll(await readFile('/etc/nginx/nginx.conf', 'utf8'), [
    // The folder is this account's.
    ['user www-data;', 'user root;'],
    ['worker_processes auto;', 'worker_processes 1;'],
    ['pid /run/nginx.pid;', `pid ${folder}/pid;`],
    ['/var/log/nginx/', `${folder}/`],
    ['include /etc/nginx/modules-enabled/*.conf;', ''],
    ['include /etc/nginx/conf.d/*.conf;', temporaryPaths(folder)],
    ['include /etc/nginx/sites-enabled/*;', site],
  ])
  return run(folder, around, `http://127.0.0.1:${port}`)
}

const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'] as const

function temporaryPaths(folder: string): string {
  return kinds.map(kind => `${kind}_temp_path ${folder}/${kind};`).join(' ')
}

async function run(folder: string, configuration: string, url: string): Promise<Nginx> {
  const path = join(folder, 'nginx.conf')
  await writeFile(path, `daemon off;\n${configuration}`)
  const child = spawn('nginx', ['-c', path, '-p', folder, '-e', join(folder, 'error.log')], { stdio: 'ignore' })
  await until('nginx listens', () => canConnect(child, Number(new URL(url).port)))
  return {
    url,
    kept: () => listTemporaryFiles(child.pid ?? 0, folder),
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

// Their names are removed as soon as they are open: only the processes still show them.
async function listTemporaryFiles(master: number, folder: string): Promise<readonly string[]> {
  const children = await readFile(`/proc/${master}/task/${master}/children`, 'utf8')
  const open = children
    .trim()
    .split(' ')
    .map(async pid => {
      const descriptors = await readdir(`/proc/${pid}/fd`)
      return Promise.all(descriptors.map(each => readlink(`/proc/${pid}/fd/${each}`).catch(() => '')))
    })
  const paths = (await Promise.all(open)).flat()
  return paths.filter(path => kinds.some(kind => path.startsWith(join(folder, kind))))
}

/** Replaces texts that there must be. */
export function replaceAll(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`this configuration of nginx has no “${from}”`)
    return result.replaceAll(from, to)
  }, text)
}

async function canConnect(child: ChildProcess, port: number): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
