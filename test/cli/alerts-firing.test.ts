import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, type RunningAlertmanager, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let nobody = ''
beforeAll(async () => {
  handbook = await createHandbook()
  nobody = `http://127.0.0.1:${await freePort()}`
  handbook.write('runbooks/gone.md', '---\nid: gone\ntitle: It is gone\nalerts: [DiskGone]\n---\n\n## Diagnose\n')
  handbook.write('runbooks/full.md', '---\nid: full\ntitle: The disk is full\nalerts: [DiskFull]\n---\n\n## Diagnose\n')
})
afterAll(() => handbook.remove())

function name(url: string): void {
  handbook.write(
    'handbook.yaml',
    `url: https://x.example\npages: [runbooks]\nenvironments:\n  here: { alertmanagerUrl: "${url}" }\n  none: {}\n`,
  )
}

describe.runIf(requires('alerts that fire', ['prometheus-alertmanager']))('handbook alerts', () => {
  let alertmanager: RunningAlertmanager
  beforeAll(async () => {
    alertmanager = await startAlertmanager()
    name(alertmanager.url)
  })
  afterAll(() => alertmanager.stop())

  it('lists what fires, with the page that answers it and its command', async () => {
    expect((await handbook.run('alerts', '--env', 'here')).stdout).toBe('Nothing fires in here\n')
    await alertmanager.post({ alertname: 'DiskFull', severity: 'critical' }, 300)
    await alertmanager.post({ alertname: 'Unheard\u001b[8m', severity: 'warning' }, 300)
    const { stdout, exitCode } = await handbook.run('alerts', '--env', 'here')
    expect(stdout).toMatch(
      /^● DiskFull {2}critical, for [\d.]+ s\n {2}The disk is full\n {2}handbook run DiskFull --env here$/m,
    )
    expect(stdout).toMatch(/^● Unheard\\x1b\[8m {2}warning, for [\d.]+ s\n {2}No page answers it$/m)
    expect(exitCode).toBe(0)
    await alertmanager.silence('DiskFull')
    await expect
      .poll(async () => (await handbook.run('alerts', '--env', 'here')).stdout, { timeout: 30_000 })
      .toMatch(/● DiskFull {2}critical, for [\d.]+ s, silenced\n/)
    const shown = await handbook.run('show', 'DiskFull', '--env', 'here')
    expect(shown.stdout).toMatch(/^---\nid: full\n/)
    expect(shown.stderr).toMatch(
      /^● DiskFull fires in here since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, for [\d.]+ s, and is silenced$/m,
    )
    const quiet = await handbook.run('show', 'DiskGone', '--env', 'here', '--json')
    expect(JSON.parse(quiet.stdout)).toMatchObject({ id: 'gone' })
    expect(quiet.stderr).toBe('DiskGone does not fire in here\n')
    const { firing } = JSON.parse((await handbook.run('alerts', '--env', 'here', '--json')).stdout)
    expect(firing.at(-1)).toMatchObject({ name: 'DiskFull', quiet: 'silenced', page: { id: 'full' } })
  })
})

describe('without an answer', () => {
  it('says that nobody knows, and is no success', async () => {
    name(nobody)
    const { exitCode, stdout, stderr } = await handbook.run('alerts', '--env', 'here')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain(`Nobody knows what fires in here: ${nobody} does not answer`)
  })

  it.each([
    [['DiskFull', '--env', 'here'], /^Whether DiskFull fires in here is unknown: \S+ does not answer/],
    [['DiskFull', '--env', 'none'], /^Whether DiskFull fires in none is unknown: it names no Alertmanager/],
    [['DiskFull'], /^Whether DiskFull fires: handbook alerts --env NAME\nWhom to call: handbook\.yaml names no rota/],
    [['full'], /^Whom to call: handbook\.yaml names no rota \(onCall\)\n$/],
  ])('show %j shows the page, and says no more than is known', async (words, says) => {
    name(nobody)
    const { stdout, stderr, exitCode } = await handbook.run('show', ...words)
    expect(stderr).toMatch(says)
    expect(stdout).toContain('title: The disk is full')
    expect(exitCode).toBe(0)
  })

  it('show in an environment that there is not is wrong usage', async () => {
    expect(await handbook.run('show', 'DiskFull', '--env', 'gone')).toMatchObject({ exitCode: 2 })
  })

  it.each([
    [['--env', 'none'], 'none has no Alertmanager that could be asked'],
    [['--env', 'gone'], 'handbook.yaml has no environment gone'],
    [['fires'], 'handbook alerts has no fires'],
  ])('%s is wrong usage', async (words, says) => {
    name(nobody)
    expect(await handbook.run('alerts', ...words)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(says) })
  })
})
