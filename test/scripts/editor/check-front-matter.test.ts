import { existsSync, readFileSync } from 'node:fs'
import { remark } from 'remark'
import { beforeAll, describe, expect, it } from 'vitest'

let read: (text: string) => Promise<string[]>

beforeAll(async () => {
  const { default: config } = await import('../../../.remarkrc.mjs')
  read = async text => {
    const { messages } = await remark().data('settings', {}).use(config).process(text)
    return messages.map(({ line, column, reason }) => `${line}:${column} ${reason}`)
  }
})

describe('in an editor, the front matter of a page', () => {
  it.each([
    ['a type that there is not', 'params: { staleAfter: { type: span } }', '3:31 params › staleAfter › type must be'],
    ['a list that is none', 'alerts: ThingFull', '3:9 alerts must be array'],
    ['a misspelt key of ours', 'drills: [{ fault: x, expects: [y] }]', '3:31 drills › 0 › expects must NOT have'],
    ['a key that is missing', 'drills: [{ expect: [y] }]', "3:10 drills › 0 must have required property 'fault'"],
    ['broken YAML', 'owner: [a', '3:10 Flow sequence'],
  ])('is marked at its place: %s', async (_, line, message) => {
    expect(await read(`---\ntitle: A page\n${line}\n---\n\n# A page\n`)).toEqual([expect.stringContaining(message)])
  })

  it.each([
    '',
    '---\n---\n',
    '---\ntitle: A page\nmy_own: 1\n---\n',
    readFileSync('runbooks/storage-filling.md', 'utf8'),
  ])('is left alone when it fits (%#)', async text => expect(await read(text)).toEqual([]))
})

it('is wired to handbook.yaml and to Markdown by settings that name what there is', () => {
  const settings = JSON.parse(readFileSync('.vscode/settings.json', 'utf8'))
  for (const [schema, file] of Object.entries(settings['yaml.schemas'])) {
    expect([schema, existsSync(schema)]).toEqual([schema, true])
    expect([file, existsSync(String(file))]).toEqual([file, true])
  }
  const { recommendations } = JSON.parse(readFileSync('.vscode/extensions.json', 'utf8'))
  expect(recommendations).toEqual(expect.arrayContaining(['redhat.vscode-yaml', 'unifiedjs.vscode-remark']))
})
