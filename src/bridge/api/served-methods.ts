import { permissions } from '../auth/roles.ts'

/** The methods that an address takes, sorted, for the header `Allow`; none for an address that there is not. */
export function methodsOf(url: string): readonly string[] {
  const parts = partsOf(url.split('?')[0] ?? '')
  const methods = Object.keys(permissions).flatMap(known => {
    const [method = '', route = ''] = known.split(' ')
    return isAt(partsOf(route), parts) ? (method === 'GET' ? [method, 'HEAD'] : method) : []
  })
  return [...new Set(methods)].toSorted()
}

/** Every method that some address takes. */
export const servedMethods: ReadonlySet<string> = new Set([
  'HEAD',
  ...Object.keys(permissions).map(known => known.split(' ')[0] ?? ''),
])

function partsOf(path: string): readonly string[] {
  return path.replace(/^\/|\/$/g, '').split('/')
}

function isAt(route: readonly string[], parts: readonly string[]): boolean {
  return route.length === parts.length && route.every((part, index) => part.startsWith(':') || part === parts[index])
}
