import { expect, it, onTestFinished, vi } from 'vitest'
import { createHandbook, HANDBOOK } from './handbook.ts'

const GUIDE = '## Procedure\n\n### Do it <!-- #do -->\n\n```bash\necho hello\n```\n'

it('checks again what somebody writes, until Ctrl-C', async () => {
  const handbook = await createHandbook()
  onTestFinished(() => handbook.remove())
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('docs/guide.md', GUIDE)
  const watcher = handbook.start(['check', '--watch'])
  onTestFinished(() => void watcher.kill('SIGKILL'))
  let seen = ''
  watcher.stdout?.on('data', chunk => (seen += chunk))
  watcher.stderr?.on('data', chunk => (seen += chunk))
  const shown = async (text: string) => {
    await vi.waitFor(() => expect(seen).toContain(text), { timeout: 50_000, interval: 50 })
    await vi.waitFor(() => expect(seen.split(text).at(-1)).toContain('waiting for changes'), { timeout: 50_000 })
    seen = ''
  }
  await shown('✓ 1 page')
  handbook.write('docs/guide.md', GUIDE.replace('echo hello', 'echo "$HELLO"'))
  await shown('docs/guide.md:6:8 error bash-variable')
  handbook.write('docs/guide.md', GUIDE)
  await shown('✓ 1 page')
  handbook.write('docs/other.md', '[nowhere](nowhere.md)\n')
  await shown('There is no file docs/nowhere.md')
  handbook.write('docs/nowhere.md', 'Somewhere.\n')
  await shown('✓ 3 pages')
  handbook.write('handbook.yaml', 'url: 3\n')
  await shown('handbook.yaml:1:6 error handbook-file')
  handbook.write('handbook.yaml', HANDBOOK)
  await shown('✓ 3 pages')

  watcher.kill('SIGINT')
  expect((await watcher).exitCode).toBe(0)
})

it('ends when its folder is removed meanwhile', async () => {
  const handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('docs/guide.md', GUIDE)
  const watcher = handbook.start(['check', '--watch'])
  onTestFinished(() => void watcher.kill('SIGKILL'))
  let seen = ''
  watcher.stderr?.on('data', chunk => (seen += chunk))
  await vi.waitFor(() => expect(seen).toContain('waiting for changes'), { timeout: 50_000, interval: 50 })
  watcher.kill('SIGINT')
  handbook.remove()
  expect((await watcher).exitCode).toBe(0)
  handbook.remove()
})
