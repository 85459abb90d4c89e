import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A real nginx with the shipped configuration. */
export interface Nginx {
  readonly url: string
  stop(): Promise<void>
}

/** Starts nginx in front of these processes of the API. Only port, certificate and their addresses differ from what is shipped. */
export async function startNginx(parent: string, apis: readonly string[]): Promise<Nginx> {
  const folder = await mkdtemp(join(parent, 'nginx-'))
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await execa('openssl', ['req', ...kind, '-subj', '/CN=uploads.example', '-keyout', key, '-out', certificate])
  const port = await freePort()
  const servers = apis.map(url => `server ${new URL(url).host};`).join(' ')
  const site = replaceAll(await readFile('static/deployment/nginx.conf', 'utf8'), [
    ['server 127.0.0.1:8080;', servers],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/nginx/uploads.example.pem', certificate],
    ['/etc/nginx/uploads.example.key', key],
  ])
  const around = `pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; daemon off;
    events { worker_connections 1024; }
    http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;\n${site}\n}\n`
  const path = join(folder, 'nginx.conf')
  await writeFile(path, around)
  const child = spawn('nginx', ['-c', path, '-p', folder, '-e', join(folder, 'error.log')], { stdio: 'ignore' })
  await until('nginx listens', () => canConnect(child, port))
  return {
    url: `https://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

function replaceAll(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`the shipped configuration of nginx has no “${from}”`)
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
