import { z } from 'zod'
import { DURATION_PATTERN } from './duration.ts'

const risk = z.enum(['read', 'change', 'danger'])
const fact = z.union([z.string(), z.number(), z.boolean()])
const service = z.strictObject({
  start: z.string().optional(),
  stop: z.string().optional(),
  restart: z.string().optional(),
  status: z.string().optional(),
  logs: z.string().optional(),
})
const secret = z.strictObject({
  env: z.string().optional(),
  file: z.string().optional(),
  for: z.enum(['read', 'change']).default('change'),
})
const environment = z.strictObject({
  /** Facts, services and paths come from the practice deployment that is running. */
  lab: z.boolean().default(false),
  auto: risk.optional(),
  protected: z.boolean().default(false),
  target: z.record(z.string(), fact).default({}),
  services: z.record(z.string(), service).default({}),
  path: z.array(z.string()).default([]),
  variables: z.record(z.string(), z.string()).default({}),
  secrets: z.record(z.string(), secret).default({}),
  prometheusUrl: z.url().optional(),
  alertmanagerUrl: z.url().optional(),
  hosts: z.array(z.string()).default([]),
})

/** The shape of `handbook.yaml`. */
export const handbookFileSchema = z.strictObject({
  title: z.string().default('Operations handbook'),
  /** Where the handbook is published; alerts' `runbook_url` begins with it. */
  url: z.url(),
  /** How long a review holds. */
  reviewEvery: z.string().regex(DURATION_PATTERN).default('180d'),
  /** Folders of pages, relative to this file. */
  pages: z.array(z.string()).default(['docs', 'runbooks']),
  /** Rule files or folders of them. */
  rules: z.array(z.string()).default([]),
  proofs: z.string().default('static/proofs'),
  /** The facts that every environment states of its target, with their types. */
  target: z
    .record(z.string(), z.strictObject({ type: z.enum(['string', 'number', 'boolean']), description: z.string() }))
    .default({}),
  /** The services that a procedure may name. */
  services: z.array(z.string()).default([]),
  owners: z
    .record(z.string(), z.strictObject({ name: z.string(), contact: z.string(), description: z.string().optional() }))
    .default({}),
  environments: z.record(z.string().regex(/^[a-z][\w-]*$/), environment).default({}),
})

/** What `handbook.yaml` says. */
export type HandbookFile = z.infer<typeof handbookFileSchema>
