import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { eventually } from '../execute/living.ts'
import { createHandbook } from './handbook.ts'

const PAGE = `---
title: The volume is full
---

## Procedure

### Delete them <!-- #purge -->

\`\`\`bash risk=danger irreversible="they are gone"
echo purged >> witness
\`\`\`
`

let handbook: Awaited<ReturnType<typeof createHandbook>>

/** What somebody posted, as a real server gets it. */
async function listen(status: number) {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece
    })
    request.on('end', () => {
      bodies.push(`${request.method} ${request.url} ${request.headers['content-type']}\n${body}`)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { bodies, url: `http://127.0.0.1:${port}/hooks/top-secret`, close: () => server.close() }
}

describe.runIf(requires('notified approvals', ['ssh-keygen']))('when an approval is awaited', () => {
  beforeEach(async () => {
    handbook = await createHandbook()
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(handbook.root, 'anna')])
    handbook.write('docs/purge.md', PAGE)
  })
  afterEach(() => handbook.remove())

  const write = (notify: string) =>
    handbook.write(
      'handbook.yaml',
      `url: https://x.example
notify: ${notify}
environments:
  production:
    auto: danger
    protected: true
    approvers: { anna: ${readFileSync(join(handbook.root, 'anna.pub'), 'utf8').trim()} }
`,
    )
  const runs = () => join(handbook.cwd, '.handbook/runs')
  const ledger = () => {
    const [run = ''] = existsSync(runs()) ? readdirSync(runs()) : []
    const file = join(runs(), run, 'ledger.ndjson')
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  /** Starts a run, waits for what is to be seen, approves, and gives the run's id. */
  async function approveAfter(seen: () => boolean): Promise<string> {
    const runner = handbook.start(['run', 'purge', '--env', 'production', '--auto'])
    expect(await eventually(seen)).toBe(true)
    expect(existsSync(join(handbook.cwd, 'witness'))).toBe(false)
    const [run = ''] = readdirSync(runs())
    const key = join(handbook.root, 'anna')
    expect(await handbook.run('runs', 'approve', run, 'purge', '--key', key, '--yes')).toMatchObject({ exitCode: 0 })
    expect((await runner).exitCode).toBe(0)
    return run
  }

  test('a webhook and a command are told what, by whom, where and how to approve it', async () => {
    const server = await listen(204)
    write(`{ webhook: "${server.url}", command: 'cat > told; echo "$HANDBOOK_STEP $HANDBOOK_APPROVE" > variables' }`)
    const read = (name: string) =>
      existsSync(join(handbook.cwd, name)) ? readFileSync(join(handbook.cwd, name), 'utf8') : ''
    const run = await approveAfter(() => server.bodies.length > 0 && read('variables').endsWith('\n'))
    server.close()
    const [head = '', body = ''] = server.bodies[0]?.split('\n') ?? []
    expect(head).toBe('POST /hooks/top-secret application/json')
    const message = JSON.parse(body)
    expect(message).toMatchObject({
      event: 'approval.awaited',
      run,
      page: 'docs/purge.md',
      title: 'The volume is full',
      step: 'purge',
      stepTitle: 'Delete them',
      environment: 'production',
      by: expect.stringMatching(/^\w+@\S+$/),
      irreversible: 'they are gone',
      until: expect.stringMatching(/^\d{4}-.*Z$/),
      approvers: ['anna'],
      approve: `handbook runs approve ${run} purge --key FILE`,
    })
    expect(message.text).toContain('“Delete them”')
    expect(message.text).toContain(message.approve)
    expect(JSON.parse(read('told'))).toEqual(message)
    expect(read('variables')).toBe(`purge handbook runs approve ${run} purge --key FILE\n`)
    expect(server.bodies).toHaveLength(1)
    expect(ledger()).not.toContain('nobody was told')
  }, 120_000)

  test('that nobody could be told is said, and does not stop the run', async () => {
    const server = await listen(503)
    write(`{ webhook: "${server.url}", command: "echo no such channel >&2; exit 7" }`)
    const run = await approveAfter(() => ledger().includes('nobody was told'))
    server.close()
    const shown = (await handbook.run('runs', 'show', run)).stdout.replaceAll(/\s+/g, ' ')
    expect(shown).toMatch(
      /nobody was told that an approval is awaited: the webhook on 127\.0\.0\.1:\d+ answered 503; the command of notify ended with exit code 7: no such channel/,
    )
    expect(ledger()).not.toContain('top-secret')
  }, 120_000)

  test.each([
    ['{}', 'expected command, webhook or chat'],
    ['{ webhook: chat }', 'notify › webhook: Invalid URL'],
    ['{ mail: "a@example.com" }', 'mail'],
  ])(
    'check finds what is wrong with %s',
    async (notify, message) => {
      write(notify)
      const { exitCode, stdout, stderr } = await handbook.run('check')
      expect(exitCode).not.toBe(0)
      expect(stdout + stderr).toContain(message)
    },
    60_000,
  )
})
