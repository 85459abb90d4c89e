/** The roles of API keys: send and see its own uploads, see everything, or do everything. */
export const roles = ['upload', 'read', 'operate'] as const

/** One of the names above. */
export type Role = (typeof roles)[number]

/** What each role is for. */
export const roleMeanings: Readonly<Record<Role, string>> = {
  upload: 'sends uploads, and sees, resumes and deletes its own; for customers and scanners',
  read: 'sees all uploads, their bytes and the metrics, and changes nothing; for Prometheus and dashboards',
  operate: 'may do everything; for operators and their canary',
}

/** A key that was recognised. */
export interface Identity {
  readonly id: string
  readonly role: Role
}

/**
 * Whether a caller is of the operators, and no customer. It is decided by the role of a key that was recognised, never by a header: anybody
 * can send a header, and would then be seen in no count.
 */
export function isOwn(key: Identity | undefined): boolean {
  return key !== undefined && key.role !== 'upload'
}

const everybody = 'everybody'

/** Which roles may use which address. Health checks and CORS preflights have no key. */
export const permissions: Readonly<Record<string, typeof everybody | readonly Role[]>> = {
  'GET /livez': everybody,
  'GET /readyz': everybody,
  'GET /metrics': ['read', 'operate'],
  'OPTIONS /files/': everybody,
  'OPTIONS /files/:id': everybody,
  'POST /files/': ['upload', 'operate'],
  'HEAD /files/:id': ['upload', 'read', 'operate'],
  'PATCH /files/:id': ['upload', 'operate'],
  'DELETE /files/:id': ['upload', 'operate'],
  'POST /uploads': ['upload', 'operate'],
  'GET /uploads/:id': ['upload', 'read', 'operate'],
  'GET /uploads/:id/content': ['upload', 'read', 'operate'],
}

/** Which roles may use an address. An address that is not listed needs a key, and any role is enough. */
export function whoMay(method: string, route: string): typeof everybody | readonly Role[] {
  return permissions[`${method} ${route}`] ?? permissions[`${method === 'HEAD' ? 'GET' : method} ${route}`] ?? roles
}

/** Whether a key may see an upload. A key that only uploads sees its own uploads. Without keys nobody can be told apart. */
export function maySee(key: Identity | undefined, owner: string | null | undefined): boolean {
  return key === undefined || key.role !== 'upload' || owner === `key:${key.id}`
}
