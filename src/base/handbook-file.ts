import * as z from 'zod/mini'
import { DURATION_PATTERN } from './duration.ts'

const risk = z.enum(['read', 'change', 'danger'])
const fact = z.union([z.string(), z.number(), z.boolean()])
const texts = z._default(z.array(z.string()), [])
const text = z.optional(z.string())
const service = z.strictObject({ start: text, stop: text, restart: text, status: text, logs: text })
const secret = z.strictObject({ env: text, file: text, for: z._default(z.enum(['read', 'change']), 'change') })
const environment = z.strictObject({
  /** Facts, services and paths come from the practice deployment that is running. */
  lab: z._default(z.boolean(), false),
  auto: z.optional(risk),
  protected: z._default(z.boolean(), false),
  target: z._default(z.record(z.string(), fact), {}),
  services: z._default(z.record(z.string(), service), {}),
  path: texts,
  variables: z._default(z.record(z.string(), z.string()), {}),
  secrets: z._default(z.record(z.string(), secret), {}),
  prometheusUrl: z.optional(z.url()),
  alertmanagerUrl: z.optional(z.url()),
  hosts: texts,
})
const factType = z.strictObject({ type: z.enum(['string', 'number', 'boolean']), description: z.string() })
const owner = z.strictObject({ name: z.string(), contact: z.string(), description: text })
const environmentName = z.string().check(z.regex(/^[a-z][\w-]*$/))

/** The shape of `handbook.yaml`. */
export const handbookFileSchema = z.strictObject({
  title: z._default(z.string(), 'Operations handbook'),
  /** Where the handbook is published; alerts' `runbook_url` begins with it. */
  url: z.url(),
  /** How long a review holds. */
  reviewEvery: z._default(z.string().check(z.regex(DURATION_PATTERN)), '180d'),
  /** Folders of pages, relative to this file. */
  pages: z._default(z.array(z.string()), ['docs', 'runbooks']),
  /** Rule files or folders of them. */
  rules: texts,
  proofs: z._default(z.string(), 'static/proofs'),
  /** The facts that every environment states of its target, with their types. */
  target: z._default(z.record(z.string(), factType), {}),
  /** The services that a procedure may name. */
  services: texts,
  owners: z._default(z.record(z.string(), owner), {}),
  environments: z._default(z.record(environmentName, environment), {}),
})

/** What `handbook.yaml` says. */
export type HandbookFile = z.infer<typeof handbookFileSchema>
