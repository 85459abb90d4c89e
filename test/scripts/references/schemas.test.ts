import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type * as z from 'zod/mini'
import { schemaFiles } from '../../../scripts/references/schemas.ts'
import { handbookFileSchema } from '../../../src/environments/index.ts'
import { frontMatterSchema, parseProcedure } from '../../../src/procedure/index.ts'
import { catalogueSchema } from '../../../src/readiness/index.ts'

const ajv = new Ajv2020({ allowUnionTypes: true, formats: { uri: text => URL.canParse(text) } })
const schemas = Object.fromEntries(
  Object.keys(schemaFiles).map(path => [
    path.replace(/^.*\/|\..*$/g, ''),
    ajv.compile(JSON.parse(readFileSync(path, 'utf8'))),
  ]),
)

/** YAML -> whether it may be written. */
const TABLES: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  handbook: {
    'url: https://x.example': true,
    'title: no url': false,
    'url: nowhere': false,
    '{ url: https://x.example, titel: misspelt }': false,
    '{ url: https://x.example, reviewEvery: 90d }': true,
    '{ url: https://x.example, reviewEvery: 90 }': false,
    '{ url: https://x.example, reviewEvery: a while }': false,
    '{ url: https://x.example, pages: [a], rules: [b], services: [c], proofs: d }': true,
    '{ url: https://x.example, pages: a }': false,
    '{ url: https://x.example, target: { port: { type: number, description: its port } } }': true,
    '{ url: https://x.example, target: { port: { type: port, description: its port } } }': false,
    '{ url: https://x.example, target: { port: { type: number } } }': false,
    '{ url: https://x.example, owners: { a: { name: A, contact: "#a" } } }': true,
    '{ url: https://x.example, owners: { a: { name: A } } }': false,
    '{ url: https://x.example, environments: { lab: { lab: true, auto: danger } } }': true,
    '{ url: https://x.example, lab: { module: ./lab.mjs } }': true,
    '{ url: https://x.example, lab: { commands: { up: u, down: d, status: s, break: b, heal: h } } }': true,
    '{ url: https://x.example, lab: { commands: { up: u } } }': false,
    '{ url: https://x.example, lab: { modul: ./lab.mjs } }': false,
    '{ url: https://x.example, lab: true }': false,
    '{ url: https://x.example, environments: { Lab: {} } }': false,
    '{ url: https://x.example, environments: { lab: { auto: everything } } }': false,
    '{ url: https://x.example, environments: { p: { target: { port: 1, tls: true, url: u } } } }': true,
    '{ url: https://x.example, environments: { p: { target: { ports: [1] } } } }': false,
    '{ url: https://x.example, environments: { p: { services: { api: { restart: r } } } } }': true,
    '{ url: https://x.example, environments: { p: { services: { api: { reset: r } } } } }': false,
    '{ url: https://x.example, environments: { p: { secrets: { s: { env: S, for: read } } } } }': true,
    '{ url: https://x.example, environments: { p: { secrets: { s: { env: S, for: danger } } } } }': false,
    '{ url: https://x.example, environments: { p: { prometheusUrl: "http://127.0.0.1:9090" } } }': true,
    '{ url: https://x.example, environments: { p: { prometheusUrl: here } } }': false,
    '{ url: https://x.example, environments: { p: { variables: { A: 1 } } } }': false,
    '[]': false,
  },
  catalogue: {
    'areas: [{ id: a, title: A, priority: high, items: [{ id: a-1, title: B, hours: 0.5 }] }]': true,
    'areas: [{ id: a, title: A, priority: high, claimed: 5, items: [{ id: a-1, title: B, need: optional, hours: 2 }] }]': true,
    'areas: [{ id: a, title: A, priority: high, items: [{ id: a-1, title: B }] }]': false,
    'areas: [{ id: a, title: A, priority: none, items: [{ id: a-1, title: B, hours: 2 }] }]': false,
    'areas: [{ id: A, title: A, priority: low, items: [{ id: a-1, title: B, hours: 2 }] }]': false,
    'areas: [{ id: a, title: A, priority: low, claimed: 101, items: [{ id: a-1, title: B, hours: 2 }] }]': false,
    'areas: []': false,
    '{}': false,
  },
  'front-matter': {
    'title: A page': true,
    '{ title: A page, keywords: [a], sidebar_position: 3, my_own: x }': true,
    'title: [a]': false,
    'alerts: [ThingFull]': true,
    'alerts: ThingFull': false,
    'alerts: [thing full]': false,
    'reviewed: 2026-11-22': true,
    'reviewed: yesterday': false,
    'params: { staleAfter: { type: duration, default: 24h, min: 1h, max: 7d, description: d } }': true,
    'params: { staleAfter: {} }': true,
    'params: { stale-after: {} }': false,
    'params: { staleAfter: { type: span } }': false,
    'params: { staleAfter: { min: long } }': false,
    'params: { level: { type: enum, values: [a, b], default: a } }': true,
    'params: { level: { values: [] } }': false,
    'params: { level: { secret: yes please } }': false,
    'params: { level: { lable: instance } }': false,
    'drills: [{ fault: storage-filling, expect: [shed], alert: ThingFull }]': true,
    'drills: [storage-filling]': false,
    'drills: [{ expect: [shed] }]': false,
    '{ area: storage, items: { room: There is room } }': true,
    'items: [room]': false,
  },
}

const SCHEMAS: Readonly<Record<string, z.ZodMiniType>> = {
  handbook: handbookFileSchema,
  catalogue: catalogueSchema,
  'front-matter': frontMatterSchema,
}

describe.each(Object.entries(schemaFiles))('%s', (path, write) => {
  it('is current (npm run references)', () => {
    expect(readFileSync(path, 'utf8')).toBe(write())
  })
})

describe.each(Object.entries(TABLES))('the schema of %s and the commands agree', (name, table) => {
  const ours = SCHEMAS[name] ?? frontMatterSchema

  it.each(Object.entries(table))('%s: %s', (yaml, valid) => {
    const value: unknown = parse(yaml)
    expect({ commands: ours.safeParse(value).success, editors: schemas[name]?.(value) }).toEqual({
      commands: valid,
      editors: valid,
    })
  })
})

it('takes the handbook’s own file and its pages', () => {
  expect(schemas.handbook?.(parse(readFileSync('handbook.yaml', 'utf8')))).toBe(true)
  const paths = readdirSync('runbooks').filter(name => name.endsWith('.md'))
  expect(paths).not.toEqual([])
  for (const path of paths.map(name => `runbooks/${name}`)) {
    const text = readFileSync(path, 'utf8')
    expect(parseProcedure(text, path).problems).toEqual([])
    expect(schemas['front-matter']?.(parse(text.split('---')[1] ?? ''))).toBe(true)
  }
})
